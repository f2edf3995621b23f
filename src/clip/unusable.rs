//! What keeps a clip from being asked for: a wrong value that would go into the request. Nobody knows what was meant.

use super::{Clip, Seconds, Settled, Unbuildable};
use crate::language::{At, Brush, Cut, Cuts, Field, List, Shot, storyboard::found};

impl<'f> Clip<'f> {
    /// The place of the first value that would go into the request and is wrong, or of the shot for which one could not be read.
    fn unusable(&self) -> Option<&'f At> {
        self.settled_places().into_iter().flatten().next().or_else(|| of_shot(self.shot))
    }

    /// Makes sure that there is a value for all that would go into the request.
    ///
    /// # Errors
    /// A value is wrong, or could not be read.
    pub fn check_usable(&self) -> Result<(), Unbuildable> {
        let Some(at) = self.unusable() else { return Ok(()) };
        let reason = match at.same(&self.shot.at) {
            true => "a part of it, or of what it inherits, could not be read",
            false => "its value cannot be sent",
        };
        Err(Unbuildable { place: at.place(), reason: reason.into() })
    }

    fn settled_places(&self) -> [Option<&'f At>; 11] {
        let shot = &self.shot.at;
        let seconds = match self.seconds {
            Seconds::Length(length) => length.unknown(shot),
            Seconds::Cuts(None, at) => Some(at),
            Seconds::Cuts(Some(_), _) => None,
        };
        let levels = || self.film.levels(self.shot);
        let style = Settled::nearest(levels().map(|level| &level.style), whole);
        let add_style =
            levels().find_map(|level| Settled::nearest(std::iter::once(&level.add_style), whole).unknown(shot));
        [
            self.model.unknown(shot),
            self.mode.unknown(shot),
            seconds,
            self.sound.unknown(shot),
            self.cfg_scale.unknown(shot),
            self.negative_prompt.unknown(shot),
            self.watermark.unknown(shot),
            self.first_frame.unknown(shot),
            self.camera.unknown(shot),
            style.unknown(shot),
            add_style,
        ]
    }
}

/// A list that could be read in full.
fn whole<T>(list: &List<T>) -> Option<&List<T>> {
    (!list.partial).then_some(list)
}

/// The first wrong value among the shot's own fields. Its settings are looked at where it is known which of them hold.
fn of_shot(shot: &Shot) -> Option<&At> {
    // All fields by name: one that is added must be thought of here.
    let found::Shot { at, id, settings: _, last_frame, prompt, lines, voices, cuts, r#use: _, brush, skip: _, kling } =
        &**shot;
    let list_of_cuts = match cuts.valid() {
        Some(cuts) => match &cuts.value {
            Cuts::List(list) if list.partial => Some(&cuts.at),
            _ => None,
        },
        None => cuts.invalid(),
    };
    let cut_fields = shot.cuts().iter().flat_map(|cut| {
        let Cut { at, prompt, duration, style, add_style, notes: _ } = cut;
        [lost(at), prompt.invalid(), duration.invalid(), partial(style), partial(add_style)]
    });
    let of_lines = shot.spoken().iter().filter(|line| line.text.is_none()).map(|line| Some(&line.speaker.at));
    let fields = [
        lost(at),
        id.invalid(),
        last_frame.invalid(),
        prompt.invalid(),
        partial(lines),
        partial(voices),
        list_of_cuts,
        brush.invalid(),
        kling.invalid(),
    ];
    let brush = brush.value().and_then(of_brush);
    fields.into_iter().chain(cut_fields).chain(of_lines).flatten().next().or(brush)
}

fn of_brush(brush: &Brush) -> Option<&At> {
    let Brush { at, still, r#move, origin, notes: _ } = brush;
    let parts = r#move.value().into_iter().flat_map(|moves| &moves.items);
    let parts = parts.flat_map(|moved| [lost(&moved.at), moved.mask.invalid(), partial(&moved.path)]);
    [lost(at), still.invalid(), origin.invalid(), partial(r#move)].into_iter().chain(parts).flatten().next()
}

/// A mapping of which a part could not be read.
fn lost(mapping: &At) -> Option<&At> {
    mapping.is_partial().then_some(mapping)
}

/// A list that is wrong, or of which a part is.
fn partial<T>(list: &Field<List<T>>) -> Option<&At> {
    match list {
        Field::Valid(list) if list.value.partial => Some(&list.at),
        other => other.invalid(),
    }
}

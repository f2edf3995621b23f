//! What keeps a clip from being asked for: a wrong value that would go into the request. Nobody knows what was meant.

use super::{Clip, Seconds, Settled};
use crate::language::{At, Brush, Cut, Cuts, Field, List, Shot, storyboard::found};

impl<'f> Clip<'f> {
    /// The place of the first wrong value that would go into the request, if there is one.
    pub fn unusable(&self) -> Option<&'f At> {
        self.settled_places().into_iter().flatten().next().or_else(|| of_shot(self.shot))
    }

    fn settled_places(&self) -> [Option<&'f At>; 11] {
        fn bad<'f, T: Copy>(settled: Settled<'f, T>) -> Option<&'f At> {
            match settled {
                Settled::Unusable(at) => Some(at),
                _ => None,
            }
        }
        let seconds = match self.seconds {
            Seconds::Length(length) => bad(length),
            Seconds::Cuts(None, at) => Some(at),
            Seconds::Cuts(Some(_), _) => None,
        };
        let levels = || self.film.levels(self.shot);
        let style = Settled::nearest(levels().map(|level| &level.style), whole);
        let add_style = levels().find_map(|level| bad(Settled::nearest(std::iter::once(&level.add_style), whole)));
        [
            bad(self.model),
            bad(self.mode),
            seconds,
            bad(self.sound),
            bad(self.cfg_scale),
            bad(self.negative_prompt),
            bad(self.watermark),
            bad(self.first_frame),
            bad(self.camera),
            bad(style),
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
    let found::Shot {
        at: _,
        id,
        settings: _,
        last_frame,
        prompt,
        lines,
        voices,
        cuts,
        r#use: _,
        brush,
        skip: _,
        kling,
    } = &**shot;
    let list_of_cuts = match cuts.valid() {
        Some(cuts) => match &cuts.value {
            Cuts::List(list) if list.partial => Some(&cuts.at),
            _ => None,
        },
        None => cuts.invalid(),
    };
    let cut_fields = shot.cuts().iter().flat_map(|cut| {
        let Cut { at: _, prompt, duration, style, add_style, notes: _ } = cut;
        [prompt.invalid(), duration.invalid(), partial(style), partial(add_style)]
    });
    let of_lines = shot.spoken().iter().filter(|line| line.text.is_none()).map(|line| Some(&line.speaker.at));
    let fields = [
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
    let Brush { at: _, still, r#move, origin, notes: _ } = brush;
    let parts = r#move.value().into_iter().flat_map(|moves| &moves.items);
    let parts = parts.flat_map(|moved| [moved.mask.invalid(), partial(&moved.path)]);
    [still.invalid(), origin.invalid(), partial(r#move)].into_iter().chain(parts).flatten().next()
}

/// A list that is wrong, or of which a part is.
fn partial<T>(list: &Field<List<T>>) -> Option<&At> {
    match list {
        Field::Valid(list) if list.value.partial => Some(&list.at),
        other => other.invalid(),
    }
}

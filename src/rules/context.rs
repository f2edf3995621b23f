use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use crate::assets::{Library, Missing, Picture, Reference};
use crate::diagnostic::Finding;
use crate::kling::Target;
use crate::kling::price::{Track, Units, price};
use crate::language::film::{Film, Shot};
use crate::language::markers::{Marker, markers};
use crate::language::names::mentions;
use crate::language::prompt::{Prompt, thousands};
use crate::language::{Camera, Cut, Field, List, Text};
use crate::syntax::NodeId;
use crate::text::Place;

/// What rules may look at.
pub struct Context<'c> {
    /// The film.
    pub film: &'c Film,
    /// Who takes the requests.
    pub target: Target,
    /// The project's pictures.
    pub library: &'c Library,
    /// What several rules ask for: by the text that names a picture, and by the shot.
    pictures: RefCell<HashMap<NodeId, Asked>>,
    prompts: RefCell<HashMap<NodeId, Rc<[Prompt]>>>,
}

/// A picture that was asked for; `None` for a URL and for inline data.
type Asked = Option<Result<Arc<Picture>, Missing>>;

impl<'c> Context<'c> {
    /// What rules may look at.
    pub fn new(film: &'c Film, target: Target, library: &'c Library) -> Self {
        Self { film, target, library, pictures: RefCell::default(), prompts: RefCell::default() }
    }

    /// The local picture that a text of a shot names; `None` for a URL and for inline data.
    pub(super) fn picture(&self, text: &Text) -> Asked {
        let look = || match Reference::of(&text.value) {
            Reference::Path(path) => Some(self.library.picture(text.at.document.source.folder(), path)),
            _ => None,
        };
        // Shots stand in the film's own document, so the node alone tells their texts apart.
        self.pictures.borrow_mut().entry(text.at.node).or_insert_with(look).clone()
    }

    /// The prompts that a shot sends: its own, or one for each cut.
    pub(super) fn prompts(&self, shot: &Shot) -> Rc<[Prompt]> {
        let make = || match shot.cuts() {
            [] => [self.film.prompt(shot)].into(),
            cuts => cuts.iter().map(|cut| self.film.cut_prompt(shot, cut)).collect(),
        };
        self.prompts.borrow_mut().entry(shot.at.node).or_insert_with(make).clone()
    }

    /// Width and height of the local picture that a text names, where they can be read.
    pub(super) fn pixels(&self, text: &Text) -> Option<(usize, usize)> {
        self.picture(text)?.ok()?.pixels
    }

    /// The texts of a shot that are sent, expanded or not: its own, the styles' and the looks' that it takes.
    pub(super) fn sent_texts<'s>(&'s self, shot: &'s Shot) -> Vec<&'s Text> {
        let mut texts: Vec<&Text> = Vec::new();
        let mut named: Vec<&str> = Vec::new();
        texts.extend(shot.action());
        texts.extend(shot.cuts().iter().filter_map(|cut| Some(&cut.prompt.valid()?.value)));
        for text in &texts {
            named.extend(mentions(&text.value).map(|(_, name)| name));
        }
        named.extend(shot.spoken().iter().map(|line| &*line.speaker.value));
        texts.extend(shot.spoken().iter().filter_map(|line| line.text.as_ref()));
        if let Some(Camera::Words(words)) = shot.camera.valid().map(|camera| &camera.value) {
            texts.push(words);
        }
        texts.extend(shot.settings.negative_prompt.valid().map(|text| &text.value));
        let styles = styles_of(shot).into_iter().filter_map(|name| self.film.styles.get(&name.value));
        texts.extend(styles.filter_map(|style| style.text.as_ref()));
        let mut members: Vec<_> = named.into_iter().filter_map(|name| self.film.cast.get(name)).collect();
        members.dedup_by(|a, b| std::ptr::eq(*a, *b));
        texts.extend(members.into_iter().filter_map(|member| member.look.as_ref()));
        texts
    }

    /// The price of a shot by the table; what is not sold counts as its silent clip, what is not known as nothing.
    pub fn units(&self, shot: &Shot) -> Option<Units> {
        let (model, mode, seconds) = (shot.model()?, shot.mode()?, shot.seconds()?.max(0));
        let track = match shot.sound()? {
            false => Track::Silent,
            true if speaks(shot) => Track::Voice,
            true => Track::Sound,
        };
        price(model, mode, track, seconds).or_else(|| price(model, mode, Track::Silent, seconds))
    }
}

/// Whether a chosen voice is charged: there is one, and the prompt uses it.
fn speaks(shot: &Shot) -> bool {
    !shot.spoken().is_empty() || (!shot.voices().is_empty() && used_voices(shot).next().is_some())
}

/// The style names that a shot sends: its own or inherited ones, or each cut's.
pub(super) fn styles_of(shot: &Shot) -> Vec<&Text> {
    let of_shot: Vec<&Text> = style_names(&shot.settings.style).collect();
    if shot.cuts().is_empty() {
        return of_shot;
    }
    let of_cut = |cut: &'_ Cut| !cut.style.is_absent();
    let mut found: Vec<&Text> = if shot.cuts().iter().all(of_cut) { Vec::new() } else { of_shot };
    found.extend(shot.cuts().iter().flat_map(|cut| style_names(&cut.style)));
    found
}

/// The names in a `style`.
pub(super) fn style_names(style: &Field<List<Text>>) -> impl Iterator<Item = &Text> {
    style.valid().into_iter().flat_map(|style| style.value.items.iter())
}

/// The voice markers in what is sent of a shot, each with the text that it stands in and the cut, if it is in one.
pub(super) fn sent_markers(shot: &Shot) -> impl Iterator<Item = (&Text, Option<&Cut>, Marker)> {
    let action = shot.action().into_iter().map(|text| (text, None));
    let cuts = shot.cuts().iter().filter_map(|cut| Some((&cut.prompt.valid()?.value, Some(cut))));
    action.chain(cuts).flat_map(|(text, cut)| markers(&text.value).into_iter().map(move |marker| (text, cut, marker)))
}

/// The numbers of the voices that right markers use.
pub(super) fn used_voices(shot: &Shot) -> impl Iterator<Item = u32> {
    sent_markers(shot).filter_map(|(_, _, marker)| marker.voice)
}

/// Where a shot speaks: its lines, else its voices.
pub(super) fn speech(shot: &Shot) -> Option<Place> {
    if !shot.spoken().is_empty() {
        return shot.lines.at().map(|at| at.place());
    }
    if shot.voices().is_empty() { None } else { shot.voices.at().map(|at| at.place()) }
}

/// Labels a setting of the shot that does not stand on the shot itself: "`mode: std` comes from here".
pub(super) fn inherited<T>(finding: Finding, shot: &Shot, name: &str, setting: &Field<T>) -> Finding {
    let Some(at) = setting.at() else { return finding };
    let extent = shot.at.document.tree.node(shot.at.node).extent;
    let place = at.place();
    let is_own = Arc::ptr_eq(&at.document, &shot.at.document) && extent.contains(place.span);
    if is_own || place.same(&finding.place) {
        return finding;
    }
    let written = crate::text::shown::shorten(at.written());
    finding.label(place, format!("`{name}: {written}` comes from here"))
}

/// "2,612 characters, 112 over the limit of 2,500 (styles 212, action 2,400)"
pub(super) fn over(prompt: &Prompt, limit: usize) -> String {
    let length = prompt.units();
    format!(
        "{} characters, {} over Kling's limit of {} ({})",
        thousands(length),
        thousands(length - limit),
        thousands(limit),
        prompt.made_of()
    )
}

/// The frames and masks of a shot, each with its field's name.
pub(super) fn assets(shot: &Shot) -> Vec<(&'static str, &Text)> {
    let mut found = frames(shot);
    found.extend(masks(shot));
    found
}

/// The frames of a shot.
pub(super) fn frames(shot: &Shot) -> Vec<(&'static str, &Text)> {
    let fields = [("first_frame", &shot.first_frame), ("last_frame", &shot.last_frame)];
    fields.into_iter().filter_map(|(name, frame)| Some((name, &frame.valid()?.value))).collect()
}

/// The masks of a shot's brush: `still`, then `move` in order.
pub(super) fn masks(shot: &Shot) -> Vec<(&'static str, &Text)> {
    let Some(brush) = shot.brush.valid() else { return Vec::new() };
    let still = brush.value.still.valid().map(|mask| ("still", &mask.value));
    let moves = brush.value.moves.valid().into_iter().flat_map(|moves| &moves.value.items);
    still.into_iter().chain(moves.filter_map(|moved| Some(("mask", &moved.mask.valid()?.value)))).collect()
}

/// "`a`", "`a` and `b`", "`a`, `b` and `c`"
pub(super) fn list<T: std::fmt::Display>(items: &[T], last: &str) -> String {
    match items {
        [] => String::new(),
        [only] => format!("`{only}`"),
        [first @ .., end] => {
            let first: Vec<_> = first.iter().map(|item| format!("`{item}`")).collect();
            format!("{} {last} `{end}`", first.join(", "))
        }
    }
}

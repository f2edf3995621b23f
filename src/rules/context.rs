use std::borrow::Cow;
use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::sync::Arc;

use crate::assets::{Library, Missing, Picture, Reference};
use crate::clip::{Clip, Settled, sent_texts};
use crate::diagnostic::Finding;
use crate::kling::{Facts, Target};
use crate::language::{At, Field, Film, List, Shot, Text};
use crate::text::Place;

/// Everything that rules may look at.
#[derive(Debug)]
pub struct Context<'c> {
    /// The film.
    pub film: &'c Film,
    /// Its shots, settled, in order.
    pub clips: &'c [Clip<'c>],
    /// The facts about Kling's models.
    pub facts: &'c Facts,
    /// The service that takes the requests.
    pub target: Target,
    /// The project's pictures.
    pub library: &'c Library,
    /// Pictures that several rules ask for, by the text that names them.
    pictures: RefCell<HashMap<*const Text, Asked>>,
    /// The texts that are sent, which several rules look at.
    sent: OnceCell<Vec<Sent<'c>>>,
}

/// A text that is sent, with the clips that send it.
type Sent<'c> = (&'c Text, Vec<&'c Clip<'c>>);

/// A picture that was asked for; `None` for a URL and for inline data.
type Asked = Option<Result<Arc<Picture>, Missing>>;

impl<'c> Context<'c> {
    /// Everything that rules may look at.
    pub fn new(clips: &'c [Clip<'c>], film: &'c Film, facts: &'c Facts, target: Target, library: &'c Library) -> Self {
        Self { film, clips, facts, target, library, pictures: RefCell::default(), sent: OnceCell::new() }
    }

    /// The clips that are to be made: shots with `skip: true` are asked for nothing that only a request needs.
    pub(super) fn made(&self) -> impl Iterator<Item = &'c Clip<'c>> + use<'c> {
        self.clips.iter().filter(|clip| !clip.shot.is_skipped())
    }

    /// The texts that the clips send which are to be made, each once.
    pub(super) fn sent_texts(&self) -> &[Sent<'c>] {
        self.sent.get_or_init(|| sent_texts(self.made()))
    }

    /// The texts that the clips send or would send, skipped ones too, each once.
    pub(super) fn written_texts(&self) -> Cow<'_, [Sent<'c>]> {
        match self.clips.iter().any(|clip| clip.shot.is_skipped()) {
            true => Cow::Owned(sent_texts(self.clips)),
            false => Cow::Borrowed(self.sent_texts()),
        }
    }

    /// The local picture that a text of the film names; `None` for a URL and for inline data.
    pub(super) fn picture(&self, text: &Text) -> Asked {
        let look = || match Reference::of(&text.value) {
            Reference::Path(path) => Some(self.library.picture(text.at.document.source.folder(), path)),
            _ => None,
        };
        self.pictures.borrow_mut().entry(std::ptr::from_ref(text)).or_insert_with(look).clone()
    }

    /// Width and height of the local picture that a text names, where they can be read.
    pub(super) fn pixels(&self, text: &Text) -> Option<(usize, usize)> {
        self.picture(text)?.ok()?.pixels
    }
}

/// The names in a `style` or `add_style`.
pub(super) fn style_names(style: &Field<List<Text>>) -> impl Iterator<Item = &Text> {
    style.valid().into_iter().flat_map(|style| style.value.items.iter())
}

/// Where a shot speaks: its lines, else its voices.
pub(super) fn speech(shot: &Shot) -> Option<Place> {
    if !shot.spoken().is_empty() {
        return shot.lines.at().map(|at| at.place());
    }
    if shot.voices().is_empty() { None } else { shot.voices.at().map(|at| at.place()) }
}

/// Whether a shot asks for elements of Kling's library, a field that only `kling` can name.
pub(super) fn has_elements(shot: &Shot) -> bool {
    let mut fields = shot.kling.valid().into_iter().flat_map(|kling| &kling.value.fields);
    fields.any(|(name, _)| &*name.value == "element_list")
}

/// Labels a setting that is not written on the shot itself: "`mode: std` comes from here".
pub(super) fn inherited<T: Copy>(finding: Finding, name: &str, setting: &Settled<'_, T>) -> Finding {
    match setting.inherited_at() {
        Some(at) => comes_from(finding, name, at),
        None => finding,
    }
}

fn comes_from(finding: Finding, name: &str, at: &At) -> Finding {
    let place = at.place();
    if place.same(&finding.place) {
        return finding;
    }
    let written = crate::text::shown::words(at.written());
    finding.label(place, format!("`{name}: {written}` comes from here"))
}

/// The frames and masks of a clip, each with its field's name.
pub(super) fn assets<'f>(clip: &Clip<'f>) -> Vec<(&'static str, &'f Text)> {
    let mut found = frames(clip);
    found.extend(masks(clip.shot));
    found
}

/// The frames of a clip.
pub(super) fn frames<'f>(clip: &Clip<'f>) -> Vec<(&'static str, &'f Text)> {
    let first = clip.first_frame.value().map(|frame| ("first_frame", frame));
    let last = clip.shot.last_frame.valid().map(|frame| ("last_frame", &frame.value));
    first.into_iter().chain(last).collect()
}

/// The masks of a shot's brush: `still`, then `move` in order.
pub(super) fn masks(shot: &Shot) -> Vec<(&'static str, &Text)> {
    let Some(brush) = shot.brush.valid() else { return Vec::new() };
    let still = brush.value.still.valid().map(|mask| ("still", &mask.value));
    let moves = brush.value.r#move.valid().into_iter().flat_map(|moves| &moves.value.items);
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

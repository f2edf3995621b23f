//! The settled clip: all that a shot inherits, defaults, expands to and costs, worked out once, each value knowing where it
//! comes from. Rules, prices, plans, identities and the requests of every API read it; it knows no wire format.

mod identity;
mod price;
mod prompt;
mod sent;
mod settled;
mod styles;
mod unusable;

use serde_json::Number;

use crate::kling::{Facts, Feature, Mode, Model, Support, Target};
use crate::language::lent::CastMember;
use crate::language::markers::{Marker, markers};
use crate::language::names::mentions;
use crate::language::{At, Camera, Cut, Field, Film, Shot, Text};

pub use identity::{Identity, Unbuildable};
pub use price::Price;
pub use prompt::{LONGEST_TEXT, Part, Prompt, SentText, TooLong, thousands};
pub use sent::{by_text, sent_texts};
pub use settled::Settled;

/// A clip's length where none is written, in seconds.
pub const DEFAULT_SECONDS: i64 = 5;
/// A clip's mode where none is written.
pub const DEFAULT_MODE: Mode = Mode::Std;

/// A shot, settled.
#[derive(Clone, Debug)]
pub struct Clip<'f> {
    /// The film it belongs to.
    pub film: &'f Film,
    /// The shot as written.
    pub shot: &'f Shot,
    /// Who takes the request.
    pub target: Target,
    /// The model. There is no default.
    pub model: Settled<'f, Model>,
    /// The mode.
    pub mode: Settled<'f, Mode>,
    /// The length in seconds.
    pub seconds: Seconds<'f>,
    /// Whether sound is on.
    pub sound: Settled<'f, bool>,
    /// `cfg_scale`, if it is written.
    pub cfg_scale: Settled<'f, &'f Number>,
    /// What must not appear. A blank text counts as none.
    pub negative_prompt: Settled<'f, &'f Text>,
    /// Whether a watermarked copy is made too.
    pub watermark: Settled<'f, bool>,
    /// The picture that the clip begins with: a path or a URL.
    pub first_frame: Settled<'f, &'f Text>,
    /// The camera, in words or as camera control.
    pub camera: Settled<'f, &'f Camera>,
    /// The names of the styles that hold for the shot, farthest first, each once.
    pub styles: Vec<&'f Text>,
    /// Who is in Kling's voice list, in its order.
    pub voices: Vec<&'f CastMember>,
    /// Who of those named in it has an element of Kling's, in the order in which they are named.
    pub elements: Vec<&'f CastMember>,
    /// The texts that are sent: the shot's prompt, or one for each cut that can be read.
    pub prompts: Vec<Prompt<'f>>,
}

/// How long a clip is, in seconds, and where that comes from.
#[derive(Clone, Copy, Debug)]
pub enum Seconds<'f> {
    /// A written or default length.
    Length(Settled<'f, i64>),
    /// The sum of the cuts; `None` where one of them is not known. With the place of `cuts`.
    Cuts(Option<i64>, &'f At),
}

impl<'f> Seconds<'f> {
    /// The length, if it is known.
    pub fn value(&self) -> Option<i64> {
        match self {
            Seconds::Length(length) => length.value(),
            Seconds::Cuts(sum, _) => *sum,
        }
    }

    /// What the length comes from.
    pub fn at(&self) -> Option<&'f At> {
        match self {
            Seconds::Length(length) => length.at(),
            Seconds::Cuts(_, at) => Some(at),
        }
    }
}

/// All clips of a film, in the order of its shots. Shots with `skip: true` are among them.
pub fn clips<'f>(film: &'f Film, facts: &Facts, target: Target) -> Vec<Clip<'f>> {
    film.shots.iter().map(|shot| Clip::new(film, shot, facts, target)).collect()
}

impl<'f> Clip<'f> {
    /// Settles a shot of `film`.
    pub fn new(film: &'f Film, shot: &'f Shot, facts: &Facts, target: Target) -> Self {
        let levels = || film.levels(shot);
        let voices = voices(film, shot);
        let camera = Settled::nearest(levels().map(|level| &level.camera), Some);
        let styles = styles::of_shot(film, shot);
        let mut clip = Clip {
            film,
            shot,
            target,
            model: Settled::nearest(levels().map(|level| &level.model), |name| facts.model(&name.value)),
            mode: Settled::nearest(levels().map(|level| &level.mode), |mode| Some(*mode)).or_default(DEFAULT_MODE),
            seconds: seconds(film, shot),
            sound: Settled::nearest(levels().map(|level| &level.sound), |sound| Some(sound.0)).or_default(false),
            cfg_scale: Settled::nearest(levels().map(|level| &level.cfg_scale), Some),
            negative_prompt: Settled::nearest(levels().map(|level| &level.negative_prompt), Some),
            watermark: Settled::nearest(levels().map(|level| &level.watermark), |on| Some(*on)),
            first_frame: Settled::nearest(levels().map(|level| &level.first_frame), Some),
            camera,
            styles,
            voices,
            elements: elements(film, shot),
            prompts: Vec::new(),
        };
        clip.prompts = match shot.cuts() {
            [] => vec![Prompt::of_shot(&clip)],
            cuts => cuts.iter().map(|cut| Prompt::of_cut(&clip, cut)).collect(),
        };
        clip
    }

    /// The camera's words, where it is written in words.
    pub fn camera_words(&self) -> Option<&'f Text> {
        match self.camera.value() {
            Some(Camera::Words(words)) => Some(words),
            _ => None,
        }
    }

    /// Those who are shown as an element: none where the model or the target knows none.
    pub fn sent_elements(&self) -> &[&'f CastMember] {
        let knows = |model: Model| model.supports_on(Feature::Elements, self.target) != Support::Never;
        if self.model.value().is_some_and(knows) { &self.elements } else { &[] }
    }

    /// Whether Kling makes the cuts, and the target can be asked for that.
    pub fn sends_auto_cuts(&self) -> bool {
        let knows = |model: Model| model.supports_on(Feature::AutoCuts, self.target) != Support::Never;
        self.shot.auto_cuts().is_some() && self.model.value().is_some_and(knows)
    }

    /// The negative prompt as it is sent.
    pub fn sent_negative_prompt(&self) -> Option<SentText<'f>> {
        let text = SentText::new(self.negative_prompt.value()?, self.film);
        (!text.length().is_empty()).then_some(text)
    }

    /// The length, where it is one that the model makes.
    pub fn made_seconds(&self) -> Option<i64> {
        let (model, seconds) = (self.model.value()?, self.seconds.value()?);
        model.lengths(self.target).iter().any(|(length, _)| *length == seconds).then_some(seconds)
    }

    /// Whether somebody speaks: the shot has lines, or its voices are used.
    pub fn speaks(&self) -> bool {
        !self.shot.spoken().is_empty() || (!self.shot.voices().is_empty() && self.used_voices().next().is_some())
    }

    /// The voice markers in what is sent, each with the text that holds it and the cut, if it is in one.
    pub fn markers(&self) -> impl Iterator<Item = (&'f Text, Option<&'f Cut>, Marker)> + use<'f> {
        let action = self.shot.action().into_iter().map(|text| (text, None));
        let cuts = self.shot.cuts().iter().filter_map(|cut| Some((&cut.prompt.valid()?.value, Some(cut))));
        action
            .chain(cuts)
            .flat_map(|(text, cut)| markers(&text.value).into_iter().map(move |marker| (text, cut, marker)))
    }

    /// The numbers of the voices that right markers use.
    pub fn used_voices(&self) -> impl Iterator<Item = u32> + use<'f> {
        self.markers().filter_map(|(_, _, marker)| marker.voice)
    }
}

/// With cuts, the shot's own length or their sum: a default length does not apply.
fn seconds<'f>(film: &'f Film, shot: &'f Shot) -> Seconds<'f> {
    let value = |seconds: &'f crate::language::Seconds| Some(seconds.0);
    match shot.cuts_at() {
        None => {
            let levels = film.levels(shot).map(|level| &level.duration);
            Seconds::Length(Settled::nearest(levels, value).or_default(DEFAULT_SECONDS))
        }
        Some(at) if shot.settings.duration.is_absent() => Seconds::Cuts(shot.cuts_sum(), at),
        Some(_) => Seconds::Length(Settled::nearest(std::iter::once(&shot.settings.duration), value)),
    }
}

/// Who of those named in the shot's texts, or speaking, has an element.
fn elements<'f>(film: &'f Film, shot: &'f Shot) -> Vec<&'f CastMember> {
    let cuts = shot.cuts().iter().filter_map(|cut| Some(&cut.prompt.valid()?.value));
    let named = shot.action().into_iter().chain(cuts).flat_map(|text| mentions(&text.value)).map(|(_, name)| name);
    let speakers = shot.spoken().iter().map(|line| &*line.speaker.value);
    let mut elements: Vec<&CastMember> = Vec::new();
    for member in named.chain(speakers).filter_map(|name| film.cast().get(name)) {
        let is_new = !elements.iter().any(|earlier| std::ptr::eq(*earlier, member));
        if is_new && matches!(member.element, Field::Valid(_)) {
            elements.push(member);
        }
    }
    elements
}

/// The speakers who have a voice, in order of first line; without lines, those that `voices` names.
fn voices<'f>(film: &'f Film, shot: &'f Shot) -> Vec<&'f CastMember> {
    let speakers = shot.spoken().iter().map(|line| &line.speaker);
    let named: Vec<&Text> = if shot.spoken().is_empty() { shot.voices().iter().collect() } else { speakers.collect() };
    let mut voices: Vec<&CastMember> = Vec::new();
    for name in named {
        let Some(member) = film.cast().get(&name.value) else { continue };
        let is_new = !voices.iter().any(|earlier| std::ptr::eq(*earlier, member));
        if matches!(member.voice, Field::Valid(_)) && (is_new || shot.spoken().is_empty()) {
            voices.push(member);
        }
    }
    voices
}

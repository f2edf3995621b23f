//! The facts about each model: what it can do, at which lengths, and what a second costs. One row per model. Everything that names models (help
//! texts, the schema, `models`, the plan) reads it here, so a new model is one row of [`MODELS`].

use std::fmt;
use std::ops::RangeInclusive;
use std::sync::LazyLock;

use super::lacks::{Lack, lack};
use super::models::MODELS;
use super::price::{Price, Track, Units};
use super::{Mode, Source, Target};

/// Something that a model may or may not support.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Feature {
    /// A sound track.
    Sound,
    /// Chosen voices: `voice_list` and markers.
    Voices,
    /// A picture that the clip ends with.
    LastFrame,
    /// A last frame without a first one, on Kling's own API.
    LastFrameAlone,
    /// Sound in a clip that has a last frame.
    SoundWithLastFrame,
    /// Several cuts in one clip.
    Cuts,
    /// `cfg_scale`.
    CfgScale,
    /// The motion brush.
    Brush,
    /// Camera control along one axis.
    CameraAxes,
    /// Camera control by a ready-made move.
    CameraPresets,
    /// A text of what must not appear.
    NegativePrompt,
    /// A clip without a sound track.
    Silence,
    /// Cuts that Kling makes itself.
    AutoCuts,
    /// Elements of Kling's library, which show a person or a thing.
    Elements,
}

impl Feature {
    /// All features, in the order in which tables show them.
    pub const ALL: &[Feature] = &[
        Feature::Sound,
        Feature::Voices,
        Feature::LastFrame,
        Feature::SoundWithLastFrame,
        Feature::Cuts,
        Feature::CfgScale,
        Feature::LastFrameAlone,
        Feature::Brush,
        Feature::CameraAxes,
        Feature::CameraPresets,
        Feature::NegativePrompt,
        Feature::Silence,
        Feature::AutoCuts,
        Feature::Elements,
    ];

    /// For scripts.
    pub const fn key(self) -> &'static str {
        match self {
            Feature::Sound => "sound",
            Feature::Voices => "voices",
            Feature::LastFrame => "last_frame",
            Feature::LastFrameAlone => "last_frame_alone",
            Feature::SoundWithLastFrame => "sound_with_last_frame",
            Feature::Cuts => "cuts",
            Feature::CfgScale => "cfg_scale",
            Feature::Brush => "brush",
            Feature::CameraAxes => "camera_axes",
            Feature::CameraPresets => "camera_presets",
            Feature::NegativePrompt => "negative_prompt",
            Feature::Silence => "silence",
            Feature::AutoCuts => "auto_cuts",
            Feature::Elements => "elements",
        }
    }

    /// For sentences: "`kling-v3` supports …".
    pub const fn noun(self) -> &'static str {
        match self {
            Feature::Sound => "sound",
            Feature::Voices => "chosen voices",
            Feature::LastFrame => "a last frame",
            Feature::LastFrameAlone => "a last frame without a first frame",
            Feature::SoundWithLastFrame => "sound in a clip with a last frame",
            Feature::Cuts => "cuts",
            Feature::CfgScale => "`cfg_scale`",
            Feature::Brush => "the motion brush",
            Feature::CameraAxes => "camera control",
            Feature::CameraPresets => "ready-made camera moves",
            Feature::NegativePrompt => "a negative prompt",
            Feature::Silence => "a clip without sound",
            Feature::AutoCuts => "cuts that Kling makes itself",
            Feature::Elements => "elements",
        }
    }
}

/// How sure a fact is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Certainty {
    /// Documented for this target.
    Documented,
    /// Documented elsewhere, or Kling's pages contradict each other.
    Undocumented,
}

/// A feature that a model supports, and under which conditions. What is not listed is not supported.
#[derive(Clone, Copy, Debug)]
pub struct Ability {
    /// The feature.
    pub feature: Feature,
    /// The modes it needs; empty: any.
    pub modes: &'static [Mode],
    /// The lengths it needs, in seconds; empty: any.
    pub seconds: &'static [i64],
    /// How sure this is.
    pub certainty: Certainty,
    /// Where it is documented, if not on the page of the model's row.
    pub source: Option<Source>,
}

impl Ability {
    /// A feature that works in every mode and at every length.
    pub const fn of(feature: Feature) -> Self {
        Self { feature, modes: &[], seconds: &[], certainty: Certainty::Documented, source: None }
    }

    /// Only in these modes.
    pub const fn modes(self, modes: &'static [Mode]) -> Self {
        Self { modes, ..self }
    }

    /// Only at these lengths, in seconds.
    pub const fn seconds(self, seconds: &'static [i64]) -> Self {
        Self { seconds, ..self }
    }

    /// Kling's pages do not agree on it.
    pub const fn undocumented(self) -> Self {
        Self { certainty: Certainty::Undocumented, ..self }
    }

    /// Documented on another page than the rest of the row.
    pub const fn source(self, source: Source) -> Self {
        Self { source: Some(source), ..self }
    }
}

/// The features that every model has, unless [`LACKS`](super::LACKS) says otherwise.
const EVERY_MODEL: &[Ability] = &[Ability::of(Feature::NegativePrompt), Ability::of(Feature::Silence)];

/// Lengths that a model makes.
#[derive(Clone, Debug)]
pub struct Lengths {
    /// In seconds.
    pub seconds: RangeInclusive<i64>,
    /// Every length in the range, or its two ends only.
    pub between: bool,
    /// Where.
    pub targets: &'static [Target],
    /// How sure this is.
    pub certainty: Certainty,
}

/// A mode that a model has, and where.
#[derive(Clone, Copy, Debug)]
pub struct ModeFact {
    /// The mode.
    pub mode: Mode,
    /// The targets that have it.
    pub targets: &'static [Target],
    /// How many lines a wide clip has: 720 of 1280 pixels each. Clips of another shape have about as many pixels.
    pub lines: u32,
}

/// A model's row.
#[derive(Clone, Debug)]
pub struct ModelFacts {
    /// The name that storyboards and requests use.
    pub name: &'static str,
    /// Its purpose, in a sentence for editors and tables.
    pub about: &'static str,
    /// The day on which Kling's own API retired it, `YYYY-MM-DD`.
    pub retired: Option<&'static str>,
    /// Its modes; empty: it has one quality, whatever is asked for.
    pub modes: &'static [ModeFact],
    /// The lengths it makes.
    pub lengths: &'static [Lengths],
    /// The features that it supports.
    pub abilities: &'static [Ability],
    /// The price of a second.
    pub prices: &'static [Price],
    /// Where it is sold, and where that and the rest of the row come from.
    pub sold: &'static [Sold],
}

/// Targets that sell a model.
#[derive(Clone, Copy, Debug)]
pub struct Sold {
    /// The targets.
    pub targets: &'static [Target],
    /// The page that says so, and what the model can do there.
    pub source: Source,
}

/// Whether a model supports a feature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Support {
    /// In no mode and at no length.
    Never,
    /// Only under these conditions; an empty list is no restriction.
    Only {
        /// The modes it needs.
        modes: &'static [Mode],
        /// The lengths it needs, in seconds.
        seconds: &'static [i64],
    },
    /// In every mode and at every length.
    Always,
}

impl Support {
    /// Whether `mode` at `seconds` has it. What is not known (`None`) is taken to fit.
    pub fn has(self, mode: Option<Mode>, seconds: Option<i64>) -> bool {
        match self {
            Support::Never => false,
            Support::Always => true,
            Support::Only { modes, seconds: lengths } => {
                (modes.is_empty() || mode.is_none_or(|mode| modes.contains(&mode)))
                    && (lengths.is_empty() || seconds.is_none_or(|seconds| lengths.contains(&seconds)))
            }
        }
    }
}

/// A model, by its row in the table. Two models are the same where their names are.
#[derive(Clone, Copy)]
pub struct Model(&'static ModelFacts);

impl Model {
    /// The model of a row.
    pub const fn new(row: &'static ModelFacts) -> Self {
        Self(row)
    }

    /// The model that storyboards call `name`, of those that this version knows.
    pub fn parse(name: &str) -> Option<Self> {
        Facts::kling().model(name)
    }

    /// Its name.
    pub const fn as_str(self) -> &'static str {
        self.0.name
    }

    /// Its row.
    pub const fn facts(self) -> &'static ModelFacts {
        self.0
    }

    /// The targets that sell it, or did before it was retired.
    pub fn targets(self) -> impl Iterator<Item = Target> {
        Target::ALL.iter().copied().filter(move |target| self.source(*target).is_some())
    }

    /// Where its row comes from, as far as it is about `target`; `None` where it was never sold there.
    pub fn source(self, target: Target) -> Option<Source> {
        self.0.sold.iter().find(|sold| sold.targets.contains(&target)).map(|sold| sold.source)
    }

    /// The features that a target cannot express, although the language can.
    pub fn lack(self, feature: Feature, target: Target) -> Option<&'static Lack> {
        lack(self.0.name, feature, target)
    }

    /// Whether it supports a feature where `target` takes the request.
    pub fn supports_on(self, feature: Feature, target: Target) -> Support {
        if self.lack(feature, target).is_some() { Support::Never } else { self.supports(feature) }
    }

    /// Whether each clip of it has sound, whatever is asked for.
    pub fn always_sounds(self) -> bool {
        self.targets().all(|target| self.supports_on(Feature::Silence, target) == Support::Never)
    }

    /// Whether it supports a feature, on some target.
    pub fn supports(self, feature: Feature) -> Support {
        match self.ability(feature) {
            None => Support::Never,
            Some(Ability { modes: [], seconds: [], .. }) => Support::Always,
            Some(ability) => Support::Only { modes: ability.modes, seconds: ability.seconds },
        }
    }

    /// The entry for a feature, if the model has it.
    pub fn ability(self, feature: Feature) -> Option<&'static Ability> {
        self.0.abilities.iter().chain(EVERY_MODEL).find(|ability| ability.feature == feature)
    }

    /// How many lines a wide clip has in this mode; `None` where the table does not say.
    pub fn lines(self, mode: Mode) -> Option<u32> {
        self.0.modes.iter().find(|fact| fact.mode == mode).map(|fact| fact.lines)
    }

    /// Whether it has modes at all.
    pub fn has_modes(self) -> bool {
        !self.0.modes.is_empty()
    }

    /// Whether it makes `mode` on `target`. A model without modes takes every mode but 4K, and ignores it.
    pub fn has_mode(self, mode: Mode, target: Target) -> bool {
        if !self.has_modes() {
            return mode != Mode::FourK;
        }
        self.0.modes.iter().any(|fact| fact.mode == mode && fact.targets.contains(&target))
    }

    /// Whether it is sold there, or on a gateway perhaps still is.
    pub fn is_available(self, target: Target) -> bool {
        let is_made = self.0.retired.is_none() || target == Target::Gateway;
        is_made && self.source(target).is_some()
    }

    /// The lengths it makes on `target`, in seconds, ascending, and how sure each is.
    pub fn lengths(self, target: Target) -> Vec<(i64, Certainty)> {
        let mut lengths: Vec<(i64, Certainty)> = Vec::new();
        for fact in self.0.lengths.iter().filter(|fact| fact.targets.contains(&target)) {
            let (first, last) = (*fact.seconds.start(), *fact.seconds.end());
            let fits = |seconds: &i64| fact.between || [first, last].contains(seconds);
            for seconds in fact.seconds.clone().filter(fits) {
                if !lengths.iter().any(|(known, _)| *known == seconds) {
                    lengths.push((seconds, fact.certainty));
                }
            }
        }
        lengths.sort_by_key(|(seconds, _)| *seconds);
        lengths
    }

    /// The price of a clip; `None` where the table has none.
    pub fn price(self, mode: Mode, track: Track, seconds: i64) -> Option<Units> {
        let fits = |price: &&Price| price.mode.is_none_or(|only| only == mode) && price.tracks.contains(&track);
        let row = self.0.prices.iter().find(fits)?;
        Some(Units::from_tenths(row.tenths_per_second.saturating_mul(u64::try_from(seconds).ok()?)))
    }
}

impl PartialEq for Model {
    fn eq(&self, other: &Self) -> bool {
        self.0.name == other.0.name
    }
}

impl Eq for Model {}

impl fmt::Display for Model {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.0.name)
    }
}

impl fmt::Debug for Model {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.name)
    }
}

impl<'de> serde::Deserialize<'de> for Model {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        Model::parse(&name).ok_or_else(|| serde::de::Error::custom("there is no such model"))
    }
}

impl serde::Serialize for Model {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.name)
    }
}

impl Default for &'static Facts {
    fn default() -> Self {
        Facts::kling()
    }
}

/// All models that are known.
#[derive(Clone, Debug)]
pub struct Facts {
    models: Vec<Model>,
}

static KLING: LazyLock<Facts> = LazyLock::new(|| Facts { models: MODELS.iter().map(Model::new).collect() });

impl Facts {
    /// Kling's models as of this version, current ones first.
    pub fn kling() -> &'static Facts {
        &KLING
    }

    /// These facts and one model more, which is put first. Both live as long as the program.
    pub fn with(&self, row: ModelFacts) -> &'static Facts {
        let mut models = vec![Model(Box::leak(Box::new(row)))];
        models.extend(&self.models);
        Box::leak(Box::new(Facts { models }))
    }

    /// All models, current ones first.
    pub fn models(&self) -> &[Model] {
        &self.models
    }

    /// The model that is called `name`.
    pub fn model(&self, name: &str) -> Option<Model> {
        self.models.iter().copied().find(|model| model.as_str() == name)
    }

    /// The models that Kling has not retired, newest first.
    pub fn current(&self) -> impl Iterator<Item = Model> + '_ {
        self.models.iter().copied().filter(|model| model.facts().retired.is_none())
    }

    /// The current models that a target sells, newest first.
    pub fn current_on(&self, target: Target) -> impl Iterator<Item = Model> + '_ {
        self.current().filter(move |model| model.is_available(target))
    }

    /// The current models that support a feature on a target, for "works with …".
    pub fn models_that(&self, feature: Feature, target: Target) -> impl Iterator<Item = Model> + '_ {
        self.current_on(target).filter(move |model| model.supports_on(feature, target) != Support::Never)
    }
}

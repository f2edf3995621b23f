//! The features that a target cannot express, although models or the language can: the table behind `not-on-target`.

use super::models::{BASE_DOCUMENT, NEW_PAGES};
use super::{Feature, Source, Target};

/// Something that has no place in a target's requests.
#[derive(Clone, Copy, Debug)]
pub struct Lack {
    /// The target.
    pub target: Target,
    /// The models that it is true of; empty: all.
    pub models: &'static [&'static str],
    /// The feature that cannot be expressed.
    pub feature: Feature,
    /// The effect on the clip.
    pub harm: Harm,
    /// Where that is documented.
    pub source: Source,
}

/// The effect on a clip when something is left out of its request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Harm {
    /// It is another clip than the one that was written.
    OtherClip,
    /// It may be the same clip: what the field does is not documented, or something else takes its place.
    PerhapsNone,
}

const fn of_form(feature: Feature, harm: Harm) -> Lack {
    Lack { target: Target::Kling, models: &[], feature, harm, source: NEW_PAGES }
}

const fn of_models(models: &'static [&'static str], feature: Feature, harm: Harm) -> Lack {
    Lack { target: Target::Kling, models, feature, harm, source: NEW_PAGES }
}

const fn of_gateways(feature: Feature, harm: Harm) -> Lack {
    Lack { target: Target::Gateway, models: &[], feature, harm, source: BASE_DOCUMENT }
}

const TURBO: &[&str] = &["kling-v3-turbo"];

/// The table.
pub const LACKS: &[Lack] = &[
    of_form(Feature::NegativePrompt, Harm::PerhapsNone),
    of_form(Feature::CfgScale, Harm::PerhapsNone),
    of_form(Feature::Brush, Harm::OtherClip),
    of_form(Feature::CameraAxes, Harm::OtherClip),
    of_form(Feature::CameraPresets, Harm::OtherClip),
    of_form(Feature::LastFrameAlone, Harm::OtherClip),
    of_models(&["kling-v3", "kling-v3-turbo"], Feature::Voices, Harm::OtherClip),
    of_models(TURBO, Feature::LastFrame, Harm::OtherClip),
    of_models(TURBO, Feature::Silence, Harm::PerhapsNone),
    of_gateways(Feature::AutoCuts, Harm::OtherClip),
    of_gateways(Feature::Elements, Harm::PerhapsNone),
];

/// The row about a feature of a model, if there is one.
pub(super) fn lack(model: &str, feature: Feature, target: Target) -> Option<&'static Lack> {
    LACKS.iter().find(|lack| {
        lack.target == target && lack.feature == feature && (lack.models.is_empty() || lack.models.contains(&model))
    })
}

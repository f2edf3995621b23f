//! What each model can do on the image-to-video endpoint: one row a model.

use std::ops::RangeInclusive;

use super::{Mode, Model};
use super::{Source, Target};

/// In which modes something works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Modes {
    /// In none.
    None,
    /// In all but `std`.
    AllButStd,
    /// In every mode.
    All,
}

impl Modes {
    /// Whether `mode` is one of them.
    pub fn has(self, mode: Mode) -> bool {
        match self {
            Modes::None => false,
            Modes::AllButStd => mode != Mode::Std,
            Modes::All => true,
        }
    }
}

/// Where Kling's camera control works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CameraControl {
    /// The mode it needs.
    pub mode: Mode,
    /// Whether the ready-made moves work too, not only the axes.
    pub presets: bool,
}

/// A model's row.
#[derive(Debug)]
pub struct Capability {
    /// The model.
    pub model: Model,
    /// The day on which Kling's own API retired it.
    pub retired: Option<&'static str>,
    /// Whether it has modes; the master models have one quality.
    pub has_modes: bool,
    /// Whether it makes 4K on Kling's own API.
    pub four_k: bool,
    /// Whether `cfg_scale` means anything.
    pub cfg_scale: bool,
    /// In which modes it makes sound.
    pub sound: Modes,
    /// In which modes it speaks with chosen voices.
    pub voices: Modes,
    /// Whether Kling's pages contradict each other about the voices.
    pub voices_undocumented: bool,
    /// In which modes it takes a last frame.
    pub last_frame: Modes,
    /// The one length at which it takes a last frame, where there is only one.
    pub last_frame_seconds: Option<i64>,
    /// Whether sound and a last frame go together.
    pub sound_with_last_frame: bool,
    /// Whether it takes a last frame without a first one, on Kling's own API in `pro`.
    pub last_frame_alone: bool,
    /// Whether it makes several cuts in one clip.
    pub cuts: bool,
    /// Camera control at 5 s, if it has it.
    pub camera: Option<CameraControl>,
    /// In which modes it has the motion brush, at 5 s.
    pub brush: Modes,
    /// Lengths beyond 5 and 10 on Kling's own API, in seconds.
    pub official_seconds: Option<RangeInclusive<i64>>,
    /// Where this comes from.
    pub source: Source,
}

const MAP_2025: Source = Source { page: "Kling's capability map of the v2.6 era", date: "2026-02" };
const MAP_2026: Source = Source { page: "Kling's capability map", date: "2026-05-19" };
/// Where the retirement was announced.
pub const RETIREMENT: Source = Source { page: "Kling's retirement notice", date: "2026-08-26" };
const RETIRED: Option<&str> = Some("2026-09-15");

/// What most models have in common.
const PLAIN: Capability = Capability {
    model: Model::V1,
    retired: None,
    has_modes: true,
    four_k: false,
    cfg_scale: false,
    sound: Modes::None,
    voices: Modes::None,
    voices_undocumented: false,
    last_frame: Modes::AllButStd,
    last_frame_seconds: None,
    sound_with_last_frame: true,
    last_frame_alone: false,
    cuts: false,
    camera: None,
    brush: Modes::None,
    official_seconds: None,
    source: MAP_2025,
};

/// One row a model.
pub const CAPABILITIES: &[Capability] = &[
    Capability {
        model: Model::V1,
        retired: RETIRED,
        cfg_scale: true,
        last_frame: Modes::All,
        last_frame_seconds: Some(5),
        // The map lists it for text-to-video only; two integrators' pages list it here too.
        camera: Some(CameraControl { mode: Mode::Std, presets: true }),
        brush: Modes::All,
        ..PLAIN
    },
    Capability {
        model: Model::V1_5,
        retired: RETIRED,
        cfg_scale: true,
        last_frame_alone: true,
        camera: Some(CameraControl { mode: Mode::Pro, presets: false }),
        brush: Modes::AllButStd,
        ..PLAIN
    },
    Capability { model: Model::V1_6, retired: RETIRED, cfg_scale: true, last_frame_alone: true, ..PLAIN },
    Capability { model: Model::V2Master, retired: RETIRED, has_modes: false, last_frame: Modes::None, ..PLAIN },
    Capability { model: Model::V2_1, retired: RETIRED, ..PLAIN },
    Capability { model: Model::V2_1Master, retired: RETIRED, has_modes: false, last_frame: Modes::None, ..PLAIN },
    Capability { model: Model::V2_5Turbo, source: MAP_2026, ..PLAIN },
    Capability {
        model: Model::V2_6,
        sound: Modes::AllButStd,
        voices: Modes::AllButStd,
        sound_with_last_frame: false,
        source: MAP_2026,
        ..PLAIN
    },
    Capability {
        model: Model::V3,
        four_k: true,
        cfg_scale: true,
        sound: Modes::All,
        voices: Modes::All,
        voices_undocumented: true,
        last_frame: Modes::All,
        cuts: true,
        official_seconds: Some(3..=15),
        source: MAP_2026,
        ..PLAIN
    },
];

/// The lengths that every model has, in seconds.
const COMMON_SECONDS: [i64; 2] = [5, 10];

impl Capability {
    /// The model's row.
    pub fn of(model: Model) -> &'static Capability {
        &CAPABILITIES[model as usize]
    }

    /// Whether the model makes sound in any mode.
    pub fn has_sound(&self) -> bool {
        self.sound != Modes::None
    }

    /// The lengths that the model has on `target`, in seconds, ascending.
    pub fn seconds(&self, target: Target) -> Vec<i64> {
        match (&self.official_seconds, target) {
            (Some(range), Target::Official) => range.clone().collect(),
            _ => COMMON_SECONDS.to_vec(),
        }
    }

    /// Whether the model has `mode` on `target`.
    pub fn has_mode(&self, mode: Mode, target: Target) -> bool {
        mode != Mode::FourK || (self.four_k && target == Target::Official)
    }
}

/// The models of which `fits` is true, for "it works with …".
pub fn models_that(fits: impl Fn(&Capability) -> bool) -> Vec<Model> {
    CAPABILITIES.iter().filter(|row| fits(row)).map(|row| row.model).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_one_row_for_each_model_in_order() {
        let models: Vec<Model> = CAPABILITIES.iter().map(|row| row.model).collect();
        assert_eq!(models, Model::ALL);
    }
}

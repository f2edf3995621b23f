//! The table of models, the newest first. Each row has its source; CONTRIBUTING says how one is added.

use super::facts::{Ability, Certainty, Feature, Lengths, ModeFact, ModelFacts, Sold};
use super::price::{ANY, Price, SILENT, SOUND, VOICE};
use super::{Mode, Source, Sure, Target};

const MAP_2025: Source = Source { page: "Kling's capability map of the v2.6 era", date: "2026-02", sure: Sure::High };
const MAP_2026: Source = Source { page: "Kling's capability map", date: "2026-05-19", sure: Sure::High };
const LIST: Source = super::price::TABLE;
const LIST_SUMMER: Source = Source { page: "Kling's price grid", date: "summer 2026", sure: Sure::Medium };
const LIST_3_0: Source =
    Source { page: "Kling AI Series 3.0 Model API Specification", date: "2026-02-10", sure: Sure::Medium };

/// The documentation of gateways with a bearer key: the narrowest description of the legacy form.
pub(super) const BASE_DOCUMENT: Source =
    Source { page: "the base document of gateways", date: "2026-02", sure: Sure::Medium };

/// The pages of the form with the model in the path, read by several people, and answers of the service to others.
pub(super) const NEW_PAGES: Source =
    Source { page: "Kling's pages on /image-to-video/{model}", date: "2026-09-20", sure: Sure::High };

/// The notice that retired the older models.
pub const RETIREMENT: Source = Source { page: "Kling's retirement notice", date: "2026-08-26", sure: Sure::High };
const RETIRED: Option<&str> = Some("2026-09-15");

const EVERYWHERE: &[Target] = Target::ALL;
const LEGACY: &[Target] = &[Target::Gateway, Target::Official];
const KLINGS_OWN: &[Target] = &[Target::Official, Target::Kling];
const GATEWAY: &[Target] = &[Target::Gateway];
const KLING: &[Target] = &[Target::Kling];

const TODAY: &[Sold] = &[Sold { targets: LEGACY, source: MAP_2026 }, Sold { targets: KLING, source: NEW_PAGES }];
const PAST: &[Sold] = &[Sold { targets: LEGACY, source: MAP_2025 }];

const STD: ModeFact = ModeFact { mode: Mode::Std, targets: EVERYWHERE, lines: 720 };
const PRO: ModeFact = ModeFact { mode: Mode::Pro, targets: EVERYWHERE, lines: 1080 };
/// The first model makes no larger picture in `pro`.
const PRO_OF_720: ModeFact = ModeFact { mode: Mode::Pro, targets: EVERYWHERE, lines: 720 };
const FOUR_K: ModeFact = ModeFact { mode: Mode::FourK, targets: KLINGS_OWN, lines: 2160 };
const STD_PRO: &[ModeFact] = &[STD, PRO];

const ONLY_PRO: &[Mode] = &[Mode::Pro];
const ONLY_STD: &[Mode] = &[Mode::Std];

const FIVE_OR_TEN: Lengths =
    Lengths { seconds: 5..=10, between: false, targets: EVERYWHERE, certainty: Certainty::Documented };
const COMMON: &[Lengths] = &[FIVE_OR_TEN];

const fn price(mode: Mode, tracks: &'static [super::price::Track], tenths_per_second: u64, source: Source) -> Price {
    Price { mode: Some(mode), tracks, tenths_per_second, source }
}

const fn one_price(tenths_per_second: u64) -> Price {
    Price { mode: None, tracks: SILENT, tenths_per_second, source: LIST_SUMMER }
}

/// One row a model, the newest first.
pub const MODELS: &[ModelFacts] = &[
    ModelFacts {
        name: "kling-v3",
        about: "The newest: sound, cuts, a last frame in every mode; 3 to 15 seconds and `4k` on Kling's own API.",
        retired: None,
        modes: &[STD, PRO, FOUR_K],
        lengths: &[
            FIVE_OR_TEN,
            Lengths { seconds: 3..=15, between: true, targets: KLINGS_OWN, certainty: Certainty::Documented },
            Lengths { seconds: 3..=15, between: true, targets: GATEWAY, certainty: Certainty::Undocumented },
        ],
        abilities: &[
            Ability::of(Feature::Sound),
            Ability::of(Feature::Voices).undocumented(),
            Ability::of(Feature::LastFrame),
            Ability::of(Feature::SoundWithLastFrame),
            Ability::of(Feature::Cuts),
            Ability::of(Feature::AutoCuts),
            Ability::of(Feature::Elements),
            Ability::of(Feature::CfgScale),
        ],
        prices: &[
            price(Mode::Std, SILENT, 6, LIST),
            price(Mode::Std, SOUND, 9, LIST),
            price(Mode::Std, VOICE, 11, LIST_3_0),
            price(Mode::Pro, SILENT, 8, LIST),
            price(Mode::Pro, SOUND, 12, LIST),
            price(Mode::Pro, VOICE, 14, LIST_3_0),
            price(Mode::FourK, ANY, 30, LIST),
        ],
        sold: TODAY,
    },
    ModelFacts {
        name: "kling-v3-turbo",
        about: "Quick, with sound always and cuts; only on Kling's new API.",
        retired: None,
        modes: &[ModeFact { targets: KLING, ..STD }, ModeFact { targets: KLING, ..PRO }],
        lengths: &[Lengths { seconds: 3..=15, between: true, targets: KLING, certainty: Certainty::Documented }],
        abilities: &[Ability::of(Feature::Sound), Ability::of(Feature::Cuts)],
        prices: &[price(Mode::Std, SOUND, 8, LIST), price(Mode::Pro, SOUND, 10, LIST)],
        sold: &[Sold { targets: KLING, source: NEW_PAGES }],
    },
    ModelFacts {
        name: "kling-v2-6",
        about: "Sound and chosen voices in `pro`.",
        retired: None,
        modes: STD_PRO,
        lengths: COMMON,
        abilities: &[
            Ability::of(Feature::Sound).modes(ONLY_PRO),
            Ability::of(Feature::Voices).modes(ONLY_PRO),
            Ability::of(Feature::LastFrame).modes(ONLY_PRO),
        ],
        prices: &[
            price(Mode::Std, SILENT, 3, LIST),
            price(Mode::Pro, SILENT, 5, LIST),
            price(Mode::Pro, SOUND, 10, LIST),
            price(Mode::Pro, VOICE, 12, LIST_SUMMER),
        ],
        sold: TODAY,
    },
    ModelFacts {
        name: "kling-v2-5-turbo",
        about: "Quick and cheap; silent.",
        retired: None,
        modes: STD_PRO,
        lengths: COMMON,
        abilities: &[Ability::of(Feature::LastFrame).modes(ONLY_PRO), Ability::of(Feature::SoundWithLastFrame)],
        prices: &[price(Mode::Std, SILENT, 3, LIST), price(Mode::Pro, SILENT, 5, LIST)],
        sold: TODAY,
    },
    ModelFacts {
        name: "kling-v2-1-master",
        about: "One quality; silent.",
        retired: RETIRED,
        modes: &[],
        lengths: COMMON,
        abilities: &[Ability::of(Feature::SoundWithLastFrame)],
        prices: &[one_price(20)],
        sold: PAST,
    },
    ModelFacts {
        name: "kling-v2-1",
        about: "Silent; a last frame in `pro`.",
        retired: RETIRED,
        modes: STD_PRO,
        lengths: COMMON,
        abilities: &[Ability::of(Feature::LastFrame).modes(ONLY_PRO), Ability::of(Feature::SoundWithLastFrame)],
        prices: &[price(Mode::Std, SILENT, 4, LIST_SUMMER), price(Mode::Pro, SILENT, 7, LIST_SUMMER)],
        sold: PAST,
    },
    ModelFacts {
        name: "kling-v2-master",
        about: "One quality; silent.",
        retired: RETIRED,
        modes: &[],
        lengths: COMMON,
        abilities: &[Ability::of(Feature::SoundWithLastFrame)],
        prices: &[one_price(20)],
        sold: PAST,
    },
    ModelFacts {
        name: "kling-v1-6",
        about: "Silent; a last frame in `pro`.",
        retired: RETIRED,
        modes: STD_PRO,
        lengths: COMMON,
        abilities: &[
            Ability::of(Feature::LastFrame).modes(ONLY_PRO),
            Ability::of(Feature::LastFrameAlone).modes(ONLY_PRO),
            Ability::of(Feature::SoundWithLastFrame),
            Ability::of(Feature::CfgScale),
        ],
        prices: &[price(Mode::Std, SILENT, 4, LIST_SUMMER), price(Mode::Pro, SILENT, 7, LIST_SUMMER)],
        sold: PAST,
    },
    ModelFacts {
        name: "kling-v1-5",
        about: "Silent; motion brush and camera axes in `pro` at 5 seconds.",
        retired: RETIRED,
        modes: STD_PRO,
        lengths: COMMON,
        abilities: &[
            Ability::of(Feature::LastFrame).modes(ONLY_PRO),
            Ability::of(Feature::LastFrameAlone).modes(ONLY_PRO),
            Ability::of(Feature::SoundWithLastFrame),
            Ability::of(Feature::CfgScale),
            Ability::of(Feature::Brush).modes(ONLY_PRO).seconds(&[5]),
            Ability::of(Feature::CameraAxes).modes(ONLY_PRO).seconds(&[5]),
        ],
        prices: &[price(Mode::Std, SILENT, 4, LIST_SUMMER), price(Mode::Pro, SILENT, 7, LIST_SUMMER)],
        sold: PAST,
    },
    ModelFacts {
        name: "kling-v1",
        about: "Silent; motion brush and camera control at 5 seconds.",
        retired: RETIRED,
        modes: &[STD, PRO_OF_720],
        lengths: COMMON,
        abilities: &[
            Ability::of(Feature::LastFrame).seconds(&[5]),
            Ability::of(Feature::SoundWithLastFrame),
            Ability::of(Feature::CfgScale),
            // The brush is in both modes on Kling's page, whatever some integrators' pages say.
            Ability::of(Feature::Brush).seconds(&[5]),
            Ability::of(Feature::CameraAxes).modes(ONLY_STD).seconds(&[5]),
            Ability::of(Feature::CameraPresets).modes(ONLY_STD).seconds(&[5]),
        ],
        prices: &[price(Mode::Std, SILENT, 2, LIST_SUMMER), price(Mode::Pro, SILENT, 7, LIST_SUMMER)],
        sold: PAST,
    },
];

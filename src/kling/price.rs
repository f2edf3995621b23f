//! Kling's list prices: units for each second of a clip. A gateway's prices differ; Kling's real charge comes with the
//! finished clip. Treat all of this as an estimate.

use std::fmt;
use std::iter::Sum;
use std::ops::Add;

use super::Source;
use super::{Mode, Model};

/// Kling's video units, exact to a tenth.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Units {
    tenths: u64,
}

impl Units {
    /// From tenths of a unit.
    pub const fn from_tenths(tenths: u64) -> Self {
        Self { tenths }
    }

    /// As a number.
    pub fn as_f64(self) -> f64 {
        self.tenths as f64 / 10.0
    }

    /// In US dollars, at `usd_per_unit`.
    pub fn usd(self, usd_per_unit: f64) -> f64 {
        // To a hundredth of a cent: enough for any price, and free of binary dust.
        (self.as_f64() * usd_per_unit * 10_000.0).round() / 10_000.0
    }
}

impl fmt::Display for Units {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.tenths % 10 {
            0 => write!(f, "{}", self.tenths / 10),
            tenth => write!(f, "{}.{tenth}", self.tenths / 10),
        }
    }
}

impl Add for Units {
    type Output = Units;
    fn add(self, other: Units) -> Units {
        Units { tenths: self.tenths.saturating_add(other.tenths) }
    }
}

impl Sum for Units {
    fn sum<I: Iterator<Item = Units>>(units: I) -> Units {
        units.fold(Units::default(), Add::add)
    }
}

/// US dollars for a unit, Kling's list price.
pub const USD_PER_UNIT: f64 = 0.14;

/// What of a clip's sound is charged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Track {
    /// Silent.
    Silent,
    /// With sound, no chosen voice.
    Sound,
    /// With sound and a chosen voice that the prompt uses.
    Voice,
}

/// A row of the price table.
#[derive(Debug)]
pub struct Price {
    /// The model.
    pub model: Model,
    /// The mode; `None` for a model without modes.
    pub mode: Option<Mode>,
    /// The tracks that have this price.
    pub tracks: &'static [Track],
    /// Tenths of a unit for each second.
    pub tenths_per_second: u64,
    /// Where the price comes from.
    pub source: Source,
}

const SILENT: &[Track] = &[Track::Silent];
const SOUND: &[Track] = &[Track::Sound];
const VOICE: &[Track] = &[Track::Voice];
const ANY: &[Track] = &[Track::Silent, Track::Sound, Track::Voice];

/// The table's own source, for what is said about a whole plan.
pub const TABLE: Source = LIST;
const LIST: Source = Source { page: "Kling's list prices for image-to-video", date: "2026-10-08" };
const LIST_SUMMER: Source = Source { page: "Kling's price grid", date: "summer 2026" };
const LIST_3_0: Source = Source { page: "Kling AI Series 3.0 Model API Specification", date: "2026-02-10" };

const fn row(model: Model, mode: Mode, tracks: &'static [Track], tenths_per_second: u64, source: Source) -> Price {
    Price { model, mode: Some(mode), tracks, tenths_per_second, source }
}

/// All prices.
pub const PRICES: &[Price] = &[
    row(Model::V1, Mode::Std, SILENT, 2, LIST_SUMMER),
    row(Model::V1, Mode::Pro, SILENT, 7, LIST_SUMMER),
    row(Model::V1_5, Mode::Std, SILENT, 4, LIST_SUMMER),
    row(Model::V1_5, Mode::Pro, SILENT, 7, LIST_SUMMER),
    row(Model::V1_6, Mode::Std, SILENT, 4, LIST_SUMMER),
    row(Model::V1_6, Mode::Pro, SILENT, 7, LIST_SUMMER),
    Price { model: Model::V2Master, mode: None, tracks: SILENT, tenths_per_second: 20, source: LIST_SUMMER },
    row(Model::V2_1, Mode::Std, SILENT, 4, LIST_SUMMER),
    row(Model::V2_1, Mode::Pro, SILENT, 7, LIST_SUMMER),
    Price { model: Model::V2_1Master, mode: None, tracks: SILENT, tenths_per_second: 20, source: LIST_SUMMER },
    row(Model::V2_5Turbo, Mode::Std, SILENT, 3, LIST),
    row(Model::V2_5Turbo, Mode::Pro, SILENT, 5, LIST),
    row(Model::V2_6, Mode::Std, SILENT, 3, LIST),
    row(Model::V2_6, Mode::Pro, SILENT, 5, LIST),
    row(Model::V2_6, Mode::Pro, SOUND, 10, LIST),
    row(Model::V2_6, Mode::Pro, VOICE, 12, LIST_SUMMER),
    row(Model::V3, Mode::Std, SILENT, 6, LIST),
    row(Model::V3, Mode::Std, SOUND, 9, LIST),
    row(Model::V3, Mode::Std, VOICE, 11, LIST_3_0),
    row(Model::V3, Mode::Pro, SILENT, 8, LIST),
    row(Model::V3, Mode::Pro, SOUND, 12, LIST),
    row(Model::V3, Mode::Pro, VOICE, 14, LIST_3_0),
    row(Model::V3, Mode::FourK, ANY, 30, LIST),
];

/// The price of a clip; `None` for one that is not sold.
pub fn price(model: Model, mode: Mode, track: Track, seconds: i64) -> Option<Units> {
    let row = PRICES
        .iter()
        .find(|row| row.model == model && row.mode.is_none_or(|only| only == mode) && row.tracks.contains(&track))?;
    Some(Units { tenths: row.tenths_per_second.saturating_mul(u64::try_from(seconds).ok()?) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_are_the_tables() {
        let units = |model, mode, track, seconds| price(model, mode, track, seconds).map(|units| units.to_string());
        assert_eq!(units(Model::V2_6, Mode::Pro, Track::Voice, 10).as_deref(), Some("12"));
        assert_eq!(units(Model::V2_5Turbo, Mode::Pro, Track::Silent, 5).as_deref(), Some("2.5"));
        assert_eq!(units(Model::V2Master, Mode::Pro, Track::Silent, 5).as_deref(), Some("10"));
        assert_eq!(units(Model::V2_6, Mode::Std, Track::Sound, 5), None);
        assert_eq!(Units::from_tenths(60).usd(USD_PER_UNIT), 0.84);
    }
}

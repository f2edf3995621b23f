//! Kling's list prices: units for each second of a clip. A gateway's prices differ; Kling's real charge comes with the
//! finished clip. Treat all of this as an estimate.

use std::fmt;
use std::iter::Sum;
use std::ops::Add;

use super::{Mode, Source, Sure};

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

/// Which audio track the price includes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Track {
    /// Silent.
    Silent,
    /// With sound, no chosen voice.
    Sound,
    /// With sound and a chosen voice that the prompt uses.
    Voice,
}

/// A row of a model's price table.
#[derive(Clone, Copy, Debug)]
pub struct Price {
    /// The mode; `None` for a model without modes.
    pub mode: Option<Mode>,
    /// The tracks that have this price.
    pub tracks: &'static [Track],
    /// Tenths of a unit for each second.
    pub tenths_per_second: u64,
    /// Where the price comes from.
    pub source: Source,
}

pub(super) const SILENT: &[Track] = &[Track::Silent];
pub(super) const SOUND: &[Track] = &[Track::Sound];
pub(super) const VOICE: &[Track] = &[Track::Voice];
pub(super) const ANY: &[Track] = &[Track::Silent, Track::Sound, Track::Voice];

/// The table's own source, for what is said about a whole plan.
pub const TABLE: Source =
    Source { page: "Kling's list prices for image-to-video", date: "2026-10-08", sure: Sure::High };

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kling::Model;

    #[test]
    fn prices_are_the_tables() {
        let units = |model: &str, mode, track, seconds| {
            let model = Model::parse(model).expect("a model of the table");
            model.price(mode, track, seconds).map(|units| units.to_string())
        };
        assert_eq!(units("kling-v2-6", Mode::Pro, Track::Voice, 10).as_deref(), Some("12"));
        assert_eq!(units("kling-v2-5-turbo", Mode::Pro, Track::Silent, 5).as_deref(), Some("2.5"));
        assert_eq!(units("kling-v2-master", Mode::Pro, Track::Silent, 5).as_deref(), Some("10"));
        assert_eq!(units("kling-v2-6", Mode::Std, Track::Sound, 5), None);
        assert_eq!(Units::from_tenths(60).usd(USD_PER_UNIT), 0.84);
    }
}

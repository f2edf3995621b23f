use super::Clip;
use crate::kling::price::{Track, Units};

/// What a clip costs by the price table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Price {
    /// So many units.
    Known(Units),
    /// The table has no price for it.
    NotListed,
    /// A field under `kling` that nobody knows may change it.
    RawFields,
}

impl Price {
    /// The price, if it is known.
    pub fn units(self) -> Option<Units> {
        match self {
            Price::Known(units) => Some(units),
            Price::NotListed | Price::RawFields => None,
        }
    }
}

impl Clip<'_> {
    /// The price by the table. What is not sold (sound on a silent model, silence on one that
    /// always sounds) counts as what is.
    pub fn price(&self) -> Price {
        if self.has_unknown_raw_fields() {
            return Price::RawFields;
        }
        self.listed_price().map_or(Price::NotListed, Price::Known)
    }

    /// The table's price for what the language says, whatever `kling` may add.
    pub fn listed_price(&self) -> Option<Units> {
        let (model, mode) = (self.model.value()?, self.mode.value()?);
        let seconds = self.seconds.value()?.max(0);
        let track = match self.sound.value()? {
            false => Track::Silent,
            true if self.speaks() && !self.voices.is_empty() => Track::Voice,
            true => Track::Sound,
        };
        [track, Track::Silent, Track::Sound].into_iter().find_map(|track| model.price(mode, track, seconds))
    }

    fn has_unknown_raw_fields(&self) -> bool {
        let raw = self.shot.kling.valid().into_iter().flat_map(|kling| &kling.value.fields);
        raw.into_iter().any(|(name, _)| !crate::kling::raw::is_free(&name.value))
    }
}

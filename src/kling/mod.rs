//! What Kling is, as data: models and what they can, prices, limits. Each row has its source and date; none of it knows of
//! storyboards.

mod facts;
pub mod limits;
mod models;
pub mod price;
pub mod raw;
mod target;
mod words;

pub use facts::{Ability, Certainty, Facts, Feature, Lengths, ModeFact, Model, ModelFacts, Support};
pub use models::RETIREMENT;
pub use target::Target;
pub(crate) use words::choices;
pub use words::{Axis, Mode, Preset};

/// Where a fact comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Source {
    /// The page.
    pub page: &'static str,
    /// Its date, or when it was read: `YYYY-MM-DD`, or less where less is known.
    pub date: &'static str,
}

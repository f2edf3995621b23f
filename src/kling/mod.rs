//! Kling as data: the abilities of models, the gaps of targets, prices, limits. Each row has its source and
//! date; none of it knows of storyboards.

mod facts;
mod lacks;
pub mod limits;
mod models;
pub mod price;
pub mod raw;
mod target;
mod words;

pub use facts::{Ability, Certainty, Facts, Feature, Lengths, ModeFact, Model, ModelFacts, Sold, Support};
pub use lacks::{Harm, LACKS, Lack};
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
    /// How sure what it says is.
    pub sure: Sure,
}

/// How sure a source is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sure {
    /// One weak source, or sources that contradict each other.
    Low,
    /// One good source.
    Medium,
    /// A page of Kling's and somebody who saw the service do it, or two sources that know nothing of each other.
    High,
}

impl Sure {
    /// For tables and scripts.
    pub const fn as_str(self) -> &'static str {
        match self {
            Sure::Low => "low",
            Sure::Medium => "medium",
            Sure::High => "high",
        }
    }
}

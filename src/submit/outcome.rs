//! How a run ended, shot by shot.

use std::path::PathBuf;

use super::report::Who;
use super::stop::Halt;
use crate::ledger::Attempt;

/// The outcome for one selected clip.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// On disk.
    Done {
        /// From the project root where it is inside; `None` where it was here before this run.
        path: Option<PathBuf>,
        /// Kling units that the service says it charged.
        units: Option<f64>,
    },
    /// It failed, and is bought again only when asked for.
    Failed {
        /// Kling's code, where there was one.
        code: Option<u32>,
        /// The service's words, masked and escaped.
        message: String,
    },
    /// The service has it; `note` says what kept the clip from coming.
    InFlight {
        /// The service's id of the task.
        task_id: String,
        /// More details.
        note: Option<String>,
    },
    /// Sent, and nobody knows whether the service took it.
    Unknown {
        /// The attempt's id.
        attempt: String,
        /// Why it is not known.
        reason: String,
        /// A likely task id in the service's answer.
        candidate: Option<String>,
    },
    /// Nothing was bought: the shot is as it was.
    NotBought {
        /// Why not.
        reason: String,
    },
}

/// The outcome for one shot.
#[derive(Debug, Clone)]
pub struct Settled {
    /// The shot.
    pub who: Who,
    /// Its outcome.
    pub outcome: Outcome,
    /// False for an earlier version of a shot, or one that no storyboard has any more.
    pub is_current: bool,
}

/// How a run ended.
#[derive(Debug, Default)]
pub struct Summary {
    /// The selected clips, and earlier ones of their shots.
    pub settled: Vec<Settled>,
    /// Why nothing more was sent, if so.
    pub halt: Option<Halt>,
    /// Whether a signal ended it.
    pub interrupted: bool,
}

impl Outcome {
    /// The ledger's record of an unknown attempt.
    pub(super) fn unknown(attempt: &Attempt) -> Outcome {
        let reason = attempt.reason().unwrap_or("clapboard was stopped before the answer came").to_owned();
        Outcome::Unknown { attempt: attempt.id.clone(), reason, candidate: attempt.candidates.last().cloned() }
    }

    /// The ledger's record of a failed attempt.
    pub(super) fn failed(attempt: Option<&Attempt>) -> Outcome {
        let code = attempt.and_then(|attempt| attempt.refusals.last()).and_then(|refusal| refusal.code);
        let message = attempt.and_then(Attempt::reason).unwrap_or("the ledger gives no reason").to_owned();
        Outcome::Failed { code, message }
    }
}

//! The events that a run reports while it works.

use std::path::Path;

use serde::Serialize;

use crate::ledger::{Clip, Learned};

/// The shot that something happened to.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct Who {
    /// The storyboard's path as found; for a shot that only the ledger knows, its path without extension.
    pub file: String,
    /// The shot, and what it says.
    #[serde(flatten)]
    pub clip: Clip,
}

/// An event. Texts of the service are already masked and escaped.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Happening<'a> {
    /// The intent is on disk and the request goes out.
    Sending {
        /// Which attempt at it.
        attempt: &'a str,
        /// Kling units.
        units: Option<f64>,
    },
    /// The service has the task.
    Accepted {
        /// The service's id of the task.
        task_id: &'a str,
        /// How it became known.
        how: Learned,
    },
    /// There was no connection, so nothing was sent. It will be tried again.
    NotSent {
        /// Why not.
        reason: &'a str,
    },
    /// The service asks to come back later: the same request will be sent again after a pause.
    Retrying {
        /// The service's words, masked and escaped.
        reason: &'a str,
        /// How long, in seconds.
        pause_seconds: f64,
    },
    /// The service said no.
    Refused {
        /// Kling's code, where there was one.
        code: Option<u32>,
        /// The service's words, masked and escaped.
        message: &'a str,
        /// The next step for the user.
        advice: &'a str,
        /// Whether it is the shot's own fault.
        failed: bool,
    },
    /// It is not known whether the service took the request.
    Unknown {
        /// The attempt's id.
        attempt: &'a str,
        /// Why it is not known.
        reason: &'a str,
        /// The beginning of what the service answered, masked and escaped.
        #[serde(skip_serializing_if = "Option::is_none")]
        answer: Option<&'a str>,
        /// A likely task id in that answer.
        #[serde(skip_serializing_if = "Option::is_none")]
        candidate: Option<&'a str>,
    },
    /// The service charged another price than the one that was shown.
    Charged {
        /// The service's id of the task.
        task_id: &'a str,
        /// Kling units by the price table.
        shown: f64,
        /// Kling units that the service says it charged.
        charged: f64,
    },
    /// The service is asked what became of an attempt.
    LookingUp {
        /// Which attempt at it.
        attempt: &'a str,
    },
    /// The service was asked and does not know the attempt: it may be sent again.
    Released {
        /// Which attempt at it.
        attempt: &'a str,
    },
    /// The task is at work.
    Progress {
        /// The service's id of the task.
        task_id: &'a str,
        /// The service's word for it.
        status: &'a str,
    },
    /// A question that got no answer; it will be asked again.
    PollFailed {
        /// The service's id of the task.
        task_id: &'a str,
        /// Why, in words.
        reason: &'a str,
    },
    /// The clip is on its way.
    Downloading {
        /// How much of it is here, in bytes.
        bytes: u64,
        /// The whole length, where the service says it.
        total: Option<u64>,
    },
    /// The clip is here.
    Downloaded {
        /// The service's id of the task.
        task_id: &'a str,
        /// Where it is.
        path: &'a Path,
        /// Its length in bytes.
        bytes: u64,
        /// Kling units.
        units: Option<f64>,
    },
    /// It failed, and is bought again only when asked for.
    Failed {
        /// The service's id of the task.
        task_id: &'a str,
        /// The service's words, masked and escaped.
        message: &'a str,
        /// Kling units that the service says it charged; `None` where it does not say.
        units: Option<f64>,
    },
    /// The service has the clip, but the ledger could not be written: the task id must not be lost.
    Unrecorded {
        /// The service's id of the task.
        task_id: &'a str,
        /// Why, in words.
        reason: &'a str,
    },
}

/// Takes what a run reports. Called from several threads.
pub trait Sink: Send + Sync {
    /// Something happened.
    fn report(&self, who: &Who, what: &Happening<'_>);
}

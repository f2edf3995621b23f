//! What a run tells while it is at work.

use std::path::Path;

use serde::Serialize;

use crate::ledger::Learned;

/// The shot that something happened to.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct Who {
    /// The storyboard's path as found; for a shot that only the ledger knows, its path without extension.
    pub file: String,
    pub film: String,
    pub shot: String,
    pub identity: String,
}

/// What happened. Texts of the service are masked and escaped already.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Happening<'a> {
    /// The intent is on disk and the request goes out.
    Sending {
        attempt: &'a str,
        units: Option<f64>,
    },
    Accepted {
        task_id: &'a str,
        how: Learned,
    },
    /// The same request will be tried again after a pause.
    Retrying {
        reason: &'a str,
        pause_seconds: f64,
    },
    Refused {
        code: Option<u32>,
        message: &'a str,
        advice: &'a str,
        failed: bool,
    },
    /// It is not known whether the service took the request.
    Unknown {
        attempt: &'a str,
        reason: &'a str,
    },
    LookingUp {
        attempt: &'a str,
    },
    /// The service was asked and does not know the attempt: it may be sent again.
    Released {
        attempt: &'a str,
    },
    Progress {
        task_id: &'a str,
        status: &'a str,
    },
    /// A question that got no answer; it will be asked again.
    PollFailed {
        task_id: &'a str,
        reason: &'a str,
    },
    Downloading {
        bytes: u64,
        total: Option<u64>,
    },
    Downloaded {
        task_id: &'a str,
        path: &'a Path,
        bytes: u64,
        units: Option<f64>,
    },
    Failed {
        task_id: &'a str,
        message: &'a str,
    },
    /// The service has the clip, but the ledger could not be written: the task id must not be lost.
    Unrecorded {
        task_id: &'a str,
        reason: &'a str,
    },
}

/// Takes what a run tells. Called from several threads.
pub trait Sink: Send + Sync {
    fn report(&self, who: &Who, what: &Happening<'_>);
}

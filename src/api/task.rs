//! The state of a task, from the answer of any API.

use serde_json::Value;
use url::Url;

/// The part of an answer that is about a task.
#[derive(Debug, Clone, PartialEq)]
pub struct Task {
    /// The state of the task.
    pub news: News,
    /// Whether the answer carries the task's own id.
    pub is_named: bool,
    /// The `external_task_id` that the service has for it.
    pub external_id: Option<String>,
}

/// The state of a task.
#[derive(Debug, Clone, PartialEq)]
pub enum News {
    /// Not at its end.
    Pending {
        /// The service's word for its status.
        word: String,
    },
    /// There is a clip.
    Ready {
        /// Where it can be fetched.
        url: String,
        /// Units that the service says it charged.
        units: Option<f64>,
    },
    /// The task ended without a clip.
    Failed {
        /// The service's words.
        message: String,
        /// Units that the service says it charged.
        units: Option<f64>,
    },
    /// The service says that it has no such task.
    Gone(String),
    /// No answer that can be read: the task is where it was.
    Unclear(String),
}

/// Status words that end a task well, in lower case: Kling's own, new-api's, and those of OpenAI's video object.
pub(super) const DONE: &[&str] = &["succeed", "success", "succeeded", "completed", "complete", "done", "finished"];
/// Status words that end a task without a clip, in lower case.
pub(super) const FAILED: &[&str] = &["failed", "failure", "fail", "error", "expired", "cancelled", "canceled"];
impl Task {
    /// An answer that says nothing.
    pub fn unclear(reason: String) -> Task {
        Task { news: News::Unclear(reason), is_named: false, external_id: None }
    }

    /// The same with `change` made to every text that came from the service, but for the clip's address.
    pub fn map_text(self, change: impl Fn(&str) -> String) -> Task {
        let news = match self.news {
            News::Pending { word } => News::Pending { word: change(&word) },
            News::Failed { message, units } => News::Failed { message: change(&message), units },
            News::Gone(reason) => News::Gone(change(&reason)),
            News::Unclear(reason) => News::Unclear(change(&reason)),
            ready @ News::Ready { .. } => ready,
        };
        Task { news, ..self }
    }
}

/// An address that a clip can be fetched from.
pub(super) fn http_url(value: &Value) -> Option<String> {
    let text = value.as_str()?.trim();
    let url = Url::parse(text).ok()?;
    (matches!(url.scheme(), "http" | "https") && url.has_host()).then(|| text.to_owned())
}

/// A number that is not negative, whether it was sent as one or as text.
pub(super) fn number(value: &Value) -> Option<f64> {
    let number = value.as_f64().or_else(|| value.as_str()?.trim().parse().ok())?;
    (number.is_finite() && number >= 0.0).then_some(number)
}

//! The findings of a phase: plain data, with no opinion on whether or how it is shown.

use super::{Code, Safety, Severity};
use crate::text::{Place, Span};

/// A related place with a few words on what it has to do with the problem.
#[derive(Clone, Debug)]
pub struct Label {
    /// Where.
    pub place: Place,
    /// Its text.
    pub message: String,
}

/// A piece of text to be replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// The text to replace.
    pub span: Span,
    /// Replacement text.
    pub text: String,
}

/// A way to fix a problem: edits of the file in which the problem is.
#[derive(Clone, Debug)]
pub struct Fix {
    /// Whether it keeps the meaning.
    pub safety: Safety,
    /// Its effect, in the imperative: "rename `promt` to `prompt`".
    pub message: String,
    /// The edits; they do not overlap.
    pub edits: Vec<Edit>,
}

/// One problem at one place.
#[derive(Clone, Debug)]
pub struct Finding {
    /// Its code.
    pub code: Code,
    /// The message, which names the writer's own words.
    pub message: String,
    /// The next step for the writer.
    pub help: Option<String>,
    /// Where.
    pub place: Place,
    /// Related places.
    pub labels: Vec<Label>,
    /// How to fix it.
    pub fix: Option<Fix>,
    /// How severe it is, where that is not for its code to say.
    pub severity: Option<Severity>,
    /// The shot that the problem came up in; where the place is a default that several shots take, each of them.
    pub shots: Vec<String>,
}

impl Finding {
    /// A finding with nothing but its message.
    pub fn new(code: Code, place: Place, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            help: None,
            place,
            labels: Vec::new(),
            fix: None,
            severity: None,
            shots: Vec::new(),
        }
    }

    /// Says what to do next.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Points at a related place too.
    pub fn label(mut self, place: Place, message: impl Into<String>) -> Self {
        self.labels.push(Label { place, message: message.into() });
        self
    }

    /// Offers a fix.
    pub fn fix(mut self, safety: Safety, message: impl Into<String>, edits: Vec<Edit>) -> Self {
        self.fix = Some(Fix { safety, message: message.into(), edits });
        self
    }

    /// As severe as this, whatever its code says; config and flags still have the last word.
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = Some(severity);
        self
    }

    /// Names the shot that the problem came up in.
    pub fn shot(mut self, id: impl Into<String>) -> Self {
        self.shots.push(id.into());
        self.shots.retain(|id| !id.is_empty());
        self
    }
}

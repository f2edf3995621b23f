//! Why a command did not do what it was asked, with what to do about it.

use std::fmt;
use std::io;

use clapboard::ledger::LedgerError;

use super::Exit;

/// The end of a command that did not do its work. Its kind decides the exit status.
#[derive(Debug)]
pub struct Failure {
    kind: Kind,
    message: String,
    hints: Vec<String>,
    is_closed_pipe: bool,
}

/// What kind of end it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// The command could not run.
    Cannot,
    /// A budget, a cap or a person said no, or a sign that a clip was bought before.
    Refused,
}

impl Failure {
    /// The command could not run: exit status 2.
    pub fn cannot(message: impl Into<String>) -> Failure {
        Failure { kind: Kind::Cannot, message: message.into(), hints: Vec::new(), is_closed_pipe: false }
    }

    /// The answer was no: exit status 3.
    #[cfg(feature = "submit")]
    pub fn refused(message: impl Into<String>) -> Failure {
        Failure { kind: Kind::Refused, message: message.into(), hints: Vec::new(), is_closed_pipe: false }
    }

    /// Says what to do about it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Failure {
        self.hints.push(hint.into());
        self
    }

    /// Whether the reader of the output went away, and nothing else is wrong.
    pub fn is_closed_pipe(&self) -> bool {
        self.is_closed_pipe
    }

    /// The exit status.
    pub fn exit(&self) -> Exit {
        match self.kind {
            Kind::Cannot => Exit::Failed,
            Kind::Refused => Exit::Refused,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        self.hints.iter().try_for_each(|hint| write!(f, "\n  next: {hint}"))
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Failure {
        let is_closed_pipe = error.kind() == io::ErrorKind::BrokenPipe;
        Failure { is_closed_pipe, ..Failure::cannot(error.to_string()) }
    }
}

impl From<LedgerError> for Failure {
    fn from(error: LedgerError) -> Failure {
        let hint = match &error {
            LedgerError::Line { .. } => Some("keep the lines of both sides of a merge, and delete the marker lines"),
            LedgerError::Write(..) => Some("check the file's owner and permissions, and that the disk is not full"),
            _ => None,
        };
        let failure = Failure::cannot(error.to_string());
        match hint {
            Some(hint) => failure.hint(hint),
            None => failure,
        }
    }
}

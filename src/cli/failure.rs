//! Why a command did not do what it was asked, with what to do about it.

use std::fmt;
use std::io;

use clapboard::files::ReadError;
use clapboard::ledger::LedgerError;

use super::Exit;

/// The end of a command that did not do its work. Its kind decides the exit status.
#[derive(Debug)]
pub struct Failure {
    kind: Kind,
    message: String,
    details: Vec<String>,
    hints: Vec<String>,
}

/// What kind of end it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// The command could not run.
    Cannot,
    /// A budget, a cap or a person said no, or a sign that a clip was bought before.
    #[cfg(feature = "submit")]
    Refused,
    /// The reader of the output has seen enough.
    ReaderGone,
}

impl Failure {
    fn new(kind: Kind, message: impl fmt::Display) -> Failure {
        Failure { kind, message: message.to_string(), details: Vec::new(), hints: Vec::new() }
    }

    /// The command could not run: exit status 2.
    pub fn cannot(message: impl fmt::Display) -> Failure {
        Failure::new(Kind::Cannot, message)
    }

    /// The answer was no: exit status 3.
    #[cfg(feature = "submit")]
    pub fn refused(message: impl fmt::Display) -> Failure {
        Failure::new(Kind::Refused, message)
    }

    /// Says more, in a line below the message.
    #[cfg(feature = "submit")]
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Failure {
        self.details.push(detail.into());
        self
    }

    /// Says what to do about it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Failure {
        self.hints.push(hint.into());
        self
    }

    /// What is wrong, in a line.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// What there is to say beside it, a line each.
    pub fn details(&self) -> &[String] {
        &self.details
    }

    /// What to do about it, a line each.
    pub fn hints(&self) -> &[String] {
        &self.hints
    }

    /// Whether there is nothing to say.
    pub fn is_silent(&self) -> bool {
        self.kind == Kind::ReaderGone
    }

    /// The exit status.
    pub fn exit(&self) -> Exit {
        match self.kind {
            Kind::Cannot => Exit::Failed,
            #[cfg(feature = "submit")]
            Kind::Refused => Exit::Refused,
            Kind::ReaderGone => Exit::Done,
        }
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Failure {
        let is_gone = error.kind() == io::ErrorKind::BrokenPipe;
        Failure::new(if is_gone { Kind::ReaderGone } else { Kind::Cannot }, error)
    }
}

impl From<ReadError> for Failure {
    fn from(error: ReadError) -> Failure {
        Failure::cannot(error)
    }
}

impl From<LedgerError> for Failure {
    fn from(error: LedgerError) -> Failure {
        let failure = Failure::cannot(&error);
        match error {
            LedgerError::Line { .. } => {
                failure.hint("keep the lines of both sides of a merge, and delete the marker lines")
            }
            LedgerError::Write(..) => {
                failure.hint("check the file's owner and permissions, and that the disk is not full")
            }
            _ => failure,
        }
    }
}

//! How a finding will be judged, asked while a document is still being checked.

use std::cell::OnceCell;

use super::allow::Allows;
use super::levels::{Levels, severity};
use crate::diagnostic::{Code, Severity};
use crate::syntax::Document;
use crate::text::Span;

/// What flags, config and allow comments say about a document's findings.
#[derive(Debug)]
pub struct Foreseen<'d> {
    document: &'d Document,
    flags: &'d Levels,
    config: &'d Levels,
    /// Most documents are never asked about.
    allows: OnceCell<Allows>,
}

impl<'d> Foreseen<'d> {
    /// For a document in a project with `config`.
    pub fn new(document: &'d Document, flags: &'d Levels, config: &'d Levels) -> Self {
        Self { document, flags, config, allows: OnceCell::new() }
    }

    /// Whether a finding of `code` about `at` is reported, and as an error.
    pub fn is_error(&self, code: Code, at: Span) -> bool {
        let allows = self.allows.get_or_init(|| Allows::of(self.document));
        severity(code, code.severity(), self.flags, self.config) == Some(Severity::Error)
            && !(code.can_be_silenced() && allows.would_silence(code, &self.document.source, at.start()))
    }
}

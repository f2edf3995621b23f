use super::{Code, Fix, Label, Severity};
use crate::text::Place;

/// A finding as it is told.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    /// Its code.
    pub code: Code,
    /// How grave it is here.
    pub severity: Severity,
    /// What is wrong.
    pub message: String,
    /// What to do next.
    pub help: Option<String>,
    /// Where.
    pub place: Place,
    /// The id of the shot in whose text the place lies.
    pub shot: Option<String>,
    /// Related places.
    pub labels: Vec<Label>,
    /// How to mend it.
    pub fix: Option<Fix>,
}

/// All that is told of a run.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// In order of file, place and code.
    pub diagnostics: Vec<Diagnostic>,
    /// The names of the files that were checked, in order.
    pub files: Vec<String>,
}

impl Report {
    /// How many errors there are.
    pub fn errors(&self) -> usize {
        self.count(Severity::Error)
    }

    /// How many warnings there are.
    pub fn warnings(&self) -> usize {
        self.count(Severity::Warning)
    }

    fn count(&self, severity: Severity) -> usize {
        self.diagnostics.iter().filter(|diagnostic| diagnostic.severity == severity).count()
    }
}

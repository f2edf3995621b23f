//! What a report needs of a film. A film's values take ten times as much memory as its text: where many are checked and nothing else
//! is wanted of them, each is let go of at once.

use std::sync::Arc;

use super::CheckedFilm;
use crate::diagnostic::{Finding, Totals};
use crate::judge::Page;
use crate::language::Checked;
use crate::project::Project;

/// What was found in a storyboard, not yet judged, and what its film comes to.
#[derive(Debug)]
pub struct Verdict {
    /// The storyboard's name.
    pub(super) file: String,
    pub(super) page: Page,
    pub(super) bibles: Vec<Arc<Checked>>,
    /// Its project.
    pub project: Arc<Project>,
    pub(super) findings: Vec<Finding>,
    /// What the film comes to.
    pub totals: Totals,
}

impl CheckedFilm {
    pub(super) fn verdict(&self, findings: Vec<Finding>) -> Verdict {
        let document = &self.film.file.document;
        Verdict {
            file: document.source.name.clone(),
            page: Page::new(document, self.film.is_bible()),
            bibles: self.film.bibles.clone(),
            project: self.project.clone(),
            findings,
            totals: self.totals,
        }
    }
}

impl From<CheckedFilm> for Verdict {
    fn from(mut film: CheckedFilm) -> Self {
        let findings = std::mem::take(&mut film.findings);
        film.verdict(findings)
    }
}

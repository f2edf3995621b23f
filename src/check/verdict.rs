//! What a report needs of a film. A film's values take ten times as much memory as its text: where many are checked and nothing else
//! is wanted of them, each is let go of at once.

use std::sync::Arc;

use super::CheckedFilm;
use crate::diagnostic::{Finding, Totals};
use crate::judge::Page;
use crate::language::Checked;
use crate::project::Project;
use crate::text::Source;

/// What was found in a storyboard, not yet judged, and what its film comes to.
#[derive(Debug)]
pub struct Verdict {
    /// Its project.
    pub project: Arc<Project>,
    /// What the film comes to.
    pub totals: Totals,
    pub(super) page: Arc<Page>,
    pub(super) bibles: Vec<Arc<Checked>>,
    pub(super) findings: Vec<Finding>,
}

impl Verdict {
    /// The storyboard's text.
    pub fn source(&self) -> &Arc<Source> {
        self.page.source()
    }

    /// The texts that the film is made of: the storyboard, then its bibles.
    pub fn sources(&self) -> impl Iterator<Item = &Arc<Source>> {
        std::iter::once(self.source()).chain(self.bibles.iter().map(|bible| &bible.document.source))
    }
}

impl CheckedFilm {
    /// What a report needs of it.
    pub fn verdict(&self) -> Verdict {
        Verdict {
            project: self.project.clone(),
            totals: self.totals,
            page: Page::new(&self.film.file.document, self.film.is_bible()).into(),
            bibles: self.film.bibles.clone(),
            findings: self.findings.clone(),
        }
    }
}

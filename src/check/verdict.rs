//! What a report needs of a film. A film's values take ten times as much memory as its text: where many are checked and nothing else
//! is wanted of them, each is let go of at once.

use std::sync::Arc;

use crate::diagnostic::{Finding, Totals};
use crate::judge::Page;
use crate::language::{Checked, Film};
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
    pub(super) fn new(film: &Film, project: Arc<Project>, findings: Vec<Finding>, totals: Totals) -> Self {
        let page = Page::new(&film.file.document, film.is_bible(), film.is_incomplete()).into();
        Self { project, totals, page, bibles: film.bibles.clone(), findings }
    }

    /// The storyboard's text.
    pub fn source(&self) -> &Arc<Source> {
        self.page.source()
    }

    /// The texts that the film is made of: the storyboard, then its bibles.
    pub fn sources(&self) -> impl Iterator<Item = &Arc<Source>> {
        std::iter::once(self.source()).chain(self.bibles.iter().map(|bible| &bible.document.source))
    }
}

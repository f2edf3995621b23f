use std::sync::Arc;

use camino::Utf8Path;

use crate::check::CheckedFilm;
use crate::diagnostic::Report;
use crate::project::Project;

/// The analysis of an open text.
#[derive(Debug)]
pub struct Analysis {
    /// Its kind.
    pub subject: Subject,
    /// The diagnostics of it and of the files that it uses.
    pub report: Report,
}

/// The kind of an open text.
#[derive(Debug)]
pub enum Subject {
    /// A storyboard or a bible.
    Film(Box<CheckedFilm>),
    /// The config of a project.
    Config(Arc<Project>),
}

impl Analysis {
    /// The film, if it is one.
    pub fn film(&self) -> Option<&CheckedFilm> {
        match &self.subject {
            Subject::Film(film) => Some(film),
            Subject::Config(_) => None,
        }
    }

    /// Whether a change of the file at `path` may change what is known.
    pub fn depends_on(&self, path: &Utf8Path) -> bool {
        self.film().is_some_and(|checked| {
            let film = &checked.film;
            // A bible that was not found may be there now.
            !film.extends_faults.is_empty() || film.bibles.iter().any(|bible| bible.document.source.path == path)
        })
    }
}

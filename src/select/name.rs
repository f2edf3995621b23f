//! A shot as it is named on a command line.

use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

use crate::check::CheckedFilm;

/// `ID`, or `FILE:ID` where several films have that id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShotName {
    /// The storyboard: its path, or its name in the ledger.
    pub file: Option<String>,
    /// The shot's id.
    pub shot: String,
}

impl FromStr for ShotName {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(match text.rsplit_once(':') {
            Some((file, shot)) => ShotName { file: Some(file.to_owned()), shot: shot.to_owned() },
            None => ShotName { file: None, shot: text.to_owned() },
        })
    }
}

impl ShotName {
    /// Whether a shot of a film has this name. A film goes by its path as found, or by its name in the ledger.
    pub fn names(&self, take: &CheckedFilm, shot: &str) -> bool {
        let source = &take.film.file.document.source;
        let is_file = |file: &str| {
            let file = file.strip_prefix("./").unwrap_or(file);
            file == source.name
                || file == take.name()
                || take.project.library.files().real(file.into()).is_ok_and(|path| path == source.path)
        };
        self.shot == shot && self.file.as_deref().is_none_or(is_file)
    }

    /// Whether a shot that only the ledger knows has this name. The storyboard may be gone, so its path counts by its words.
    pub fn names_in_ledger(&self, film: &str, shot: &str) -> bool {
        let is_film = |file: &str| {
            let file = file.strip_prefix("./").unwrap_or(file);
            file == film || crate::project::without_extensions(file) == film
        };
        self.shot == shot && self.file.as_deref().is_none_or(is_film)
    }
}

impl fmt::Display for ShotName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.file {
            Some(file) => write!(f, "{file}:{}", self.shot),
            None => f.write_str(&self.shot),
        }
    }
}

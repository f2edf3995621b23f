//! The takes of a shot: what was bought of it, and which of them counts.

use camino::Utf8PathBuf;
use serde::Serialize;

use super::reel::Sources;
use crate::assets::mp4::Footage;
use crate::check::CheckedFilm;
use crate::ledger::{Attempt, Standing};
use crate::plan::{self, Row};
use crate::text::shown::line;

#[derive(Debug, Serialize)]
pub(super) struct Take {
    pub number: usize,
    /// The file, from the page's folder; `None` where it is not here.
    pub link: Option<String>,
    /// The file itself.
    #[serde(skip)]
    pub path: Option<Utf8PathBuf>,
    /// Whether it is the one that goes into the edit.
    pub counts: bool,
    /// Its own metadata, or why it is not here.
    pub label: String,
    /// How it differs from what was bought.
    pub notes: Vec<String>,
    /// Whether it was bought for an earlier text of the shot.
    pub is_earlier: bool,
}

/// The takes of a shot, and how one is chosen.
pub(super) fn takes(sources: &Sources<'_>, take: &CheckedFilm, id: &str, row: Option<&Row>) -> (Vec<Take>, String) {
    let (books, source) = (sources.books, &take.film.file.document.source);
    let film = take.name();
    let attempts = books.ledger.takes(&film, id);
    let chosen = books.ledger.chosen_take(&film, id).unwrap_or(attempts.len());
    let view = |(index, attempt): (usize, &&Attempt)| {
        let path = books.path_of(attempt).filter(|_| books.is_here(attempt)).map(|path| take.project.root.join(path));
        let link = path.as_ref().map(|path| sources.clips.link(sources.folder, path));
        let footage = books.footage(attempt).unwrap_or_default();
        let label = match (&link, attempt.standing()) {
            (Some(_), _) => of_footage(&footage),
            (None, Standing::Done) => "not here: `clapboard status --fetch` gets it".to_owned(),
            (None, _) => "in flight".to_owned(),
        };
        // An earlier text of the shot may have asked for something else.
        let item = row.map(|row| &row.item).filter(|item| attempt.counts_for(&item.clip));
        let notes = item.map(|item| plan::differences(item, &footage)).unwrap_or_default();
        Take { number: index + 1, link, path, counts: index + 1 == chosen, label, notes, is_earlier: item.is_none() }
    };
    let name = if sources.films.len() > 1 { format!("{}:{id}", source.name) } else { id.to_owned() };
    (attempts.iter().enumerate().map(view).collect(), line(&format!("clapboard status --choose {name}")))
}

/// `5.0 s, 1920×1080, sound`: what a clip says of itself.
fn of_footage(footage: &Footage) -> String {
    let seconds = footage.seconds.map(|seconds| format!("{seconds:.1} s"));
    let pixels = footage.pixels.map(|(width, height)| format!("{width}×{height}"));
    let sound = footage.has_sound.map(|has_sound| if has_sound { "sound" } else { "no sound track" }.to_owned());
    [seconds, pixels, sound].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

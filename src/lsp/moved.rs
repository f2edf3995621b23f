//! Files that are about to be renamed or moved in the editor: the storyboards that name them are changed with them.

use std::collections::{BTreeMap, HashMap};

use camino::{Utf8Path, Utf8PathBuf};
use lsp_types::{Location, RenameFilesParams, TextEdit, WorkspaceEdit};

use super::dispatch::Failure;
use super::links::files_of;
use super::navigation::location;
use super::session::Session;
use super::uri::path_of;
use crate::check::CheckedFilm;
use crate::text::Place;

/// The edits that have storyboards name files by their new paths.
///
/// # Errors
/// None.
pub fn will_rename(session: &mut Session, params: RenameFilesParams) -> Result<Option<WorkspaceEdit>, Failure> {
    let moves = Moves::of(session, &params);
    let mut changes: HashMap<_, Vec<TextEdit>> = HashMap::new();
    for film in moves.films(session) {
        for (place, new_text) in moves.renamings(&film) {
            if let Some(Location { uri, range }) = location(session, &place) {
                changes.entry(uri).or_default().push(TextEdit { range, new_text });
            }
        }
    }
    Ok((!changes.is_empty()).then(|| WorkspaceEdit { changes: Some(changes), ..WorkspaceEdit::default() }))
}

/// Moved paths, old and new: files, and folders with everything in them.
struct Moves(Vec<(Utf8PathBuf, Utf8PathBuf)>);

impl Moves {
    fn of(session: &Session, params: &RenameFilesParams) -> Self {
        let files = session.workspace.files();
        // As films have them: with the links on the way to their folder resolved.
        let real = |path: Utf8PathBuf| match (path.parent().map(|folder| files.real(folder)), path.file_name()) {
            (Some(Ok(folder)), Some(name)) => folder.join(name),
            _ => path,
        };
        let renamed = params.files.iter();
        Self(renamed.filter_map(|file| Some((real(path_of(&file.old_uri)?), real(path_of(&file.new_uri)?)))).collect())
    }

    /// Where a file will be.
    fn target(&self, path: &Utf8Path) -> Utf8PathBuf {
        let moved = self.0.iter().find_map(|(old, new)| Some((path.strip_prefix(old).ok()?, new)));
        match moved {
            Some((rest, new)) if rest.as_str().is_empty() => new.clone(),
            Some((rest, new)) => new.join(rest),
            None => path.to_owned(),
        }
    }

    /// The storyboards of all projects that something is moved in.
    fn films(&self, session: &Session) -> Vec<CheckedFilm> {
        let folders = self.0.iter().filter_map(|(old, _)| old.parent());
        let projects: BTreeMap<_, _> = folders
            .map(|folder| session.workspace.project(folder, "film.storyboard.yaml"))
            .map(|project| (project.root.clone(), project))
            .collect();
        projects.values().flat_map(|project| session.films(project)).collect()
    }

    /// The places of a film where a file is named that will have another path from there, and what is to be written.
    fn renamings(&self, film: &CheckedFilm) -> Vec<(Place, String)> {
        let own = &film.film.file.document.source.path;
        let folder = |path: &Utf8Path| path.parent().unwrap_or(Utf8Path::new("/")).to_owned();
        let is_moved = folder(own) != folder(&self.target(own));
        let renaming = |(place, path): (Place, Utf8PathBuf)| {
            let target = self.target(&path);
            if target == path && !is_moved {
                return None;
            }
            let there = pathdiff::diff_utf8_paths(target, folder(&self.target(own)))?;
            let there = there.components().map(|part| part.as_str()).collect::<Vec<_>>().join("/");
            let written = place.source.slice(place.span);
            let text = as_written(written, &there);
            (text != written).then_some((place, text))
        };
        files_of(film).into_iter().filter_map(renaming).collect()
    }
}

/// A path in place of what is written, in its quotes, if it has some and they are enough.
fn as_written(written: &str, path: &str) -> String {
    let is_plain = path.chars().all(|c| c.is_alphanumeric() || "._-/".contains(c));
    match written.chars().next() {
        Some(quote @ ('"' | '\'')) if is_plain => format!("{quote}{path}{quote}"),
        _ if is_plain => path.to_owned(),
        // What JSON quotes, YAML and TOML read as well.
        _ => serde_json::Value::from(path).to_string(),
    }
}

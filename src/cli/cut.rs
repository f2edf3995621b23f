//! A cut into a storyboard: `import --into`.

use std::io;

use camino::Utf8Path;

use super::new_file::replace;
use super::{Exit, say};
use clapboard::check::{CheckedFilm, Workspace};
use clapboard::import::{self, Cut, Found, Plan};
use clapboard::judge::Levels;
use clapboard::ledger::{Location, Snapshot};
use clapboard::text::{FileId, counted};

/// Writes what the cuts use into the storyboard at `path`, and says what else they say.
pub fn change(path: &Utf8Path, found: &[Found], quiet: bool) -> io::Result<Exit> {
    let cuts: Vec<&Cut> = found.iter().filter_map(Found::cut).collect();
    if cuts.len() < found.len() {
        return Err(io::Error::other("--into takes cuts: an OpenTimelineIO file, or an edit decision list"));
    }
    let cut = Cut { used: cuts.iter().flat_map(|cut| cut.used.iter().cloned()).collect() };
    let workspace = Workspace::on_disk(None, Levels::default());
    let file = FileId::new(path.as_str(), path);
    let before = workspace.check(&file).map_err(|why| io::Error::other(format!("{path}: {why}")))?;
    let name = before.project.film_name(&before.film.file.document.source.path);
    let plan = import::plan(&cut, &before.film, &name).map_err(|why| io::Error::other(format!("{path}: {why}")))?;
    let after = workspace.check_bytes(&file, plan.text.clone().into_bytes());
    if !plan.holds(&before.film, &after.film) {
        let message = format!("{path} is written in a way that it cannot be changed in; nothing was written");
        return Err(io::Error::other(message));
    }
    if !plan.changes.is_empty() {
        replace(path.as_std_path(), &plan.text)?;
    }
    tell(path, &plan, quiet);
    if !quiet {
        tell_takes(&before, &name, &plan)?;
    }
    Ok(if plan.unknown.is_empty() { Exit::Done } else { Exit::Errors })
}

fn tell(path: &Utf8Path, plan: &Plan, quiet: bool) {
    for (line, shot) in &plan.unknown {
        say::problem(&format!("line {line} of the cut: {path} has no shot `{shot}`"));
    }
    if quiet {
        return;
    }
    for change in &plan.changes {
        let before = change.before.as_deref().map_or("the whole clip".to_owned(), |before| format!("`{before}`"));
        say::note(&format!("{}: `use: {}`, before: {before}", change.shot, change.after));
    }
    if !plan.in_pieces.is_empty() {
        let shots = plan.in_pieces.join(", ");
        say::note(&format!("used in several pieces: {shots}. `use` is all from the first to the last"));
    }
    if plan.is_reordered {
        say::note("the cut has the shots in another order: the storyboard keeps its own");
    }
    if !plan.unused.is_empty() {
        say::note(&format!("not in the cut: {}", plan.unused.join(", ")));
    }
    let changed = counted(plan.changes.len(), "shot");
    say::note(&format!("{path}: {changed} changed. Next: clapboard check {path}"));
}

/// Says where the cut uses another take than the one that counts.
fn tell_takes(film: &CheckedFilm, name: &str, plan: &Plan) -> io::Result<()> {
    let location = Location::of(film.project.root.as_std_path());
    let snapshot = Snapshot::read(&location).map_err(io::Error::other)?;
    for (shot, take) in &plan.takes {
        let takes = snapshot.state.takes(name, shot).len();
        let counts = snapshot.state.chosen_take(name, shot).unwrap_or(takes);
        if *take <= takes && *take != counts {
            let next = format!("clapboard status --choose {shot}={take}");
            say::note(&format!("{shot}: the cut uses take {take}, and take {counts} counts. Next: {next}"));
        }
    }
    Ok(())
}

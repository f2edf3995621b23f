//! A cut into a storyboard: `import --into`.

use camino::Utf8Path;

use super::Exit;
use super::failure::Failure;
use super::new_file::replace;
use super::ui::Ui;
use clapboard::check::{CheckedFilm, Workspace};
use clapboard::import::{self, Cut, Found, Plan};
use clapboard::judge::Levels;
use clapboard::ledger::{Location, Snapshot};
use clapboard::text::{FileId, counted};

/// Writes what the cuts use into the storyboard at `path`, and says what else they say.
pub fn change(path: &Utf8Path, found: &[Found], ui: &Ui) -> Result<Exit, Failure> {
    let cuts: Vec<&Cut> = found.iter().filter_map(Found::cut).collect();
    if cuts.len() < found.len() {
        return Err(Failure::cannot("--into takes cuts: an OpenTimelineIO file, or an edit decision list"));
    }
    let cut = Cut { used: cuts.iter().flat_map(|cut| cut.used.iter().cloned()).collect() };
    let workspace = Workspace::on_disk(None, Levels::default());
    let file = FileId::new(path.as_str(), path);
    let before = workspace.check(&file).map_err(|why| Failure::cannot(format!("{path}: {why}")))?;
    let name = before.name();
    let plan = import::plan(&cut, &before.film, &name).map_err(|why| Failure::cannot(format!("{path}: {why}")))?;
    let after = workspace.check_bytes(&file, plan.text.clone().into_bytes());
    if !plan.holds(&before.film, &after.film) {
        return Err(Failure::cannot(format!(
            "{path} is written in a way that it cannot be changed in; nothing was written"
        )));
    }
    if !plan.changes.is_empty() {
        replace(path.as_std_path(), &plan.text)?;
    }
    report(path, &plan, ui);
    report_takes(&before, &name, &plan, ui)?;
    Ok(if plan.unknown.is_empty() { Exit::Done } else { Exit::Errors })
}

fn report(path: &Utf8Path, plan: &Plan, ui: &Ui) {
    for (line, shot) in &plan.unknown {
        ui.say(format!("line {line} of the cut: {path} has no shot `{shot}`"));
    }
    for change in &plan.changes {
        let before = change.before.as_deref().map_or("the whole clip".to_owned(), |before| format!("`{before}`"));
        ui.note(format!("{}: `use: {}`, before: {before}", change.shot, change.after));
    }
    if !plan.in_pieces.is_empty() {
        let shots = plan.in_pieces.join(", ");
        ui.note(format!("used in several pieces: {shots}. `use` is all from the first to the last"));
    }
    if plan.is_reordered {
        ui.note("the cut has the shots in another order: the storyboard keeps its own");
    }
    if !plan.unused.is_empty() {
        ui.note(format!("not in the cut: {}", plan.unused.join(", ")));
    }
    let changed = counted(plan.changes.len(), "shot");
    ui.note(format!("{path}: {changed} changed. Next: clapboard check {path}"));
}

/// Says where the cut uses another take than the one that counts.
fn report_takes(film: &CheckedFilm, name: &str, plan: &Plan, ui: &Ui) -> Result<(), Failure> {
    let snapshot = Snapshot::read(&Location::of(film.project.root.as_std_path()))?;
    for (shot, take) in &plan.takes {
        let takes = snapshot.state.takes(name, shot).len();
        let counts = snapshot.state.chosen_take(name, shot).unwrap_or(takes);
        if *take <= takes && *take != counts {
            let next = format!("clapboard status --choose {shot}={take}");
            ui.note(format!("{shot}: the cut uses take {take}, and take {counts} counts. Next: {next}"));
        }
    }
    Ok(())
}

use std::collections::HashMap;
use std::path::Path;

use camino::{Utf8Path, Utf8PathBuf};
use clap::Args;

use super::failure::Failure;
use super::input::Input;
use super::since::Revision;
use super::ui::Ui;
use super::values::PageFormat;
use super::{Exit, project_of};
use clapboard::check::CheckedFilm;
use clapboard::ledger::{Location, Snapshot};
use clapboard::plan::{self, Choice, Item};
use clapboard::project::find;
use clapboard::select::{Books, Ready, Selection, Wanted, select};
use clapboard::text::FileId;

/// Where clips go unless `--out` says otherwise.
pub const CLIPS: &str = "clips";

/// Show what a `submit` would buy, and what that comes to
///
/// Each shot against the ledger, with the reason. Needs no network and no key.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  clapboard plan
  clapboard plan --since main                       what changed since a branch, and what that costs
  clapboard plan --format markdown > plan.md

Exit status: 0 done, 1 errors in the storyboards, 2 the command could not run")]
pub struct Plan {
    #[command(flatten)]
    input: Input,
    /// Output format
    #[arg(long, value_enum, default_value = "human", help_heading = "Output")]
    format: PageFormat,
    /// Only what differs from this revision of git, and the difference in money
    #[arg(long, value_name = "REV", help_heading = "Input")]
    since: Option<String>,
}

impl Plan {
    pub fn run(&self, ui: &Ui) -> Result<Exit, Failure> {
        let checked = self.input.check(ui);
        ui.report(&checked.report)?;
        let project = project_of(&checked.takes)?;
        let (location, usd_per_unit) = match &project {
            Some(project) => (Location::of(project.root.as_std_path()), project.config.usd_per_unit),
            None if checked.exit == Exit::Failed => return Ok(Exit::Failed),
            None => (Location::alone(Path::new(".")), 0.0),
        };
        let snapshot = Snapshot::read(&location)?;
        let books = Books::of(&snapshot, &location.root, Path::new(CLIPS));
        let selection = select(&checked.takes, &checked.report, Wanted::default());
        let mut plan = against(&selection, &books, &checked.takes, usd_per_unit);
        if let (Some(revision), Some(project)) = (&self.since, &project) {
            let variables = project.config.target.auth.variables();
            let then = self.items_at(revision, &project.root, &variables, &checked.takes)?;
            plan = plan.since(revision, then);
        }
        let text = match self.format {
            PageFormat::Human => plan::human(&plan, ui.out_terminal().color),
            PageFormat::Json => plan::json(&plan),
            PageFormat::Markdown => plan::markdown(&plan),
        };
        ui.print(&text)?;
        let failed = selection.blocked().any(|blocked| blocked.why.is_failure());
        Ok(if failed { Exit::Failed } else { checked.exit })
    }

    /// The shots of the same storyboards, and of those that are gone since, at a revision of git. What has an error there asks
    /// for no clip.
    fn items_at(
        &self,
        revision: &str,
        root: &Utf8Path,
        secret: &[&str],
        now: &[CheckedFilm],
    ) -> Result<Vec<Item>, Failure> {
        let revision = Revision::lay_out(root.as_std_path(), revision, secret)?;
        let there = Utf8PathBuf::from_path_buf(revision.root())
            .map_err(|_| Failure::cannot("the folder for temporary files has a name that is not UTF-8"))?;
        let workspace = self.input.workspace();
        let named = now.iter().filter_map(|film| film.film.file.document.source.path.strip_prefix(root).ok());
        let mut paths: Vec<Utf8PathBuf> = named.map(|path| there.join(path)).filter(|path| path.is_file()).collect();
        for folder in self.input.folders() {
            let Ok(folder) = workspace.files().real(&folder) else { continue };
            let Ok(below) = folder.strip_prefix(root) else { continue };
            let project = workspace.project(&there, "film.storyboard.yaml");
            paths.extend(find(&**workspace.files(), &there.join(below), &project).files);
        }
        paths.sort();
        paths.dedup();
        let films: Vec<CheckedFilm> =
            paths.iter().filter_map(|path| workspace.check(&FileId::new(path.as_str(), &**path)).ok()).collect();
        let report = workspace.report(&films);
        let wanted = Wanted { shots: &[], despite_other_shots: true };
        Ok(select(&films, &report, wanted).into_ready().into_iter().map(|ready| ready.item).collect())
    }
}

/// The plan of all that is selected: nothing is asked for again.
pub fn against(
    selection: &Selection<Ready<'_>>,
    books: &Books<'_>,
    takes: &[CheckedFilm],
    usd_per_unit: f64,
) -> plan::Plan {
    let mut plan = plan::Plan::new(selection, books, Choice::default(), usd_per_unit);
    plan.cap_spend(books, &spend_caps(takes));
    plan
}

/// Film → the most units that it may cost over its life.
pub fn spend_caps(takes: &[CheckedFilm]) -> HashMap<String, f64> {
    let caps = takes.iter().filter_map(|take| {
        let spend = take.film.budget.value()?.spend.value()?;
        Some((take.name(), *spend))
    });
    caps.collect()
}

use std::collections::HashSet;
use std::io::{self, Write};

use camino::{Utf8Path, Utf8PathBuf};
use clap::Args;

use super::input::Input;
use super::selection::{complain, project, select};
use super::since::Revision;
use super::{Exit, Global};
use clapboard::check::CheckedFilm;
use clapboard::ledger::{Clip, Location, Snapshot};
use clapboard::plan;
use clapboard::text::FileId;

/// Say what a `submit` would buy, and what that comes to
///
/// Each shot against the ledger. Needs no network and no key.
#[derive(Args, Debug)]
#[command(after_help = "Exit status: 0 done, 1 errors in the storyboards, 2 the command could not run")]
pub struct Plan {
    #[command(flatten)]
    input: Input,
    /// The form of the plan
    #[arg(long, value_enum, default_value = "human", help_heading = "Output")]
    format: Format,
    /// Only what differs from this revision of git: what a branch would add to the bill
    #[arg(long, value_name = "REV", help_heading = "Input")]
    since: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For people: a line a shot
    Human,
    /// One JSON object, for scripts
    Json,
    /// A table for the comment of a pull request
    Markdown,
}

impl Plan {
    pub fn run(&self, global: &Global) -> io::Result<Exit> {
        let checked = self.input.check();
        checked.tell(global)?;
        let mut exit = checked.exit;
        let Ok(project) = project(&checked.takes) else { return Ok(Exit::Failed) };
        let mut selected = select(&checked.takes, &checked.report, &[], false, &mut exit);
        if let (Some(revision), Some(project)) = (&self.since, &project) {
            match self.clips_at(revision, &project.root, &checked.takes) {
                Ok(earlier) => selected.retain(|selected| !earlier.contains(&selected.item.clip)),
                Err(problem) => {
                    complain(&problem);
                    return Ok(Exit::Failed);
                }
            }
        }
        let ledger = match project.map(|project| Snapshot::read(&Location::of(project.root.as_std_path()))).transpose()
        {
            Ok(ledger) => ledger.unwrap_or_default(),
            Err(error) => {
                complain(&error.to_string());
                return Ok(Exit::Failed);
            }
        };
        if exit == Exit::Failed && selected.is_empty() {
            return Ok(exit);
        }
        let items = selected.into_iter().map(|selected| selected.item);
        let plan = plan::Plan::new(items, &ledger.state, false);
        let text = match self.format {
            Format::Human => plan::human(&plan),
            Format::Json => plan::json(&plan),
            Format::Markdown => plan::markdown(&plan),
        };
        io::stdout().lock().write_all(text.as_bytes())?;
        Ok(exit)
    }

    /// The clips that the same storyboards ask for at a revision of git. What has an error there asks for none.
    fn clips_at(&self, revision: &str, root: &Utf8Path, now: &[CheckedFilm]) -> Result<HashSet<Clip>, String> {
        let revision = Revision::lay_out(root.as_std_path(), revision)?;
        let there = Utf8PathBuf::from_path_buf(revision.root()).map_err(|_| "its folder is not UTF-8")?;
        let workspace = self.input.workspace();
        let takes: Vec<CheckedFilm> = now
            .iter()
            .filter_map(|take| take.film.file.document.source.path.strip_prefix(root).ok())
            .map(|path| there.join(path))
            .filter(|path| path.is_file())
            .filter_map(|path| workspace.check(&FileId::new(path.as_str(), &*path)).ok())
            .collect();
        let report = workspace.report(&takes);
        let mut ignored = Exit::Done;
        Ok(select(&takes, &report, &[], false, &mut ignored).into_iter().map(|selected| selected.item.clip).collect())
    }
}

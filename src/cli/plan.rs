use std::io::{self, Write};

use clap::Args;

use super::input::Input;
use super::selection::{complain, project, select};
use super::{Exit, Global};
use crate::ledger::Snapshot;
use crate::plan;
use crate::report;

/// Says what a `submit` would buy: each shot against the ledger, and what it all comes to. Needs no network and no key.
#[derive(Args, Debug)]
#[command(after_help = "Exit status: 0 done, 1 errors in the storyboards, 2 the command could not run")]
pub struct Plan {
    #[command(flatten)]
    input: Input,
    /// The form of the plan
    #[arg(long, value_enum, default_value = "human", help_heading = "Output")]
    format: Format,
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
        report::render(
            report::Format::Human,
            &checked.report,
            &global.color.terminal(&io::stderr()),
            &mut io::stderr().lock(),
        )?;
        let mut exit = checked.exit;
        let Ok(project) = project(&checked) else { return Ok(Exit::Failed) };
        let selected = select(&checked, &[], false, &mut exit);
        let ledger = match project.map(|project| Snapshot::read(&project.root)).transpose() {
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
}

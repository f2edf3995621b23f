//! The command line: arguments to a run to an exit status. One thin file a command.

mod check;
#[cfg(feature = "submit")]
mod choose;
mod compile;
mod completions;
#[cfg(feature = "submit")]
mod console;
mod cut;
#[cfg(feature = "submit")]
mod doctor;
mod explain;
mod export;
mod failure;
mod import;
mod init;
mod input;
#[cfg(feature = "lsp")]
mod lsp;
mod man;
mod models;
mod new_file;
#[cfg(feature = "submit")]
mod outcome;
mod outputs;
mod pattern;
mod plan;
#[cfg(feature = "preview")]
mod preview;
mod schema;
#[cfg(feature = "serve")]
mod serve;
#[cfg(feature = "submit")]
mod service_setup;
mod since;
#[cfg(feature = "submit")]
mod status;
#[cfg(feature = "submit")]
mod submit;
#[cfg(feature = "submit")]
mod trust;
mod ui;
mod values;
#[cfg(feature = "watch")]
mod watch;

use std::process::ExitCode;
use std::sync::Arc;

use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand};

use clapboard::check::CheckedFilm;
use clapboard::kling::Target;
use clapboard::project::{Project, TargetSettings};
use clapboard::select::one_project;

use failure::Failure;
use ui::{ColorChoice, Ui};

/// Check storyboards of AI films, see what they cost, and buy each clip from Kling once
#[derive(Parser, Debug)]
#[command(name = "clapboard", version, arg_required_else_help = true, max_term_width = 100)]
#[command(after_help = "\
Examples:
  clapboard init                             write a first storyboard
  clapboard check                            check all storyboards below the current folder
  clapboard plan                             see what they cost
  clapboard preview --open                   see the film before paying
  clapboard submit                           buy the clips that are missing
  clapboard explain last-frame-unsupported   what a rule means")]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    global: Global,
}

/// What every command takes.
#[derive(Args, Debug, Clone)]
pub struct Global {
    /// When to use colours
    #[arg(long, global = true, value_enum, default_value = "auto", help_heading = "Output")]
    color: ColorChoice,
    /// Print problems only
    #[arg(short, long, global = true, help_heading = "Output")]
    quiet: bool,
    /// Print more detail
    #[arg(short, long, global = true, help_heading = "Output", conflicts_with = "quiet")]
    verbose: bool,
}

#[derive(Subcommand, Debug)]
enum Command {
    Check(check::Check),
    Compile(compile::Compile),
    Plan(plan::Plan),
    #[cfg(feature = "preview")]
    Preview(preview::Preview),
    #[cfg(feature = "submit")]
    Submit(submit::Submit),
    #[cfg(feature = "submit")]
    Status(status::Status),
    #[cfg(feature = "submit")]
    Doctor(doctor::Doctor),
    #[cfg(feature = "lsp")]
    Lsp(lsp::Lsp),
    Schema(schema::Schema),
    Explain(explain::Explain),
    Models(models::Models),
    Init(init::Init),
    Import(import::Import),
    Export(export::Export),
    Completions(completions::Completions),
    Man(man::Man),
}

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// Done; no error-level diagnostic.
    Done = 0,
    /// The storyboards have at least one error-level diagnostic.
    Errors = 1,
    /// The command could not run.
    Failed = 2,
    /// The budget, a spend cap or the person who was asked said no.
    Refused = 3,
    /// A clip failed at the service, is still in flight when time is up, or its outcome is not known.
    Unsettled = 4,
    /// Interrupted.
    Interrupted = 130,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit as u8)
    }
}

/// Runs the program.
pub fn run() -> ExitCode {
    let command = Cli::command().color(ui::help_color(std::env::args_os()));
    let cli = match command.try_get_matches().and_then(|matches| Cli::from_arg_matches(&matches)) {
        Ok(cli) => cli,
        // --help and --version come this way too.
        Err(error) => {
            Ui::usage(&error);
            return ExitCode::from(error.exit_code() as u8);
        }
    };
    let ui = Ui::new(&cli.global);
    cli.command
        .run(&ui)
        .unwrap_or_else(|failure| {
            ui.fail(&failure);
            failure.exit()
        })
        .into()
}

impl Command {
    fn run(&self, ui: &Ui) -> Result<Exit, Failure> {
        match self {
            Command::Check(command) => command.run(ui),
            Command::Compile(command) => command.run(ui),
            Command::Plan(command) => command.run(ui),
            #[cfg(feature = "preview")]
            Command::Preview(command) => command.run(ui),
            #[cfg(feature = "submit")]
            Command::Submit(command) => command.run(ui),
            #[cfg(feature = "submit")]
            Command::Status(command) => command.run(ui),
            #[cfg(feature = "submit")]
            Command::Doctor(command) => command.run(ui),
            #[cfg(feature = "lsp")]
            Command::Lsp(command) => command.run(ui),
            Command::Schema(command) => command.run(ui),
            Command::Explain(command) => command.run(ui),
            Command::Models(command) => command.run(ui),
            Command::Init(command) => command.run(ui),
            Command::Import(command) => command.run(ui),
            Command::Export(command) => command.run(ui),
            Command::Completions(command) => command.run(ui),
            Command::Man(command) => command.run(ui),
        }
    }
}

/// The one project that all storyboards belong to: it has the ledger.
fn project_of(takes: &[CheckedFilm]) -> Result<Option<Arc<Project>>, Failure> {
    one_project(takes).map_err(|(one, other)| {
        Failure::cannot(format!(
            "these storyboards belong to several projects ({one} and {other}), and each has a ledger of its own"
        ))
        .hint("name the storyboards of one project")
    })
}

/// What the config says of the service that a run on `target` sends to.
///
/// # Errors
/// The config's address or key is that of another target.
fn target_settings(project: &Project, target: Target) -> Result<&TargetSettings, Failure> {
    project.config.target.for_target(target).map_err(|error| {
        Failure::cannot(error).hint("leave --target out, or change `api` and what belongs to it in clapboard.toml")
    })
}

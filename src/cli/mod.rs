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
#[cfg_attr(not(feature = "submit"), expect(dead_code, reason = "the commands that buy use all of it"))]
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
mod say;
mod schema;
#[cfg(feature = "serve")]
mod serve;
#[cfg(feature = "submit")]
mod service_setup;
mod since;
#[cfg(feature = "submit")]
mod status;
mod streams;
#[cfg(feature = "submit")]
mod submit;
mod terminal;
#[cfg(feature = "submit")]
mod trust;
#[cfg_attr(not(feature = "submit"), expect(dead_code, reason = "the commands that buy use all of it"))]
mod ui;
mod values;
#[cfg(feature = "watch")]
mod watch;

#[cfg(feature = "submit")]
use std::collections::HashSet;
#[cfg(feature = "submit")]
use std::io;
#[cfg(feature = "submit")]
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand};

use clapboard::check::CheckedFilm;
use clapboard::project::Project;
use clapboard::select::one_project;

use failure::Failure;
use ui::Ui;

pub use terminal::ColorChoice;

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
    let command = Cli::command().color(terminal::help_color(std::env::args_os()));
    let cli = match command.try_get_matches().and_then(|matches| Cli::from_arg_matches(&matches)) {
        Ok(cli) => cli,
        Err(error) => {
            // --help and --version come this way too; a closed pipe is not an error.
            let _ = error.print();
            return ExitCode::from(error.exit_code() as u8);
        }
    };
    let ui = Ui::new(&cli.global);
    let result = match &cli.command {
        Command::Check(command) => command.run(&cli.global).map_err(Failure::from),
        Command::Compile(command) => command.run(&cli.global).map_err(Failure::from),
        Command::Plan(command) => command.run(&ui),
        #[cfg(feature = "preview")]
        Command::Preview(command) => command.run(&ui),
        #[cfg(feature = "submit")]
        Command::Submit(command) => command.run(&ui),
        #[cfg(feature = "submit")]
        Command::Status(command) => command.run(&ui),
        #[cfg(feature = "submit")]
        Command::Doctor(command) => command.run(&ui),
        #[cfg(feature = "lsp")]
        Command::Lsp(command) => command.run(),
        Command::Schema(command) => command.run().map_err(Failure::from),
        Command::Explain(command) => command.run(&cli.global).map_err(Failure::from),
        Command::Models(command) => command.run(&cli.global).map_err(Failure::from),
        Command::Init(command) => command.run(&cli.global).map_err(Failure::from),
        Command::Import(command) => command.run(&cli.global).map_err(Failure::from),
        Command::Export(command) => command.run(&ui),
        Command::Completions(command) => command.run().map_err(Failure::from),
        Command::Man(command) => command.run().map_err(Failure::from),
    };
    match result {
        Ok(exit) => exit.into(),
        // The reader of our output has seen enough.
        Err(failure) if failure.is_closed_pipe() => ExitCode::SUCCESS,
        Err(failure) => {
            ui.fail(&failure);
            failure.exit().into()
        }
    }
}

/// The one project that all storyboards belong to: it has the ledger.
fn project_of(takes: &[CheckedFilm]) -> Result<Option<Arc<Project>>, Failure> {
    one_project(takes).map_err(|(one, other)| {
        Failure::cannot(format!(
            "these storyboards belong to several projects ({} and {}), and each has a ledger of its own",
            one, other
        ))
        .hint("name the storyboards of one project")
    })
}

/// Says that a last line was cut off.
#[cfg(feature = "submit")]
fn say_torn(ui: &Ui, line: Option<usize>, path: &Path) {
    if let Some(line) = line {
        ui.say(format!(
            "{}:{line}: this line was cut off when it was written, by a crash or a full disk. It is set aside",
            path.display()
        ));
    }
}

/// Makes sure that clips can be stored, before anything is bought: the folder of clips, and one for each film.
#[cfg(feature = "submit")]
fn clip_folders(out: &Path, films: HashSet<&str>, dry_run: bool) -> Result<(), Failure> {
    let mut folders = vec![out.to_owned()];
    for film in films {
        // A film in a folder has a folder for each part of its name.
        folders.extend(film.split('/').scan(out.to_owned(), |folder, part| {
            folder.push(part);
            Some(folder.clone())
        }));
    }
    folders.sort();
    folders.dedup();
    folders.iter().try_for_each(|folder| {
        clip_folder(folder, dry_run).map_err(|error| {
            Failure::cannot(format!("clips cannot be stored in {}: {error}", folder.display()))
                .hint("make it an ordinary folder that you can write to, or name another one with --out")
        })
    })
}

#[cfg(feature = "submit")]
fn clip_folder(folder: &Path, dry_run: bool) -> io::Result<()> {
    if folder.symlink_metadata().is_ok_and(|metadata| metadata.is_symlink()) {
        // A project that came from elsewhere may have a link to anywhere there.
        return Err(io::Error::other("it is a symbolic link"));
    }
    if dry_run {
        return match folder.metadata() {
            Ok(metadata) if !metadata.is_dir() => Err(io::Error::from(io::ErrorKind::NotADirectory)),
            _ => Ok(()),
        };
    }
    std::fs::create_dir_all(folder)?;
    tempfile::Builder::new().prefix(".clapboard-").tempfile_in(folder).map(drop)
}

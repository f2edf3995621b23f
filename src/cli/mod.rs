//! The command line: arguments to a run to an exit status. One thin file a command.

mod check;
mod compile;
mod completions;
#[cfg(feature = "submit")]
mod console;
mod explain;
mod import;
mod init;
mod input;
mod man;
mod models;
mod new_file;
mod outputs;
mod pattern;
mod plan;
mod say;
mod schema;
mod selection;
mod since;
#[cfg(feature = "submit")]
mod status;
#[cfg(feature = "submit")]
mod submit;
mod terminal;
mod values;
#[cfg(feature = "submit")]
mod venue;
#[cfg(feature = "watch")]
mod watch;

use std::process::ExitCode;

use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand};

pub use terminal::ColorChoice;

/// Check storyboards of AI films, see what they cost, and buy each clip from Kling once
#[derive(Parser, Debug)]
#[command(name = "clapboard", version, arg_required_else_help = true, max_term_width = 100)]
#[command(after_help = "\
Examples:
  clapboard init                             write a first storyboard
  clapboard check                            check all storyboards below the current folder
  clapboard plan                             see what they cost
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
    #[cfg(feature = "submit")]
    Submit(submit::Submit),
    #[cfg(feature = "submit")]
    Status(status::Status),
    Schema(schema::Schema),
    Explain(explain::Explain),
    Models(models::Models),
    Init(init::Init),
    Import(import::Import),
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
    let result = match &cli.command {
        Command::Check(command) => command.run(&cli.global),
        Command::Compile(command) => command.run(&cli.global),
        Command::Plan(command) => command.run(&cli.global),
        #[cfg(feature = "submit")]
        Command::Submit(command) => command.run(&cli.global),
        #[cfg(feature = "submit")]
        Command::Status(command) => command.run(&cli.global),
        Command::Schema(command) => command.run(),
        Command::Explain(command) => command.run(&cli.global),
        Command::Models(command) => command.run(&cli.global),
        Command::Init(command) => command.run(&cli.global),
        Command::Import(command) => command.run(&cli.global),
        Command::Completions(command) => command.run(),
        Command::Man(command) => command.run(),
    };
    match result {
        Ok(exit) => exit.into(),
        // The reader of our output has seen enough.
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            say::problem(&error.to_string());
            Exit::Failed.into()
        }
    }
}

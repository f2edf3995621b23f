use std::path::PathBuf;

use clap::{Args, CommandFactory};
use clap_mangen::Man as Page;

use super::failure::Failure;
use super::ui::Ui;
use super::{Cli, Exit};
use clapboard::text::{near::nearest, shown};

/// Print the manual page of the program or of one command, or write them all
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  clapboard man check | man -l -\n  clapboard man --out /usr/local/share/man/man1")]
pub struct Man {
    /// The command; without it, the program's own page
    #[arg(value_name = "COMMAND")]
    command: Option<String>,
    /// Write clapboard.1 and a page for each command to DIR
    #[arg(long, value_name = "DIR", conflicts_with = "command")]
    out: Option<PathBuf>,
}

impl Man {
    pub fn run(&self, ui: &Ui) -> Result<Exit, Failure> {
        // Without a page for `help`, which says no more than the others.
        let mut program = Cli::command().disable_help_subcommand(true);
        program.build();
        if let Some(folder) = &self.out {
            fs_err::create_dir_all(folder)?;
            clap_mangen::generate_to(program, folder)?;
            return Ok(Exit::Done);
        }
        let command = match &self.command {
            None => program,
            Some(name) => {
                let found = program.get_subcommands().find(|command| command.get_name() == name);
                let found = found.ok_or_else(|| unknown(name, &program))?;
                // The page is named after both words, as git's are.
                found.clone().name(format!("clapboard-{name}")).version(env!("CARGO_PKG_VERSION"))
            }
        };
        let mut page = Vec::new();
        Page::new(command).render(&mut page)?;
        ui.print(&String::from_utf8_lossy(&page))?;
        Ok(Exit::Done)
    }
}

fn unknown(name: &str, program: &clap::Command) -> Failure {
    let near = nearest(name, program.get_subcommands().map(clap::Command::get_name));
    let help = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
    Failure::cannot(format!("there is no command `{}`{help}", shown::words(name)))
}

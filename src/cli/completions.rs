use std::io::{self, Write};

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use super::{Cli, Exit};

/// Print what a shell needs to complete commands and flags
///
/// For bash: clapboard completions bash > ~/.local/share/bash-completion/completions/clapboard
#[derive(Args, Debug)]
pub struct Completions {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

impl Completions {
    pub fn run(&self) -> io::Result<Exit> {
        let mut command = Cli::command();
        let name = command.get_name().to_owned();
        // Into memory first: the library panics where a pipe is closed.
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut command, name, &mut script);
        io::stdout().lock().write_all(&script)?;
        Ok(Exit::Done)
    }
}

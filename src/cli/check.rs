use std::io::{self, Write};

use clap::Args;

use super::input::Input;
use super::{Exit, Global};
use crate::report::{Format, render};

/// Checks storyboards and says what is wrong, where, and what to do about it. Needs no network and no key.
#[derive(Args, Debug)]
#[command(after_help = "Exit status: 0 no errors, 1 errors in the storyboards, 2 the command could not run")]
pub struct Check {
    #[command(flatten)]
    input: Input,
    /// The form of what is told
    #[arg(long, value_enum, default_value = "human", help_heading = "Output")]
    format: Format,
}

impl Check {
    pub fn run(&self, global: &Global) -> io::Result<Exit> {
        let checked = self.input.check();
        let stdout = io::stdout();
        let terminal = global.color.terminal(&stdout);
        let mut out = io::BufWriter::new(stdout.lock());
        render(self.format, &checked.report, &terminal, &mut out)?;
        out.flush()?;
        Ok(checked.exit)
    }
}

//! The only place that writes to standard output and standard error.

#[cfg(feature = "submit")]
use std::io::IsTerminal;
use std::io::{self, Write};

use clapboard::report::Terminal;
use clapboard::text::shown::line as plain;

use super::failure::Failure;
use super::{Global, streams};

/// What a command says, and how.
#[derive(Debug, Clone)]
pub struct Ui {
    global: Global,
    /// Say only what is wrong.
    pub quiet: bool,
    /// Say more of what is done.
    pub verbose: bool,
}

impl Ui {
    pub fn new(global: &Global) -> Ui {
        Ui { global: global.clone(), quiet: global.quiet, verbose: global.verbose }
    }

    /// What every command takes.
    pub fn global(&self) -> &Global {
        &self.global
    }

    /// Standard output, for results. A reader that went away changes nothing.
    pub fn out(&self) -> impl Write + use<> {
        streams::stdout()
    }

    /// Standard error, for everything else.
    pub fn err(&self) -> impl Write + use<> {
        streams::stderr()
    }

    /// What standard output can show.
    pub fn out_terminal(&self) -> Terminal {
        self.global.color.terminal(&io::stdout())
    }

    /// What standard error can show.
    pub fn err_terminal(&self) -> Terminal {
        self.global.color.terminal(&io::stderr())
    }

    /// Says something that the person must know.
    pub fn say(&self, message: impl AsRef<str>) {
        say(message.as_ref());
    }

    /// Says something that `--quiet` leaves out.
    pub fn note(&self, message: impl AsRef<str>) {
        if !self.quiet {
            self.say(message);
        }
    }

    /// Says why the command ended.
    pub fn fail(&self, failure: &Failure) {
        say(&failure.to_string());
    }

    /// Asks, and waits for the answer. No terminal, no question: `None`.
    #[cfg(feature = "submit")]
    pub fn ask(&self, question: &str) -> io::Result<Option<bool>> {
        if !io::stdin().is_terminal() {
            return Ok(None);
        }
        let mut err = self.err();
        write!(err, "{} [y/N] ", plain(question))?;
        err.flush()?;
        let mut answer = String::new();
        io::BufRead::read_line(&mut io::stdin().lock(), &mut answer)?;
        Ok(Some(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes")))
    }
}

fn say(message: &str) {
    for (index, line) in message.lines().enumerate() {
        streams::say(format_args!("{}{}", if index == 0 { "clapboard: " } else { "" }, plain(line)));
    }
}

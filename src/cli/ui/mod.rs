//! The only place that writes to standard output and standard error.

mod streams;
mod terminal;

use std::io::{self, BufWriter, IsTerminal, Write};

use clapboard::diagnostic::Report;
use clapboard::report::{Format, Terminal, render};
use clapboard::text::shown::line as plain;

use super::Global;
use super::failure::Failure;
use streams::{Open, unbuffered_output};

pub use terminal::{ColorChoice, help_color, surroundings};

/// What a command says, and how.
#[derive(Debug, Clone)]
pub struct Ui {
    color: ColorChoice,
    /// Say only what is wrong.
    pub quiet: bool,
    /// Say more of what is done.
    pub verbose: bool,
}

impl Ui {
    pub fn new(global: &Global) -> Ui {
        Ui { color: global.color, quiet: global.quiet, verbose: global.verbose }
    }

    /// Prints what clap has to say: an error in the arguments, the help, or the version.
    pub fn usage(error: &clap::Error) {
        // A closed pipe is not an error.
        let _ = error.print();
    }

    /// Standard output, for results. A reader that went away changes nothing.
    pub fn out(&self) -> impl Write + use<> {
        Open(io::stdout().lock())
    }

    /// The same for results of megabytes, in large pieces.
    pub fn bulk_out(&self) -> impl Write + use<> {
        // On Windows a terminal takes characters, not bytes.
        let file = if self.prints_to_terminal() { None } else { unbuffered_output().ok() };
        match file {
            Some(file) => Open(Box::new(file) as Box<dyn Write>),
            None => Open(Box::new(io::stdout().lock()) as Box<dyn Write>),
        }
    }

    /// Standard error, for everything else.
    pub fn err(&self) -> impl Write + use<> {
        Open(io::stderr().lock())
    }

    /// Prints a result.
    ///
    /// # Errors
    /// Standard output cannot be written.
    pub fn print(&self, text: &str) -> io::Result<()> {
        let mut out = self.out();
        out.write_all(text.as_bytes())?;
        out.flush()
    }

    /// What standard output can show.
    pub fn out_terminal(&self) -> Terminal {
        self.terminal(&io::stdout())
    }

    /// What standard error can show.
    pub fn err_terminal(&self) -> Terminal {
        self.terminal(&io::stderr())
    }

    /// What a stream or a file can show.
    pub fn terminal(&self, stream: &impl IsTerminal) -> Terminal {
        self.color.terminal(stream)
    }

    /// Whether results go to a terminal.
    pub fn prints_to_terminal(&self) -> bool {
        io::stdout().is_terminal()
    }

    /// Clears the screen and what scrolled out of it, where results go to a terminal.
    #[cfg(feature = "watch")]
    pub fn clear(&self) {
        if self.prints_to_terminal() {
            // Where it cannot be cleared, the results say so.
            let _ = self.print("\x1b[2J\x1b[3J\x1b[H");
        }
    }

    /// Prints the report on standard error: for commands whose result is something else.
    ///
    /// # Errors
    /// Standard error cannot be written.
    pub fn report(&self, report: &Report) -> io::Result<()> {
        let mut err = BufWriter::new(self.err());
        render(Format::Human, report, &self.err_terminal(), &surroundings(), &mut err)?;
        err.flush()
    }

    /// One JSON object as a line of standard output. What cannot be printed ends nothing: what is under way must be recorded.
    #[cfg(feature = "submit")]
    pub fn event(&self, event: &impl serde::Serialize) {
        if let Ok(line) = serde_json::to_string(event) {
            let _ = writeln!(self.out(), "{line}");
        }
    }

    /// Lines that move, on standard error; `None` where it has no cursor to move.
    #[cfg(feature = "submit")]
    pub fn moving_lines(&self) -> Option<indicatif::MultiProgress> {
        let is_dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        let target = indicatif::ProgressDrawTarget::stderr;
        (io::stderr().is_terminal() && !is_dumb).then(|| indicatif::MultiProgress::with_draw_target(target()))
    }

    /// A line on standard error as it is. One that cannot be written is lost, and nothing else is.
    pub fn line(&self, line: &str) {
        let _ = writeln!(self.err(), "{}", plain(line));
    }

    /// Says something that the person must know, in one line.
    pub fn say(&self, message: impl AsRef<str>) {
        self.line(&format!("clapboard: {}", message.as_ref()));
    }

    /// Says something that `--quiet` leaves out.
    pub fn note(&self, message: impl AsRef<str>) {
        if !self.quiet {
            self.say(message);
        }
    }

    /// Says why the command ended, or why it left something out.
    pub fn fail(&self, failure: &Failure) {
        if failure.is_silent() {
            return;
        }
        self.say(failure.message());
        failure.details().iter().for_each(|detail| self.line(detail));
        failure.hints().iter().for_each(|hint| self.line(&format!("  next: {hint}")));
    }

    /// Asks, and waits for the answer. No terminal, no question: `None`.
    ///
    /// # Errors
    /// The question cannot be shown, or the answer cannot be read.
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

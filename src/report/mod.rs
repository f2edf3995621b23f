//! What is told, in the form that is asked for: one renderer a file, all from one [`Report`].

mod concise;
mod human;
mod json;

use std::io::{self, Write};

use crate::diagnostic::Report;

pub use human::Terminal;

/// A form of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, clap::ValueEnum)]
pub enum Format {
    /// For people: each finding with the lines it is about
    Human,
    /// One line each: `file:line:col: severity[code] message`
    Concise,
    /// One JSON object, for scripts
    Json,
}

/// Writes a report.
///
/// # Errors
/// `out` fails.
pub fn render(format: Format, report: &Report, terminal: &Terminal, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Human => human::render(report, terminal, out),
        Format::Concise => concise::render(report, out),
        Format::Json => json::render(report, out),
    }
}

/// "2 errors and 1 warning in 3 files"
pub fn summary(report: &Report) -> String {
    let count = |number: usize, noun: &str| format!("{number} {noun}{}", if number == 1 { "" } else { "s" });
    let files = count(report.files.len(), "file");
    match (report.errors(), report.warnings()) {
        (0, 0) => format!("no problems in {files}"),
        (errors, 0) => format!("{} in {files}", count(errors, "error")),
        (0, warnings) => format!("{} in {files}", count(warnings, "warning")),
        (errors, warnings) => format!("{} and {} in {files}", count(errors, "error"), count(warnings, "warning")),
    }
}

/// A text with nothing in it that a terminal would obey; line breaks become spaces.
pub fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\n' | '\r' | '\t' => plain.push(' '),
            character if crate::diagnostic::words::is_unprintable(character) => plain.push('\u{fffd}'),
            character => plain.push(character),
        }
    }
    plain
}

//! What is told, in the form that is asked for: one renderer a file, all from one [`Report`].

mod concise;
mod fingerprint;
mod github;
mod gitlab;
mod human;
mod json;
mod junit;
mod rdjson;
mod repository;
mod sarif;
pub mod statistics;
pub mod step_summary;
mod text;
mod words;

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
    /// SARIF 2.1.0, for code scanning and editors
    Sarif,
    /// GitHub Actions' workflow commands, which become annotations
    Github,
    /// GitLab's Code Quality report
    Gitlab,
    /// JUnit's XML, a test case a file
    Junit,
    /// reviewdog's JSON
    Rdjson,
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
        Format::Sarif => sarif::render(report, out),
        Format::Github => github::render(report, out),
        Format::Gitlab => gitlab::render(report, out),
        Format::Junit => junit::render(report, out),
        Format::Rdjson => rdjson::render(report, out),
    }
}

/// "2 errors and 1 warning in 3 files"
pub fn summary(report: &Report) -> String {
    let files = words::number(report.files.len(), "file");
    match words::counted(report.errors(), report.warnings()) {
        Some(counted) => format!("{counted} in {files}"),
        None => format!("no problems in {files}"),
    }
}

/// A text with nothing in it that a terminal would obey; line breaks become spaces.
pub fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\n' | '\r' | '\t' => plain.push(' '),
            character if crate::text::shown::is_unprintable(character) => plain.push('\u{fffd}'),
            character => plain.push(character),
        }
    }
    plain
}

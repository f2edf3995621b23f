//! A [`Report`] in the form that is asked for: one renderer in each file.

mod concise;
#[cfg(feature = "render")]
mod excerpt;
mod fingerprint;
mod github;
mod gitlab;
#[cfg(feature = "render")]
mod human;
mod json;
mod junit;
mod rdjson;
mod sarif;
/// How often each rule was broken.
pub mod statistics;
#[cfg(feature = "cli")]
pub mod step_summary;
mod surroundings;
mod text;
mod words;

use std::io::{self, Write};

use crate::diagnostic::Report;

pub use surroundings::Surroundings;
pub use words::summary;

/// The abilities of the output.
#[derive(Clone, Debug)]
pub struct Terminal {
    /// Whether colours are shown.
    pub color: bool,
    /// Whether lines are drawn, rather than made of ASCII.
    pub unicode: bool,
    /// How many columns there are.
    pub width: usize,
}

/// A form of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub enum Format {
    /// For people: each problem with the lines it is about
    #[cfg(feature = "render")]
    Human,
    /// One line each: `file:line:col: severity[code] message`
    Concise,
    /// One JSON object, for scripts
    Json,
    /// SARIF 2.1.0, for code scanning and editors
    Sarif,
    /// GitHub Actions annotations
    Github,
    /// GitLab's Code Quality report
    Gitlab,
    /// JUnit XML, one test case for each file
    Junit,
    /// reviewdog's JSON
    Rdjson,
}

/// Writes a report.
///
/// # Errors
/// `out` fails.
#[cfg_attr(not(feature = "render"), expect(unused_variables, reason = "only what is drawn needs to know the terminal"))]
pub fn render(
    format: Format,
    report: &Report,
    terminal: &Terminal,
    surroundings: &Surroundings,
    out: &mut dyn Write,
) -> io::Result<()> {
    match format {
        #[cfg(feature = "render")]
        Format::Human => human::render(report, terminal, out),
        Format::Concise => concise::render(report, out),
        Format::Json => json::render(report, out),
        Format::Sarif => sarif::render(report, surroundings, out),
        Format::Github => github::render(report, surroundings, out),
        Format::Gitlab => gitlab::render(report, surroundings, out),
        Format::Junit => junit::render(report, out),
        Format::Rdjson => rdjson::render(report, out),
    }
}

/// A text from outside as one line that is safe to print.
pub use crate::text::shown::line as plain;

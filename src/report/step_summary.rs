//! The Markdown table that GitHub shows on a workflow run's page.

use std::cmp::Reverse;
use std::fmt::Write as _;
use std::io::{self, Write};
use std::path::Path;

use fs_err::OpenOptions;

use super::words::message;
use crate::diagnostic::{Diagnostic, Report};
use crate::rules;
use crate::text::markdown::{cell, code as code_span};

/// GitHub accepts 1 MiB for each step and drops a longer text; nobody reads a table that long either.
const MOST_ROWS: usize = 100;
const MOST_BYTES: usize = 512 * 1024;

/// Appends the table to the file at `path`, which GitHub Actions names in `GITHUB_STEP_SUMMARY`.
///
/// # Errors
/// The file cannot be written.
pub fn append(report: &Report, path: &Path) -> io::Result<()> {
    let mut text = Vec::new();
    render(report, &mut text)?;
    OpenOptions::new().append(true).create(true).open(path)?.write_all(&text)
}

/// Writes the table.
///
/// # Errors
/// `out` fails.
pub fn render(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let mut text = format!("### clapboard\n\n{}\n\n", super::summary(report));
    if !report.diagnostics.is_empty() {
        table(&report.diagnostics, &mut text);
    }
    out.write_all(text.as_bytes())
}

fn table(diagnostics: &[Diagnostic], text: &mut String) {
    text.push_str("| | Place | Problem | Rule |\n| --- | --- | --- | --- |\n");
    let mut errors_first: Vec<&Diagnostic> = diagnostics.iter().collect();
    errors_first.sort_by_key(|diagnostic| Reverse(diagnostic.severity));
    let mut rows = 0;
    for diagnostic in errors_first {
        if rows == MOST_ROWS || text.len() > MOST_BYTES {
            break;
        }
        row(diagnostic, text);
        rows += 1;
    }
    text.push('\n');
    let more = diagnostics.len() - rows;
    if more > 0 {
        let _ = writeln!(text, "… and {more} more; all of them are in the log.\n");
    }
}

fn row(diagnostic: &Diagnostic, text: &mut String) {
    let source = &diagnostic.place.source;
    let position = source.position(diagnostic.place.span.start());
    let help = diagnostic.help.as_ref().map(|help| format!("<br>{}", cell(help))).unwrap_or_default();
    let code = diagnostic.code;
    let rule = rules::url(code).map_or_else(|| format!("`{code}`"), |url| format!("[{code}]({url})"));
    let _ = writeln!(
        text,
        "| {} | {} | {}{help} | {rule} |",
        diagnostic.severity.as_str(),
        code_span(&format!("{}:{}:{}", source.name, position.line, position.column)),
        cell(&message(diagnostic)),
    );
}

//! The Markdown table that GitHub shows on a workflow run's page.

use std::cmp::Reverse;
use std::env;
use std::fmt::Write as _;
use std::io::{self, Write};

use fs_err::OpenOptions;

use super::text::printable;
use crate::diagnostic::{Diagnostic, Report};
use crate::rules;

/// GitHub takes 1 MiB a step and nothing of a longer text; a table that long is not read either.
const MOST_ROWS: usize = 100;
const MOST_BYTES: usize = 512 * 1024;

/// Appends the table to the file that GitHub Actions names in `GITHUB_STEP_SUMMARY`; elsewhere does nothing.
///
/// # Errors
/// The file cannot be written.
pub fn append(report: &Report) -> io::Result<()> {
    match env::var_os("GITHUB_STEP_SUMMARY") {
        Some(path) if !path.is_empty() => {
            let mut text = Vec::new();
            render(report, &mut text)?;
            OpenOptions::new().append(true).create(true).open(path)?.write_all(&text)
        }
        _ => Ok(()),
    }
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
    text.push_str("| | Where | What is wrong | Rule |\n| --- | --- | --- | --- |\n");
    let mut gravest_first: Vec<&Diagnostic> = diagnostics.iter().collect();
    gravest_first.sort_by_key(|diagnostic| Reverse(diagnostic.severity));
    let mut rows = 0;
    for diagnostic in gravest_first {
        if rows == MOST_ROWS || text.len() > MOST_BYTES {
            break;
        }
        row(diagnostic, text);
        rows += 1;
    }
    text.push('\n');
    let more = diagnostics.len() - rows;
    if more > 0 {
        let _ = writeln!(text, "… and {more} more, which the log has.\n");
    }
}

fn row(diagnostic: &Diagnostic, text: &mut String) {
    let source = &diagnostic.place.source;
    let position = source.position(diagnostic.place.span.start as usize);
    let help = diagnostic.help.as_ref().map(|help| format!("<br>{}", cell(help))).unwrap_or_default();
    let _ = writeln!(
        text,
        "| {} | <code>{}:{}:{}</code> | {}{help} | [{code}]({url}) |",
        diagnostic.severity.as_str(),
        escaped(&source.name),
        position.line,
        position.column,
        cell(&diagnostic.message),
        code = diagnostic.code,
        url = rules::url(diagnostic.code),
    );
}

/// A message as a table's cell: what stands between backticks is code, and no character is Markdown or HTML.
fn cell(message: &str) -> String {
    let parts: Vec<&str> = message.split('`').collect();
    let is_paired = parts.len() % 2 == 1;
    let mut cell = String::new();
    for (index, part) in parts.iter().enumerate() {
        if is_paired && index % 2 == 1 {
            let _ = write!(cell, "<code>{}</code>", escaped(part));
        } else {
            if !is_paired && index > 0 {
                cell.push_str("&#96;");
            }
            cell.push_str(&escaped(part));
        }
    }
    cell
}

/// With every character that Markdown or HTML could read otherwise as a character reference.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in printable(text).chars() {
        match character {
            '\n' => escaped.push(' '),
            ' ' | ',' | '/' | '-' | '\'' => escaped.push(character),
            character if character.is_ascii_punctuation() => {
                let _ = write!(escaped, "&#{};", character as u32);
            }
            character => escaped.push(character),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_text_whatever_stands_in_it() {
        assert_eq!(cell("style `dock|x` is <b>"), "style <code>dock&#124;x</code> is &#60;b&#62;");
        assert_eq!(cell("one ` alone"), "one &#96; alone");
        assert_eq!(cell("@you see #1\n[x](y)"), "&#64;you see &#35;1 &#91;x&#93;&#40;y&#41;");
    }
}

//! JUnit's XML, as Jenkins and GitLab read it: a test case a file.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::words::{message, problems};
use crate::diagnostic::{Diagnostic, Report, Severity};
use crate::text::shown;

/// Writes one suite. A case has failed where the run has: where its file has an error. Warnings are a passed case's output.
pub fn render(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    // A bible or the config can have findings without being one of the files that were checked.
    let mut cases: BTreeMap<&str, Vec<&Diagnostic>> =
        report.files.iter().map(|file| (file.as_str(), Vec::new())).collect();
    for diagnostic in &report.diagnostics {
        cases.entry(&diagnostic.place.source.name).or_default().push(diagnostic);
    }
    let failures = cases.values().filter(|diagnostics| diagnostics.iter().any(|one| is_error(&one))).count();
    let counts = format!("tests=\"{}\" failures=\"{failures}\" errors=\"0\"", cases.len());
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(out, "<testsuites name=\"clapboard\" {counts}>")?;
    writeln!(out, "  <testsuite name=\"clapboard check\" {counts} skipped=\"0\">")?;
    for (file, diagnostics) in cases {
        case(file, &diagnostics, out)?;
    }
    writeln!(out, "  </testsuite>\n</testsuites>")
}

fn is_error(diagnostic: &&&Diagnostic) -> bool {
    diagnostic.severity == Severity::Error
}

fn case(file: &str, diagnostics: &[&Diagnostic], out: &mut dyn Write) -> io::Result<()> {
    write!(out, "    <testcase name=\"{}\" classname=\"clapboard\"", escaped(file, "&#10;"))?;
    if diagnostics.is_empty() {
        return writeln!(out, "/>");
    }
    let errors = diagnostics.iter().filter(is_error).count();
    if errors > 0 {
        let message = problems(errors, diagnostics.len() - errors).unwrap_or_default();
        writeln!(out, ">\n      <failure type=\"error\" message=\"{message}\">")?;
        entries(file, diagnostics, out)?;
        writeln!(out, "</failure>\n    </testcase>")
    } else {
        writeln!(out, ">\n      <system-out>")?;
        entries(file, diagnostics, out)?;
        writeln!(out, "</system-out>\n    </testcase>")
    }
}

fn entries(file: &str, diagnostics: &[&Diagnostic], out: &mut dyn Write) -> io::Result<()> {
    let name = escaped(&shown::line(file), " ");
    for diagnostic in diagnostics {
        let position = diagnostic.place.position();
        let severity = diagnostic.severity.as_str();
        let message = escaped(&message(diagnostic), " ");
        writeln!(out, "{name}:{}:{}: {severity}[{}] {message}", position.line, position.column, diagnostic.code)?;
        if let Some(help) = &diagnostic.help {
            writeln!(out, "  help: {}", escaped(help, " "))?;
        }
    }
    Ok(())
}

/// Escaped for text and attributes alike, but for the line end. XML 1.0 has no way to write most control characters: they
/// are spelled out.
fn escaped(text: &str, line_end: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in shown::lines(text).chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' => escaped.push_str(line_end),
            character => escaped.push(character),
        }
    }
    escaped
}

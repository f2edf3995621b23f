//! JUnit's XML, as Jenkins and GitLab read it: a test case a file.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::text::printable;
use super::words::counted;
use crate::diagnostic::{Diagnostic, Report, Severity};

/// Writes one suite. A file without a finding is a passed case; one with findings has failed, with all of them in its
/// failure, which is of the type `error` if one of them is.
pub fn render(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    // A bible or the config can have findings without being one of the files that were checked.
    let mut cases: BTreeMap<&str, Vec<&Diagnostic>> =
        report.files.iter().map(|file| (file.as_str(), Vec::new())).collect();
    for diagnostic in &report.diagnostics {
        cases.entry(&diagnostic.place.source.name).or_default().push(diagnostic);
    }
    let failures = cases.values().filter(|diagnostics| !diagnostics.is_empty()).count();
    let counts = format!("tests=\"{}\" failures=\"{failures}\" errors=\"0\"", cases.len());
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(out, "<testsuites name=\"clapboard\" {counts}>")?;
    writeln!(out, "  <testsuite name=\"clapboard check\" {counts} skipped=\"0\">")?;
    for (file, diagnostics) in cases {
        case(file, &diagnostics, out)?;
    }
    writeln!(out, "  </testsuite>\n</testsuites>")
}

fn case(file: &str, diagnostics: &[&Diagnostic], out: &mut dyn Write) -> io::Result<()> {
    write!(out, "    <testcase name=\"{}\" classname=\"clapboard\"", escaped(file, "&#10;"))?;
    let Some(gravest) = diagnostics.iter().map(|diagnostic| diagnostic.severity).max() else {
        return writeln!(out, "/>");
    };
    let errors = diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error).count();
    let message = counted(errors, diagnostics.len() - errors).unwrap_or_default();
    writeln!(out, ">\n      <failure type=\"{}\" message=\"{message}\">", gravest.as_str())?;
    let name = escaped(file, " ");
    for diagnostic in diagnostics {
        let position = diagnostic.place.source.position(diagnostic.place.span.start as usize);
        let severity = diagnostic.severity.as_str();
        let message = escaped(&diagnostic.message, " ");
        writeln!(out, "{name}:{}:{}: {severity}[{}] {message}", position.line, position.column, diagnostic.code)?;
        if let Some(help) = &diagnostic.help {
            writeln!(out, "  {}", escaped(help, " "))?;
        }
    }
    writeln!(out, "</failure>\n    </testcase>")
}

/// Escaped for text and attributes alike, but for the line end. XML 1.0 has no way to write most control characters: they
/// are spelled out.
fn escaped(text: &str, line_end: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in printable(text).chars() {
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

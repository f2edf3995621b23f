//! GitHub's workflow commands, which the Actions runner turns into annotations.

use std::cmp::Reverse;
use std::fmt::Write as _;
use std::io::{self, Write};

use super::Surroundings;
use super::words::message;
use crate::diagnostic::{Diagnostic, Report};
use crate::text::{counted, shown};

/// How many annotations of each level GitHub shows for a step: "Usage limits" in GitHub's documentation of workflow
/// commands. The runner drops the rest silently.
const SHOWN: usize = 10;

/// Writes a command for each diagnostic, errors first, and a last line that counts those which GitHub will not show.
pub fn render(report: &Report, surroundings: &Surroundings, out: &mut dyn Write) -> io::Result<()> {
    let mut diagnostics: Vec<&Diagnostic> = report.diagnostics.iter().collect();
    diagnostics.sort_by_key(|diagnostic| Reverse(diagnostic.severity));
    for diagnostic in diagnostics {
        writeln!(out, "{}", command(diagnostic, &surroundings.path(&diagnostic.place.source.name)))?;
    }
    match not_shown(report.errors(), report.warnings()) {
        Some(words) => writeln!(out, "::notice title=clapboard::{words}"),
        None => Ok(()),
    }
}

fn command(diagnostic: &Diagnostic, path: &str) -> String {
    let source = &diagnostic.place.source;
    let start = source.position(diagnostic.place.span.start());
    let end = source.position(diagnostic.place.span.end());
    let mut command = format!("::{} file={},line={}", diagnostic.severity.as_str(), property(path), start.line);
    // GitHub takes columns only where an annotation begins and ends on one line.
    let _ = if start.line == end.line {
        write!(command, ",col={},endLine={},endColumn={}", start.column, end.line, end.column)
    } else {
        write!(command, ",endLine={}", end.line)
    };
    let _ = write!(command, ",title=clapboard ({})::{}", diagnostic.code, data(&message(diagnostic)));
    if let Some(help) = &diagnostic.help {
        command.push_str("%0Ahelp: ");
        command.push_str(&data(help));
    }
    command
}

fn not_shown(errors: usize, warnings: usize) -> Option<String> {
    let more = |count: usize, noun: &str| match count.saturating_sub(SHOWN) {
        0 => None,
        more => Some(counted(more, &format!("more {noun}"))),
    };
    let more: Vec<String> = [more(errors, "error"), more(warnings, "warning")].into_iter().flatten().collect();
    (!more.is_empty()).then(|| {
        let more = more.join(" and ");
        format!("GitHub shows {SHOWN} errors and {SHOWN} warnings for each step; the log has {more}")
    })
}

/// Escaped as a command's data, after the second `::`.
fn data(text: &str) -> String {
    shown::lines(text).replace('%', "%25").replace('\n', "%0A")
}

/// Escaped as a command's property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn properties_and_data_are_escaped_as_the_runner_unescapes_them() {
        assert_eq!(data("100%: a,b\r\nc"), "100%25: a,b%0Ac");
        assert_eq!(property("100%: a,b\nc"), "100%25%3A a%2Cb%0Ac");
        assert_eq!(data("\u{1b}[2J"), "U+001B[2J");
    }

    #[test]
    fn what_github_drops_is_counted() {
        assert_eq!(not_shown(10, 10), None);
        let words =
            "GitHub shows 10 errors and 10 warnings for each step; the log has 1 more error and 3 more warnings";
        assert_eq!(not_shown(11, 13).as_deref(), Some(words));
    }
}

//! Words that several outputs share.

use std::borrow::Cow;

use crate::diagnostic::{Diagnostic, Report};
use crate::text::{counted, shown};

/// The message; if the place is a value that shots inherit, with the shots that it affects.
pub(super) fn message(diagnostic: &Diagnostic) -> Cow<'_, str> {
    match (&diagnostic.shot, &diagnostic.shots[..]) {
        (Some(_), _) | (None, []) => Cow::Borrowed(&diagnostic.message),
        (None, shots) => Cow::Owned(format!("{} (affects {})", diagnostic.message, named(shots))),
    }
}

/// The shot, or the first shots and how many more there are, in words.
fn named(shots: &[String]) -> String {
    const MOST: usize = 3;
    let names: Vec<String> = shots.iter().take(MOST).map(|shot| format!("`{}`", shown::words(shot))).collect();
    match (&names[..], shots.len().saturating_sub(MOST)) {
        ([only], 0) => format!("shot {only}"),
        ([first @ .., last], 0) => format!("shots {} and {last}", first.join(", ")),
        (_, more) => format!("shots {} and {more} more", names.join(", ")),
    }
}

/// The message and the help, in one line.
pub(super) fn one_line(diagnostic: &Diagnostic) -> String {
    let message = message(diagnostic);
    match &diagnostic.help {
        Some(help) => shown::line(&format!("{message}; {help}")),
        None => shown::line(&message),
    }
}

/// `2 errors and 1 warning in 3 files`; `no problems in 3 files`.
pub fn summary(report: &Report) -> String {
    let files = counted(report.files.len(), "file");
    match problems(report.errors(), report.warnings()) {
        Some(problems) => format!("{problems} in {files}"),
        None => format!("no problems in {files}"),
    }
}

/// `2 errors and 1 warning`; what there is none of is not named.
pub(super) fn problems(errors: usize, warnings: usize) -> Option<String> {
    match (errors, warnings) {
        (0, 0) => None,
        (errors, 0) => Some(counted(errors, "error")),
        (0, warnings) => Some(counted(warnings, "warning")),
        (errors, warnings) => Some(format!("{} and {}", counted(errors, "error"), counted(warnings, "warning"))),
    }
}

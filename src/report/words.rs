//! Words that several outputs share.

use crate::diagnostic::Diagnostic;

/// What is wrong and what to do next, in one line.
pub(super) fn one_line(diagnostic: &Diagnostic) -> String {
    match &diagnostic.help {
        Some(help) => format!("{}; {help}", diagnostic.message),
        None => diagnostic.message.clone(),
    }
}

/// `2 errors and 1 warning`; what there is none of is not named.
pub(super) fn counted(errors: usize, warnings: usize) -> Option<String> {
    match (errors, warnings) {
        (0, 0) => None,
        (errors, 0) => Some(number(errors, "error")),
        (0, warnings) => Some(number(warnings, "warning")),
        (errors, warnings) => Some(format!("{} and {}", number(errors, "error"), number(warnings, "warning"))),
    }
}

/// `1 file`, `2 files`.
pub(super) fn number(count: usize, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}

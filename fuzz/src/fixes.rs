//! Fixes, one by one and all together.

use std::collections::BTreeMap;

use clapboard::diagnostic::{Code, Report, Safety, Severity};
use clapboard::fix::{apply, fix};

use super::project::Project;

/// A fix changes the bytes of its edits and no others; a fixed text has no error that was not there before, and nothing more that
/// is fixed.
pub fn holds(bytes: &[u8]) {
    let project = Project::new(bytes);
    let Ok(text) = std::str::from_utf8(&project.film) else { return };
    let (_, before) = project.check(text.as_bytes());
    for diagnostic in &before.diagnostics {
        let Some(fix) = &diagnostic.fix else { continue };
        // A problem in a bible or the config is fixed there.
        if diagnostic.place.source.text == text {
            let (fixed, _) = apply(text, &[diagnostic]).expect("a fix can be applied");
            let first = fix.edits.iter().map(|edit| edit.span.start()).min().unwrap_or_default();
            let last = fix.edits.iter().map(|edit| edit.span.end()).max().unwrap_or_default();
            assert!(fixed.starts_with(&text[..first]) && fixed.ends_with(&text[last..]), "{diagnostic:?}\n{fixed:?}");
        }
    }
    for safety in [Safety::Safe, Safety::Unsafe] {
        let fixed = fix(&project.workspace, &project.file, text.to_owned(), safety);
        if fixed.applied.is_empty() {
            assert_eq!(fixed.text, text);
            continue;
        }
        let (_, after) = project.check(fixed.text.as_bytes());
        let (before, after) = (errors(&before), errors(&after));
        let is_new = after.iter().find(|&(code, count)| count > before.get(code).unwrap_or(&0));
        assert_eq!(is_new, None, "{text:?}\n{:?}", fixed.text);
        let again = fix(&project.workspace, &project.file, fixed.text.clone(), safety);
        assert_eq!(again.applied, [], "{text:?}\n{:?}", fixed.text);
    }
}

/// How many errors there are of each code.
fn errors(report: &Report) -> BTreeMap<&'static str, usize> {
    let mut errors = BTreeMap::new();
    for diagnostic in report.diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error) {
        *errors.entry(Code::as_str(diagnostic.code)).or_default() += 1;
    }
    errors
}

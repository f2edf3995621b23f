//! Fixes applied: edits of their own bytes and no others, until nothing more can be mended.

use std::collections::BTreeMap;

use crate::check::Workspace;
use crate::diagnostic::{Code, Diagnostic, Edit, Fix, Report, Safety, Severity};
use crate::text::FileId;

/// A text after its fixes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fixed {
    /// The text.
    pub text: String,
    /// How many problems were mended.
    pub mended: usize,
}

/// The rounds after which a text counts as stable: a mended place may show a next problem.
const MOST_ROUNDS: usize = 10;
/// How many bytes are checked again at the most where fixes are tried one by one, because all together do harm.
const MOST_BYTES: usize = 2 * 1024 * 1024;

/// Mends a storyboard's text as far as fixes of at most `safety` go. What a round makes is checked again, and kept only if it
/// still parses and has no error that was not there before.
pub fn fix(workspace: &Workspace, file: &FileId, text: String, safety: Safety) -> Fixed {
    let mut fixed = Fixed { text, mended: 0 };
    for _ in 0..MOST_ROUNDS {
        let report = check(workspace, file, &fixed.text);
        let fixes = fixes(&report, &file.shown, safety);
        let Some((text, mended)) = apply_what_helps(workspace, file, &fixed.text, &report, &fixes) else { break };
        fixed = Fixed { text, mended: fixed.mended + mended };
    }
    fixed
}

fn check(workspace: &Workspace, file: &FileId, text: &str) -> Report {
    workspace.report(&[workspace.check_bytes(file, text.as_bytes().to_vec())])
}

/// The fixes of the storyboard's own problems that may be applied; a bible is mended when it is checked itself.
fn fixes<'r>(report: &'r Report, name: &str, safety: Safety) -> Vec<&'r Fix> {
    let own = |diagnostic: &&Diagnostic| diagnostic.place.source.name == name;
    let fixes = report.diagnostics.iter().filter(own).filter_map(|diagnostic| diagnostic.fix.as_ref());
    fixes.filter(|fix| fix.safety <= safety).collect()
}

/// Applies all fixes at once, or those that do no harm one by one. `None`: nothing can be done.
fn apply_what_helps(
    workspace: &Workspace,
    file: &FileId,
    text: &str,
    before: &Report,
    fixes: &[&Fix],
) -> Option<(String, usize)> {
    let (all, count) = apply(text, fixes)?;
    if does_no_harm(before, &check(workspace, file, &all)) {
        return Some((all, count));
    }
    let mut kept: Vec<&Fix> = Vec::new();
    let mut best = None;
    for fix in fixes.iter().take((MOST_BYTES / text.len().max(1)).clamp(8, 200)) {
        let mut tried = kept.clone();
        tried.push(fix);
        let Some((text, count)) = apply(text, &tried) else { continue };
        if count == tried.len() && does_no_harm(before, &check(workspace, file, &text)) {
            best = Some((text, count));
            kept = tried;
        }
    }
    best
}

/// Whether the text after it still parses as well as before, and has no new error.
fn does_no_harm(before: &Report, after: &Report) -> bool {
    let errors = |report: &Report, code: Code| {
        report.diagnostics.iter().filter(|d| d.code == code && d.severity == Severity::Error).count()
    };
    Code::ALL.iter().all(|&code| errors(after, code) <= errors(before, code))
}

/// The text with the edits of `fixes`, and how many of these were applied: one that overlaps an earlier one waits for the
/// next round. `None` where none was.
pub fn apply(text: &str, fixes: &[&Fix]) -> Option<(String, usize)> {
    let mut edits: BTreeMap<u32, &Edit> = BTreeMap::new();
    let mut count = 0;
    for fix in fixes {
        let fits = |edit: &Edit| text.get(edit.span.range()).is_some() && is_free(&edits, edit);
        if !fix.edits.is_empty() && fix.edits.iter().all(fits) {
            edits.extend(fix.edits.iter().map(|edit| (edit.span.start, edit)));
            count += 1;
        }
    }
    if count == 0 {
        return None;
    }
    let mut out = String::with_capacity(text.len());
    let mut copied = 0;
    for edit in edits.into_values() {
        out.push_str(&text[copied..edit.span.start as usize]);
        out.push_str(&edit.text);
        copied = edit.span.end as usize;
    }
    out.push_str(&text[copied..]);
    Some((out, count))
}

/// Whether an edit touches no byte of the `taken` ones, which are known by their starts, and inserts nowhere they do.
fn is_free(taken: &BTreeMap<u32, &Edit>, edit: &Edit) -> bool {
    let before = taken.range(..=edit.span.start).next_back();
    let after = taken.range(edit.span.start..).next();
    before.is_none_or(|(&start, before)| before.span.end <= edit.span.start && start != edit.span.start)
        && after.is_none_or(|(&start, _)| start >= edit.span.end && start != edit.span.start)
}

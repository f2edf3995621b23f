//! Fixes applied: edits of their own bytes and no others, until nothing more can be mended.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::Path;

use crate::check::{Session, Take};
use crate::diagnostic::{Code, Diagnostic, Edit, Fix, Report, Safety, Severity};
use crate::text::Format;

/// A text after its fixes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fixed {
    /// The text.
    pub text: String,
    /// How many problems were mended.
    pub mended: usize,
}

/// A storyboard whose text is to be mended.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'s> {
    /// Its name in messages.
    pub name: &'s str,
    /// Where it lies, or would lie.
    pub path: &'s Path,
    /// How it is read.
    pub format: Format,
}

/// The rounds after which a text counts as stable: a mended place may show a next problem.
const MOST_ROUNDS: usize = 10;
/// How many bytes are checked again at the most where fixes are tried one by one, because all together do harm.
const MOST_BYTES: usize = 2 * 1024 * 1024;

/// Mends a storyboard's text as far as fixes of at most `safety` go. What a round makes is checked again, and kept only if it
/// still parses and has no error that was not there before.
pub fn fix(session: &Session, subject: Subject<'_>, text: String, safety: Safety) -> Fixed {
    let mut fixed = Fixed { text, mended: 0 };
    for _ in 0..MOST_ROUNDS {
        let report = check(session, subject, &fixed.text);
        let fixes = fixes(&report, subject.name, safety);
        let Some((text, mended)) = apply_what_helps(session, subject, &fixed.text, &report, &fixes) else { break };
        fixed = Fixed { text, mended: fixed.mended + mended };
    }
    fixed
}

fn check(session: &Session, subject: Subject<'_>, text: &str) -> Report {
    let take: Take = session.check_bytes(subject.name, subject.path, text.as_bytes().to_vec(), subject.format);
    session.report(&[take])
}

/// The fixes of the storyboard's own problems that may be applied; a bible is mended when it is checked itself.
fn fixes<'r>(report: &'r Report, name: &str, safety: Safety) -> Vec<&'r Fix> {
    let own = |diagnostic: &&Diagnostic| diagnostic.place.source.name == name;
    let fixes = report.diagnostics.iter().filter(own).filter_map(|diagnostic| diagnostic.fix.as_ref());
    fixes.filter(|fix| fix.safety <= safety).collect()
}

/// Applies all fixes at once, or those that do no harm one by one. `None`: nothing can be done.
fn apply_what_helps(
    session: &Session,
    subject: Subject<'_>,
    text: &str,
    before: &Report,
    fixes: &[&Fix],
) -> Option<(String, usize)> {
    let (all, count) = apply(text, fixes)?;
    if does_no_harm(before, &check(session, subject, &all)) {
        return Some((all, count));
    }
    let mut kept: Vec<&Fix> = Vec::new();
    let mut best = None;
    for fix in fixes.iter().take((MOST_BYTES / text.len().max(1)).clamp(8, 200)) {
        let mut tried = kept.clone();
        tried.push(fix);
        let Some((text, count)) = apply(text, &tried) else { continue };
        if count == tried.len() && does_no_harm(before, &check(session, subject, &text)) {
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

/// Puts a text in the place of a file, whole or not at all, its permissions kept.
///
/// # Errors
/// The file or its folder cannot be written.
pub fn replace(path: &Path, text: &str) -> io::Result<()> {
    // A link stays one: what it leads to is written.
    let path = path.canonicalize()?;
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::Builder::new().prefix(".clapboard-").suffix(".part").tempfile_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.as_file().set_permissions(std::fs::metadata(&path)?.permissions())?;
    file.as_file().sync_all()?;
    file.persist(&path).map_err(|error| error.error)?;
    Ok(())
}

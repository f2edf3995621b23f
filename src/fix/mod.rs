//! Fixes applied: edits of their own bytes and no others, until there is nothing left to fix.

use std::collections::{BTreeMap, HashMap};

use crate::check::Workspace;
use crate::diagnostic::{Code, Diagnostic, Edit, Report, Safety, Severity};
use crate::text::FileId;

/// A text after its fixes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fixed {
    /// The text.
    pub text: String,
    /// The changes, in the order in which they were made.
    pub applied: Vec<Applied>,
}

/// A fix that was applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applied {
    /// The line of the problem, from 1.
    pub line: usize,
    /// The change, in the imperative: "rename `promt` to `prompt`".
    pub what: String,
}

/// The rounds after which a text counts as stable: a fixed place may show a next problem.
const MOST_ROUNDS: usize = 10;
/// How many bytes are checked again at the most where fixes are tried one by one, because all together do harm.
const MOST_BYTES: usize = 2 * 1024 * 1024;

/// Fixes a storyboard's text as far as fixes of at most `safety` go. What a round makes is checked again. A fix is kept only if
/// the problem is gone from its place and the text has no error that was not there before.
pub fn fix(workspace: &Workspace, file: &FileId, text: String, safety: Safety) -> Fixed {
    let mut fixed = Fixed { text, applied: Vec::new() };
    for _ in 0..MOST_ROUNDS {
        let before = check(workspace, file, &fixed.text);
        let wanted = fixable(&before, &file.shown, safety);
        let Some((text, applied)) = apply_what_helps(workspace, file, &fixed.text, &before, wanted) else { break };
        fixed.text = text;
        fixed.applied.extend(applied.into_iter().map(|diagnostic| {
            let line = diagnostic.place.source.line_index(diagnostic.place.span.start()) + 1;
            Applied { line, what: diagnostic.fix.as_ref().map(|fix| fix.message.clone()).unwrap_or_default() }
        }));
    }
    fixed
}

fn check(workspace: &Workspace, file: &FileId, text: &str) -> Report {
    workspace.report(&[workspace.check_bytes(file, text.as_bytes().to_vec())])
}

/// The storyboard's own problems that may be fixed; a bible is fixed when it is checked itself.
fn fixable<'r>(report: &'r Report, name: &str, safety: Safety) -> Vec<&'r Diagnostic> {
    let is_wanted = |diagnostic: &&Diagnostic| {
        diagnostic.place.source.name == name && diagnostic.fix.as_ref().is_some_and(|fix| fix.safety <= safety)
    };
    report.diagnostics.iter().filter(is_wanted).collect()
}

/// Applies all fixes at once but for those that do not help, or those that do no harm one by one. `None`: nothing can be done.
fn apply_what_helps<'r>(
    workspace: &Workspace,
    file: &FileId,
    text: &str,
    before: &Report,
    mut wanted: Vec<&'r Diagnostic>,
) -> Option<(String, Vec<&'r Diagnostic>)> {
    loop {
        let (all, applied) = apply(text, &wanted)?;
        let after = check(workspace, file, &all);
        let useless = useless(&applied, &after);
        if useless.is_empty() {
            if does_no_harm(before, &after) {
                return Some((all, applied));
            }
            break;
        }
        wanted.retain(|diagnostic| !useless.iter().any(|other| std::ptr::eq(*diagnostic, *other)));
    }
    let mut kept: Vec<&Diagnostic> = Vec::new();
    let mut best = None;
    for diagnostic in wanted.into_iter().take((MOST_BYTES / text.len().max(1)).clamp(8, 200)) {
        let mut tried = kept.clone();
        tried.push(diagnostic);
        let Some((text, applied)) = apply(text, &tried) else { continue };
        let after = check(workspace, file, &text);
        if applied.len() == tried.len() && does_no_harm(before, &after) && useless(&applied, &after).is_empty() {
            best = Some((text, applied));
            kept = tried;
        }
    }
    best
}

/// Those of the applied fixes whose problem is still where it was.
fn useless<'r>(applied: &[&'r Diagnostic], after: &Report) -> Vec<&'r Diagnostic> {
    let mut edits: Vec<&Edit> = applied.iter().flat_map(|diagnostic| edits(diagnostic)).collect();
    edits.sort_by_key(|edit| edit.span);
    // How far what is behind each edit has moved.
    let mut moved = 0;
    let moves: Vec<(usize, i64)> = edits
        .iter()
        .map(|edit| {
            moved += edit.text.len() as i64 - edit.span.len() as i64;
            (edit.span.end(), moved)
        })
        .collect();
    let mut left: HashMap<(Code, &str), Vec<i64>> = HashMap::new();
    for diagnostic in &after.diagnostics {
        left.entry((diagnostic.code, &diagnostic.message)).or_default().push(diagnostic.place.span.start() as i64);
    }
    let is_left = |diagnostic: &&&Diagnostic| {
        let start = diagnostic.place.span.start();
        let by = |edits: usize| edits.checked_sub(1).map_or(0, |last| moves[last].1);
        let before = by(moves.partition_point(|(end, _)| *end < start));
        let until = by(moves.partition_point(|(end, _)| *end <= start));
        // A text put in right before the place may belong to it or not.
        let [from, to] = [before.min(until), before.max(until)].map(|by| start as i64 + by);
        let starts = left.get(&(diagnostic.code, &*diagnostic.message)).map_or(&[][..], |starts| starts);
        starts.get(starts.partition_point(|start| *start < from)).is_some_and(|start| *start <= to)
    };
    applied.iter().filter(is_left).copied().collect()
}

fn edits(diagnostic: &Diagnostic) -> &[Edit] {
    diagnostic.fix.as_ref().map_or(&[], |fix| &fix.edits)
}

/// Whether the text after it still parses as well as before, and has no new error.
fn does_no_harm(before: &Report, after: &Report) -> bool {
    let errors = |report: &Report, code: Code| {
        report.diagnostics.iter().filter(|d| d.code == code && d.severity == Severity::Error).count()
    };
    Code::ALL.iter().all(|&code| errors(after, code) <= errors(before, code))
}

/// The text with the edits of as many fixes as go together, and whose they were: one that overlaps an earlier one waits for
/// the next round. `None` where there was none.
pub fn apply<'r>(text: &str, wanted: &[&'r Diagnostic]) -> Option<(String, Vec<&'r Diagnostic>)> {
    let mut taken: BTreeMap<usize, &Edit> = BTreeMap::new();
    let mut applied = Vec::new();
    for diagnostic in wanted {
        let edits = edits(diagnostic);
        let fits = |edit: &Edit| text.get(edit.span.range()).is_some() && is_free(&taken, edit);
        if !edits.is_empty() && edits.iter().all(fits) {
            taken.extend(edits.iter().map(|edit| (edit.span.start(), edit)));
            applied.push(*diagnostic);
        }
    }
    if applied.is_empty() {
        return None;
    }
    let mut out = String::with_capacity(text.len());
    let mut copied = 0;
    for edit in taken.into_values() {
        out.push_str(&text[copied..edit.span.start()]);
        out.push_str(&edit.text);
        copied = edit.span.end();
    }
    out.push_str(&text[copied..]);
    Some((out, applied))
}

/// Whether an edit touches no byte of the `taken` ones, which are known by their starts, and inserts nowhere they do.
fn is_free(taken: &BTreeMap<usize, &Edit>, edit: &Edit) -> bool {
    let before = taken.range(..=edit.span.start()).next_back();
    let after = taken.range(edit.span.start()..).next();
    before.is_none_or(|(&start, before)| before.span.end() <= edit.span.start() && start != edit.span.start())
        && after.is_none_or(|(&start, _)| start >= edit.span.end() && start != edit.span.start())
}

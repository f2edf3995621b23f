//! Code actions for a problem: its fix, all safe fixes, or a comment that allows it.

use std::collections::HashMap;
use std::rc::Rc;

use lsp_types::{
    CodeAction, CodeActionKind, CodeActionParams, CodeActionResponse, Command, Diagnostic, TextEdit, Uri, WorkspaceEdit,
};

use super::analysis::Analysis;
use super::diagnostics::converted;
use super::dispatch::Failure;
use super::session::Session;
use crate::diagnostic::{self, Code, Edit, Safety};
use crate::fix;
use crate::judge::allowing;
use crate::text::{Source, Span};

/// The kind of the action that applies all safe fixes.
pub const FIX_ALL: &str = "source.fixAll.clapboard";

/// The code actions for a range of an open text.
///
/// # Errors
/// None.
pub fn actions(session: &mut Session, params: CodeActionParams) -> Result<Option<Vec<CodeActionResponse>>, Failure> {
    let uri = params.text_document.uri;
    let Some(analysis) = session.analysis(&uri) else { return Ok(None) };
    let Some(open) = session.get(&uri) else { return Ok(None) };
    let source = Source::new(&*open.file.shown, &*open.file.path, open.text.to_string(), open.file.format_of(b""));
    let wanted = |kind: &str| {
        // `source` asks for `source.fixAll` too.
        let asks = |only: &CodeActionKind| {
            let only = String::from(only.clone());
            kind == only || kind.strip_prefix(&only).is_some_and(|rest| rest.starts_with('.') || only.is_empty())
        };
        params.context.only.as_ref().is_none_or(|only| only.iter().any(asks))
    };
    let mut found: Vec<CodeAction> = Vec::new();
    if wanted("quickfix") {
        let span = session.positions(&source).span(params.range);
        found.extend(quick_fixes(session, &uri, &analysis, &source, span));
    }
    if wanted(FIX_ALL) {
        found.extend(fix_all(session, &uri, &analysis, &source));
    }
    Ok(Some(found.into_iter().map(CodeActionResponse::from).collect()))
}

/// The fixes of the problems at `span`, then the comments that allow them.
fn quick_fixes(session: &Session, uri: &Uri, analysis: &Rc<Analysis>, source: &Source, span: Span) -> Vec<CodeAction> {
    let touches = |found: &&diagnostic::Diagnostic| {
        let place = found.place.span;
        place.start() <= span.end() && span.start() <= place.end()
    };
    let here: Vec<&diagnostic::Diagnostic> = analysis.report.of(&source.path).filter(touches).collect();
    let shown = converted(session, &here);
    let fixes = here.iter().zip(&shown).filter_map(|(found, shown)| fix_of(session, uri, source, found, shown));
    let mut allowed: Vec<CodeAction> = Vec::new();
    for (found, shown) in here.iter().zip(&shown) {
        let Some(action) = allow(session, uri, analysis, source, found, shown) else { continue };
        if !allowed.iter().any(|earlier| earlier.edit == action.edit) {
            allowed.push(action);
        }
    }
    let mut explained: Vec<CodeAction> = Vec::new();
    for (found, shown) in here.iter().zip(&shown) {
        let action = explain(found.code, shown);
        if !explained.iter().any(|earlier| earlier.title == action.title) {
            explained.push(action);
        }
    }
    fixes.chain(allowed).chain(explained).collect()
}

/// The rule's document.
fn explain(code: Code, shown: &Diagnostic) -> CodeAction {
    let title = format!("Explain `{code}`");
    let arguments = Some(vec![code.as_str().into()]);
    CodeAction {
        kind: Some(CodeActionKind::QuickFix),
        diagnostics: Some(vec![shown.clone()]),
        command: Some(Command { title: title.clone(), command: "clapboard.explain".into(), arguments, tooltip: None }),
        title,
        ..CodeAction::default()
    }
}

fn fix_of(
    session: &Session,
    uri: &Uri,
    source: &Source,
    found: &diagnostic::Diagnostic,
    shown: &Diagnostic,
) -> Option<CodeAction> {
    let fix = found.fix.as_ref()?;
    let title = match fix.safety {
        Safety::Safe => sentence(&fix.message),
        Safety::Unsafe => format!("{} (may change what is bought)", sentence(&fix.message)),
    };
    Some(CodeAction {
        title,
        kind: Some(CodeActionKind::QuickFix),
        diagnostics: Some(vec![shown.clone()]),
        is_preferred: (fix.safety == Safety::Safe).then_some(true),
        edit: Some(edit(session, uri, source, &fix.edits)),
        ..CodeAction::default()
    })
}

/// The comment that allows a problem.
fn allow(
    session: &Session,
    uri: &Uri,
    analysis: &Analysis,
    source: &Source,
    found: &diagnostic::Diagnostic,
    shown: &Diagnostic,
) -> Option<CodeAction> {
    let document = &analysis.film()?.film.file.document;
    let comment = allowing(document, found.code, found.place.span.start())?;
    Some(CodeAction {
        title: format!("Allow `{}` here", found.code),
        kind: Some(CodeActionKind::QuickFix),
        diagnostics: Some(vec![shown.clone()]),
        edit: Some(edit(session, uri, source, &[comment])),
        ..CodeAction::default()
    })
}

/// All safe fixes at once, each tried as `check --fix` tries it.
fn fix_all(session: &Session, uri: &Uri, analysis: &Analysis, source: &Source) -> Option<CodeAction> {
    analysis.film()?;
    if analysis.report.fixable(Safety::Safe) == 0 {
        return None;
    }
    let file = &session.get(uri)?.file;
    let fixed = fix::fix(&session.workspace, file, source.text.clone(), Safety::Safe);
    let change = difference(&source.text, &fixed.text)?;
    let count = fixed.applied.len();
    Some(CodeAction {
        title: format!("Apply all safe fixes ({count})"),
        kind: Some(CodeActionKind::from(FIX_ALL.to_owned())),
        edit: Some(edit(session, uri, source, &[change])),
        ..CodeAction::default()
    })
}

/// One edit that makes `after` of `before`: what both begin and end with stays. `None` where they are the same.
fn difference(before: &str, after: &str) -> Option<Edit> {
    let same = |(one, other): &((usize, char), (usize, char))| one.1 == other.1;
    let start: usize =
        before.char_indices().zip(after.char_indices()).take_while(same).map(|(one, _)| one.1.len_utf8()).sum();
    let (rest, new) = (&before[start..], &after[start..]);
    let end: usize = rest
        .chars()
        .rev()
        .zip(new.chars().rev())
        .take_while(|(one, other)| one == other)
        .map(|(one, _)| one.len_utf8())
        .sum();
    let edit = Edit { span: Span::new(start, before.len() - end), text: new[..new.len() - end].to_owned() };
    (before != after).then_some(edit)
}

/// Edits of one file, as a change of the workspace.
pub fn edit(session: &Session, uri: &Uri, source: &Source, edits: &[Edit]) -> WorkspaceEdit {
    let positions = session.positions(source);
    let edits = edits.iter().map(|edit| TextEdit { range: positions.range(edit.span), new_text: edit.text.clone() });
    WorkspaceEdit { changes: Some(HashMap::from([(uri.clone(), edits.collect())])), ..WorkspaceEdit::default() }
}

/// An order as a title: its first letter in upper case.
fn sentence(order: &str) -> String {
    let mut characters = order.chars();
    characters.next().map(|first| first.to_uppercase().chain(characters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_edit_makes_the_other_text() {
        for (before, after) in [("a渡b", "a轮b"), ("aa", "a"), ("a", "aa"), ("", "x"), ("x", ""), ("aba", "abaaba")] {
            let edit = difference(before, after).unwrap();
            let mut text = before.to_owned();
            text.replace_range(edit.span.range(), &edit.text);
            assert_eq!(text, after);
        }
        assert_eq!(difference("a", "a"), None);
    }
}

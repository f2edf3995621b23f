//! Writing `# clapboard: allow(code)`: where the comment goes.

use super::allow::parse;
use crate::diagnostic::{Code, Edit};
use crate::syntax::{Document, Kind, Style};
use crate::text::Span;

/// The edit that allows `code` for what begins at byte `start`, and for as little else as the form of comments permits: a comment
/// behind the line, or, where the line is in the middle of a text, above the field that has the text. `None`: it cannot be allowed.
pub fn allowing(document: &Document, code: Code, start: usize) -> Option<Edit> {
    if !code.can_be_silenced() {
        return None;
    }
    let source = &document.source;
    let line = source.line_index(start);
    if let Some(edit) = add_to(document, code, line) {
        return Some(edit);
    }
    let comment = format!("# clapboard: allow({code})");
    let text = source.slice(source.line_span(line));
    match first_line_of_text(document, line) {
        None if comment_on(document, line).is_none() && !text.trim().is_empty() => {
            let end = source.line_span(line).end();
            Some(Edit { span: Span::empty(end), text: format!("  {comment}") })
        }
        first => Some(above(document, first.unwrap_or(line), code, &comment)),
    }
}

/// A comment on a line of its own above `line`, or one code more in the comment that is there.
fn above(document: &Document, line: usize, code: Code, comment: &str) -> Edit {
    let source = &document.source;
    if let Some(before) = line.checked_sub(1)
        && source.slice(source.line_span(before)).trim_start().starts_with('#')
        && let Some(edit) = add_to(document, code, before)
    {
        return edit;
    }
    let text = source.slice(source.line_span(line)).trim_start_matches('\u{feff}');
    let indent = &text[..text.len() - text.trim_start().len()];
    let start = source.line_span(line).start();
    let start = if start == 0 { source.mark_len() } else { start };
    let end = if source.text.contains("\r\n") { "\r\n" } else { "\n" };
    Edit { span: Span::empty(start), text: format!("{indent}{comment}{end}") }
}

/// One code more in the allow comment on `line`, if it has one that is not for the whole file.
fn add_to(document: &Document, code: Code, line: usize) -> Option<Edit> {
    let comment = comment_on(document, line)?;
    let (is_file, names, start) = parse(document.source.slice(comment))?;
    if is_file {
        return None;
    }
    let end = comment.start() + start + names.trim_end().len();
    let separator = if names.trim().is_empty() { "" } else { ", " };
    Some(Edit { span: Span::empty(end), text: format!("{separator}{code}") })
}

fn comment_on(document: &Document, line: usize) -> Option<Span> {
    let span = document.source.line_span(line);
    let comments = &document.tree.comments;
    comments
        .get(comments.partition_point(|comment| comment.start() < span.start()))
        .copied()
        .filter(|it| it.start() < span.end())
}

/// Where the end of `line` is inside of a text: the line on which the field with the text begins.
fn first_line_of_text(document: &Document, line: usize) -> Option<usize> {
    let source = &document.source;
    let line_of = |offset| source.line_index(offset);
    document.tree.nodes.iter().find_map(|node| {
        let is_text = matches!(node.kind, Kind::String(_) | Kind::Broken);
        let (first, last) =
            (line_of(node.span.start()), line_of(node.span.end().saturating_sub(1).max(node.span.start())));
        // Behind the `>-` of a block there is room for a comment.
        let has_room = node.style == Style::Block && first == line;
        let is_inside = is_text && first <= line && line <= last && first < last && !has_room;
        // On its last line a quoted text leaves room, but the finding may be in the text.
        is_inside.then(|| node.key.map_or(first, |key| line_of(key.start())))
    })
}

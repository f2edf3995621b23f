use std::sync::Arc;

use crate::diagnostic::{Code, Edit, Finding, Safety};
use crate::language::lost_texts;
use crate::syntax::{Document, Kind};
use crate::text::Span;
use crate::text::shown;

pub(crate) fn check(document: &Arc<Document>, out: &mut Vec<Finding>) {
    for (scalar, comment) in lost_texts(document) {
        let node = document.tree.node(scalar);
        let is_empty = matches!(node.kind, Kind::Null);
        let lost = document.source.slice(comment).trim_end();
        let span = Span::at(comment.start(), lost.len());
        let whole = if is_empty { span } else { node.span.join(span) };
        let message = match is_empty {
            true => format!("all of this field is read as a comment, because `{}` begins with `#`", shown::words(lost)),
            false => format!("`{}` is read as a comment, so it is not part of the text before it", shown::words(lost)),
        };
        let finding = Finding::new(Code::TextLostToComment, document.place(span), message)
            .help("put the whole text in quotes; if it is meant as a comment, leave a space after the `#`");
        // Brackets in what was lost may close a `{ … }` or `[ … ]` around it, and quotes belong around texts only.
        let can_quote = is_empty || matches!(node.kind, Kind::String(_));
        out.push(match can_quote && !lost.contains([']', '}']) {
            true => finding.fix(Safety::Safe, "put the whole text in quotes", vec![quote(document, whole)]),
            false => finding,
        });
    }
}

/// The edit that puts a part of the file in double quotes.
pub(super) fn quote(document: &Document, whole: Span) -> Edit {
    let raw = document.source.slice(whole).replace('\\', "\\\\").replace('"', "\\\"");
    let words: Vec<&str> = raw.split_whitespace().collect();
    // A plain text of several lines is one line to YAML.
    let text = if raw.contains(['\n', '\r']) { words.join(" ") } else { raw };
    Edit { span: whole, text: format!("\"{text}\"") }
}

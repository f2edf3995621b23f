use std::sync::Arc;

use crate::diagnostic::{Code, Finding};
use crate::syntax::{Document, Style};
use crate::text::Span;
use crate::text::shown;

use super::sent;

pub(crate) fn check(document: &Arc<Document>, out: &mut Vec<Finding>) {
    let source = &document.source;
    for text in sent::texts(document) {
        let node = document.tree.node(text);
        if !matches!(node.style, Style::Block | Style::MultilineSingle | Style::MultilineDouble) {
            continue;
        }
        let (first, last) =
            (source.line_index(node.span.start()), source.line_index(node.span.end().saturating_sub(1)));
        for line in first..=last {
            let span = source.line_span(line);
            let words = source.slice(span).trim_start();
            if !words.starts_with('#') {
                continue;
            }
            let start = span.end() - words.len();
            let message = format!("`{}` is part of the text here, and is sent", shown::words(words.trim_end()));
            let finding = Finding::new(Code::CommentInText, document.place(Span::at(start, 1)), message);
            out.push(
                finding.help("a text of several lines has no comments: delete the line, or move it above the field"),
            );
        }
    }
}

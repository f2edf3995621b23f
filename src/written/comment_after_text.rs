use std::collections::HashSet;
use std::sync::Arc;

use crate::diagnostic::{Code, Finding, Safety};
use crate::language::is_allow;
use crate::syntax::{Document, NodeId};
use crate::text::Span;
use crate::text::shown;

use super::sent;
use super::text_lost_to_comment::quote;

pub(crate) fn check(document: &Arc<Document>, out: &mut Vec<Finding>) {
    if document.tree.remarks.is_empty() {
        return;
    }
    let sent: HashSet<NodeId> = sent::texts(document).into_iter().collect();
    for &(text, comment) in document.tree.remarks.iter().filter(|(text, _)| sent.contains(text)) {
        let words = document.source.slice(comment).trim_end();
        if is_allow(words) {
            continue;
        }
        let span = Span::at(comment.start(), words.len());
        let message = format!("`{}` is a comment: the text ends before it, and only that is sent", shown::words(words));
        let finding = Finding::new(Code::CommentAfterText, document.place(span), message).help(
            "put the whole in quotes if it belongs to the text; else put the comment on a line of its own, above",
        );
        out.push(match words.contains([']', '}']) {
            true => finding,
            false => {
                let whole = document.tree.node(text).span.join(span);
                finding.fix(Safety::Unsafe, "put the whole text in quotes", vec![quote(document, whole)])
            }
        });
    }
}

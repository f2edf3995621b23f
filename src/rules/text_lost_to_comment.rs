use std::sync::Arc;

use crate::diagnostic::{Code, Edit, Finding, Safety};
use crate::syntax::{Document, Kind};
use crate::text::Span;
use crate::text::shown::shorten;

pub(super) fn check(document: &Arc<Document>, out: &mut Vec<Finding>) {
    for &(scalar, comment) in &document.tree.lost_texts {
        let node = document.tree.node(scalar);
        let lost = document.source.slice(comment).trim_end();
        let span = Span::new(comment.start as usize, comment.start as usize + lost.len());
        let whole = node.span.join(span);
        let finding = Finding::new(
            Code::TextLostToComment,
            document.place(span),
            format!("`{}` is read as a comment, so it is not part of the text before it", shorten(lost)),
        )
        .help("put the whole text in quotes; if it is meant as a comment, leave a space after the `#`");
        // Brackets in what was lost may close a `{ … }` or `[ … ]` around it, and quotes belong around texts only.
        let can_quote = matches!(node.kind, Kind::String(_)) && !lost.contains([']', '}']);
        out.push(if can_quote {
            let raw = document.source.slice(whole).replace('\\', "\\\\").replace('"', "\\\"");
            let edit = Edit { span: whole, text: format!("\"{raw}\"") };
            finding.fix(Safety::Safe, "put the whole text in quotes", vec![edit])
        } else {
            finding
        });
    }
}

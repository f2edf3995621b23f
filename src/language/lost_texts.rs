//! Texts that a `#` right before a word makes a comment of: `prompt: #3 leaves` says nothing.

use crate::syntax::{Document, NodeId};
use crate::text::Span;

/// The values that lost their text, or the end of it, and the comment that has it.
pub fn lost_texts(document: &Document) -> impl Iterator<Item = (NodeId, Span)> {
    document.tree.lost_texts.iter().copied().filter(|&(scalar, comment)| {
        let lost = document.source.slice(comment);
        !is_allow(lost) && (!document.tree.is_null(scalar) || holds_text(document, scalar))
    })
}

/// Whether a comment is one of ours.
pub fn is_allow(comment: &str) -> bool {
    comment.trim_start_matches('#').trim_start().starts_with("clapboard:")
}

/// Whether the field of `node` holds text, judging by its name.
fn holds_text(document: &Document, node: NodeId) -> bool {
    const NOT_TEXT: [&str; 20] = [
        "add_style",
        "brush",
        "budget",
        "cast",
        "cfg_scale",
        "clips",
        "cuts",
        "defaults",
        "duration",
        "kling",
        "lines",
        "notes",
        "scenes",
        "seconds",
        "shots",
        "skip",
        "storyboard",
        "style",
        "styles",
        "units",
    ];
    let Some(key) = document.tree.node(node).key else { return false };
    let key = document.source.slice(key).trim_matches(['"', '\'']);
    !NOT_TEXT.contains(&key) && !key.starts_with("x-")
}

use std::collections::HashSet;
use std::sync::Arc;

use crate::diagnostic::{Code, Edit, Finding, Safety};
use crate::syntax::{Document, Kind, NodeId, Style};

use super::sent;

/// The marks that open a text, each with those that may close it.
const PAIRS: &[(char, &[char])] = &[
    ('“', &['”', '“']),
    ('„', &['“', '”']),
    ('”', &['”']),
    ('‘', &['’', '‘']),
    ('‚', &['‘', '’']),
    ('’', &['’']),
    ('«', &['»']),
    ('»', &['«']),
    ('‹', &['›']),
    ('『', &['』']),
    ('「', &['」']),
];

pub(crate) fn check(document: &Arc<Document>, out: &mut Vec<Finding>) {
    let mut sent: Option<HashSet<NodeId>> = None;
    for (index, node) in document.tree.nodes.iter().enumerate() {
        let Kind::String(text) = &node.kind else { continue };
        let Some(inner) = inside(text) else { continue };
        let sent = sent.get_or_insert_with(|| sent::texts(document).into_iter().collect());
        let is_sent = sent.contains(&NodeId(index as u32));
        let key = node.key.map(|key| document.source.slice(key)).unwrap_or_default();
        if !is_sent && matches!(key, "notes" | "title" | "heading") {
            continue;
        }
        let (open, close) = (text.trim().chars().next().unwrap_or(' '), text.trim().chars().next_back().unwrap_or(' '));
        let message = format!("the quotation marks `{open}…{close}` are part of the value");
        let finding = Finding::new(Code::TypographicQuotes, document.place(node.span), message)
            .help("a word processor puts them in; a file is quoted with straight ones: `\"…\"`");
        let safety = if is_sent { Safety::Unsafe } else { Safety::Safe };
        let can_fix = !inner.contains(['"', '\'', '\\', '\n']) && node.style != Style::Block;
        out.push(match can_fix {
            true => {
                let style = if node.style == Style::Plain { Style::Double } else { node.style };
                let edit = Edit { span: node.span, text: style.quote(inner) };
                finding.fix(safety, "use straight quotes", vec![edit])
            }
            false => finding,
        });
    }
}

/// The text between the marks, if the whole text is wrapped in a pair of them.
fn inside(text: &str) -> Option<&str> {
    let text = text.trim();
    let open = text.chars().next()?;
    let (_, closes) = PAIRS.iter().find(|(mark, _)| *mark == open)?;
    let rest = &text[open.len_utf8()..];
    let close = rest.chars().next_back().filter(|close| closes.contains(close))?;
    let inner = &rest[..rest.len() - close.len_utf8()];
    // An apostrophe does not close a quotation.
    let is_mark = |mark: char| mark == open || (mark == close && mark != '’');
    (!inner.is_empty() && !inner.contains(is_mark)).then_some(inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_text_that_is_wholly_wrapped() {
        for (text, inner) in [("“a b”", "a b"), ("„a“", "a"), ("‘it’s’", "it’s"), ("«a»", "a"), (" “a” ", "a")]
        {
            assert_eq!(inside(text), Some(inner), "{text}");
        }
        for text in ["“a,” she says, “b.”", "“", "“”", "a “b”", "\"a\"", "“a"] {
            assert_eq!(inside(text), None, "{text}");
        }
    }
}

//! Characters that word processors and web pages put in place of plain spaces and hyphens. YAML reads them as letters, so that nothing
//! below it is what it seems: one finding, and nothing is said of the rest until it is retyped.

use std::sync::Arc;

use super::signs;
use super::tree::{Style, Tree};
use crate::diagnostic::{Code, Finding};
use crate::text::{Place, Source, Span};

/// The first such character, which has to be retyped before the text can be read as YAML; `tree` is what was read anyway.
pub(super) fn find(source: &Arc<Source>, tree: &Tree) -> Option<Finding> {
    let mut quoted: Option<Vec<Span>> = None;
    let mut found: Vec<(Span, Kind)> = Vec::new();
    for line in 0..source.line_count() {
        let span = source.line_span(line);
        let text = source.slice(span);
        // Most lines are plain.
        if text.is_ascii() {
            continue;
        }
        let start = if line == 0 { source.mark_len() } else { span.start() };
        let text = &source.text[start.min(span.end())..span.end()];
        let Some((at, length, kind)) = odd_start(text) else { continue };
        let at = Span::new(start + at, start + at + length);
        let quoted = quoted.get_or_insert_with(|| quoted_texts(tree));
        let before = quoted.partition_point(|quoted| quoted.start() <= at.start());
        let is_inside = before > 0 && at.start() < quoted[before - 1].end();
        if !is_inside {
            found.push((at, kind));
        }
    }
    let (span, kind) = *found.first()?;
    let same = found.iter().filter(|(_, other)| *other == kind).count();
    let sign = source.slice(span).chars().next().unwrap_or(' ');
    let (message, help) = match kind {
        Kind::Space if signs::is_invisible(sign) => (
            format!("this line begins with {} (U+{:04X})", signs::space(sign).1, sign as u32),
            "it cannot be seen, and came along with copied text: delete it, or type the line again",
        ),
        Kind::Space => (
            format!(
                "this line is indented with {} (U+{:04X}), not with plain spaces",
                signs::space(sign).1,
                sign as u32
            ),
            "it comes from a web page or a word processor: delete it and type spaces",
        ),
        Kind::Dash => (
            format!(
                "`{sign}` is {} (U+{:04X}), and a list item begins with a plain `-`",
                if sign == '•' { "a bullet" } else { "a long dash" },
                sign as u32
            ),
            "a word processor put it there: type `-` and a space",
        ),
    };
    let more = match same {
        1 => String::new(),
        2 => " (and in 1 more line)".into(),
        same => format!(" (and in {} more lines)", same - 1),
    };
    let place = Place { source: source.clone(), span };
    Some(
        Finding::new(Code::Syntax, place, message + &more)
            .help(format!("{help}. The rest is checked when that is done")),
    )
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Space,
    Dash,
}

/// An odd character where a line's indentation or its `- ` should be: where it is, how long, and of which kind.
fn odd_start(text: &str) -> Option<(usize, usize, Kind)> {
    let blank = text.len() - text.trim_start_matches(|c: char| c.is_whitespace() || signs::is_invisible(c)).len();
    let rest = &text[blank..];
    if rest.is_empty() || rest.starts_with('#') {
        return None;
    }
    if let Some(at) = text[..blank].find(signs::is_odd_space) {
        let length = text[at..blank].find(|c| !signs::is_odd_space(c)).unwrap_or(blank - at);
        return Some((at, length, Kind::Space));
    }
    let dash = rest.chars().next().filter(|c| matches!(c, '–' | '—' | '−' | '‐' | '‑' | '•'))?;
    let item = rest[dash.len_utf8()..].strip_prefix(|c: char| c.is_whitespace())?;
    let key = item.trim_start().split_once(':').filter(|(_, value)| value.is_empty() || value.starts_with(' '));
    let is_key =
        |key: &str| !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '"' | '\''));
    key.filter(|(key, _)| is_key(key)).map(|_| (blank, dash.len_utf8(), Kind::Dash))
}

/// The spans of the texts in which a line may begin with anything, in order.
fn quoted_texts(tree: &Tree) -> Vec<Span> {
    let mut spans: Vec<Span> =
        tree.nodes.iter().filter(|node| node.style != Style::Plain).map(|node| node.span).collect();
    spans.sort();
    spans
}

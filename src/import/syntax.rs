//! YAML and TOML of other tools, by the storyboard's own reader.

use super::Fault;
use super::node::{Data, Group, Node};
use crate::syntax::{Document, Kind, NodeId};
use crate::text::{Format, Source};

/// The file's value; `None` where there is nothing in it.
///
/// # Errors
/// It is not YAML or TOML; the first problem.
pub(super) fn value(file: &str, text: &str, format: Format) -> Result<Option<Node>, Fault> {
    let document = Document::read(Source::new(file, file, text.to_owned(), format));
    if let Some(finding) = document.findings.first() {
        let at = document.source.position(finding.place.span.start());
        let message = finding.message.clone();
        return Err(Fault { file: file.to_owned(), line: at.line, column: at.column, message });
    }
    let ends: Vec<usize> = text.match_indices('\n').map(|(at, _)| at).collect();
    Ok(document.tree.root().map(|root| node(&document, &ends, root)))
}

/// The value of a node; `ends` are the places of the line ends.
fn node(document: &Document, ends: &[usize], id: NodeId) -> Node {
    let part = document.tree.node(id);
    let line = ends.partition_point(|end| *end < part.span.start()) + 1;
    let written = || document.source.slice(part.span).to_owned();
    let data = match &part.kind {
        Kind::Null | Kind::Broken => Data::Null,
        Kind::Bool(is_true) => Data::Bool(*is_true),
        Kind::Int(number) => Data::Number((*number).into()),
        Kind::Float(number) => {
            let is_whole = written().bytes().all(|byte| byte.is_ascii_digit());
            match serde_json::Number::from_f64(*number).filter(|_| !is_whole) {
                Some(number) => Data::Number(number),
                None => Data::Digits(written()),
            }
        }
        Kind::String(text) => Data::Text(text.to_string()),
        Kind::Date => Data::Text(written()),
        Kind::Sequence(items) => Data::List(items.iter().map(|item| node(document, ends, *item)).collect()),
        Kind::Mapping(mapping) => {
            let fields = mapping.entries.iter().map(|entry| (entry.key.to_string(), node(document, ends, entry.value)));
            Data::Group(fields.collect::<Group>())
        }
    };
    Node { line, data }
}

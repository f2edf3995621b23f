//! Places: each is a part of its text, and begins and ends between characters.

use std::collections::HashSet;

use clapboard::diagnostic::{Finding, Report};
use clapboard::syntax::{Document, Entry, Kind, NodeId};
use clapboard::text::{FileId, Format, Place, Span};

/// Reads `bytes`, and looks at each place that the reader names.
pub fn read(bytes: &[u8], format: Format) -> Document {
    let file = FileId { shown: "film".into(), path: "/film".into(), format: Some(format) };
    let document = Document::from_bytes(&file, bytes.to_vec());
    document.findings.iter().for_each(of_finding);
    let tree = &document.tree;
    let spans = tree.comments.iter().copied();
    let spans = spans.chain(tree.lost_texts.iter().map(|(_, span)| *span));
    let spans = spans.chain(tree.remarks.iter().map(|(_, span)| *span));
    let spans = spans.chain(tree.duplicates.iter().flat_map(|double| [double.first, double.second]));
    let spans = spans.chain(tree.anchors.iter().flat_map(|anchor| anchor.uses.iter().copied()));
    spans.for_each(|span| is_part(&document.source.text, span));
    let mut seen = HashSet::new();
    let mut left: Vec<NodeId> = tree.root().into_iter().collect();
    while let Some(id) = left.pop() {
        if seen.insert(id) {
            of_node(&document, id);
            left.extend(tree.items(id));
            left.extend(tree.entries(id).iter().map(|entry| entry.value));
        }
    }
    document
}

fn of_node(document: &Document, id: NodeId) {
    let text = &document.source.text;
    let node = document.tree.node(id);
    is_part(text, node.span);
    is_part(text, node.extent);
    is_part(text, document.tree.place(id));
    is_part(text, document.tree.first_key(id));
    document.tree.entries(id).iter().for_each(|entry: &Entry| is_part(text, entry.key_span));
    match &node.kind {
        Kind::String(value) => {
            let map = document.text_map(id, value);
            for (start, character) in value.char_indices() {
                is_part(text, map.locate(start..start + character.len_utf8()));
            }
        }
        Kind::Broken => assert!(!document.findings.is_empty(), "something is broken, and nothing says so: {text:?}"),
        _ => {}
    }
}

fn of_finding(finding: &Finding) {
    of_place(&finding.place);
    finding.labels.iter().for_each(|label| of_place(&label.place));
    let edits = finding.fix.iter().flat_map(|fix| &fix.edits);
    edits.for_each(|edit| is_part(&finding.place.source.text, edit.span));
}

/// Looks at each place in a report.
pub fn of_report(report: &Report) {
    for diagnostic in &report.diagnostics {
        of_place(&diagnostic.place);
        diagnostic.labels.iter().for_each(|label| of_place(&label.place));
        let mut end = 0;
        let mut edits: Vec<_> = diagnostic.fix.iter().flat_map(|fix| &fix.edits).collect();
        edits.sort_by_key(|edit| edit.span);
        for edit in edits {
            is_part(&diagnostic.place.source.text, edit.span);
            assert!(end <= edit.span.start(), "two edits of one fix overlap: {diagnostic:?}");
            end = edit.span.end();
        }
    }
    report.hidden.iter().for_each(of_place);
}

fn of_place(place: &Place) {
    is_part(&place.source.text, place.span);
}

fn is_part(text: &str, span: Span) {
    assert!(text.get(span.range()).is_some(), "{span:?} is not a part of {text:?}");
}

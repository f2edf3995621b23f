use std::sync::Arc;

use crate::diagnostic::{Code, Finding};
use crate::language::words::fold;
use crate::syntax::{Document, Kind, NodeId, Tree};
use crate::text::secret;

/// Names of fields that hold a key, without case, `_` and `-`.
const NAMES: &[&str] = &["accesskey", "secretkey", "apikey", "authorization", "xapikey", "token", "bearer", "password"];

pub(crate) fn check(document: &Arc<Document>, out: &mut Vec<Finding>) {
    let tree = &document.tree;
    for node in &tree.nodes {
        if let Kind::String(text) = &node.kind
            && secret::find(text).next().is_some()
        {
            out.push(finding(document, node.span, "this looks like an API key".into()));
        }
    }
    for raw in raw_fields(tree) {
        for entry in tree.entries(raw).iter().filter(|entry| NAMES.contains(&&*fold(&entry.key))) {
            let is_written = tree.text(entry.value).is_some_and(|text| !text.trim().is_empty());
            let is_known = tree.text(entry.value).is_some_and(|text| secret::find(text).next().is_some());
            if is_written && !is_known {
                let span = tree.node(entry.value).span;
                out.push(finding(document, span, format!("what is in `{}` would be a key or a password", entry.key)));
            }
        }
    }
}

fn finding(document: &Arc<Document>, span: crate::text::Span, message: String) -> Finding {
    Finding::new(Code::SecretInFile, document.place(span), message).help(
        "remove it, and revoke the key: anyone who has the file can spend money with it. clapboard reads the \
         key from the environment",
    )
}

/// The mappings under every `kling`, and those inside them.
fn raw_fields(tree: &Tree) -> Vec<NodeId> {
    let mut open: Vec<NodeId> = tree
        .nodes
        .iter()
        .filter_map(|node| match &node.kind {
            Kind::Mapping(mapping) => mapping.entries.iter().find(|entry| &*entry.key == "kling"),
            _ => None,
        })
        .map(|entry| entry.value)
        .collect();
    let mut seen = std::collections::HashSet::new();
    let mut found = Vec::new();
    while let Some(node) = open.pop() {
        if seen.insert(node) {
            open.extend(tree.items(node));
            open.extend(tree.entries(node).iter().map(|entry| entry.value));
            found.push(node);
        }
    }
    found
}

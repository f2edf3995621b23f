use std::sync::Arc;

use crate::diagnostic::{Code, Finding};
use crate::syntax::{Document, Kind};
use crate::text::secret;

pub(super) fn check(document: &Arc<Document>, out: &mut Vec<Finding>) {
    for node in &document.tree.nodes {
        if let Kind::String(text) = &node.kind
            && secret::find(text).next().is_some()
        {
            let finding = Finding::new(Code::SecretInFile, document.place(node.span), "this looks like an API key");
            out.push(finding.help(
                "take it out, and make a new key where this one came from: whoever has the file can buy with it. clapboard \
                 reads the key from the environment",
            ));
        }
    }
}

use std::sync::Arc;

use crate::diagnostic::{Code, Finding};
use crate::syntax::Document;
use crate::text::shown::shorten;

pub(super) fn check(document: &Arc<Document>, out: &mut Vec<Finding>) {
    for doubled in &document.tree.duplicates {
        let key = shorten(&doubled.key);
        let help = if &*doubled.key == "<<" {
            "write one `<<` with a list: `<<: [*one, *two]`"
        } else {
            "remove one of the two; the first one counts until then"
        };
        let message = format!("`{key}` is written twice");
        let finding = Finding::new(Code::DuplicateKey, document.place(doubled.second), message);
        out.push(finding.label(document.place(doubled.first), "the first one").help(help));
    }
}

use std::sync::Arc;

use crate::diagnostic::{Code, Finding};
use crate::syntax::{Document, DuplicateKey, Kind};
use crate::text::Format;
use crate::text::shown;

pub(crate) fn check(document: &Arc<Document>, out: &mut Vec<Finding>) {
    let second_items = document.tree.second_items();
    for doubled in &document.tree.duplicates {
        match second_items.get(&doubled.mapping) {
            Some(&start) if doubled.second.start() == start => out.push(second_item(document, doubled)),
            // What follows belongs to the item that begins there.
            Some(_) => {}
            _ if is_table_for_list(document, doubled) => {}
            _ => out.push(twice(document, doubled)),
        }
    }
}

fn twice(document: &Arc<Document>, doubled: &DuplicateKey) -> Finding {
    let help = match &*doubled.key {
        "<<" => "write one `<<` with a list: `<<: [*one, *two]`",
        _ => "keep one of the two; until then the first counts",
    };
    let message = format!("`{}` is written twice", shown::words(&doubled.key));
    let finding = Finding::new(Code::DuplicateKey, document.place(doubled.second), message);
    finding.label(document.place(doubled.first), "the first one").help(help)
}

/// A second `id`: most often the sign that begins the next shot or scene was forgotten.
fn second_item(document: &Arc<Document>, doubled: &DuplicateKey) -> Finding {
    let source = &document.source;
    let line = source.line_around(doubled.second.start());
    let words = shown::words(source.slice(line).trim());
    let help = match source.format {
        Format::Yaml => {
            format!("a new shot begins with `- `: write `- {words}`, or remove one of the two if it is one shot")
        }
        Format::Toml => {
            "a new shot begins with `[[shots]]` on a line of its own; or remove one of the two if it is one shot".into()
        }
    };
    let finding = Finding::new(Code::DuplicateKey, document.place(doubled.second), "`id` is written twice in one shot");
    finding.label(document.place(doubled.first), "the first one").help(help)
}

/// TOML's `[shots]` in place of `[[shots]]`: reported once, as a table where a list belongs.
fn is_table_for_list(document: &Document, doubled: &DuplicateKey) -> bool {
    let tree = &document.tree;
    document.source.format == Format::Toml
        && matches!(&*doubled.key, "shots" | "scenes" | "cuts" | "lines")
        && tree
            .get(doubled.mapping, &doubled.key)
            .is_some_and(|first| matches!(tree.node(first).kind, Kind::Mapping(_)))
}

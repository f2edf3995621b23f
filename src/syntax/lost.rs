//! What was left out of a YAML text because it could not be read, put into the tree as just that: nobody knows its value, and it must
//! not pass for something that was never written.

use std::ops::Range;

use super::conflict::is_sign;
use super::tree::{Entry, Kind, Node, NodeId, Style, Tree};
use super::yaml_mask::{indent, is_blank, is_item, name_of};
use crate::text::{Source, Span};

/// Puts the lines of `regions`, whole lines that the tree was read without, into the tree.
pub(super) fn mark(tree: &mut Tree, source: &Source, regions: &[Range<usize>]) {
    let mut regions = regions.to_vec();
    regions.sort_by_key(|region| region.start);
    for region in regions {
        let keys = keys_before(tree, source, region.start);
        let mut level = usize::MAX;
        let mut below = Vec::new();
        let mut start = region.start;
        let end = region.end;
        for line in source.text[region].split_inclusive('\n') {
            let at = start;
            start += line.len();
            if is_blank(line) || is_sign(line) {
                continue;
            }
            // What is deeper belongs to a line that is lost too, unless it is just askew.
            if indent(line) > level {
                let is_askew = below.first().is_some_and(|first| indent(line) < *first);
                below.push(indent(line));
                if is_askew && !is_item(line) {
                    lose(tree, source, &keys, at, line, level);
                }
                continue;
            }
            level = level_of(line, &source.text[start..end]);
            // A field with a value of its own has no fields below it.
            below = name_of(line)
                .filter(|name| *name != line.trim().trim_end_matches(':'))
                .map(|_| usize::MAX)
                .into_iter()
                .collect();
            lose(tree, source, &keys, at, line, level);
        }
    }
}

/// How deep a line is meant to be, of which those below it are `below`: one that a tab indents is above its own fields.
fn level_of(line: &str, below: &str) -> usize {
    let fields = below.lines().find(|line| !is_blank(line)).map(|line| indent(line).saturating_sub(1));
    fields.filter(|_| line.starts_with('\t')).map_or(indent(line), |fields| indent(line).min(fields))
}

fn column(source: &Source, at: usize) -> usize {
    at - source.line_around(at).start()
}

/// A key that is there.
struct Key {
    mapping: NodeId,
    value: NodeId,
    column: usize,
}

/// The keys above `before`, the nearest first.
fn keys_before(tree: &Tree, source: &Source, before: usize) -> Vec<Key> {
    let mut keys: Vec<(usize, Key)> = Vec::new();
    for (index, node) in tree.nodes.iter().enumerate() {
        let Kind::Mapping(mapping) = &node.kind else { continue };
        for entry in mapping.entries.iter().filter(|entry| !entry.merged && entry.key_span.start() < before) {
            let start = entry.key_span.start();
            keys.push((
                start,
                Key { mapping: NodeId(index as u32), value: entry.value, column: column(source, start) },
            ));
        }
    }
    keys.sort_by_key(|(start, _)| std::cmp::Reverse(*start));
    keys.into_iter().map(|(_, key)| key).collect()
}

/// Puts one line, meant to be indented by `level`, into the collection that it would have been in.
fn lose(tree: &mut Tree, source: &Source, keys: &[Key], at: usize, line: &str, level: usize) {
    let item = is_item(line);
    let begins = at + line.len() - line.trim_start().len();
    let holder = keys.iter().find(|key| {
        let may_be_in_its_column = || item && matches!(tree.node(key.value).kind, Kind::Null | Kind::Sequence(_));
        key.column < level || key.column == level && may_be_in_its_column()
    });
    let Some(holder) = holder else {
        if let Some(root) = tree.root() {
            lose_field(tree, root, begins, line);
        }
        return;
    };
    match &tree.node(holder.value).kind {
        Kind::Mapping(_) => lose_field(tree, holder.value, begins, line),
        Kind::Sequence(items) => {
            let last = items.iter().rfind(|item| tree.node(**item).span.start() < begins).copied();
            let fields = last.filter(|last| matches!(tree.node(*last).kind, Kind::Mapping(_)));
            // A line of the list's last item above it, with a dash too many at times.
            let is_field = |fields: &NodeId| !item || column(source, tree.first_key(*fields).start()) == level;
            match fields.filter(is_field) {
                Some(fields) => lose_field(tree, fields, begins, line),
                None => lose_item(tree, holder.value, begins),
            }
        }
        Kind::Broken => {}
        // All of the value, or a part of a text.
        _ => {
            tree.nodes[holder.value.0 as usize].kind = Kind::Broken;
            partial(tree, holder.mapping);
        }
    }
}

fn broken(span: Span, key: Option<Span>) -> Node {
    Node { kind: Kind::Broken, span, style: Style::Plain, key, extent: span }
}

fn lose_item(tree: &mut Tree, list: NodeId, begins: usize) {
    let item = tree.push(broken(Span::at(begins, 1), None));
    if let Kind::Sequence(items) = &mut tree.nodes[list.0 as usize].kind {
        items.push(item);
    }
}

/// A field whose name can be read has no value that can; any other line may have been any field.
fn lose_field(tree: &mut Tree, mapping: NodeId, begins: usize, line: &str) {
    let Some(name) = name_of(line) else { return partial(tree, mapping) };
    if tree.entries(mapping).iter().any(|entry| &*entry.key == name) {
        return;
    }
    let span = Span::at(begins, name.len());
    let value = tree.push(broken(span, Some(span)));
    if let Kind::Mapping(fields) = &mut tree.nodes[mapping.0 as usize].kind {
        let entry = Entry { key: name.into(), key_span: span, key_style: Style::Plain, value, merged: false };
        let place = fields.entries.iter().position(|entry| !entry.merged && entry.key_span.start() > begins);
        fields.entries.insert(place.unwrap_or(fields.entries.len()), entry);
    }
}

/// Fields of the mapping may be missing.
pub(super) fn partial(tree: &mut Tree, mapping: NodeId) {
    if let Kind::Mapping(fields) = &mut tree.nodes[mapping.0 as usize].kind {
        fields.partial = true;
    }
}

//! What was left out of a YAML text because it could not be read, put into the tree as just that: nobody knows its value, and it must
//! not pass for something that was never written.

use std::ops::Range;

use super::conflict::is_sign;
use super::tree::{Entry, Kind, Node, NodeId, Style, Tree};
use super::yaml_mask::{indent, is_blank, is_item, name_of};
use crate::text::{Source, Span};

/// So many lines are put into their places; where more are lost, anything may be missing anywhere.
const MOST_LINES: usize = 1_000;

/// Puts the lines of `regions`, whole lines that the tree was read without, into the tree.
pub(super) fn mark(tree: &mut Tree, source: &Source, regions: &[Range<usize>]) {
    if regions.is_empty() {
        return;
    }
    let mut lines_left = MOST_LINES;
    let mut keys = keys(tree, source);
    let mut regions = regions.to_vec();
    regions.sort_by_key(|region| region.start);
    for region in regions {
        let mut level = usize::MAX;
        // How deep the first line below it is.
        let mut below = None;
        let mut start = region.start;
        let end = region.end;
        let above = keys.partition_point(|key| key.start < region.start);
        let mut lost = Vec::new();
        for line in source.text[region].split_inclusive('\n') {
            let at = start;
            start += line.len();
            if is_blank(line) || is_sign(line) {
                continue;
            }
            // What is deeper belongs to a line that is lost too, unless it is just askew.
            if indent(line) > level {
                let is_askew = indent(line) < *below.get_or_insert(indent(line));
                if !is_askew || is_item(line) {
                    continue;
                }
            } else {
                level = level_of(line, &source.text[start..end]);
                // A field with a value of its own has no fields below it.
                let has_value = |name: &&str| *name != line.trim().trim_end_matches(':');
                below = name_of(line).filter(has_value).map(|_| usize::MAX);
            }
            if lines_left == 0 {
                return mark_all(tree);
            }
            lines_left -= 1;
            lost.extend(lose(tree, source, &keys[..above], at, line, level));
        }
        keys.splice(above..above, lost);
    }
    for (mapping, merged) in std::mem::take(&mut tree.merges) {
        if tree.is_partial(merged) {
            partial(tree, mapping);
        }
    }
}

/// Anything may be missing anywhere.
pub(super) fn mark_all(tree: &mut Tree) {
    (0..tree.nodes.len()).for_each(|index| partial(tree, NodeId(index as u32)));
}

/// How deep a line is meant to be, of which those below it are `below`: one that a tab indents is above its own fields.
fn level_of(line: &str, below: &str) -> usize {
    let fields = below.lines().find(|line| !is_blank(line)).map(|line| indent(line).saturating_sub(1));
    fields.filter(|_| line.starts_with('\t')).map_or(indent(line), |fields| indent(line).min(fields))
}

fn column(source: &Source, at: usize) -> usize {
    at - source.line_around(at).start()
}

/// A key, and where it is.
struct Key {
    start: usize,
    column: usize,
    mapping: NodeId,
    value: NodeId,
}

/// All keys, in the order written.
fn keys(tree: &Tree, source: &Source) -> Vec<Key> {
    let mut keys = Vec::new();
    for (index, node) in tree.nodes.iter().enumerate() {
        let Kind::Mapping(mapping) = &node.kind else { continue };
        for entry in mapping.entries.iter().filter(|entry| !entry.merged) {
            let start = entry.key_span.start();
            let column = column(source, start);
            keys.push(Key { start, column, mapping: NodeId(index as u32), value: entry.value });
        }
    }
    keys.sort_by_key(|key| key.start);
    keys
}

/// Puts one line, meant to be indented by `level` below some of `keys`, into the collection that it would have been in; its key,
/// if it is a field whose name can be read.
fn lose(tree: &mut Tree, source: &Source, keys: &[Key], at: usize, line: &str, level: usize) -> Option<Key> {
    let item = is_item(line);
    let begins = at + line.len() - line.trim_start().len();
    let above = keys.iter().rposition(|key| key.column <= level);
    let holder = above.and_then(|above| match &keys[above] {
        key if key.column < level || item && takes_items(tree, source, key, level) => Some(key),
        _ => keys[..above].iter().rfind(|key| key.column < level),
    });
    let field = |tree: &mut Tree, mapping| {
        let value = lose_field(tree, mapping, begins, line)?;
        Some(Key { start: begins, column: column(source, begins), mapping, value })
    };
    let Some(holder) = holder else {
        let root = tree.root()?;
        return field(tree, root);
    };
    match &tree.node(holder.value).kind {
        Kind::Mapping(_) => return field(tree, holder.value),
        Kind::Sequence(items) => {
            let last = items.iter().rfind(|item| tree.node(**item).span.start() < begins).copied();
            let fields = last.filter(|last| matches!(tree.node(*last).kind, Kind::Mapping(_)));
            // A line of the list's last item above it, with a dash too many at times.
            let is_field = |fields: &NodeId| !item || column(source, tree.first_key(*fields).start()) == level;
            match fields.filter(is_field) {
                Some(fields) => return field(tree, fields),
                None => lose_item(tree, holder.value, begins, line),
            }
        }
        Kind::Broken => {}
        // All of the value, or a part of a text.
        _ => {
            tree.nodes[holder.value.0 as usize].kind = Kind::Broken;
            partial(tree, holder.mapping);
        }
    }
    None
}

/// Whether items of a list may stand below the key, indented by `level`, which is the key's own column.
fn takes_items(tree: &Tree, source: &Source, key: &Key, level: usize) -> bool {
    let value = tree.node(key.value);
    match value.kind {
        Kind::Null => true,
        // Not one in brackets, which begins on the key's line, nor one that is indented deeper.
        Kind::Sequence(_) => {
            let first = source.slice(source.line_around(value.span.start()));
            let is_below = source.text.get(key.start..value.span.start()).is_some_and(|before| before.contains('\n'));
            is_below && !(is_item(first) && indent(first) != level)
        }
        _ => false,
    }
}

fn broken(span: Span, key: Option<Span>) -> Node {
    Node { kind: Kind::Broken, span, style: Style::Plain, key, extent: span }
}

fn lose_item(tree: &mut Tree, list: NodeId, begins: usize, line: &str) {
    let place = tree.items(list).iter().position(|item| tree.node(*item).span.start() > begins);
    let item = tree.push(broken(Span::at(begins, line.trim().len()), None));
    if let Kind::Sequence(items) = &mut tree.nodes[list.0 as usize].kind {
        items.insert(place.unwrap_or(items.len()), item);
    }
}

/// A field whose name can be read has no value that can, only a place for it; any other line may have been any field.
fn lose_field(tree: &mut Tree, mapping: NodeId, begins: usize, line: &str) -> Option<NodeId> {
    let Some(name) = name_of(line) else {
        partial(tree, mapping);
        return None;
    };
    if tree.entries(mapping).iter().any(|entry| &*entry.key == name) {
        return None;
    }
    let span = Span::at(begins, name.len());
    let value = tree.push(broken(span, Some(span)));
    if let Kind::Mapping(fields) = &mut tree.nodes[mapping.0 as usize].kind {
        let entry = Entry { key: name.into(), key_span: span, key_style: Style::Plain, value, merged: false };
        let place = fields.entries.iter().position(|entry| !entry.merged && entry.key_span.start() > begins);
        fields.entries.insert(place.unwrap_or(fields.entries.len()), entry);
    }
    Some(value)
}

/// Fields of the mapping may be missing.
pub(super) fn partial(tree: &mut Tree, mapping: NodeId) {
    if let Kind::Mapping(fields) = &mut tree.nodes[mapping.0 as usize].kind {
        fields.partial = true;
    }
}

//! Where a place is in a document: the way to it from the root, through fields and lists.

use crate::syntax::{Document, Kind, NodeId};
use crate::text::Span;

/// One step of a way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Into the field of this name.
    Field(String),
    /// Into the item at this index.
    Item(usize),
}

/// A place in a document.
#[derive(Clone, Debug)]
pub struct Cursor {
    /// From the root to the innermost value that has the place in it.
    pub way: Vec<Step>,
    /// That value, and before it each value around it, the root first.
    pub nodes: Vec<NodeId>,
    /// The key of the last step, where the place is on it rather than in the value.
    pub key: Option<Span>,
}

impl Cursor {
    /// The place at byte `offset`; `None` in a document with nothing in it.
    pub fn at(document: &Document, offset: usize) -> Option<Self> {
        let mut cursor = Self { way: Vec::new(), nodes: vec![document.tree.root()?], key: None };
        while cursor.step(document, offset) {}
        Some(cursor)
    }

    /// The end of a way in a document, or as far as that goes there.
    pub fn along(document: &Document, way: &[Step]) -> Option<Self> {
        let tree = &document.tree;
        let mut cursor = Self { way: Vec::new(), nodes: vec![tree.root()?], key: None };
        for step in way {
            let next = match step {
                Step::Field(name) => tree.get(cursor.node(), name),
                Step::Item(index) => tree.items(cursor.node()).get(*index).copied(),
            };
            let Some(next) = next else { break };
            cursor.way.push(step.clone());
            cursor.nodes.push(next);
        }
        Some(cursor)
    }

    /// The innermost value.
    pub fn node(&self) -> NodeId {
        self.nodes[self.nodes.len() - 1]
    }

    /// The names of the fields on the way, the last one first.
    pub fn fields(&self) -> impl Iterator<Item = &str> {
        self.way.iter().rev().filter_map(|step| match step {
            Step::Field(name) => Some(&**name),
            Step::Item(_) => None,
        })
    }

    /// One step further in, if the place is in a value of the innermost one.
    fn step(&mut self, document: &Document, offset: usize) -> bool {
        let has = |span: Span| span.start() <= offset && offset <= span.end();
        let tree = &document.tree;
        if self.key.is_some() {
            return false;
        }
        let (step, node, key) = match &tree.node(self.node()).kind {
            Kind::Mapping(mapping) => {
                // A value that came by a merge key or an alias is elsewhere in the text.
                let own = || mapping.entries.iter().filter(|entry| !entry.merged);
                let is_here = |key_span, value| tree.node(value).key == Some(key_span) && has(tree.node(value).extent);
                let on_key = own().find(|entry| has(entry.key_span));
                match on_key.or_else(|| own().find(|entry| is_here(entry.key_span, entry.value))) {
                    Some(entry) => {
                        let key = on_key.map(|entry| entry.key_span);
                        (Step::Field(entry.key.to_string()), entry.value, key)
                    }
                    None => return false,
                }
            }
            Kind::Sequence(items) => match items.iter().position(|&item| has(tree.node(item).extent)) {
                Some(index) => (Step::Item(index), items[index], None),
                None => return false,
            },
            _ => return false,
        };
        self.way.push(step);
        self.nodes.push(node);
        self.key = key;
        true
    }
}

/// The comment at byte `offset`.
pub fn comment_at(document: &Document, offset: usize) -> Option<Span> {
    let comments = &document.tree.comments;
    let before = comments.partition_point(|comment| comment.start() <= offset);
    comments[..before].last().copied().filter(|comment| offset <= comment.end())
}

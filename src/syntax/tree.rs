//! One tree for YAML and TOML: every key and value with its place.

use std::collections::HashMap;
use std::sync::Arc;

use crate::text::Span;

/// A node's number in its [`Tree`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub(crate) u32);

/// How a text was written, kept for exact places inside it and for fixes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Bare words (YAML), or anything that is not a string (TOML).
    Plain,
    /// `'…'`
    Single,
    /// `"…"`
    Double,
    /// `'''…'''` (TOML)
    MultilineSingle,
    /// `"""…"""` (TOML)
    MultilineDouble,
    /// A YAML block scalar, `|` or `>`.
    Block,
}

impl Style {
    /// `text` in these quotes. It must need no escapes in them.
    pub fn quote(self, text: &str) -> String {
        match self {
            Style::Single => format!("'{text}'"),
            Style::MultilineSingle => format!("'''{text}'''"),
            Style::MultilineDouble => format!("\"\"\"{text}\"\"\""),
            Style::Double => format!("\"{text}\""),
            Style::Plain | Style::Block => text.to_owned(),
        }
    }
}

/// The kind and value of a node.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// YAML's null, which counts as "not written".
    Null,
    /// True or false.
    Bool(bool),
    /// An integer that fits.
    Int(i64),
    /// Any other number, and integers beyond 64 bits.
    Float(f64),
    /// A text.
    String(Arc<str>),
    /// A date or time, which only TOML has; as written.
    Date,
    /// A list.
    Sequence(Vec<NodeId>),
    /// A mapping, its merge keys already resolved.
    Mapping(Mapping),
    /// Something that was reported as a syntax error: never looked at again.
    Broken,
}

impl Kind {
    /// In the writer's words, with an article: for "this is …".
    pub fn noun(&self) -> &'static str {
        match self {
            Kind::Null => "nothing",
            Kind::Bool(_) => "true or false",
            Kind::Int(_) | Kind::Float(_) => "a number",
            Kind::String(_) => "text",
            Kind::Date => "a date",
            Kind::Sequence(_) => "a list",
            Kind::Mapping(_) => "`name: value` fields",
            Kind::Broken => "unreadable",
        }
    }
}

/// Key-value pairs in the order written; the first of a doubled key, then what merge keys add.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Mapping {
    /// The pairs.
    pub entries: Vec<Entry>,
    /// Where the first key is, a merge key included; `None` in an empty mapping.
    pub first_key: Option<Span>,
    /// Whether some of it could not be read and was left out: a field that is absent may have been written.
    pub partial: bool,
}

/// A key with its value.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The key's text.
    pub key: Box<str>,
    /// The key's place, in the anchored text where it came by a merge key.
    pub key_span: Span,
    /// How the key was written.
    pub key_style: Style,
    /// Its value.
    pub value: NodeId,
    /// Whether the pair came by a merge key.
    pub merged: bool,
}

/// A value with its place.
#[derive(Debug, Clone)]
pub struct Node {
    /// Its kind and value.
    pub kind: Kind,
    /// The value itself, quotes and brackets included. For a TOML table that has a header: the header.
    pub span: Span,
    /// How a text was written.
    pub style: Style,
    /// The key under which the value is written; `None` for the root and for list items.
    pub key: Option<Span>,
    /// All that belongs to the value, keys and nested tables included: what "inside this shot" means.
    pub extent: Span,
}

/// A key that is written twice in one mapping.
#[derive(Debug, Clone)]
pub struct DuplicateKey {
    /// The key.
    pub key: Box<str>,
    /// The mapping that it is in.
    pub mapping: NodeId,
    /// The first, which counts.
    pub first: Span,
    /// The later one, which does not.
    pub second: Span,
}

/// A named piece of YAML and the places that use it.
#[derive(Debug, Clone)]
pub struct Anchor {
    /// Without the `&`.
    pub name: Box<str>,
    /// The node that is named.
    pub node: NodeId,
    /// Each `*name`.
    pub uses: Vec<Span>,
}

/// One file as a tree. Aliases share the node that they point at, so a node may be reached in several ways; a cycle
/// cannot be built.
#[derive(Debug, Default)]
pub struct Tree {
    pub(crate) nodes: Vec<Node>,
    pub(crate) root: Option<NodeId>,
    /// Keys that stand twice.
    pub duplicates: Vec<DuplicateKey>,
    /// YAML's anchors, in the order written.
    pub anchors: Vec<Anchor>,
    /// Which mapping took over the fields of which other by a merge key, in the order read.
    pub(crate) merges: Vec<(NodeId, NodeId)>,
    /// Comments, `#` included, without the line end, in order.
    pub comments: Vec<Span>,
    /// YAML's plain texts that end at a ` #` with no space behind it, and fields that are empty because of one: each with the
    /// comment that took the rest.
    pub lost_texts: Vec<(NodeId, Span)>,
    /// YAML's plain texts that have another comment behind them on their line.
    pub remarks: Vec<(NodeId, Span)>,
    /// Whether something was unreadable and left out: what is absent may stand there.
    pub incomplete: bool,
}

impl Tree {
    /// The outermost value; `None` for a file with nothing in it, or one that could not be read.
    pub fn root(&self) -> Option<NodeId> {
        self.root
    }

    /// The node.
    pub fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.0 as usize]
    }

    pub(crate) fn push(&mut self, node: Node) -> NodeId {
        self.nodes.push(node);
        NodeId(self.nodes.len() as u32 - 1)
    }

    /// The value under `key`; a null counts as absent.
    pub fn get(&self, id: NodeId, key: &str) -> Option<NodeId> {
        self.entries(id)
            .iter()
            .find(|entry| &*entry.key == key)
            .map(|entry| entry.value)
            .filter(|&value| !self.is_null(value))
    }

    /// The pairs of a mapping; none for anything else.
    pub fn entries(&self, id: NodeId) -> &[Entry] {
        match &self.node(id).kind {
            Kind::Mapping(mapping) => &mapping.entries,
            _ => &[],
        }
    }

    /// Whether fields of the value may be missing: some of it could not be read, or it is not a mapping at all.
    pub fn is_partial(&self, id: NodeId) -> bool {
        !matches!(&self.node(id).kind, Kind::Mapping(Mapping { partial: false, .. }))
    }

    /// The members of a list; none for anything else.
    pub fn items(&self, id: NodeId) -> &[NodeId] {
        match &self.node(id).kind {
            Kind::Sequence(items) => items,
            _ => &[],
        }
    }

    /// The text of a string.
    pub fn text(&self, id: NodeId) -> Option<&str> {
        match &self.node(id).kind {
            Kind::String(text) => Some(text),
            _ => None,
        }
    }

    /// Whether the value is YAML's null.
    pub fn is_null(&self, id: NodeId) -> bool {
        matches!(self.node(id).kind, Kind::Null)
    }

    /// The mappings in which a further item begins, because its `- ` or header was forgotten: each with the start of the second
    /// `id`, where the first one begins the mapping and nothing was doubled before.
    pub fn second_items(&self) -> HashMap<NodeId, usize> {
        let mut first_double: HashMap<NodeId, Option<usize>> = HashMap::new();
        for doubled in &self.duplicates {
            let begins = &*doubled.key == "id" && self.first_key(doubled.mapping) == doubled.first;
            first_double.entry(doubled.mapping).or_insert(begins.then_some(doubled.second.start()));
        }
        first_double.into_iter().filter_map(|(mapping, start)| Some((mapping, start?))).collect()
    }

    /// Where the value is pointed at: a scalar by itself, a mapping or list by its key, a list item without a key by its
    /// first key or its value.
    pub fn place(&self, id: NodeId) -> Span {
        let node = self.node(id);
        match &node.kind {
            Kind::Sequence(_) => node.key.unwrap_or(node.span),
            Kind::Mapping(mapping) => node.key.or(mapping.first_key).unwrap_or(node.span),
            _ => node.span,
        }
    }

    /// Where a fault about a mapping as a whole (a missing field) is pointed at: its first key.
    pub fn first_key(&self, id: NodeId) -> Span {
        match &self.node(id).kind {
            Kind::Mapping(mapping) => mapping.first_key.unwrap_or_else(|| self.place(id)),
            _ => self.place(id),
        }
    }
}

/// Collects the keys of one mapping and finds doubled ones without a scan for each.
#[derive(Default)]
pub(crate) struct Keys {
    /// Built only once a mapping has grown past what a scan does faster.
    index: HashMap<Box<str>, usize>,
}

impl Keys {
    const SCAN_AT_MOST: usize = 24;

    /// The position of `key` among `entries`, if it is there. `entries` may only grow between calls.
    pub fn position(&mut self, entries: &[Entry], key: &str) -> Option<usize> {
        if entries.len() <= Self::SCAN_AT_MOST {
            return entries.iter().position(|entry| &*entry.key == key);
        }
        for (position, entry) in entries.iter().enumerate().skip(self.index.len()) {
            self.index.insert(entry.key.clone(), position);
        }
        self.index.get(key).copied()
    }
}

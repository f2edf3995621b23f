//! Values of a film with the places where they were written.

use std::fmt;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use crate::syntax::{Document, NodeId, TextMap};
use crate::text::Place;
use crate::text::Span;

/// A value's place in a document: what a rule points at. Offsets are looked up only when something is reported.
#[derive(Clone)]
pub struct At {
    /// The document.
    pub document: Arc<Document>,
    /// The value.
    pub node: NodeId,
}

impl At {
    /// Where the value is pointed at: a scalar by itself, a mapping or list by its key.
    pub fn place(&self) -> Place {
        self.document.place(self.document.tree.place(self.node))
    }

    /// Whether fields of the value may be missing: some of it could not be read, or it is not a mapping at all.
    pub fn is_partial(&self) -> bool {
        self.document.tree.is_partial(self.node)
    }

    /// The first key of a mapping.
    pub fn first_key(&self) -> Place {
        self.document.place(self.document.tree.first_key(self.node))
    }

    /// The value's key, or the value where it has none.
    pub fn key(&self) -> Place {
        let node = self.document.tree.node(self.node);
        self.document.place(node.key.unwrap_or(node.span))
    }

    /// The key of `field` in this mapping.
    pub fn key_of(&self, field: &str) -> Option<Place> {
        let entry = self.document.tree.entries(self.node).iter().find(|entry| &*entry.key == field)?;
        Some(self.document.place(entry.key_span))
    }

    /// The value with its quotes, as it is in the file.
    pub fn written(&self) -> &str {
        self.document.source.slice(self.document.tree.node(self.node).span)
    }

    /// The value as JSON; what could not be read is null.
    pub fn json(&self) -> serde_json::Value {
        super::decode::json(&self.document, self.node)
    }

    /// Whether both are the same value.
    pub fn same(&self, other: &At) -> bool {
        self.key_in_maps() == other.key_in_maps()
    }

    /// A key that distinguishes it from every other value of the documents in memory: an anchored value is one value, however
    /// many aliases use it.
    pub fn key_in_maps(&self) -> (usize, NodeId) {
        (Arc::as_ptr(&self.document) as usize, self.node)
    }
}

impl fmt::Debug for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let position = self.document.source.position(self.document.tree.place(self.node).start());
        write!(f, "{}:{}:{}", self.document.source.name, position.line, position.column)
    }
}

/// A value and where it was written.
#[derive(Clone, Debug)]
pub struct Value<T> {
    /// The value.
    pub value: T,
    /// Where it was written.
    pub at: At,
}

/// A field as it was found.
#[derive(Clone, Debug, Default)]
pub enum Field<T> {
    /// Not written.
    #[default]
    Absent,
    /// Not found, where some of the mapping could not be read, which is reported elsewhere: it may have been written.
    Lost,
    /// Written, but wrong, which is reported elsewhere: no rule that needs it can be evaluated.
    Invalid(At),
    /// Written and of the right form.
    Valid(Value<T>),
}

impl<T> Field<T> {
    /// The value, if it is valid.
    pub fn valid(&self) -> Option<&Value<T>> {
        match self {
            Field::Valid(value) => Some(value),
            _ => None,
        }
    }

    /// What was written, if it is valid.
    pub fn value(&self) -> Option<&T> {
        self.valid().map(|value| &value.value)
    }

    /// Where it was written, if it is wrong.
    pub fn invalid(&self) -> Option<&At> {
        match self {
            Field::Invalid(at) => Some(at),
            _ => None,
        }
    }

    /// Where it was written, right or wrong.
    pub fn at(&self) -> Option<&At> {
        match self {
            Field::Absent | Field::Lost => None,
            Field::Invalid(at) => Some(at),
            Field::Valid(value) => Some(&value.at),
        }
    }

    /// Whether nobody knows the value: it is wrong, or may have been written where nothing could be read.
    pub fn is_unknown(&self) -> bool {
        matches!(self, Field::Invalid(_) | Field::Lost)
    }

    /// Whether it was surely not written.
    pub fn is_absent(&self) -> bool {
        matches!(self, Field::Absent)
    }
}

/// A text of the writer's.
#[derive(Clone)]
pub struct Text {
    /// The text as written: neither trimmed nor expanded.
    pub value: Arc<str>,
    /// Where.
    pub at: At,
    /// The span, where it is a key (a speaker) rather than a value.
    key: Option<Span>,
    map: Arc<OnceLock<TextMap>>,
}

impl Text {
    /// The text that is a value.
    pub(crate) fn new(value: Arc<str>, at: At) -> Self {
        Self { value, at, key: None, map: Arc::default() }
    }

    /// The text that is a key; `at` is the mapping.
    pub(super) fn of_key(key: &str, span: Span, at: At) -> Self {
        Self { value: key.into(), at, key: Some(span), map: Arc::default() }
    }

    /// The whole text's place.
    pub fn place(&self) -> Place {
        match self.key {
            Some(span) => self.at.document.place(span),
            None => self.at.place(),
        }
    }

    /// The key's span, where the text is a key.
    pub(super) fn key(&self) -> Option<Span> {
        self.key
    }

    /// The place of the bytes `part` of the text, however it is quoted and folded.
    pub fn part(&self, part: Range<usize>) -> Place {
        if self.key.is_some() {
            return self.place();
        }
        let map = self.map.get_or_init(|| self.at.document.text_map(self.at.node, &self.value));
        self.at.document.place(map.locate(part))
    }

    /// Whether there is nothing but white space in it.
    pub fn is_blank(&self) -> bool {
        self.value.trim().is_empty()
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} at {:?}", self.value, self.at)
    }
}

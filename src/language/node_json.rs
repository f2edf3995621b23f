//! The spanned tree as the jsonschema crate's own kind of JSON, so that the tree itself is validated, without a copy.

use std::borrow::Cow;

use jsonschema::JsonType;
use jsonschema::json::{Array, Json, JsonNumber, Node, NodeIdentity, Object};
use serde_json::Value;

use crate::syntax::{Entry, Kind, NodeId, Tree};

/// The representation.
pub(super) struct TreeJson;

/// A node of a tree, or the name of a member while `propertyNames` looks at it.
#[derive(Clone, Copy)]
pub(super) enum Instance<'a> {
    Node(&'a Tree, NodeId),
    Name(&'a str),
}

impl<'a> Instance<'a> {
    pub fn new(tree: &'a Tree, node: NodeId) -> Self {
        Self::Node(tree, node)
    }

    fn kind(&self) -> Option<&'a Kind> {
        match *self {
            Self::Node(tree, node) => Some(&tree.node(node).kind),
            Self::Name(_) => None,
        }
    }
}

impl Json for TreeJson {
    type Node<'a> = Instance<'a>;
    type PreparedKey = String;
    type StringBuffer = String;
    // A lookup is a scan here, so one pass over the members beats a lookup for each property.
    const KEYS_PER_LOOKUP: usize = 1000;
    const ACYCLIC: bool = true;

    fn prepare_key(key: &str) -> String {
        key.to_owned()
    }

    fn with_string_node<T>(buffer: &mut String, string: &str, f: impl FnOnce(Instance<'_>) -> T) -> T {
        buffer.clear();
        buffer.push_str(string);
        f(Instance::Name(buffer))
    }
}

impl<'a> Node<'a, TreeJson> for Instance<'a> {
    type Object = Members<'a>;
    type Array = Elements<'a>;
    type Number = Number;

    fn as_object(&self) -> Option<Members<'a>> {
        match (self, self.kind()) {
            (Self::Node(tree, _), Some(Kind::Mapping(mapping))) => Some(Members { tree, entries: &mapping.entries }),
            _ => None,
        }
    }

    fn as_array(&self) -> Option<Elements<'a>> {
        match (self, self.kind()) {
            (Self::Node(tree, _), Some(Kind::Sequence(items))) => Some(Elements { tree, items }),
            _ => None,
        }
    }

    fn as_string(&self) -> Option<Cow<'a, str>> {
        match *self {
            Self::Name(name) => Some(Cow::Borrowed(name)),
            Self::Node(..) => match self.kind() {
                Some(Kind::String(text)) => Some(Cow::Borrowed(text)),
                _ => None,
            },
        }
    }

    fn as_number(&self) -> Option<Number> {
        match self.kind()? {
            Kind::Int(number) => Some(Number::Int(*number)),
            Kind::Float(number) => Some(Number::Float(*number)),
            _ => None,
        }
    }

    fn as_boolean(&self) -> Option<bool> {
        match self.kind()? {
            Kind::Bool(value) => Some(*value),
            _ => None,
        }
    }

    fn is_null(&self) -> bool {
        matches!(self.kind(), Some(Kind::Null))
    }

    fn json_type(&self) -> JsonType {
        match self.kind() {
            None | Some(Kind::String(_)) => JsonType::String,
            Some(Kind::Null | Kind::Broken) => JsonType::Null,
            Some(Kind::Bool(_)) => JsonType::Boolean,
            Some(Kind::Int(_) | Kind::Float(_)) => JsonType::Number,
            // JSON has no dates. No number says that it is an integer (integer-ness is asked elsewhere), so this is a type
            // that only fields of integers and something else take: those are looked at in `check`.
            Some(Kind::Date) => JsonType::Integer,
            Some(Kind::Sequence(_)) => JsonType::Array,
            Some(Kind::Mapping(_)) => JsonType::Object,
        }
    }

    fn equals_value(&self, expected: &Value) -> bool {
        match (self.as_string(), self.kind(), expected) {
            (Some(text), _, Value::String(expected)) => text == *expected,
            (None, Some(Kind::Bool(value)), Value::Bool(expected)) => value == expected,
            (None, Some(Kind::Null), Value::Null) => true,
            (None, Some(Kind::Int(number)), Value::Number(expected)) => expected.as_i64() == Some(*number),
            (None, Some(Kind::Float(number)), Value::Number(expected)) => expected.as_f64() == Some(*number),
            _ => false,
        }
    }

    /// Only errors ask for it (`equals_value` is above, and our schemas have no `uniqueItems`). They get the node's number,
    /// which is all that is needed to find its place, and costs nothing however large the value is.
    fn to_value(&self) -> Cow<'a, Value> {
        Cow::Owned(match *self {
            Self::Node(_, node) => Value::from(node.0),
            Self::Name(name) => Value::from(name),
        })
    }

    fn identity(&self) -> Option<NodeIdentity> {
        Some(match *self {
            Self::Node(tree, node) => NodeIdentity::tagged(std::ptr::from_ref(tree) as usize, node.0),
            Self::Name(name) => NodeIdentity::new(name.as_ptr() as usize),
        })
    }
}

pub(super) enum Number {
    Int(i64),
    Float(f64),
}

impl JsonNumber for Number {
    fn as_u64(&self) -> Option<u64> {
        match self {
            Self::Int(number) => u64::try_from(*number).ok(),
            Self::Float(_) => None,
        }
    }

    fn as_i64(&self) -> Option<i64> {
        match self {
            Self::Int(number) => Some(*number),
            Self::Float(_) => None,
        }
    }

    fn as_f64(&self) -> Option<f64> {
        Some(match self {
            Self::Int(number) => *number as f64,
            Self::Float(number) => *number,
        })
    }

    fn as_str(&self) -> Cow<'_, str> {
        Cow::Owned(match self {
            Self::Int(number) => number.to_string(),
            Self::Float(number) => number.to_string(),
        })
    }

    fn to_number(&self) -> Cow<'_, serde_json::Number> {
        Cow::Owned(match self {
            Self::Int(number) => (*number).into(),
            Self::Float(number) => serde_json::Number::from_f64(*number).unwrap_or_else(|| 0.into()),
        })
    }

    fn is_integer(&self) -> bool {
        match self {
            Self::Int(_) => true,
            Self::Float(number) => number.fract() == 0.0,
        }
    }

    fn is_written_as_integer(&self) -> bool {
        matches!(self, Self::Int(_))
    }
}

pub(super) struct Members<'a> {
    tree: &'a Tree,
    entries: &'a [Entry],
}

impl<'a> Object<'a, TreeJson> for Members<'a> {
    type Node = Instance<'a>;
    type MemberName = &'a str;
    type MembersIter = MembersIter<'a>;

    fn len(&self) -> usize {
        self.entries.len()
    }

    fn get(&self, key: &String) -> Option<Instance<'a>> {
        let entry = self.entries.iter().find(|entry| *entry.key == **key)?;
        Some(Instance::Node(self.tree, entry.value))
    }

    fn members(&self) -> MembersIter<'a> {
        MembersIter { tree: self.tree, entries: self.entries.iter() }
    }
}

pub(super) struct MembersIter<'a> {
    tree: &'a Tree,
    entries: std::slice::Iter<'a, Entry>,
}

impl<'a> Iterator for MembersIter<'a> {
    type Item = (&'a str, Instance<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        self.entries.next().map(|entry| (&*entry.key, Instance::Node(self.tree, entry.value)))
    }
}

pub(super) struct Elements<'a> {
    tree: &'a Tree,
    items: &'a [NodeId],
}

impl<'a> Array<'a, TreeJson> for Elements<'a> {
    type Node = Instance<'a>;
    type ElementsIter = ElementsIter<'a>;

    fn len(&self) -> usize {
        self.items.len()
    }

    fn elements(&self) -> ElementsIter<'a> {
        ElementsIter { tree: self.tree, items: self.items.iter() }
    }
}

pub(super) struct ElementsIter<'a> {
    tree: &'a Tree,
    items: std::slice::Iter<'a, NodeId>,
}

impl<'a> Iterator for ElementsIter<'a> {
    type Item = Instance<'a>;

    fn next(&mut self) -> Option<Self::Item> {
        self.items.next().map(|&item| Instance::Node(self.tree, item))
    }
}

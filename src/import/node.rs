//! The values that every form is read into, each with its line.

use indexmap::IndexMap;
use serde_json::{Map, Number, Value};

/// A group's fields in the order written.
pub type Group = IndexMap<String, Node>;

/// A value and the line on which it begins, from 1.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// The line.
    pub line: usize,
    /// The value.
    pub data: Data,
}

/// The kind of a value.
#[derive(Debug, Clone, PartialEq)]
pub enum Data {
    /// Nothing.
    Null,
    /// True or false.
    Bool(bool),
    /// A number that is carried exactly.
    Number(Number),
    /// A whole number with more digits than 64 bits have room for, as written.
    Digits(String),
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Node>),
    /// A group of fields.
    Group(Group),
}

impl Node {
    pub fn new(line: usize, data: Data) -> Self {
        Self { line, data }
    }

    pub fn text(line: usize, text: impl Into<String>) -> Self {
        Self::new(line, Data::Text(text.into()))
    }

    pub fn as_str(&self) -> Option<&str> {
        match &self.data {
            Data::Text(text) => Some(text),
            _ => None,
        }
    }

    pub fn as_group(&self) -> Option<&Group> {
        match &self.data {
            Data::Group(fields) => Some(fields),
            _ => None,
        }
    }

    pub fn as_list(&self) -> Option<&[Node]> {
        match &self.data {
            Data::List(items) => Some(items),
            _ => None,
        }
    }

    /// The field `name` of a group.
    pub fn get(&self, name: &str) -> Option<&Node> {
        self.as_group()?.get(name)
    }

    /// The value at the end of a path of field names.
    pub fn at(&self, path: &[&str]) -> Option<&Node> {
        path.iter().try_fold(self, |node, name| node.get(name))
    }

    /// Whether it says nothing: Kling takes such a field as not there.
    pub fn is_blank(&self) -> bool {
        match &self.data {
            Data::Null => true,
            Data::Text(text) => text.trim().is_empty(),
            Data::List(items) => items.is_empty(),
            _ => false,
        }
    }

    /// A text, number or truth value in words; `None` for lists and groups.
    pub fn words(&self) -> Option<String> {
        match &self.data {
            Data::Text(text) => Some(text.trim().to_owned()),
            Data::Number(number) => Some(number.to_string()),
            Data::Digits(digits) => Some(digits.clone()),
            Data::Bool(is_true) => Some(is_true.to_string()),
            Data::Null | Data::List(_) | Data::Group(_) => None,
        }
    }

    /// Its kind, with an article.
    pub fn noun(&self) -> &'static str {
        match &self.data {
            Data::Null => "null",
            Data::Bool(_) => "true or false",
            Data::Number(_) | Data::Digits(_) => "a number",
            Data::Text(_) => "text",
            Data::List(_) => "a list",
            Data::Group(_) => "a group of fields",
        }
    }

    /// The same value as JSON; digits that JSON's numbers have no room for become text.
    pub fn into_json(self) -> Value {
        match self.data {
            Data::Null => Value::Null,
            Data::Bool(is_true) => is_true.into(),
            Data::Number(number) => Value::Number(number),
            Data::Digits(digits) => digits.into(),
            Data::Text(text) => text.into(),
            Data::List(items) => items.into_iter().map(Node::into_json).collect(),
            Data::Group(fields) => {
                Value::Object(fields.into_iter().map(|(name, node)| (name, node.into_json())).collect::<Map<_, _>>())
            }
        }
    }

    /// Puts the value and all in it on one line: what was read from a text in the file, whose line ends are not the file's.
    pub fn set_line(&mut self, line: usize) {
        self.line = line;
        match &mut self.data {
            Data::List(items) => items.iter_mut().for_each(|item| item.set_line(line)),
            Data::Group(fields) => fields.values_mut().for_each(|field| field.set_line(line)),
            _ => {}
        }
    }

    /// Moves the value and all in it down by some lines: what was read from a part of a file.
    pub fn shift(&mut self, lines: usize) {
        self.line += lines;
        match &mut self.data {
            Data::List(items) => items.iter_mut().for_each(|item| item.shift(lines)),
            Data::Group(fields) => fields.values_mut().for_each(|field| field.shift(lines)),
            _ => {}
        }
    }
}

//! A shot as it was found: the fields of a request, or the cells of a table's row, under the names that they came with.

use std::borrow::Cow;
use std::sync::Arc;

use super::node::{Data, Group, Node};
use super::words::{self, Place};
use super::{Weight, json, new_api};

/// The source of one shot.
#[derive(Debug, Clone)]
pub(super) struct Record {
    /// The file that it was read from.
    pub(super) file: Arc<str>,
    /// The line on which it begins, from 1.
    pub(super) line: usize,
    /// Its name, and whether it is no more than the file's.
    pub(super) name: Option<Name>,
    /// The scene that it belongs to.
    pub(super) scene: Option<String>,
    pub(super) kind: Kind,
    /// Its fields, in the order written.
    pub(super) fields: Vec<(String, Node)>,
    /// Remarks that no field can hold: the field, the line, the message.
    pub(super) remarks: Vec<(String, usize, String, Weight)>,
}

/// A name that a record came with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Name {
    pub text: String,
    /// Whether it is the file's name, which nobody meant as an id.
    pub is_file_name: bool,
}

/// The kind of a record, which decides what happens to fields that have no place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A request of Kling's own image-to-video: an unknown field is sent under `kling`.
    Request,
    /// A request of another service or tool: an unknown field means nothing to Kling.
    Foreign,
    /// A row of a shot list.
    Row,
}

impl Record {
    pub fn new(file: &Arc<str>, line: usize, kind: Kind) -> Self {
        let (name, scene) = (None, None);
        Self { file: file.clone(), line, name, scene, kind, fields: Vec::new(), remarks: Vec::new() }
    }

    /// The record that a group of fields is.
    pub fn of(file: &Arc<str>, line: usize, fields: Group) -> Self {
        let mut record = Self::new(file, line, Kind::Request);
        record.take(fields, 0);
        if record.kind == Kind::Request && !record.fields.iter().any(|(name, _)| words::is_kling(name)) {
            record.kind = Kind::Row;
        }
        record
    }

    fn take(&mut self, fields: Group, depth: usize) {
        // Deeper than anybody wraps; what is deeper is a field like any other.
        const DEEPEST: usize = 8;
        if let Some(converted) = new_api::fields(&fields, &mut self.remarks) {
            self.kind = Kind::Foreign;
            self.fields.extend(converted);
            return;
        }
        for (name, node) in fields {
            match wrapped(&name, &node).filter(|_| depth < DEEPEST).map(Cow::into_owned) {
                Some(inner) => {
                    self.kind = Kind::Foreign;
                    self.take(inner, depth + 1);
                }
                None => self.fields.push((name, node)),
            }
        }
    }

    /// Whether a field for `place` is there.
    pub fn has(&self, place: Place) -> bool {
        self.fields.iter().any(|(name, node)| words::place(name) == Some(place) && !node.is_blank())
    }

    /// Takes the fields that say which shot it is, and in which scene: a number or name of its own before a title.
    pub fn take_name(&mut self) {
        const IDS: &[&str] =
            &["id", "shotid", "clipid", "shotnumber", "shotno", "shotnr", "number", "no", "nr", "slug", "index"];
        let is = |field: &(String, Node), wanted: Place| {
            words::place(&field.0) == Some(wanted) && field.1.words().is_some_and(|text| !text.is_empty())
        };
        let of_id = |field: &(String, Node)| is(field, Place::Id) && IDS.contains(&&*words::normal(&field.0));
        let found = self.fields.iter().position(of_id);
        let found = found.or_else(|| self.fields.iter().position(|field| is(field, Place::Id)));
        if let Some(at) = found.filter(|_| self.name.is_none()) {
            self.name = self.fields.remove(at).1.words().as_deref().and_then(super::ids::named);
        }
        let found = self.fields.iter().position(|field| is(field, Place::Scene));
        if let Some(at) = found.filter(|_| self.scene.is_none() && self.kind == Kind::Row) {
            self.scene = self.fields.remove(at).1.words();
        }
    }

    /// Adds a field that the request has from elsewhere, such as the model in its address.
    pub fn add(&mut self, name: &str, node: Node) {
        self.fields.push((name.to_owned(), node));
    }
}

/// The fields that a wrapper's value holds, or a text with JSON in the place of one.
fn wrapped<'n>(name: &str, node: &'n Node) -> Option<Cow<'n, Group>> {
    if !words::is_wrapper(name) {
        return None;
    }
    let group = match &node.data {
        Data::Group(group) => Cow::Borrowed(group),
        Data::Text(text) if text.trim_start().starts_with('{') => match json::value(text)?.data {
            Data::Group(mut group) => {
                group.values_mut().for_each(|field| field.set_line(node.line));
                Cow::Owned(group)
            }
            _ => return None,
        },
        _ => return None,
    };
    says_something(&group).then_some(group)
}

/// Whether a group has a field that a request has.
pub(super) fn says_something(group: &Group) -> bool {
    group.iter().any(|(name, node)| {
        let says = |place| {
            !matches!(
                place,
                Place::Id | Place::Scene | Place::Notes | Place::Version | Place::Raw(_) | Place::Nowhere(_)
            )
        };
        words::place(name).is_some_and(says)
            || wrapped(name, node).is_some()
            || (name == "contents" && node.as_list().is_some())
    })
}

/// Whether a group is surely a request or a shot: it says what happens or shows it, and one thing more.
pub(super) fn is_shot(group: &Group) -> bool {
    fn places(group: &Group, found: &mut Vec<Place>, depth: usize) {
        for (name, node) in group {
            match wrapped(name, node).filter(|_| depth < 4) {
                Some(inner) => places(&inner, found, depth + 1),
                None if node.is_blank() => {}
                None if name == "contents" && node.as_list().is_some() => {
                    found.extend([Place::Prompt, Place::FirstFrame]);
                }
                None => found
                    .extend(words::place(name).filter(|place| !found.contains(place)).into_iter().collect::<Vec<_>>()),
            }
        }
    }
    let mut found = Vec::new();
    places(group, &mut found, 0);
    let counts = |place: &&Place| !matches!(place, Place::Notes | Place::Nowhere(_) | Place::Raw(_));
    found.iter().any(|place| matches!(place, Place::Prompt | Place::FirstFrame | Place::Cuts))
        && found.iter().filter(counts).count() > 1
}

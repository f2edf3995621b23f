//! Fields off the spanned tree, tolerantly: a wrong value is marked as such and hides nothing else.

use std::collections::HashSet;
use std::sync::Arc;

use super::at::{At, Field, Text, Value};
use super::check::Checked;
use super::storyboard::Origin;
use crate::kling::{Axis, Mode, Preset};
use crate::syntax::{Document, Kind, NodeId};

/// A mapping whose fields are read.
#[derive(Clone, Copy)]
pub(super) struct Fields<'d> {
    document: &'d Arc<Document>,
    rejected: &'d HashSet<NodeId>,
    node: NodeId,
}

/// A value that knows how it is read from a node.
pub(super) trait Decode: Sized {
    /// `None`: the node is of another kind.
    fn decode(at: &At, rejected: &HashSet<NodeId>) -> Option<Self>;
}

impl<'d> Fields<'d> {
    pub fn new(checked: &'d Checked, node: NodeId) -> Self {
        Self { document: &checked.document, rejected: &checked.shape.rejected, node }
    }

    pub fn of(at: &'d At, rejected: &'d HashSet<NodeId>) -> Option<Self> {
        let is_mapping = matches!(at.document.tree.node(at.node).kind, Kind::Mapping(_));
        is_mapping.then_some(Self { document: &at.document, rejected, node: at.node })
    }

    pub fn at(&self) -> At {
        At { document: self.document.clone(), node: self.node }
    }

    pub fn get<T: Decode>(&self, name: &str) -> Field<T> {
        match self.document.tree.get(self.node, name) {
            None => Field::Absent,
            Some(node) => field(self.document, node, self.rejected),
        }
    }

    /// The valid values of a mapping from names, in the order written; a null is absent.
    pub fn names<T: Decode>(&self) -> Vec<(Text, Field<T>)> {
        let tree = &self.document.tree;
        tree.entries(self.node)
            .iter()
            .filter(|entry| !tree.is_null(entry.value))
            .map(|entry| {
                (Text::of_key(&entry.key, entry.key_span, self.at()), field(self.document, entry.value, self.rejected))
            })
            .collect()
    }
}

fn field<T: Decode>(document: &Arc<Document>, node: NodeId, rejected: &HashSet<NodeId>) -> Field<T> {
    let at = At { document: document.clone(), node };
    let is_collection = matches!(document.tree.node(node).kind, Kind::Sequence(_) | Kind::Mapping(_));
    // A list with too many members is reported, and its members are still worth reading.
    if rejected.contains(&node) && !is_collection {
        return Field::Invalid(at);
    }
    match T::decode(&at, rejected) {
        Some(value) => Field::Valid(Value { value, at }),
        None => Field::Invalid(at),
    }
}

fn kind(at: &At) -> &Kind {
    &at.document.tree.node(at.node).kind
}

impl Decode for Text {
    fn decode(at: &At, _: &HashSet<NodeId>) -> Option<Self> {
        match kind(at) {
            Kind::String(text) => Some(Text::new(text.clone(), at.clone())),
            _ => None,
        }
    }
}

impl Decode for bool {
    fn decode(at: &At, _: &HashSet<NodeId>) -> Option<Self> {
        match kind(at) {
            Kind::Bool(value) => Some(*value),
            _ => None,
        }
    }
}

impl Decode for serde_json::Number {
    fn decode(at: &At, _: &HashSet<NodeId>) -> Option<Self> {
        match kind(at) {
            Kind::Int(number) => Some((*number).into()),
            Kind::Float(number) => serde_json::Number::from_f64(*number),
            _ => None,
        }
    }
}

impl Decode for i64 {
    fn decode(at: &At, _: &HashSet<NodeId>) -> Option<Self> {
        match kind(at) {
            Kind::Int(number) => Some(*number),
            // `5.0` is an integer to JSON Schema. Beyond 64 bits the nearest will do: it is out of every limit.
            Kind::Float(number) if number.fract() == 0.0 => Some(*number as i64),
            _ => None,
        }
    }
}

/// Whole seconds, as a number or as digits in quotes; too many to count come out as the most there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seconds(pub i64);

impl Decode for Seconds {
    fn decode(at: &At, rejected: &HashSet<NodeId>) -> Option<Self> {
        match kind(at) {
            Kind::String(digits) if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) => {
                Some(Seconds(digits.parse().unwrap_or(i64::MAX)))
            }
            _ => i64::decode(at, rejected).map(Seconds),
        }
    }
}

/// Sound on or off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sound(pub bool);

impl Decode for Sound {
    fn decode(at: &At, _: &HashSet<NodeId>) -> Option<Self> {
        match kind(at) {
            Kind::Bool(on) => Some(Sound(*on)),
            Kind::String(text) => match &**text {
                "on" => Some(Sound(true)),
                "off" => Some(Sound(false)),
                _ => None,
            },
            _ => None,
        }
    }
}

macro_rules! decode_choices {
    ($($name:ident)+) => {
        $(impl Decode for $name {
            fn decode(at: &At, _: &HashSet<NodeId>) -> Option<Self> {
                at.document.tree.text(at.node).and_then($name::parse)
            }
        })+
    };
}

decode_choices! { Mode Origin Preset Axis }

/// A list; members of a wrong form are left out.
#[derive(Clone, Debug)]
pub struct List<T> {
    /// The members that can be read, in order.
    pub items: Vec<T>,
    /// Whether some could not be read, or there are too many or too few: what is said of the list as a whole is not known.
    pub partial: bool,
}

impl<T: Decode> Decode for List<T> {
    fn decode(at: &At, rejected: &HashSet<NodeId>) -> Option<Self> {
        let Kind::Sequence(nodes) = kind(at) else { return None };
        let mut list = List { items: Vec::with_capacity(nodes.len()), partial: rejected.contains(&at.node) };
        for &node in nodes {
            match field(&at.document, node, rejected) {
                Field::Valid(item) => list.items.push(item.value),
                _ => list.partial = true,
            }
        }
        Some(list)
    }
}

/// A spoken line.
#[derive(Clone, Debug)]
pub struct Line {
    /// Who speaks: a cast member's key.
    pub speaker: Text,
    /// What is said, where it is text.
    pub text: Option<Text>,
    /// How it is said: "in a whisper".
    pub manner: Option<Text>,
}

impl Decode for Line {
    fn decode(at: &At, rejected: &HashSet<NodeId>) -> Option<Self> {
        let (speaker, spoken) = Fields::of(at, rejected)?.all::<Spoken>().into_iter().next()?;
        let spoken = spoken.valid().map(|spoken| spoken.value.clone()).unwrap_or_default();
        Some(Line { speaker, text: spoken.text, manner: spoken.manner })
    }
}

/// What stands behind a speaker: the words, or the words and how they are said.
#[derive(Clone, Default)]
struct Spoken {
    text: Option<Text>,
    manner: Option<Text>,
}

impl Decode for Spoken {
    fn decode(at: &At, rejected: &HashSet<NodeId>) -> Option<Self> {
        if let Some(text) = Text::decode(at, rejected) {
            return Some(Spoken { text: Some(text), manner: None });
        }
        let fields = Fields::of(at, rejected)?;
        let text = |name| fields.get::<Text>(name).valid().map(|text| text.value.clone());
        Some(Spoken { text: text("text"), manner: text("manner") })
    }
}

/// The part of a clip that goes into the edit, in seconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Excerpt {
    /// Where it begins.
    pub from: f64,
    /// Where it ends.
    pub to: f64,
}

impl Decode for Excerpt {
    fn decode(at: &At, rejected: &HashSet<NodeId>) -> Option<Self> {
        let seconds = |node: NodeId| {
            let at = At { document: at.document.clone(), node };
            serde_json::Number::decode(&at, rejected)?.as_f64()
        };
        match kind(at) {
            Kind::Sequence(items) => match items[..] {
                [from, to] => Some(Excerpt { from: seconds(from)?, to: seconds(to)? }),
                _ => None,
            },
            _ => Some(Excerpt { from: 0.0, to: seconds(at.node)? }),
        }
    }
}

impl Fields<'_> {
    /// As [`Fields::names`], nulls included: a spoken text that is null was reported, and its speaker still counts.
    fn all<T: Decode>(&self) -> Vec<(Text, Field<T>)> {
        let tree = &self.document.tree;
        tree.entries(self.node)
            .iter()
            .map(|entry| {
                (Text::of_key(&entry.key, entry.key_span, self.at()), field(self.document, entry.value, self.rejected))
            })
            .collect()
    }
}

/// A segment of a multi-shot clip.
#[derive(Clone, Debug)]
pub struct Cut {
    /// The cut as a whole.
    pub at: At,
    /// What happens.
    pub prompt: Field<Text>,
    /// How long.
    pub duration: Field<Seconds>,
    /// Styles in place of the shot's.
    pub style: Field<List<Text>>,
    /// Styles beside the shot's.
    pub add_style: Field<List<Text>>,
}

impl Decode for Cut {
    fn decode(at: &At, rejected: &HashSet<NodeId>) -> Option<Self> {
        let fields = Fields::of(at, rejected)?;
        Some(Cut {
            at: at.clone(),
            prompt: fields.get("prompt"),
            duration: fields.get("duration"),
            style: fields.get("style"),
            add_style: fields.get("add_style"),
        })
    }
}

/// The camera.
#[derive(Clone, Debug)]
pub enum Camera {
    /// Words for the prompt.
    Words(Text),
    /// Kling's camera control.
    Control(CameraControl),
}

/// Kling's camera control as written.
#[derive(Clone, Debug)]
pub struct CameraControl {
    /// The axes, in the order written.
    pub axes: Vec<(Axis, Text, Field<serde_json::Number>)>,
    /// A ready-made move.
    pub preset: Field<Preset>,
}

impl Decode for Camera {
    fn decode(at: &At, rejected: &HashSet<NodeId>) -> Option<Self> {
        if let Some(words) = Text::decode(at, rejected) {
            return Some(Camera::Words(words));
        }
        if rejected.contains(&at.node) {
            return None;
        }
        let fields = Fields::of(at, rejected)?;
        let axes = fields.names().into_iter().filter_map(|(key, number)| Some((Axis::parse(&key.value)?, key, number)));
        Some(Camera::Control(CameraControl { axes: axes.collect(), preset: fields.get("preset") }))
    }
}

/// The motion brush.
#[derive(Clone, Debug)]
pub struct Brush {
    /// The mask of what keeps still.
    pub still: Field<Text>,
    /// What moves.
    pub moves: Field<List<Move>>,
    /// Where points are counted from.
    pub origin: Field<Origin>,
}

impl Brush {
    /// The first wrong value in it.
    pub fn unusable(&self) -> Option<&At> {
        let Self { still, moves, origin } = self;
        let partial = moves.valid().filter(|moves| moves.value.partial).map(|moves| &moves.at);
        let parts = moves.valid().into_iter().flat_map(|moves| &moves.value.items).flat_map(|moved| {
            let path = moved.path.valid().filter(|path| path.value.partial).map(|path| &path.at);
            [moved.mask.invalid(), moved.path.invalid(), path]
        });
        [still.invalid(), moves.invalid(), origin.invalid(), partial].into_iter().chain(parts).flatten().next()
    }
}

/// Something that moves.
#[derive(Clone, Debug)]
pub struct Move {
    /// Its mask.
    pub mask: Field<Text>,
    /// Its path.
    pub path: Field<List<Point>>,
}

/// A point of a path, in pixels.
#[derive(Clone, Debug)]
pub struct Point {
    /// Across.
    pub x: i64,
    /// Down or up, as the brush's origin says.
    pub y: i64,
    /// Where it was written.
    pub at: At,
}

impl Decode for Brush {
    fn decode(at: &At, rejected: &HashSet<NodeId>) -> Option<Self> {
        let fields = Fields::of(at, rejected)?;
        Some(Brush { still: fields.get("still"), moves: fields.get("move"), origin: fields.get("origin") })
    }
}

impl Decode for Move {
    fn decode(at: &At, rejected: &HashSet<NodeId>) -> Option<Self> {
        let fields = Fields::of(at, rejected)?;
        Some(Move { mask: fields.get("mask"), path: fields.get("path") })
    }
}

impl Decode for Point {
    fn decode(at: &At, rejected: &HashSet<NodeId>) -> Option<Self> {
        let numbers = List::<i64>::decode(at, rejected)?;
        match numbers.items[..] {
            [x, y] if !numbers.partial => Some(Point { x, y, at: at.clone() }),
            _ => None,
        }
    }
}

/// A mapping that is sent as it is.
#[derive(Clone, Debug)]
pub struct Raw {
    /// Its fields as JSON, in the order written.
    pub fields: Vec<(Text, serde_json::Value)>,
}

impl Decode for Raw {
    fn decode(at: &At, rejected: &HashSet<NodeId>) -> Option<Self> {
        if !matches!(kind(at), Kind::Mapping(_)) || rejected.contains(&at.node) {
            return None;
        }
        let entries = at.document.tree.entries(at.node);
        let fields = entries
            .iter()
            .map(|entry| (Text::of_key(&entry.key, entry.key_span, at.clone()), json(&at.document, entry.value)))
            .collect();
        Some(Raw { fields })
    }
}

/// A value as JSON.
pub(super) fn json(document: &Document, node: NodeId) -> serde_json::Value {
    use serde_json::Value as Json;
    let node = document.tree.node(node);
    match &node.kind {
        Kind::Null | Kind::Broken => Json::Null,
        Kind::Bool(value) => Json::from(*value),
        Kind::Int(number) => Json::from(*number),
        Kind::Float(number) => match document.source.slice(node.span).parse::<u64>() {
            Ok(large) => Json::from(large),
            Err(_) => Json::from(*number),
        },
        Kind::String(text) => Json::from(&**text),
        // Kling's JSON has no dates: a text is the nearest.
        Kind::Date => Json::from(document.source.slice(node.span)),
        Kind::Sequence(items) => items.iter().map(|&item| json(document, item)).collect(),
        Kind::Mapping(mapping) => Json::Object(
            mapping.entries.iter().map(|entry| (entry.key.to_string(), json(document, entry.value))).collect(),
        ),
    }
}

//! Fields off the spanned tree, tolerantly: a wrong value is marked as such and hides nothing else.

use std::sync::Arc;

use super::at::{At, Field, Text, Value};
use super::check::{Checked, Shape};
use super::storyboard::found::Cut;
use super::storyboard::{self, AutoCuts, Notes, Origin, Seconds, Sound};
use crate::kling::{Axis, Mode, Model, Preset};
use crate::syntax::{Document, Kind, NodeId};

/// A mapping whose fields are read.
#[derive(Clone, Copy)]
pub(super) struct Fields<'d> {
    document: &'d Arc<Document>,
    shape: &'d Shape,
    node: NodeId,
    /// Nobody knows what is in it.
    is_lost: bool,
}

/// A value that knows how it is read from a node.
pub trait Decode: Sized {
    /// `None`: the node is of another kind.
    fn decode(at: &At, shape: &Shape) -> Option<Self>;
}

/// The type of a field as a program writes it, and what it is found as in a file.
pub trait Readable {
    /// What it is found as.
    type Found: Decode;
}

macro_rules! found_as {
    ($($written:ty => $found:ty,)+) => {
        $(impl Readable for $written {
            type Found = $found;
        })+
    };
}

found_as! {
    bool => bool,
    u32 => i64,
    f64 => f64,
    serde_json::Number => serde_json::Number,
    String => Text,
    // A name of the facts' models, which `clip` looks up: the facts are not the language's.
    Model => Text,
    Mode => Mode,
    Origin => Origin,
    Seconds => Seconds,
    Sound => Sound,
    Notes => Remark,
    storyboard::Camera => Camera,
    storyboard::Cuts => Cuts,
    storyboard::Excerpt => Excerpt,
    storyboard::Line => Line,
    [i64; 2] => Point,
    serde_json::Map<String, serde_json::Value> => Raw,
}

impl<T: Readable> Readable for Option<T> {
    type Found = T::Found;
}

impl<T: Readable> Readable for Vec<T> {
    type Found = List<T::Found>;
}

/// A field's name in a file: an identifier that is a keyword of Rust's too is written `r#use` there.
pub(super) fn key(identifier: &'static str) -> &'static str {
    identifier.strip_prefix("r#").unwrap_or(identifier)
}

impl<'d> Fields<'d> {
    pub fn new(checked: &'d Checked, node: NodeId) -> Self {
        Self { document: &checked.document, shape: &checked.shape, node, is_lost: false }
    }

    pub fn of(at: &'d At, shape: &'d Shape) -> Option<Self> {
        let is_mapping = matches!(at.document.tree.node(at.node).kind, Kind::Mapping(_));
        is_mapping.then_some(Self { document: &at.document, shape, node: at.node, is_lost: false })
    }

    /// The fields of a mapping that could not be read: each is lost.
    pub fn lost(self) -> Self {
        Self { is_lost: true, ..self }
    }

    pub fn at(&self) -> At {
        At { document: self.document.clone(), node: self.node }
    }

    pub fn get<T: Decode>(&self, name: &str) -> Field<T> {
        match self.document.tree.get(self.node, name) {
            _ if self.is_lost => Field::Lost,
            None if self.document.tree.is_partial(self.node) || self.shape.is_misspelt(self.node, name) => Field::Lost,
            None => Field::Absent,
            Some(node) => field(self.document, node, self.shape),
        }
    }

    /// The names of its fields, in the order written.
    pub fn keys(&self) -> impl Iterator<Item = &'d str> {
        self.document.tree.entries(self.node).iter().map(|entry| &*entry.key)
    }

    /// The values of a mapping from names, in the order written; a null is absent.
    pub fn names<T: Decode>(&self) -> impl Iterator<Item = (Text, Field<T>)> {
        self.mappings().map(|(name, value)| (name, field(value.document, value.node, value.shape)))
    }

    /// The same where the values are mappings; one that is another kind of value has no fields.
    pub fn mappings(&self) -> impl Iterator<Item = (Text, Fields<'d>)> {
        let tree = &self.document.tree;
        let entries = tree.entries(self.node).iter().filter(|entry| !tree.is_null(entry.value));
        entries
            .map(|entry| (Text::of_key(&entry.key, entry.key_span, self.at()), Fields { node: entry.value, ..*self }))
    }
}

fn field<T: Decode>(document: &Arc<Document>, node: NodeId, shape: &Shape) -> Field<T> {
    let at = At { document: document.clone(), node };
    let is_collection = matches!(document.tree.node(node).kind, Kind::Sequence(_) | Kind::Mapping(_));
    // A list with too many members is reported, and its members are still worth reading.
    if shape.rejected.contains(&node) && !is_collection {
        return Field::Invalid(at);
    }
    match T::decode(&at, shape) {
        Some(value) => Field::Valid(Value { value, at }),
        None => Field::Invalid(at),
    }
}

fn kind(at: &At) -> &Kind {
    &at.document.tree.node(at.node).kind
}

impl Decode for Text {
    fn decode(at: &At, _: &Shape) -> Option<Self> {
        match kind(at) {
            Kind::String(text) => Some(Text::new(text.clone(), at.clone())),
            _ => None,
        }
    }
}

impl Decode for bool {
    fn decode(at: &At, _: &Shape) -> Option<Self> {
        match kind(at) {
            Kind::Bool(value) => Some(*value),
            _ => None,
        }
    }
}

impl Decode for serde_json::Number {
    fn decode(at: &At, _: &Shape) -> Option<Self> {
        match kind(at) {
            Kind::Int(number) => Some((*number).into()),
            Kind::Float(number) => serde_json::Number::from_f64(*number),
            _ => None,
        }
    }
}

impl Decode for f64 {
    fn decode(at: &At, shape: &Shape) -> Option<Self> {
        serde_json::Number::decode(at, shape)?.as_f64()
    }
}

impl Decode for i64 {
    fn decode(at: &At, _: &Shape) -> Option<Self> {
        match kind(at) {
            Kind::Int(number) => Some(*number),
            // `5.0` is an integer to JSON Schema. Beyond 64 bits the nearest will do: it is out of every limit.
            Kind::Float(number) if number.fract() == 0.0 => Some(*number as i64),
            _ => None,
        }
    }
}

/// Digits in quotes are taken too. Too many to count come out as the most there are.
impl Decode for Seconds {
    fn decode(at: &At, shape: &Shape) -> Option<Self> {
        match kind(at) {
            Kind::String(digits) if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) => {
                Some(Seconds(digits.parse().unwrap_or(i64::MAX)))
            }
            _ => i64::decode(at, shape).map(Seconds),
        }
    }
}

impl Decode for Sound {
    fn decode(at: &At, _: &Shape) -> Option<Self> {
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
            fn decode(at: &At, _: &Shape) -> Option<Self> {
                at.document.tree.text(at.node).and_then($name::parse)
            }
        })+
    };
}

decode_choices! { Mode Origin Preset Axis AutoCuts }

/// A list; members of a wrong form are left out.
#[derive(Clone, Debug)]
pub struct List<T> {
    /// The members that can be read, in order.
    pub items: Vec<T>,
    /// Whether some could not be read, or there are too many or too few: what is said of the list as a whole is not known.
    pub partial: bool,
}

impl<T: Decode> Decode for List<T> {
    fn decode(at: &At, shape: &Shape) -> Option<Self> {
        let Kind::Sequence(nodes) = kind(at) else { return None };
        let mut list = List { items: Vec::with_capacity(nodes.len()), partial: shape.rejected.contains(&at.node) };
        for &node in nodes {
            match field(&at.document, node, shape) {
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
    fn decode(at: &At, shape: &Shape) -> Option<Self> {
        let entry = at.document.tree.entries(at.node).first()?;
        let speaker = Text::of_key(&entry.key, entry.key_span, at.clone());
        // A null that is spoken was reported, and its speaker still counts.
        let spoken: Field<Spoken> = field(&at.document, entry.value, shape);
        let Spoken { text, manner } = spoken.value().cloned().unwrap_or_default();
        Some(Line { speaker, text, manner })
    }
}

/// What a speaker says: the words, or the words and how they are said.
#[derive(Clone, Default)]
struct Spoken {
    text: Option<Text>,
    manner: Option<Text>,
}

impl Decode for Spoken {
    fn decode(at: &At, shape: &Shape) -> Option<Self> {
        if let Some(text) = Text::decode(at, shape) {
            return Some(Spoken { text: Some(text), manner: None });
        }
        let fields = Fields::of(at, shape)?;
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
    fn decode(at: &At, shape: &Shape) -> Option<Self> {
        let seconds = |node: NodeId| {
            let at = At { document: at.document.clone(), node };
            f64::decode(&at, shape)
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

/// The cuts of a shot.
#[derive(Clone, Debug)]
pub enum Cuts {
    /// As they are written, in order.
    List(List<Cut>),
    /// `auto`: Kling makes them.
    Auto,
}

impl Decode for Cuts {
    fn decode(at: &At, shape: &Shape) -> Option<Self> {
        match AutoCuts::decode(at, shape) {
            Some(AutoCuts::Auto) => Some(Cuts::Auto),
            None => List::decode(at, shape).map(Cuts::List),
        }
    }
}

/// A remark of the writer's: any value, and nobody reads it.
#[derive(Clone, Copy, Debug)]
pub struct Remark;

impl Decode for Remark {
    fn decode(_: &At, _: &Shape) -> Option<Self> {
        Some(Remark)
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
    fn decode(at: &At, shape: &Shape) -> Option<Self> {
        if let Some(words) = Text::decode(at, shape) {
            return Some(Camera::Words(words));
        }
        if shape.rejected.contains(&at.node) {
            return None;
        }
        let fields = Fields::of(at, shape)?;
        let axes = fields.names().filter_map(|(key, number)| Some((Axis::parse(&key.value)?, key, number)));
        Some(Camera::Control(CameraControl { axes: axes.collect(), preset: fields.get("preset") }))
    }
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

impl Decode for Point {
    fn decode(at: &At, shape: &Shape) -> Option<Self> {
        let numbers = List::<i64>::decode(at, shape)?;
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
    fn decode(at: &At, shape: &Shape) -> Option<Self> {
        if !matches!(kind(at), Kind::Mapping(_)) || shape.rejected.contains(&at.node) {
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

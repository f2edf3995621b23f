//! The schema check: the tree itself against the JSON Schema, each violation in our words at the exact key or value.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, LazyLock};

use serde_json::{Number, Value};

use super::schema;
use super::validate::{Fault, Limit, NameFault, Segment, Type, Validator, Violation};
use crate::diagnostic::{Code, Edit, Finding, Safety};
use crate::syntax::{Document, Entry, Kind, NodeId, Style};
use crate::text::Span;
use crate::text::{near, shown};

/// A schema, ready to check trees.
pub struct Form {
    schema: Value,
    validator: Validator,
    /// What such a file is called, for the message about a field at its top.
    noun: &'static str,
}

/// What a check found out about a document's form.
#[derive(Debug, Default)]
pub struct Shape {
    /// What is wrong.
    pub findings: Vec<Finding>,
    /// Values that the schema rejects: no rule looks at them.
    pub rejected: HashSet<NodeId>,
    /// For each mapping the fields that an unknown one was taken for: that they are absent is not said again.
    pub suggested: HashMap<NodeId, HashSet<String>>,
}

/// Kling's and other vendors' words for fields that we have. The second is ours; the third says whether the values are alike.
const SYNONYMS: &[(&str, &str, bool)] = &[
    ("image", "first_frame", true),
    ("image_url", "first_frame", true),
    ("start_frame", "first_frame", true),
    ("image_tail", "last_frame", true),
    ("end_image", "last_frame", true),
    ("tail_image_url", "last_frame", true),
    ("multi_prompt", "cuts", false),
    ("model_name", "model", true),
    ("negative", "negative_prompt", true),
    ("dynamic_masks", "brush", false),
    ("static_mask", "brush", false),
    ("camera_control", "camera", false),
    ("voice_list", "voices", false),
    ("watermark_info", "watermark", false),
];

/// Words of other tools for what Kling's image-to-video request does not have.
const NOT_AT_KLING: &[(&str, &str)] = &[
    ("seed", "Kling takes no seed here: each take is different"),
    ("aspect_ratio", "the clip has the proportions of its first frame"),
    ("fps", "the model decides the frame rate"),
    ("resolution", "`mode` decides it: `std` is 720p, `pro` is 1080p"),
];

impl Form {
    /// The storyboard's form.
    pub fn storyboard() -> &'static Form {
        static FORM: LazyLock<Form> = LazyLock::new(|| Form::new(schema::STORYBOARD, "a storyboard"));
        &FORM
    }

    /// Compiles a schema of our own, `text`.
    pub(crate) fn new(text: &str, noun: &'static str) -> Self {
        let schema: Value = serde_json::from_str(text).expect("a committed schema is JSON");
        let validator = Validator::new(&schema);
        Form { schema, validator, noun }
    }

    /// Checks a document's form.
    pub fn check(&self, document: &Document) -> Shape {
        let mut checker = Checker { form: self, document, shape: Shape::default(), missing: Vec::new() };
        // A null stands for "not written", the whole file's too.
        let Some(root) = document.tree.root().filter(|&root| !document.tree.is_null(root)) else {
            if !document.tree.incomplete {
                checker.empty();
            }
            return checker.shape;
        };
        for violation in self.validator.violations(&document.tree, root) {
            checker.violation(&violation);
        }
        checker.tell_missing();
        checker.shape
    }

    /// The fields that the mapping at `path` may have, in the schema's order.
    fn fields(&self, path: &[Segment<'_>]) -> Vec<&str> {
        let resolve = |schema: &Value| -> Option<&Value> {
            match schema.get("$ref").and_then(Value::as_str) {
                Some(reference) => self.schema.pointer(reference.trim_start_matches('#')),
                None => None,
            }
        };
        let mut schema = &self.schema;
        for segment in path {
            let next = match segment {
                Segment::Index => schema.get("items"),
                Segment::Name(name) => schema
                    .get("properties")
                    .and_then(|properties| properties.get(name))
                    .or_else(|| schema.get("additionalProperties")),
            };
            let Some(next) = next else { return Vec::new() };
            schema = resolve(next).unwrap_or(next);
        }
        let properties = schema.get("properties").and_then(Value::as_object);
        properties.map(|properties| properties.keys().map(String::as_str).collect()).unwrap_or_default()
    }
}

/// What the mapping at `path` is, in a writer's words.
fn noun<'a>(path: &[Segment<'_>], top: &'a str) -> Cow<'a, str> {
    match path {
        [] => top.into(),
        [.., Segment::Name(list), Segment::Index] => match *list {
            "shots" => "a shot".into(),
            "scenes" => "a scene".into(),
            "cuts" => "a cut".into(),
            "move" => "a move of the brush".into(),
            other => format!("`{other}`").into(),
        },
        [Segment::Name("cast"), Segment::Name(_)] => "a cast member".into(),
        [.., Segment::Name(name)] => format!("`{name}`").into(),
        _ => "this".into(),
    }
}

struct Checker<'c> {
    form: &'c Form,
    document: &'c Document,
    shape: Shape,
    /// Required fields that are absent: told at the end, when it is known which of them an unknown field was meant for.
    missing: Vec<(NodeId, String, String)>,
}

impl Checker<'_> {
    fn empty(&mut self) {
        let at = self.document.source.mark_len();
        let place = self.document.place(Span::empty(at));
        let finding = Finding::new(Code::MissingField, place, "this file is empty: it lacks `storyboard`");
        self.shape.findings.push(finding.help("a storyboard begins with `storyboard: 1` (in TOML: `storyboard = 1`)"));
    }

    fn report(&mut self, code: Code, span: Span, message: String) -> &mut Finding {
        self.shape.findings.push(Finding::new(code, self.document.place(span), message));
        self.shape.findings.last_mut().expect("just pushed")
    }

    fn violation(&mut self, violation: &Violation<'_>) {
        let Violation { node, ref path, fault, .. } = *violation;
        match fault {
            Fault::Unknown(entry) => return self.unknown_field(node, path, entry),
            Fault::Missing(field) => {
                let group = noun(path, self.form.noun).into_owned();
                return self.missing.push((node, field.to_owned(), group));
            }
            Fault::Name(entry, fault) => return self.bad_name(path, entry, fault),
            Fault::Type(types) => return self.wrong_type(violation, types),
            _ => self.shape.rejected.insert(node),
        };
        match fault {
            Fault::Enum(choices) => self.not_a_choice(node, path, choices),
            Fault::Const(expected) => {
                let message =
                    format!("`{}` is not known here: {} is always `{expected}`", self.written(node), subject(path));
                let help = format!("write `{expected}`");
                self.report(Code::InvalidValue, self.document.tree.place(node), message).help = Some(help);
            }
            Fault::Limit(limit, bound) => self.out_of_range(node, path, limit, bound),
            _ => self.bad_form(node, path),
        }
    }

    /// The value as the writer wrote it, short enough for a message.
    fn written(&self, node: NodeId) -> String {
        shown::shorten(self.document.source.slice(self.document.tree.node(node).span).trim())
    }

    fn unknown_field(&mut self, node: NodeId, path: &[Segment<'_>], entry: &Entry) {
        // A line that could not be read was reported as that.
        if matches!(self.document.tree.node(entry.value).kind, Kind::Broken) {
            return;
        }
        let fields: Vec<&str> = self.form.fields(path);
        let group = noun(path, self.form.noun);
        let shown = shown::shorten(&entry.key);
        let place = self.document.place(entry.key_span);
        let mut finding = Finding::new(Code::UnknownField, place, format!("{group} has no field `{shown}`"));
        match meant(&entry.key, &fields) {
            Meant::Field { ours, alike, is_synonym } => {
                finding.help = Some(match (is_synonym, alike) {
                    (true, true) => format!("here it is called `{ours}`"),
                    (true, false) => {
                        format!("here it is `{ours}`, and is written another way: see the language's page")
                    }
                    (false, _) => format!("did you mean `{ours}`?"),
                });
                if self.document.tree.get(node, ours).is_some() {
                    finding.help = Some(format!("`{ours}` is already there: remove one of the two"));
                } else if alike {
                    let edit = Edit { span: entry.key_span, text: requote(entry.key_style, ours) };
                    finding = finding.fix(Safety::Safe, format!("rename `{shown}` to `{ours}`"), vec![edit]);
                }
                self.shape.suggested.entry(node).or_default().insert(ours.to_owned());
            }
            Meant::NotAtKling(why) => finding.help = Some(format!("remove it: {why}")),
            Meant::Nothing => {
                let names: Vec<_> = fields.iter().map(|field| format!("`{field}`")).collect();
                finding.help = Some(format!(
                    "{group} may have {}; a remark of your own goes into `notes`, or under a name that begins with `x-`",
                    names.join(", ")
                ));
            }
        }
        self.shape.findings.push(finding);
    }

    fn wrong_type(&mut self, violation: &Violation<'_>, types: &[Type]) {
        let Violation { node, ref path, field_of, .. } = *violation;
        let found = self.document.tree.node(node).kind.clone();
        // A null is "not written": for a field that must be there it is missing, elsewhere it is a wrong value.
        if matches!(found, Kind::Null)
            && let (Some(parent), [.., Segment::Name(field)]) = (field_of, &path[..])
        {
            let group = noun(&path[..path.len() - 1], self.form.noun).into_owned();
            self.missing.push((parent, (*field).to_owned(), group));
            return;
        }
        self.shape.rejected.insert(node);
        let wanted = wanted(path, types);
        let message = match path[..] {
            [] => format!("{} is a group of fields, and this file is {}", self.form.noun, found.noun()),
            _ if matches!(found, Kind::Float(_)) => {
                format!("{} must be {wanted}, and this is {}", subject(path), self.written(node))
            }
            _ => format!("{} must be {wanted}, and this is {}", subject(path), found.noun()),
        };
        let span = self.document.tree.place(node);
        let mut finding = Finding::new(Code::WrongType, self.document.place(span), message);
        finding.help = self.type_help(node, path, &found);
        let is_voice = matches!(path.last(), Some(Segment::Name("voice")));
        let digits = self.document.source.slice(self.document.tree.node(node).span);
        if is_voice
            && matches!(found, Kind::Int(_) | Kind::Float(_))
            && digits.bytes().all(|byte| byte.is_ascii_digit())
        {
            let edit = Edit { span, text: format!("\"{digits}\"") };
            finding = finding
                .help(format!("put it in quotes: `\"{digits}\"`. As a number its last digits get lost on the way"))
                .fix(Safety::Safe, "put the voice id in quotes", vec![edit]);
        }
        self.shape.findings.push(finding);
    }

    fn type_help(&self, node: NodeId, path: &[Segment<'_>], found: &Kind) -> Option<String> {
        let field = path.iter().rev().find_map(|segment| match segment {
            Segment::Name(name) => Some(*name),
            Segment::Index => None,
        })?;
        let is_item = matches!(path.last(), Some(Segment::Index));
        let written = self.written(node);
        let toml = self.document.source.format == crate::text::Format::Toml;
        Some(match (field, found) {
            ("style" | "voices", Kind::String(_)) if !is_item => format!("write a list: `[{written}]`"),
            ("watermark" | "skip", _) => "write `true` or `false`, without quotes".into(),
            ("sound", _) => {
                if toml {
                    "write `\"on\"` or `\"off\"`".into()
                } else {
                    "write `on` or `off`".into()
                }
            }
            ("duration", _) => "write whole seconds, such as `5`".into(),
            ("lines", _) => "write a list of `- name: what is said`, one line each".into(),
            ("cuts", _) => "write a list of cuts, each with `duration` and `prompt`".into(),
            ("storyboard", _) => {
                if toml {
                    "write `storyboard = 1`".into()
                } else {
                    "write `storyboard: 1`".into()
                }
            }
            ("path", _) => "a path is a list of points `[x, y]`, each two whole numbers".into(),
            (_, Kind::Int(_) | Kind::Float(_) | Kind::Bool(_) | Kind::Date) => {
                format!("put it in quotes if it is meant as text: `\"{written}\"`")
            }
            (_, Kind::String(text)) if text.parse::<f64>().is_ok() => "write the number without quotes".into(),
            _ => return None,
        })
    }

    fn bad_name(&mut self, path: &[Segment<'_>], entry: &Entry, fault: NameFault) {
        let span = entry.key_span;
        let shown = shown::shorten(&entry.key);
        let what = match path.last() {
            Some(Segment::Name("cast")) => "a cast member's name",
            _ => "a style's name",
        };
        match fault {
            NameFault::TooLong(limit) => {
                let length = entry.key.chars().count();
                let message = format!("{what} has at most {limit} characters, and `{shown}` has {length}");
                self.report(Code::OutOfRange, span, message).help = Some("choose a shorter one".into());
            }
            NameFault::Pattern => {
                let message = format!("`{shown}` cannot be {what}");
                let help = if what.starts_with("a cast") {
                    "a name begins with a letter, goes on with letters, digits, `-` and `_`, and does not end in `-`"
                } else {
                    "a name has letters, digits, `-` and `_`, and begins with a letter or digit"
                };
                self.report(Code::InvalidValue, span, message).help = Some(help.into());
            }
        }
    }

    fn not_a_choice(&mut self, node: NodeId, path: &[Segment<'_>], choices: &[Value]) {
        let choices: Vec<&str> = choices.iter().filter_map(Value::as_str).collect();
        let written = self.document.tree.text(node).unwrap_or_default().to_owned();
        let message = format!("`{}` is not a value that {} can have", shown::shorten(&written), subject(path));
        let all: Vec<_> = choices.iter().map(|choice| format!("`{choice}`")).collect();
        let mut near = near::near(&written, choices.iter().copied());
        if near.is_empty() {
            near.extend(choices.iter().copied().find(|choice| choice.eq_ignore_ascii_case(&written)));
        }
        let tree_node = self.document.tree.node(node);
        let (span, style) = (tree_node.span, tree_node.style);
        let mut finding = Finding::new(Code::InvalidValue, self.document.place(span), message);
        let suggested: Vec<_> = near.iter().map(|near| format!("`{near}`")).collect();
        finding.help = Some(match suggested.is_empty() {
            true => format!("it can be {}", all.join(", ")),
            false => format!("did you mean {}? It can be {}", suggested.join(" or "), all.join(", ")),
        });
        // Where it could be meant for several, only the writer knows which.
        if let [only] = near[..] {
            let edit = Edit { span, text: requote(style, only) };
            finding = finding.fix(Safety::Safe, format!("write `{only}`"), vec![edit]);
        }
        self.shape.findings.push(finding);
    }

    fn bad_form(&mut self, node: NodeId, path: &[Segment<'_>]) {
        let span = self.document.tree.place(node);
        let written = self.document.tree.text(node).unwrap_or_default().to_owned();
        let shown = shown::shorten(&written);
        let field = match path.last() {
            Some(Segment::Name(name)) => *name,
            _ => "",
        };
        match field {
            "duration" if !written.is_empty() && written.bytes().all(|byte| byte.is_ascii_digit()) => {
                self.report(Code::OutOfRange, span, format!("a cut lasts at least 1 second, and this is {written}"))
                    .help = Some("write whole seconds, such as `3`".into());
            }
            "duration" => {
                self.report(Code::InvalidValue, span, format!("`{shown}` is not a number of seconds")).help =
                    Some("write whole seconds as a number, such as `5`".into());
            }
            "id" => {
                let help = "an id has letters, digits, `-` and `_`, and begins with a letter or digit: it names the clip's file";
                self.report(Code::InvalidValue, span, format!("`{shown}` cannot be an id")).help = Some(help.into());
            }
            "first_frame" | "last_frame" | "still" | "mask" => {
                let scheme = written.split("://").next().unwrap_or_default();
                let message = format!("Kling cannot fetch a picture from a `{}://` address", shown::shorten(scheme));
                self.report(Code::InvalidValue, span, message).help =
                    Some("give a path relative to this file, or an https:// address".into());
            }
            _ => {
                self.report(
                    Code::InvalidValue,
                    span,
                    format!("`{shown}` is not of the form that {} has", subject(path)),
                );
            }
        }
    }

    fn out_of_range(&mut self, node: NodeId, path: &[Segment<'_>], limit: Limit, bound: &Number) {
        let span = self.document.tree.place(node);
        let written = self.written(node);
        let subject = subject(path);
        let count = match &self.document.tree.node(node).kind {
            Kind::Sequence(items) => items.len(),
            Kind::Mapping(mapping) => mapping.entries.len(),
            Kind::String(text) => text.chars().count(),
            _ => 0,
        };
        let is_point = matches!(path, [.., Segment::Name("path"), Segment::Index]);
        let (message, help) = match limit {
            Limit::Minimum => {
                (format!("{subject} is at least {bound}, and this is {written}"), format!("write {bound} or more"))
            }
            Limit::Maximum => {
                (format!("{subject} is at most {bound}, and this is {written}"), format!("write {bound} or less"))
            }
            Limit::ExclusiveMinimum => (
                format!("{subject} is more than {bound}, and this is {written}"),
                "write a larger number, or remove the line for no limit".into(),
            ),
            Limit::MinItems | Limit::MaxItems if is_point => {
                (format!("a point is two numbers, x and y, and this has {count}"), "write `[x, y]`".into())
            }
            Limit::MinItems => (
                format!(
                    "{subject} needs at least {bound}, and there {} {count}",
                    if count == 1 { "is" } else { "are" }
                ),
                "add what is missing, or remove the field".into(),
            ),
            Limit::MaxItems => (
                format!("{subject} has at most {bound}, and these are {count}"),
                "leave some out, or make another shot of them".into(),
            ),
            Limit::MaxLength => (
                format!("{subject} has at most {bound} characters, and this has {count}"),
                "choose a shorter one".into(),
            ),
            Limit::MinProperties | Limit::MaxProperties => (
                format!("a line has one speaker and one text, and this has {count}"),
                "write each line as an item of its own: `- mara: I swore a lot of things.`".into(),
            ),
        };
        self.report(Code::OutOfRange, span, message).help = Some(help);
    }

    fn tell_missing(&mut self) {
        for (node, field, group) in std::mem::take(&mut self.missing) {
            if self.shape.suggested.get(&node).is_some_and(|fields| fields.contains(&field)) {
                continue;
            }
            let span = self.document.tree.first_key(node);
            let message = format!("{group} needs `{field}`, and it is missing");
            let toml = self.document.source.format == crate::text::Format::Toml;
            let help = match &*field {
                "storyboard" if toml => "begin the file with `storyboard = 1`".into(),
                "storyboard" => "begin the file with `storyboard: 1`".into(),
                "id" if toml => "give it a name of its own, such as `id = \"harbour-010\"`".into(),
                "id" => "give it a name of its own, such as `id: harbour-010`".into(),
                "shots" => "add its shots, or remove the scene".into(),
                "duration" => "say how many seconds it lasts, such as 3".into(),
                "prompt" => "say what happens in it".into(),
                field => format!("add `{field}`"),
            };
            self.report(Code::MissingField, span, message).help = Some(help);
        }
    }
}

/// What an unknown field may have been meant for.
enum Meant<'f> {
    /// A field that we have. `alike`: its value is written the same way, and no other field is as near.
    Field { ours: &'f str, alike: bool, is_synonym: bool },
    /// Something that Kling does not have; why.
    NotAtKling(&'static str),
    /// Nobody knows.
    Nothing,
}

fn meant<'f>(key: &str, fields: &[&'f str]) -> Meant<'f> {
    let ours = |ours: &str| fields.iter().copied().find(|field| *field == ours);
    let synonym =
        SYNONYMS.iter().filter(|(word, ..)| *word == key).find_map(|&(_, name, alike)| Some((ours(name)?, alike)));
    if let Some((ours, alike)) = synonym {
        return Meant::Field { ours, alike, is_synonym: true };
    }
    let near = near::near(key, fields.iter().copied());
    if let Some(ours) = near.first().copied() {
        return Meant::Field { ours, alike: near.len() == 1, is_synonym: false };
    }
    match NOT_AT_KLING.iter().find(|(word, _)| *word == key) {
        Some((_, why)) => Meant::NotAtKling(why),
        None => Meant::Nothing,
    }
}

/// What a value is called: its field, or its place in a list.
fn subject(path: &[Segment<'_>]) -> String {
    match path {
        [.., Segment::Name("path"), Segment::Index, Segment::Index] => "a point's number".into(),
        [.., Segment::Name(list), Segment::Index] => match *list {
            "shots" => "a shot".into(),
            "scenes" => "a scene".into(),
            "cuts" => "a cut".into(),
            "lines" => "a line".into(),
            "path" => "a point".into(),
            "move" => "a move".into(),
            _ => format!("each of `{list}`"),
        },
        [.., Segment::Name("lines"), Segment::Index, Segment::Name(speaker)] => {
            format!("what `{}` says", shown::shorten(speaker))
        }
        [.., Segment::Name("styles" | "cast"), Segment::Name(name)] => {
            format!("`{}`", shown::shorten(name))
        }
        [.., Segment::Name(name)] => format!("`{name}`"),
        _ => "this".into(),
    }
}

fn wanted(path: &[Segment<'_>], types: &[Type]) -> String {
    match path.last() {
        Some(Segment::Name("sound")) => return "`on` or `off`".into(),
        Some(Segment::Name("duration")) if types.len() > 1 => return "a whole number of seconds".into(),
        _ => {}
    }
    let names = types.iter().filter_map(|wanted| match wanted {
        Type::Array => Some("a list"),
        Type::Boolean => Some("`true` or `false`"),
        Type::Integer => Some("a whole number"),
        Type::Null => None,
        Type::Number => Some("a number"),
        Type::Object => Some("a group of fields"),
        Type::String => Some("text"),
    });
    names.collect::<Vec<_>>().join(" or ")
}

/// `text`, which has no character that needs care, in the quotes of `style`.
pub(crate) fn requote(style: Style, text: &str) -> String {
    match style {
        Style::Single => format!("'{text}'"),
        Style::MultilineSingle => format!("'''{text}'''"),
        Style::MultilineDouble => format!("\"\"\"{text}\"\"\""),
        Style::Double => format!("\"{text}\""),
        Style::Plain | Style::Block => text.to_owned(),
    }
}

/// The checked document together with its shape.
#[derive(Debug)]
pub struct Checked {
    /// The document.
    pub document: Arc<Document>,
    /// What is right and wrong about its form.
    pub shape: Shape,
}

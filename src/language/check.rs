//! The schema check: the tree itself against the JSON Schema, each violation in our words at the exact key or value.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, LazyLock};

use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::paths::LocationSegment;
use jsonschema::{ValidationError, Validator};
use serde_json::Value;

use super::node_json::{Instance, TreeJson};
use super::schema;
use crate::diagnostic::{Code, Edit, Finding, Safety};
use crate::kling::Facts;
use crate::syntax::{Document, Kind, NodeId, Style};
use crate::text::Span;
use crate::text::{near, shown};

/// A schema, ready to check trees.
pub struct Form {
    schema: Value,
    validator: Validator<TreeJson>,
    /// What such a file is called, for the message about a field at its top.
    noun: &'static str,
}

impl std::fmt::Debug for Form {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the form of {}", self.noun)
    }
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
    pub fn of_storyboards(facts: &Facts) -> Form {
        Form::new(&schema::storyboard(facts).to_string(), "a storyboard")
    }

    /// The form of a storyboard with the models that are compiled in.
    pub fn storyboard() -> &'static Form {
        static FORM: LazyLock<Form> = LazyLock::new(|| Form::new(schema::STORYBOARD, "a storyboard"));
        &FORM
    }

    /// Compiles a schema of our own, `text`.
    pub(crate) fn new(text: &str, noun: &'static str) -> Self {
        let schema: Value = serde_json::from_str(text).expect("a committed schema is JSON");
        let validator =
            jsonschema::options_for::<TreeJson>().build(&schema).expect("a committed schema is a valid JSON Schema");
        Form { schema, validator, noun }
    }

    /// Checks a document's form.
    pub fn check(&self, document: &Document) -> Shape {
        let mut checker = Checker { form: self, document, shape: Shape::default(), missing: Vec::new(), parents: None };
        // A null stands for "not written", the whole file's too.
        let Some(root) = document.tree.root().filter(|&root| !document.tree.is_null(root)) else {
            if !document.tree.incomplete {
                checker.empty();
            }
            return checker.shape;
        };
        let mut mistyped = HashSet::new();
        let errors: Vec<_> = self.validator.iter_errors(Instance::new(&document.tree, root)).collect();
        for error in &errors {
            if let (ValidationErrorKind::Type { .. }, Some(node)) = (error.kind(), node_of(error)) {
                mistyped.insert(node);
            }
        }
        for error in &errors {
            // A value of the wrong type is told once, as that.
            let again = !matches!(error.kind(), ValidationErrorKind::Type { .. })
                && node_of(error).is_some_and(|node| mistyped.contains(&node));
            if !again {
                checker.violation(error);
            }
        }
        checker.dates();
        checker.tell_missing();
        checker.shape
    }

    /// The fields that the mapping at `path` may have, in the schema's order.
    fn fields(&self, path: &[Segment]) -> Vec<&str> {
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

/// A step of a path into a document.
enum Segment {
    Name(String),
    Index,
}

fn path_of(error: &ValidationError<'_>) -> Vec<Segment> {
    error
        .instance_path()
        .segments()
        .map(|segment| match segment {
            LocationSegment::Property(name) => Segment::Name(name.into_owned()),
            LocationSegment::Index(_) => Segment::Index,
        })
        .collect()
}

/// The node that an error is about; see [`Instance`] for how it gets into the error.
fn node_of(error: &ValidationError<'_>) -> Option<NodeId> {
    error.instance().as_u64().map(|number| NodeId(number as u32))
}

/// What the mapping at `path` is, in a writer's words.
fn noun<'a>(path: &[Segment], top: &'a str) -> Cow<'a, str> {
    match path {
        [] => top.into(),
        [.., Segment::Name(list), Segment::Index] => match &**list {
            "shots" => "a shot".into(),
            "scenes" => "a scene".into(),
            "cuts" => "a cut".into(),
            "move" => "a move of the brush".into(),
            other => format!("`{other}`").into(),
        },
        [Segment::Name(cast), Segment::Name(_)] if cast == "cast" => "a cast member".into(),
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
    parents: Option<HashMap<NodeId, NodeId>>,
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

    fn violation(&mut self, error: &ValidationError<'_>) {
        let Some(node) = node_of(error) else { return };
        if matches!(self.document.tree.node(node).kind, Kind::Broken) {
            return;
        }
        let path = path_of(error);
        match error.kind() {
            ValidationErrorKind::AdditionalProperties { unexpected } => self.unknown_fields(node, &path, unexpected),
            ValidationErrorKind::Required { property } => {
                let field = property.as_str().unwrap_or_default().to_owned();
                self.missing.push((node, field, noun(&path, self.form.noun).into_owned()));
            }
            ValidationErrorKind::Type { kind } => self.wrong_type(node, &path, error, kind),
            ValidationErrorKind::PropertyNames { error } => self.bad_name(node, &path, error),
            ValidationErrorKind::Enum { options } => {
                self.shape.rejected.insert(node);
                self.not_a_choice(node, &path, options);
            }
            ValidationErrorKind::Constant { expected_value } => {
                self.shape.rejected.insert(node);
                let message = format!(
                    "`{}` is not known here: {} is always `{expected_value}`",
                    self.written(node),
                    subject(&path)
                );
                let help = format!("write `{expected_value}`");
                self.report(Code::InvalidValue, self.document.tree.place(node), message).help = Some(help);
            }
            ValidationErrorKind::Pattern { .. } => {
                self.shape.rejected.insert(node);
                self.bad_form(node, &path);
            }
            kind => {
                self.shape.rejected.insert(node);
                self.out_of_range(node, &path, kind);
            }
        }
    }

    /// The value as the writer wrote it, short enough for a message.
    fn written(&self, node: NodeId) -> String {
        shown::shorten(self.document.source.slice(self.document.tree.node(node).span).trim())
    }

    fn unknown_fields(&mut self, node: NodeId, path: &[Segment], unexpected: &[String]) {
        let fields: Vec<&str> = self.form.fields(path);
        let unexpected: HashSet<&str> = unexpected.iter().map(String::as_str).collect();
        let entries: Vec<_> = self
            .document
            .tree
            .entries(node)
            .iter()
            .filter(|entry| unexpected.contains(&*entry.key))
            // A line that could not be read, and was told as that.
            .filter(|entry| !matches!(self.document.tree.node(entry.value).kind, Kind::Broken))
            .map(|entry| (entry.key.clone(), entry.key_span, entry.key_style))
            .collect();
        let group = noun(path, self.form.noun).into_owned();
        for (key, span, style) in entries {
            let shown = shown::shorten(&key);
            let place = self.document.place(span);
            let mut finding = Finding::new(Code::UnknownField, place, format!("{group} has no field `{shown}`"));
            match meant(&key, &fields) {
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
                        let edit = Edit { span, text: requote(style, ours) };
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
    }

    fn wrong_type(&mut self, node: NodeId, path: &[Segment], error: &ValidationError<'_>, kind: &TypeKind) {
        let found = self.document.tree.node(node).kind.clone();
        // A null is "not written": for a field that must be there it is missing, elsewhere it is a wrong value.
        if matches!(found, Kind::Null)
            && let [.., Segment::Name(field)] = path
            && error.schema_path().as_str().ends_with(&format!("/properties/{field}/type"))
            && let Some(parent) = self.parent(node)
        {
            let group = noun(&path[..path.len() - 1], self.form.noun).into_owned();
            self.missing.push((parent, field.clone(), group));
            return;
        }
        self.shape.rejected.insert(node);
        let wanted = wanted(path, kind);
        let message = match path {
            [] => format!("{} is a group of fields, and this file is {}", self.form.noun, found.noun()),
            _ if matches!(found, Kind::Float(_)) => {
                format!("{} must be {wanted}, and this is {}", subject(path), self.written(node))
            }
            _ => format!("{} must be {wanted}, and this is {}", subject(path), found.noun()),
        };
        let span = self.document.tree.place(node);
        let mut finding = Finding::new(Code::WrongType, self.document.place(span), message);
        finding.help = self.type_help(node, path, &found);
        let is_voice = matches!(path.last(), Some(Segment::Name(name)) if name == "voice");
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

    fn type_help(&self, node: NodeId, path: &[Segment], found: &Kind) -> Option<String> {
        let field = path.iter().rev().find_map(|segment| match segment {
            Segment::Name(name) => Some(&**name),
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

    fn bad_name(&mut self, node: NodeId, path: &[Segment], error: &ValidationError<'_>) {
        let Value::String(name) = error.instance().as_ref() else { return };
        let Some(entry) = self.document.tree.entries(node).iter().find(|entry| &*entry.key == name.as_str()) else {
            return;
        };
        let span = entry.key_span;
        let shown = shown::shorten(name);
        let what = match path.last() {
            Some(Segment::Name(list)) if list == "cast" => "a cast member's name",
            _ => "a style's name",
        };
        match error.kind() {
            ValidationErrorKind::MaxLength { limit } => {
                let length = name.chars().count();
                let message = format!("{what} has at most {limit} characters, and `{shown}` has {length}");
                self.report(Code::OutOfRange, span, message).help = Some("choose a shorter one".into());
            }
            _ => {
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

    fn not_a_choice(&mut self, node: NodeId, path: &[Segment], options: &Value) {
        let choices: Vec<&str> = options.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
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

    fn bad_form(&mut self, node: NodeId, path: &[Segment]) {
        let span = self.document.tree.place(node);
        let written = self.document.tree.text(node).unwrap_or_default().to_owned();
        let shown = shown::shorten(&written);
        let field = match path.last() {
            Some(Segment::Name(name)) => &**name,
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

    fn out_of_range(&mut self, node: NodeId, path: &[Segment], kind: &ValidationErrorKind) {
        let span = self.document.tree.place(node);
        let written = self.written(node);
        let subject = subject(path);
        let count = match &self.document.tree.node(node).kind {
            Kind::Sequence(items) => items.len(),
            Kind::Mapping(mapping) => mapping.entries.len(),
            Kind::String(text) => text.chars().count(),
            _ => 0,
        };
        let is_point = matches!(path, [.., Segment::Name(list), Segment::Index] if list == "path");
        let (message, help) = match kind {
            ValidationErrorKind::Minimum { limit } => {
                (format!("{subject} is at least {limit}, and this is {written}"), format!("write {limit} or more"))
            }
            ValidationErrorKind::Maximum { limit } => {
                (format!("{subject} is at most {limit}, and this is {written}"), format!("write {limit} or less"))
            }
            ValidationErrorKind::ExclusiveMinimum { limit } => (
                format!("{subject} is more than {limit}, and this is {written}"),
                "write a larger number, or remove the line for no limit".into(),
            ),
            ValidationErrorKind::MinItems { .. } | ValidationErrorKind::MaxItems { .. } if is_point => {
                (format!("a point is two numbers, x and y, and this has {count}"), "write `[x, y]`".into())
            }
            ValidationErrorKind::MinItems { limit } => (
                format!(
                    "{subject} needs at least {limit}, and there {} {count}",
                    if count == 1 { "is" } else { "are" }
                ),
                "add what is missing, or remove the field".into(),
            ),
            ValidationErrorKind::MaxItems { limit } => (
                format!("{subject} has at most {limit}, and these are {count}"),
                "leave some out, or make another shot of them".into(),
            ),
            ValidationErrorKind::MaxLength { limit } => (
                format!("{subject} has at most {limit} characters, and this has {count}"),
                "choose a shorter one".into(),
            ),
            ValidationErrorKind::MinProperties { .. } | ValidationErrorKind::MaxProperties { .. } => (
                format!("a line has one speaker and one text, and this has {count}"),
                "write each line as an item of its own: `- mara: I swore a lot of things.`".into(),
            ),
            _ => (
                format!("`{written}` is not a value that {subject} can have"),
                "see the language's page for what it can be".into(),
            ),
        };
        self.report(Code::OutOfRange, span, message).help = Some(help);
    }

    /// Dates, which JSON does not know, pass for integers in the validator: what wants an integer is looked at here.
    fn dates(&mut self) {
        let tree = &self.document.tree;
        let mut found = Vec::new();
        for node in tree.nodes.iter() {
            if let Kind::Mapping(mapping) = &node.kind {
                for entry in &mapping.entries {
                    if matches!(tree.node(entry.value).kind, Kind::Date)
                        && matches!(&*entry.key, "duration" | "clips" | "seconds")
                    {
                        found.push((entry.key.clone(), entry.value));
                    }
                }
            }
        }
        for (key, node) in found {
            if self.shape.rejected.insert(node) {
                let span = self.document.tree.place(node);
                self.report(Code::WrongType, span, format!("`{key}` must be a whole number, and this is a date"));
            }
        }
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

    fn parent(&mut self, node: NodeId) -> Option<NodeId> {
        let tree = &self.document.tree;
        let parents = self.parents.get_or_insert_with(|| {
            let mut parents = HashMap::new();
            for (index, node) in tree.nodes.iter().enumerate() {
                if let Kind::Mapping(mapping) = &node.kind {
                    for entry in &mapping.entries {
                        parents.entry(entry.value).or_insert(NodeId(index as u32));
                    }
                }
            }
            parents
        });
        parents.get(&node).copied()
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
fn subject(path: &[Segment]) -> String {
    match path {
        [.., Segment::Name(list), Segment::Index, Segment::Index] if list == "path" => "a point's number".into(),
        [.., Segment::Name(list), Segment::Index] => match &**list {
            "shots" => "a shot".into(),
            "scenes" => "a scene".into(),
            "cuts" => "a cut".into(),
            "lines" => "a line".into(),
            "path" => "a point".into(),
            "move" => "a move".into(),
            _ => format!("each of `{list}`"),
        },
        [.., Segment::Name(list), Segment::Index, Segment::Name(speaker)] if list == "lines" => {
            format!("what `{}` says", shown::shorten(speaker))
        }
        [.., Segment::Name(map), Segment::Name(name)] if map == "styles" || map == "cast" => {
            format!("`{}`", shown::shorten(name))
        }
        [.., Segment::Name(name)] => format!("`{name}`"),
        _ => "this".into(),
    }
}

fn wanted(path: &[Segment], kind: &TypeKind) -> String {
    if matches!(path.last(), Some(Segment::Name(name)) if name == "sound") {
        return "`on` or `off`".into();
    }
    let name = |kind: jsonschema::JsonType| match kind {
        jsonschema::JsonType::Array => "a list",
        jsonschema::JsonType::Boolean => "`true` or `false`",
        jsonschema::JsonType::Integer => "a whole number",
        jsonschema::JsonType::Null => "nothing",
        jsonschema::JsonType::Number => "a number",
        jsonschema::JsonType::Object => "a group of fields",
        jsonschema::JsonType::String => "text",
    };
    match kind {
        TypeKind::Single(single) => name(*single).into(),
        TypeKind::Multiple(types) => {
            if matches!(path.last(), Some(Segment::Name(name)) if name == "duration") {
                return "a whole number of seconds".into();
            }
            let names: Vec<_> = types.iter().filter(|kind| *kind != jsonschema::JsonType::Null).map(name).collect();
            names.join(" or ")
        }
    }
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

//! The schema check: the tree itself against the JSON Schema, each violation in our words at the exact key or value.

mod first_look;
mod kinds;
mod path;
mod raw;
mod slips;
mod unknown;
mod values;

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, LazyLock, OnceLock};

use jsonschema::error::ValidationErrorKind;
use jsonschema::{ValidationError, Validator};
use serde_json::Value;

use super::lent::Lent;
use super::lost_texts;
use super::node_json::{Instance, TreeJson};
use super::schema;
use crate::diagnostic::{Code, Finding};
use crate::kling::Facts;
use crate::syntax::{Document, Kind, NodeId};
use crate::text::shown;
use crate::text::{Format, Span};
use first_look::Rules;
use path::{Segment, node_of, noun, path_of, subject};

/// A schema, ready to check trees.
pub struct Form {
    text: Cow<'static, str>,
    rules: Rules,
    /// Compiled for the first tree that the rules leave in doubt.
    compiled: OnceLock<Compiled>,
    /// The name of such a file, for the message about a field at its top.
    noun: &'static str,
    /// Whether it is a storyboard, which `--fix` can change; the config is not.
    fixes: bool,
}

struct Compiled {
    schema: Value,
    validator: Validator<TreeJson>,
}

/// The result of checking a document's form.
#[derive(Debug, Default)]
pub struct Shape {
    /// The findings.
    pub findings: Vec<Finding>,
    /// Values that the schema rejects: no rule looks at them.
    pub rejected: HashSet<NodeId>,
    /// The entries of `styles` and `cast` whose names are not of a name's form: never suggested.
    pub bad_names: HashSet<NodeId>,
    /// For each mapping the fields that an unknown one was taken for: that they are absent is not said again.
    pub suggested: HashMap<NodeId, HashSet<String>>,
    /// For each mapping the fields that it has under a name that is one letter off: nobody should go on as if they were absent.
    pub misspelt: HashMap<NodeId, HashSet<String>>,
    /// Whether a part was left aside because its form is wrong: what is absent elsewhere may be in it.
    pub incomplete: bool,
    /// Whether the file is something else altogether, such as a screenplay or a Markdown page: one finding says so, and
    /// what its lines would mean as a storyboard is not said.
    pub foreign: bool,
}

impl Shape {
    /// Whether an unknown field of the mapping `node` was taken for `field`.
    pub fn is_suggested(&self, node: NodeId, field: &str) -> bool {
        self.suggested.get(&node).is_some_and(|fields| fields.contains(field))
    }

    /// Whether the mapping `node` has `field` under a name that is one letter off.
    pub fn is_misspelt(&self, node: NodeId, field: &str) -> bool {
        self.misspelt.get(&node).is_some_and(|fields| fields.contains(field))
    }
}

impl std::fmt::Debug for Form {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the form of {}", self.noun)
    }
}

impl Form {
    /// The form of storyboards with the models of `facts`.
    pub fn of_storyboards(facts: &Facts) -> Form {
        Form { fixes: true, ..Form::new(schema::storyboard(facts).to_string(), "a storyboard") }
    }

    /// The form of a storyboard with the models that are compiled in.
    pub fn storyboard() -> &'static Form {
        static FORM: LazyLock<Form> =
            LazyLock::new(|| Form { fixes: true, ..Form::new(schema::STORYBOARD, "a storyboard") });
        &FORM
    }

    /// The form that a schema of our own, `text`, describes.
    pub(crate) fn new(text: impl Into<Cow<'static, str>>, noun: &'static str) -> Self {
        let text = text.into();
        Form { rules: Rules::new(&text), text, compiled: OnceLock::new(), noun, fixes: false }
    }

    fn compiled(&self) -> &Compiled {
        self.compiled.get_or_init(|| {
            let schema = schema::for_checking(&self.text);
            let validator = jsonschema::options_for::<TreeJson>()
                .build(&schema)
                .expect("a committed schema is a valid JSON Schema");
            Compiled { schema, validator }
        })
    }

    /// Checks a document's form, where each finding is an error.
    pub fn check(&self, document: &Document) -> Shape {
        self.check_where(document, &|_, _| true)
    }

    /// Checks a document's form. `is_error` says of a code and a place whether such a finding is reported as an error: what is
    /// absent because of one is not reported too, but what is absent because of something that was allowed is.
    pub fn check_where(&self, document: &Document, is_error: &dyn Fn(Code, Span) -> bool) -> Shape {
        let lost = lost_texts(document).filter(|(node, _)| document.tree.is_null(*node));
        let mut checker = Checker {
            form: self,
            document,
            is_error,
            lost: lost.collect(),
            shape: Shape::default(),
            missing: Vec::new(),
            parents: None,
        };
        if self.fixes && checker.is_foreign() {
            return checker.shape;
        }
        // A null means "not written", also for the whole file.
        let Some(root) = document.tree.root().filter(|&root| !document.tree.is_null(root)) else {
            if !document.tree.incomplete {
                checker.empty();
            }
            return checker.shape;
        };
        checker.lost_fields();
        checker.shape.incomplete = self.fixes && !document.tree.second_items().is_empty();
        if self.rules.surely_fit(&document.tree, root) {
            let instance = Instance::new(&document.tree, root);
            debug_assert!(self.compiled().validator.is_valid(instance), "a first look is never wrong");
        } else {
            checker.violations(root);
        }
        checker.dates();
        if self.fixes {
            checker.raw_numbers();
        }
        checker.report_missing();
        checker.shape
    }

    /// The schema of the value at `path`.
    fn schema_of(&self, path: &[Segment]) -> Option<&Value> {
        let root = &self.compiled().schema;
        let mut schema = root;
        for segment in path {
            let next = match segment {
                Segment::Index => schema.get("items"),
                Segment::Name(name) => schema
                    .get("properties")
                    .and_then(|properties| properties.get(name))
                    .or_else(|| schema.get("additionalProperties")),
            }?;
            let reference = next.get("$ref").and_then(Value::as_str);
            schema = reference.and_then(|at| root.pointer(at.trim_start_matches('#'))).unwrap_or(next);
        }
        Some(schema)
    }

    /// The fields that the mapping at `path` may have, in the schema's order.
    fn fields(&self, path: &[Segment]) -> Vec<&str> {
        let properties = self.schema_of(path).and_then(|schema| schema.get("properties")?.as_object());
        properties.map(|properties| properties.keys().map(String::as_str).collect()).unwrap_or_default()
    }

    /// The schema of a field of the mapping at `path`.
    fn field(&self, path: &[Segment], name: &str) -> Option<&Value> {
        let schema = self.schema_of(path)?.get("properties")?.get(name)?;
        let reference = schema.get("$ref").and_then(Value::as_str);
        Some(reference.and_then(|at| self.compiled().schema.pointer(at.trim_start_matches('#'))).unwrap_or(schema))
    }
}

struct Checker<'c> {
    form: &'c Form,
    document: &'c Document,
    is_error: &'c dyn Fn(Code, Span) -> bool,
    /// Fields that are empty because a `#` took their text, which is reported as that.
    lost: HashMap<NodeId, Span>,
    shape: Shape,
    /// Required fields that are absent: reported at the end, when it is known which of them an unknown field was meant for.
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

    /// A text that cannot be read and has none of a storyboard's own words at the start of a line.
    fn is_foreign(&mut self) -> bool {
        const WORDS: [&str; 7] = ["storyboard", "shots", "scenes", "defaults", "cast", "styles", "extends"];
        let source = &self.document.source;
        let is_ours = |line: &str| {
            let line = line.trim_start_matches(['\u{feff}', ' ', '[', '{', '"', '\'']);
            WORDS.iter().any(|word| {
                let rest = line.strip_prefix(word);
                rest.is_some_and(|rest| {
                    rest.trim_start_matches(['"', '\'', ' ', ']']).starts_with([':', '=', '.', ']'])
                }) || rest.is_some_and(|rest| rest.starts_with(']'))
            })
        };
        let is_unread = self.document.findings.iter().any(|finding| finding.place.span.end() > 0);
        if !is_unread || source.text.lines().any(is_ours) {
            return false;
        }
        let first = (0..source.line_count()).map(|line| source.line_span(line));
        let first = first.into_iter().find(|span| !source.slice(*span).trim().is_empty()).unwrap_or_default();
        let help = "a storyboard is named `….storyboard.yaml` or `….storyboard.toml` and begins with `storyboard: 1`; \
                    `clapboard import` makes one from a table of shots or a request";
        self.report(Code::Syntax, first, "this file is not a storyboard".into()).help = Some(help.into());
        self.shape.foreign = true;
        true
    }

    fn report(&mut self, code: Code, span: Span, message: String) -> &mut Finding {
        self.shape.findings.push(Finding::new(code, self.document.place(span), message));
        self.shape.findings.last_mut().expect("just pushed")
    }

    /// A finding about `at` takes something for the mapping's `field`.
    fn suggest(&mut self, node: NodeId, field: &str, (code, at): (Code, Span)) {
        if (self.is_error)(code, at) {
            self.shape.suggested.entry(node).or_default().insert(field.to_owned());
        }
    }

    /// A finding about `at` knows something to be the mapping's `field`.
    fn misspells(&mut self, node: NodeId, field: &str, (code, at): (Code, Span)) {
        if (self.is_error)(code, at) {
            self.shape.misspelt.entry(node).or_default().insert(field.to_owned());
        }
    }

    /// A field that lost its text to a comment is there, whatever it said.
    fn lost_fields(&mut self) {
        let tree = &self.document.tree;
        let mut found = Vec::new();
        for (index, node) in tree.nodes.iter().enumerate().filter(|_| !self.lost.is_empty()) {
            if let Kind::Mapping(mapping) = &node.kind {
                let lost = mapping.entries.iter().filter_map(|entry| Some((entry, *self.lost.get(&entry.value)?)));
                found.extend(lost.map(|(entry, comment)| (NodeId(index as u32), entry.key.clone(), comment)));
            }
        }
        for (node, field, comment) in found {
            self.suggest(node, &field, (Code::TextLostToComment, comment));
        }
    }

    /// Whether a value is what a syntax slip left of it.
    fn is_broken(&self, node: NodeId) -> bool {
        let tree = &self.document.tree;
        let is_root = || tree.root() == Some(node);
        match &tree.node(node).kind {
            Kind::Broken => true,
            // `-mara: …`, a dash without its space, is read as a field where the list's other items are not read at all.
            Kind::Mapping(mapping) => {
                tree.incomplete && mapping.entries.first().is_some_and(|entry| entry.key.starts_with('-'))
            }
            _ => tree.incomplete && is_root(),
        }
    }

    /// Reports what the schema says against the tree below `root`.
    fn violations(&mut self, root: NodeId) {
        let explained = self.slips(root);
        let mut mistyped = HashSet::new();
        let instance = Instance::new(&self.document.tree, root);
        let errors: Vec<_> = self.form.compiled().validator.iter_errors(instance).collect();
        for error in &errors {
            if let (ValidationErrorKind::Type { .. }, Some(node)) = (error.kind(), node_of(error)) {
                mistyped.insert(node);
            }
        }
        for error in &errors {
            let Some(node) = node_of(error).filter(|node| !explained.contains(node)) else { continue };
            // A value of the wrong type is reported once, as that.
            if matches!(error.kind(), ValidationErrorKind::Type { .. }) || !mistyped.contains(&node) {
                self.violation(node, error);
            }
        }
    }

    fn violation(&mut self, node: NodeId, error: &ValidationError<'_>) {
        if self.is_broken(node) {
            return;
        }
        let path = path_of(error);
        match error.kind() {
            // What is missing may be in the part that could not be read, and what is too much may be a part of that.
            ValidationErrorKind::Required { .. }
            | ValidationErrorKind::MinProperties { .. }
            | ValidationErrorKind::MaxProperties { .. }
                if self.document.tree.is_partial(node) => {}
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
                let message = format!("{} must be `{expected_value}`, not `{}`", subject(&path), self.written(node));
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
        shown::words(self.document.source.slice(self.document.tree.node(node).span).trim())
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
                self.report(Code::WrongType, span, format!("`{key}` must be a whole number, not a date")).help =
                    Some("write a whole number, such as `5`".into());
            }
        }
    }

    fn report_missing(&mut self) {
        for (node, field, group) in std::mem::take(&mut self.missing) {
            if self.shape.is_suggested(node, &field) {
                continue;
            }
            let span = self.document.tree.first_key(node);
            let message = format!("{group} needs `{field}`, and it is missing");
            let toml = self.document.source.format == Format::Toml;
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

/// The checked document together with its shape.
#[derive(Debug)]
pub struct Checked {
    /// The document.
    pub document: Arc<Document>,
    /// The result of checking its form.
    pub shape: Shape,
    lent: OnceLock<Lent>,
}

impl Checked {
    /// A document with what is right and wrong about it.
    pub fn new(document: Document, shape: Shape) -> Self {
        Self { document: Arc::new(document), shape, lent: OnceLock::new() }
    }

    /// The settings, styles and cast that its shots and the films that extend it use.
    pub fn lent(&self) -> &Lent {
        self.lent.get_or_init(|| Lent::read(self))
    }
}

//! JSON Schema over the spanned tree: the keywords that our own schemas use, so that each violation is a node of the tree
//! and nothing has to find its place again. A general validator costs half of the build and brings forty crates; the tests
//! hold this one against it.

use std::collections::HashMap;

use serde_json::{Map, Number, Value};

use super::pattern;
use crate::syntax::{Entry, Kind, NodeId, Tree};

/// A schema, ready to check trees.
pub(super) struct Validator {
    /// Every schema inside the schema; the root is the first.
    schemas: Vec<Schema>,
}

/// A step of a path into a document.
#[derive(Clone, Copy, Debug)]
pub(super) enum Segment<'a> {
    Name(&'a str),
    Index,
}

/// A value that a schema does not allow.
pub(super) struct Violation<'a> {
    pub node: NodeId,
    pub path: Vec<Segment<'a>>,
    /// The mapping of which the value is a field that the schema names.
    pub field_of: Option<NodeId>,
    pub fault: Fault<'a>,
}

/// What is wrong with the value.
#[derive(Clone, Copy)]
pub(super) enum Fault<'a> {
    /// A mapping has this field, which its schema does not know.
    Unknown(&'a Entry),
    /// A mapping lacks this field.
    Missing(&'a str),
    /// A mapping has this name for a member; the fault of the name.
    Name(&'a Entry, NameFault),
    Type(&'a [Type]),
    Enum(&'a [Value]),
    Const(&'a Value),
    Pattern,
    Limit(Limit, &'a Number),
}

#[derive(Clone, Copy)]
pub(super) enum NameFault {
    Pattern,
    TooLong(u64),
}

/// JSON Schema's types. A date, which JSON does not have, is of no type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Type {
    Array,
    Boolean,
    Integer,
    Null,
    Number,
    Object,
    String,
}

/// Keywords with a number that bounds a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Limit {
    Minimum,
    Maximum,
    ExclusiveMinimum,
    MaxLength,
    MinItems,
    MaxItems,
    MinProperties,
    MaxProperties,
}

#[derive(Default)]
struct Schema {
    types: Vec<Type>,
    choices: Vec<Value>,
    constant: Option<Value>,
    pattern: Option<fn(&str) -> bool>,
    limits: Vec<(Limit, Number)>,
    required: Vec<String>,
    properties: HashMap<String, usize>,
    /// Prefixes of names that are the writer's own.
    free_prefixes: Vec<String>,
    additional: Additional,
    name_pattern: Option<fn(&str) -> bool>,
    name_length: Option<u64>,
    items: Option<usize>,
}

/// What members may be that are not named.
#[derive(Default)]
enum Additional {
    #[default]
    Anything,
    Nothing,
    Schema(usize),
}

impl Validator {
    /// Compiles a schema of our own.
    ///
    /// # Panics
    /// On a keyword or a pattern that is not known here: such a schema must not be committed.
    pub fn new(schema: &Value) -> Self {
        let mut compiler = Compiler { root: schema, schemas: Vec::new(), references: Vec::new() };
        compiler.schema(schema);
        Self { schemas: compiler.schemas }
    }

    /// All that is wrong with the value `root`, parents before what is in them.
    pub fn violations<'a>(&'a self, tree: &'a Tree, root: NodeId) -> Vec<Violation<'a>> {
        let mut walk = Walk { validator: self, tree, path: Vec::new(), found: Vec::new() };
        walk.value(&self.schemas[0], root, None);
        walk.found
    }
}

struct Compiler<'s> {
    root: &'s Value,
    schemas: Vec<Schema>,
    /// The definitions that are compiled already, by reference.
    references: Vec<(&'s str, usize)>,
}

/// Keywords that say something to people and editors, and nothing about what is valid.
const ANNOTATIONS: &[&str] = &[
    "$id",
    "$schema",
    "default",
    "defaultSnippets",
    "definitions",
    "description",
    "enumDescriptions",
    "examples",
    "markdownDescription",
    "markdownEnumDescriptions",
    "patternErrorMessage",
    "title",
];

impl<'s> Compiler<'s> {
    /// Compiles a schema and all in it; its number.
    fn schema(&mut self, schema: &'s Value) -> usize {
        if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
            return self.reference(reference);
        }
        let number = self.schemas.len();
        self.schemas.push(Schema::default());
        let mut compiled = Schema::default();
        for (keyword, value) in object(schema) {
            if !ANNOTATIONS.contains(&&**keyword) && !keyword.starts_with("x-") {
                self.keyword(&mut compiled, keyword, value);
            }
        }
        self.schemas[number] = compiled;
        number
    }

    fn reference(&mut self, reference: &'s str) -> usize {
        if let Some(&(_, number)) = self.references.iter().find(|(known, _)| *known == reference) {
            return number;
        }
        self.references.push((reference, self.schemas.len()));
        let pointer = reference.strip_prefix('#').expect("a reference is to this schema");
        self.schema(self.root.pointer(pointer).expect("a reference is to something"))
    }

    fn keyword(&mut self, compiled: &mut Schema, keyword: &str, value: &'s Value) {
        match keyword {
            "type" => compiled.types = list(value).iter().map(type_named).collect(),
            "enum" => compiled.choices = list(value).to_vec(),
            "const" => compiled.constant = Some(value.clone()),
            "pattern" => compiled.pattern = Some(pattern::matcher(text(value))),
            "required" => compiled.required = list(value).iter().map(|name| text(name).to_owned()).collect(),
            "properties" => {
                let fields = object(value).iter();
                compiled.properties = fields.map(|(name, field)| (name.clone(), self.schema(field))).collect();
            }
            "patternProperties" => {
                for (pattern, schema) in object(value) {
                    assert_eq!(schema, &Value::Bool(true), "`{pattern}` is for names that may hold anything");
                    let prefix = pattern.strip_prefix('^').expect("a free name is known by its prefix");
                    compiled.free_prefixes.push(prefix.to_owned());
                }
            }
            "additionalProperties" => {
                compiled.additional = match value {
                    Value::Bool(true) => Additional::Anything,
                    Value::Bool(false) => Additional::Nothing,
                    schema => Additional::Schema(self.schema(schema)),
                }
            }
            "propertyNames" => {
                for (keyword, value) in object(value) {
                    match &**keyword {
                        "pattern" => compiled.name_pattern = Some(pattern::matcher(text(value))),
                        "maxLength" => compiled.name_length = value.as_u64(),
                        _ => panic!("`propertyNames` with `{keyword}` is not known here"),
                    }
                }
            }
            "items" => compiled.items = Some(self.schema(value)),
            _ => {
                let limit = limit_named(keyword).unwrap_or_else(|| panic!("the keyword `{keyword}` is not known here"));
                let Value::Number(bound) = value else { panic!("`{keyword}` is a number") };
                compiled.limits.push((limit, bound.clone()));
            }
        }
    }
}

fn limit_named(keyword: &str) -> Option<Limit> {
    Some(match keyword {
        "minimum" => Limit::Minimum,
        "maximum" => Limit::Maximum,
        "exclusiveMinimum" => Limit::ExclusiveMinimum,
        "maxLength" => Limit::MaxLength,
        "minItems" => Limit::MinItems,
        "maxItems" => Limit::MaxItems,
        "minProperties" => Limit::MinProperties,
        "maxProperties" => Limit::MaxProperties,
        _ => return None,
    })
}

fn type_named(name: &Value) -> Type {
    match text(name) {
        "array" => Type::Array,
        "boolean" => Type::Boolean,
        "integer" => Type::Integer,
        "null" => Type::Null,
        "number" => Type::Number,
        "object" => Type::Object,
        "string" => Type::String,
        other => panic!("`{other}` is not a type of JSON Schema"),
    }
}

fn text(value: &Value) -> &str {
    value.as_str().expect("the keyword has a text")
}

/// The members of a list, or the one value that stands for a list of one.
fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice)
}

fn object(value: &Value) -> &Map<String, Value> {
    value.as_object().expect("the keyword has a group of fields")
}

struct Walk<'a> {
    validator: &'a Validator,
    tree: &'a Tree,
    path: Vec<Segment<'a>>,
    found: Vec<Violation<'a>>,
}

impl<'a> Walk<'a> {
    fn value(&mut self, schema: &'a Schema, node: NodeId, field_of: Option<NodeId>) {
        let tree = self.tree;
        let kind = &tree.node(node).kind;
        // Reported as a syntax error.
        if matches!(kind, Kind::Broken) {
            return;
        }
        let mut report = |fault| self.found.push(Violation { node, path: self.path.clone(), field_of, fault });
        // A value of the wrong type is reported once, as that.
        if !schema.types.is_empty() && !schema.types.iter().any(|&wanted| is_of(kind, wanted)) {
            report(Fault::Type(&schema.types));
            return;
        }
        if !schema.choices.is_empty() && !schema.choices.iter().any(|choice| is_equal(kind, choice)) {
            report(Fault::Enum(&schema.choices));
        }
        if let Some(constant) = schema.constant.as_ref().filter(|&constant| !is_equal(kind, constant)) {
            report(Fault::Const(constant));
        }
        if let (Kind::String(text), Some(is_match)) = (kind, schema.pattern)
            && !is_match(text)
        {
            report(Fault::Pattern);
        }
        for (limit, bound) in &schema.limits {
            if !is_within(kind, *limit, bound) {
                report(Fault::Limit(*limit, bound));
            }
        }
        match kind {
            Kind::Mapping(mapping) => self.members(schema, node, &mapping.entries, field_of),
            Kind::Sequence(items) => {
                if let Some(schema) = schema.items {
                    self.path.push(Segment::Index);
                    items.iter().for_each(|&item| self.value(&self.validator.schemas[schema], item, None));
                    self.path.pop();
                }
            }
            _ => {}
        }
    }

    fn members(&mut self, schema: &'a Schema, node: NodeId, entries: &'a [Entry], field_of: Option<NodeId>) {
        let mut report = |fault| self.found.push(Violation { node, path: self.path.clone(), field_of, fault });
        for name in &schema.required {
            if !entries.iter().any(|entry| *entry.key == **name) {
                report(Fault::Missing(name));
            }
        }
        for entry in entries {
            if schema.name_pattern.is_some_and(|is_match| !is_match(&entry.key)) {
                report(Fault::Name(entry, NameFault::Pattern));
            }
            if let Some(limit) = schema.name_length.filter(|&limit| entry.key.chars().count() as u64 > limit) {
                report(Fault::Name(entry, NameFault::TooLong(limit)));
            }
        }
        for entry in entries {
            let declared = schema.properties.get(&*entry.key).copied();
            let is_free = schema.free_prefixes.iter().any(|prefix| entry.key.starts_with(&**prefix));
            let of_member = match (&schema.additional, declared) {
                (_, Some(declared)) => declared,
                (Additional::Schema(number), None) if !is_free => *number,
                (Additional::Nothing, None) if !is_free => {
                    let fault = Fault::Unknown(entry);
                    self.found.push(Violation { node, path: self.path.clone(), field_of, fault });
                    continue;
                }
                _ => continue,
            };
            self.path.push(Segment::Name(&entry.key));
            self.value(&self.validator.schemas[of_member], entry.value, declared.map(|_| node));
            self.path.pop();
        }
    }
}

fn is_of(kind: &Kind, wanted: Type) -> bool {
    match kind {
        Kind::Null => wanted == Type::Null,
        Kind::Bool(_) => wanted == Type::Boolean,
        Kind::Int(_) => matches!(wanted, Type::Integer | Type::Number),
        Kind::Float(number) => wanted == Type::Number || (wanted == Type::Integer && number.fract() == 0.0),
        Kind::String(_) => wanted == Type::String,
        Kind::Sequence(_) => wanted == Type::Array,
        Kind::Mapping(_) => wanted == Type::Object,
        Kind::Date | Kind::Broken => false,
    }
}

/// Whether the value is this one of a schema, where only simple values are listed.
fn is_equal(kind: &Kind, expected: &Value) -> bool {
    match (kind, expected) {
        (Kind::String(text), Value::String(expected)) => **text == **expected,
        (Kind::Bool(value), Value::Bool(expected)) => value == expected,
        (Kind::Null, Value::Null) => true,
        (Kind::Int(number), Value::Number(expected)) => expected.as_i64() == Some(*number),
        (Kind::Float(number), Value::Number(expected)) => expected.as_f64() == Some(*number),
        _ => false,
    }
}

/// A limit bounds only what it is for: `maximum` says nothing about a text.
fn is_within(kind: &Kind, limit: Limit, bound: &Number) -> bool {
    let (value, is_for) = match kind {
        Kind::Int(number) => (*number as f64, &[Limit::Minimum, Limit::Maximum, Limit::ExclusiveMinimum][..]),
        Kind::Float(number) => (*number, &[Limit::Minimum, Limit::Maximum, Limit::ExclusiveMinimum][..]),
        Kind::String(text) => (text.chars().count() as f64, &[Limit::MaxLength][..]),
        Kind::Sequence(items) => (items.len() as f64, &[Limit::MinItems, Limit::MaxItems][..]),
        Kind::Mapping(mapping) => (mapping.entries.len() as f64, &[Limit::MinProperties, Limit::MaxProperties][..]),
        Kind::Null | Kind::Bool(_) | Kind::Date | Kind::Broken => return true,
    };
    let bound = bound.as_f64().unwrap_or_default();
    !is_for.contains(&limit)
        || match limit {
            Limit::Minimum | Limit::MinItems | Limit::MinProperties => value >= bound,
            Limit::Maximum | Limit::MaxLength | Limit::MaxItems | Limit::MaxProperties => value <= bound,
            Limit::ExclusiveMinimum => value > bound,
        }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::language::schema::STORYBOARD;
    use crate::project::SCHEMA as CONFIG;
    use crate::syntax::Document;
    use crate::text::Format;

    /// Where the value is wrong, and whether that is its type: what two validators must agree on.
    type Wrong = BTreeSet<(String, bool)>;

    fn ours(schema: &Value, instance: &Value) -> Wrong {
        let text = serde_json::to_string(instance).expect("a value is JSON");
        let document = Document::from_bytes("a.yaml", Path::new("a.yaml"), text.into_bytes(), Format::Yaml);
        assert!(document.findings.is_empty(), "{:?}", document.findings);
        let validator = Validator::new(schema);
        let root = document.tree.root().expect("there is a value");
        let mut wrong = Wrong::new();
        for violation in validator.violations(&document.tree, root) {
            let names = violation.path.iter().map(|segment| match segment {
                Segment::Name(name) => format!("/{name}"),
                Segment::Index => "/*".into(),
            });
            wrong.insert((names.collect(), matches!(violation.fault, Fault::Type(_))));
        }
        wrong
    }

    fn theirs(schema: &Value, instance: &Value) -> Wrong {
        use jsonschema::error::ValidationErrorKind;
        use jsonschema::paths::LocationSegment;
        let validator = jsonschema::validator_for(schema).expect("the schema is valid");
        let (mut wrong, mut mistyped) = (Vec::new(), BTreeSet::new());
        for error in validator.iter_errors(instance) {
            let names = error.instance_path().segments().map(|segment| match segment {
                LocationSegment::Property(name) => format!("/{name}"),
                LocationSegment::Index(_) => "/*".into(),
            });
            let is_type = matches!(error.kind(), ValidationErrorKind::Type { .. });
            let place = error.instance_path().to_string();
            if is_type {
                mistyped.insert(place.clone());
            }
            wrong.push((place, names.collect::<String>(), is_type));
        }
        // A value of the wrong type is that, and nothing else besides.
        wrong.retain(|(place, _, is_type)| *is_type || !mistyped.contains(place));
        wrong.into_iter().map(|(_, names, is_type)| (names, is_type)).collect()
    }

    /// A film that uses every field, as JSON.
    fn film() -> Value {
        json!({
            "storyboard": 1, "title": "Ferry", "x-own": 1,
            "defaults": { "model": "kling-v2-6", "mode": "pro", "duration": "5", "sound": "on", "style": ["film"] },
            "styles": { "film": "grain" },
            "cast": { "mara": { "voice": "829877809978941442", "look": "a woman" } },
            "budget": { "clips": 3, "units": 10.5, "seconds": 2 },
            "shots": [
                { "id": "a-010", "first_frame": "a.png", "prompt": "p", "cfg_scale": 0.5, "watermark": true,
                  "camera": { "zoom": 3 }, "lines": [{ "mara": "Well." }],
                  "cuts": [{ "duration": 3, "prompt": "p" }, { "duration": "2", "prompt": "q" }],
                  "brush": { "still": "m.png", "move": [{ "mask": "n.png", "path": [[1, 2], [3, 4]] }] } },
            ],
            "scenes": [{ "id": "s", "shots": [{ "id": "b-010", "camera": "down_back", "last_frame": "b.png" }] }],
        })
    }

    fn config() -> Value {
        json!({
            "target": { "api": "gateway", "base_url": "https://g.example", "api_key_env": "K", "request_timeout": 60 },
            "prices": { "usd_per_unit": 0.14 }, "lint": { "allow": ["a"] }, "files": { "include": ["x"] },
        })
    }

    /// What a value may be changed to.
    fn anything() -> impl Strategy<Value = Value> {
        prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            (-20i64..100).prop_map(Value::from),
            (-20f64..4000.0).prop_map(Value::from),
            Just(json!(5.0)),
            "[a-c0-9_-]{0,6}".prop_map(Value::from),
            "[a-z]{60,70}".prop_map(Value::from),
            "(https?|ftp|data):/?/?[a-z./]{0,4}".prop_map(Value::from),
            Just(json!([])),
            Just(json!([1, "a", [2]])),
            Just(json!({})),
            Just(json!({ "id": "x", "x-mine": [], "prompt": 3 })),
        ]
    }

    /// Changes one of the values in `root`, counted from the outside; or adds a field beside it, or takes it away.
    fn change(root: &mut Value, mut number: usize, how: u8, new: Value) {
        fn inside(value: &mut Value, number: &mut usize, how: u8, new: &Value) -> bool {
            if let Value::Object(fields) = value {
                let names: Vec<String> = fields.keys().cloned().collect();
                for name in names {
                    if *number == 0 {
                        match how {
                            0 => drop(fields.remove(&name)),
                            1 => drop(fields.insert(format!("{name}-"), new.clone())),
                            _ => drop(fields.insert(name, new.clone())),
                        }
                        return true;
                    }
                    *number -= 1;
                    if inside(fields.get_mut(&name).expect("it is there"), number, how, new) {
                        return true;
                    }
                }
            } else if let Value::Array(items) = value {
                for item in items {
                    if *number == 0 {
                        *item = new.clone();
                        return true;
                    }
                    *number -= 1;
                    if inside(item, number, how, new) {
                        return true;
                    }
                }
            }
            false
        }
        inside(root, &mut number, how, &new);
    }

    proptest! {
        #[test]
        fn finds_what_a_general_validator_finds(
            changes in prop::collection::vec((0usize..64, 0u8..5, anything()), 1..5),
        ) {
            for (schema, mut instance) in [(STORYBOARD, film()), (CONFIG, config())] {
                let schema: Value = serde_json::from_str(schema).expect("it is JSON");
                for (number, how, new) in &changes {
                    change(&mut instance, *number, *how, new.clone());
                }
                prop_assert_eq!(ours(&schema, &instance), theirs(&schema, &instance), "{}", instance);
            }
        }
    }

    #[test]
    fn the_sample_is_valid_for_both() {
        for (schema, instance) in [(STORYBOARD, film()), (CONFIG, config())] {
            let schema: Value = serde_json::from_str(schema).expect("it is JSON");
            assert_eq!(ours(&schema, &instance), Wrong::new());
            assert_eq!(theirs(&schema, &instance), Wrong::new());
        }
    }
}

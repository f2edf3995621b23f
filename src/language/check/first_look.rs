//! A first look at a tree: whether it surely has the form that a schema asks for. Most files do, and for them the schema need not
//! be compiled, which takes longer than everything else about one film. Whatever is in doubt here, the compiled schema
//! decides, and only its errors are reported. With debug assertions it is asked about every tree: no test, case or fuzzed input that
//! passes here has an error there.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use crate::language::names::{is_cast_name, is_style_name};
use crate::language::storyboard::{CAST_NAME, ID, PICTURE};
use crate::syntax::{Kind, Mapping, NodeId, Tree};

/// What a schema says, as far as it is looked at. A keyword that is not here is one for editors: see the test below.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Rules {
    #[serde(rename = "type")]
    kind: Types,
    #[serde(rename = "const")]
    only: Option<Value>,
    #[serde(rename = "enum")]
    choices: Option<Vec<Value>>,
    pattern: Option<String>,
    max_length: Option<usize>,
    minimum: Option<f64>,
    exclusive_minimum: Option<f64>,
    maximum: Option<f64>,
    items: Option<Box<Rules>>,
    min_items: usize,
    max_items: Option<usize>,
    properties: BTreeMap<Box<str>, Box<Rules>>,
    pattern_properties: FreeKeys,
    additional_properties: Others,
    property_names: Option<Box<Rules>>,
    required: Vec<String>,
    min_properties: usize,
    max_properties: Option<usize>,
    #[serde(rename = "$ref")]
    reference: Option<String>,
    definitions: BTreeMap<Box<str>, Box<Rules>>,
}

/// The types that a value may have.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Types {
    One(Type),
    Several(Vec<Type>),
}

impl Default for Types {
    fn default() -> Self {
        Types::Several(Vec::new())
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Type {
    Array,
    Boolean,
    Integer,
    Number,
    Object,
    String,
}

/// The fields that `properties` does not have.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Others {
    Allowed(bool),
    Each(Box<Rules>),
}

impl Default for Others {
    fn default() -> Self {
        Others::Allowed(true)
    }
}

/// The keys that a writer may make up: what is under them is not looked at.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct FreeKeys {
    #[serde(rename = "^x-", default)]
    any: bool,
}

type SurelyMatches = fn(&str) -> bool;

/// The patterns of our schemas, each with what surely matches it.
const PATTERNS: [(&str, SurelyMatches); 9] = [
    (ID, is_style_name),
    (CAST_NAME, is_cast_name),
    (PICTURE, |text| !text.contains("://") || text.starts_with("https://")),
    ("^[0-9]+$", is_digits),
    ("^0*[1-9][0-9]*$", |text| is_digits(text) && text.bytes().any(|digit| digit != b'0')),
    ("^[0-9]{1,19}$", |text| is_digits(text) && text.len() <= 19),
    ("^auto$", |text| text == "auto"),
    ("^https?://", |text| text.starts_with("https://") || text.starts_with("http://")),
    ("^[A-Z][A-Z0-9_]*$", |text| {
        text.starts_with(|first: char| first.is_ascii_uppercase())
            && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
    }),
];

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

impl Rules {
    /// Reads a schema of our own.
    pub fn new(schema: &str) -> Self {
        serde_json::from_str(schema).expect("a committed schema is a JSON Schema")
    }

    /// Whether the tree below `root` surely has this form.
    pub fn surely_fit(&self, tree: &Tree, root: NodeId) -> bool {
        Look { tree, definitions: &self.definitions }.fits(root, self)
    }
}

struct Look<'l> {
    tree: &'l Tree,
    definitions: &'l BTreeMap<Box<str>, Box<Rules>>,
}

impl Look<'_> {
    fn fits(&self, node: NodeId, rules: &Rules) -> bool {
        if let Some(reference) = &rules.reference {
            let named = reference.strip_prefix("#/definitions/").and_then(|name| self.definitions.get(name));
            return named.is_some_and(|rules| self.fits(node, rules));
        }
        let kind = &self.tree.node(node).kind;
        rules.take(kind)
            && match kind {
                Kind::String(text) => rules.take_text(text),
                Kind::Int(number) => rules.take_number(*number as f64),
                Kind::Float(number) => rules.take_number(*number),
                Kind::Sequence(items) => self.items_fit(items, rules),
                Kind::Mapping(mapping) => self.fields_fit(mapping, rules),
                Kind::Null | Kind::Bool(_) | Kind::Date | Kind::Broken => true,
            }
    }

    fn items_fit(&self, items: &[NodeId], rules: &Rules) -> bool {
        items.len() >= rules.min_items
            && rules.max_items.is_none_or(|most| items.len() <= most)
            && rules.items.as_ref().is_none_or(|rules| items.iter().all(|&item| self.fits(item, rules)))
    }

    fn fields_fit(&self, mapping: &Mapping, rules: &Rules) -> bool {
        let entries = &mapping.entries;
        let has = |name: &String| entries.iter().any(|entry| *entry.key == **name);
        entries.len() >= rules.min_properties
            && rules.max_properties.is_none_or(|most| entries.len() <= most)
            && rules.required.iter().all(has)
            && entries.iter().all(|entry| {
                rules.property_names.as_ref().is_none_or(|rules| rules.take_text(&entry.key))
                    && match (rules.properties.get(&*entry.key), &rules.additional_properties) {
                        (Some(rules), _) => self.fits(entry.value, rules),
                        _ if rules.pattern_properties.any && entry.key.starts_with("x-") => true,
                        (None, Others::Each(rules)) => self.fits(entry.value, rules),
                        (None, Others::Allowed(allowed)) => *allowed,
                    }
            })
    }
}

impl Rules {
    /// Whether a value of this kind is allowed, and where only some values are, this one.
    fn take(&self, kind: &Kind) -> bool {
        let types = match &self.kind {
            Types::One(only) => std::slice::from_ref(only),
            Types::Several(types) => types,
        };
        let is_type = types.is_empty()
            || types.iter().any(|wanted| match kind {
                Kind::Int(_) => matches!(wanted, Type::Integer | Type::Number),
                Kind::Float(_) => *wanted == Type::Number,
                Kind::Bool(_) => *wanted == Type::Boolean,
                Kind::String(_) => *wanted == Type::String,
                Kind::Sequence(_) => *wanted == Type::Array,
                Kind::Mapping(_) => *wanted == Type::Object,
                Kind::Null | Kind::Date | Kind::Broken => false,
            });
        is_type
            && self.only.as_ref().is_none_or(|only| is(kind, only))
            && self.choices.as_ref().is_none_or(|choices| choices.iter().any(|choice| is(kind, choice)))
    }

    fn take_text(&self, text: &str) -> bool {
        // A text has no more characters than bytes.
        self.max_length.is_none_or(|most| text.len() <= most)
            && self.pattern.as_ref().is_none_or(|pattern| {
                PATTERNS.iter().any(|(known, surely_matches)| known == pattern && surely_matches(text))
            })
    }

    fn take_number(&self, number: f64) -> bool {
        self.minimum.is_none_or(|least| number >= least)
            && self.exclusive_minimum.is_none_or(|least| number > least)
            && self.maximum.is_none_or(|most| number <= most)
    }
}

fn is(kind: &Kind, value: &Value) -> bool {
    match kind {
        Kind::String(text) => value.as_str() == Some(text),
        Kind::Bool(on) => value.as_bool() == Some(*on),
        Kind::Int(number) => value.as_i64() == Some(*number),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::json;

    use super::*;
    use crate::language::schema::{FOR_EDITORS, STORYBOARD};
    use crate::syntax::Document;
    use crate::text::{Format, Source};

    const CONFIG: &str = include_str!("../../../schemas/config.schema.json");

    /// The keywords that [`Rules`] has, and those that say nothing about a value.
    const KNOWN: [&str; 20] = [
        "$ref",
        "additionalProperties",
        "const",
        "default",
        "definitions",
        "enum",
        "examples",
        "exclusiveMinimum",
        "items",
        "maxItems",
        "maxLength",
        "maxProperties",
        "maximum",
        "minItems",
        "minProperties",
        "minimum",
        "pattern",
        "patternProperties",
        "propertyNames",
        "required",
    ];

    /// Every schema in `schema`, itself included.
    fn schemas<'s>(schema: &'s Value, found: &mut Vec<&'s serde_json::Map<String, Value>>) {
        let Value::Object(keywords) = schema else { return };
        found.push(keywords);
        for (keyword, value) in keywords {
            match (&**keyword, value) {
                ("properties" | "definitions" | "patternProperties", Value::Object(named)) => {
                    named.values().for_each(|schema| schemas(schema, found));
                }
                ("items" | "additionalProperties" | "propertyNames", schema) => schemas(schema, found),
                _ => {}
            }
        }
    }

    fn all_schemas(test: impl Fn(&serde_json::Map<String, Value>)) {
        for text in [STORYBOARD, CONFIG] {
            let schema: Value = serde_json::from_str(text).unwrap();
            let mut found = Vec::new();
            schemas(&schema, &mut found);
            assert!(found.len() > 20);
            found.into_iter().for_each(&test);
        }
    }

    #[test]
    fn no_keyword_is_overlooked() {
        let known: BTreeSet<&str> =
            KNOWN.into_iter().chain(FOR_EDITORS).chain(["$schema", "$id", "properties", "type"]).collect();
        all_schemas(|schema| {
            for keyword in schema.keys() {
                assert!(known.contains(&**keyword), "`{keyword}` is not looked at");
            }
            let of_names = schema.get("propertyNames").and_then(Value::as_object);
            for keyword in of_names.into_iter().flat_map(|rules| rules.keys()) {
                assert!(["pattern", "maxLength"].contains(&&**keyword), "`{keyword}` of a name is not looked at");
            }
        });
    }

    #[test]
    fn what_surely_matches_a_pattern_matches_it() {
        let texts = [
            "",
            "a",
            "A",
            "a-b",
            "a-",
            "-a",
            "_",
            "a_",
            "9",
            "0",
            "007",
            "00",
            "12345678901234567890",
            "auto",
            "automatic",
            "KEY_1",
            "key",
            "https://a.example",
            "http://a",
            "HTTP://a",
            "ftp://a",
            "data:image/png;base64,AA",
            "a/b.png",
            "a b",
            "\u{661}",
            "é",
            "a\n",
            "1\n",
            "auto\n",
            "KEY\n",
        ];
        for (pattern, surely_matches) in PATTERNS {
            let validator = jsonschema::validator_for(&json!({ "pattern": pattern })).unwrap();
            let matching: Vec<&str> = texts.into_iter().filter(|text| surely_matches(text)).collect();
            assert!(!matching.is_empty(), "{pattern}");
            for text in matching {
                assert!(validator.is_valid(&json!(text)), "{pattern} for {text:?}");
            }
        }
        all_schemas(|schema| {
            let pattern = schema.get("pattern").and_then(Value::as_str);
            assert!(pattern.is_none_or(|pattern| PATTERNS.iter().any(|(known, _)| *known == pattern)), "{pattern:?}");
        });
    }

    /// Whether the first look is enough for the storyboard `text`.
    fn surely_fits(text: &str) -> bool {
        let document = Document::read(Source::new("film.yaml", "/film.yaml", text.to_owned(), Format::Yaml));
        Rules::new(STORYBOARD).surely_fit(&document.tree, document.tree.root().unwrap())
    }

    #[test]
    fn a_film_as_most_are_needs_no_more_than_a_first_look() {
        let film = |shot: &str| {
            format!(
                "storyboard: 1\nx-a: {{ b: ~ }}\ndefaults: {{ model: kling-v3, style: [film] }}\nstyles: {{ film: 35mm }}\n\
                 cast: {{ mara: {{ look: old, voice: \"1\" }} }}\nscenes:\n  - {{ id: a, shots: [{{ id: b, {shot} }}] }}\n"
            )
        };
        let clean = [
            "prompt: Fog., first_frame: a.png, duration: 5, sound: off, cfg_scale: 0.5, x-b: [~], notes: 2020-01-01",
            "lines: [{ mara: Well. }, { mara: { text: Well., manner: low } }], use: [0.5, 4], kling: { a: ~ }",
            "cuts: [{ duration: 3, prompt: One. }], camera: { zoom: -3 }, last_frame: \"https://a.example/b.png\"",
        ];
        clean.into_iter().for_each(|shot| assert!(surely_fits(&film(shot)), "{shot}"));
        let in_doubt = [
            "promt: Fog.",
            "duration: 5.5",
            "sound: loud",
            "cfg_scale: 2",
            "style: film",
            "cuts: []",
            "model: kling",
            "first_frame: \"ftp://a\"",
            "camera: { zoom: 11 }",
            "lines: [{}]",
            "brush: { move: [{ mask: a.png }] }",
        ];
        in_doubt.into_iter().for_each(|shot| assert!(!surely_fits(&film(shot)), "{shot}"));
    }
}

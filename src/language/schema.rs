//! The JSON Schema, from the types. Draft-07, the one that VS Code's YAML and TOML extensions know best.

use schemars::transform::{Transform, transform_subschemas};
use schemars::{JsonSchema, Schema, generate::SchemaSettings};
use serde_json::{Value, json};

use super::storyboard::Storyboard;
use crate::kling::{Facts, Model};

/// The name of the storyboard's schema below the homepage.
const STORYBOARD_FILE: &str = "storyboard.schema.json";

/// The storyboard's schema as it is committed in `schemas/`, compiled in.
pub const STORYBOARD: &str = include_str!("../../schemas/storyboard.schema.json");

/// The storyboard's schema, derived from the types, with the models that `facts` has.
pub fn storyboard(facts: &Facts) -> Value {
    let mut schema = generate::<Storyboard>(STORYBOARD_FILE, "Storyboard");
    name_models(&mut schema, facts);
    schema
}

/// Puts the models' names and what they are good for where the types leave a place for them.
fn name_models(schema: &mut Value, facts: &Facts) {
    match schema {
        Value::Object(object) if object.contains_key("x-models") => {
            object.remove("x-models");
            let names: Vec<Value> = facts.models().iter().map(|model| json!(model.as_str())).collect();
            let about: Vec<Value> = facts.models().iter().map(|model| json!(about(*model))).collect();
            object.insert("enum".into(), names.into());
            object.insert("enumDescriptions".into(), about.clone().into());
            object.insert("markdownEnumDescriptions".into(), about.into());
        }
        Value::Object(object) => object.values_mut().for_each(|value| name_models(value, facts)),
        Value::Array(items) => items.iter_mut().for_each(|item| name_models(item, facts)),
        _ => {}
    }
}

fn about(model: Model) -> String {
    match model.facts().retired {
        Some(day) => format!("Retired on Kling's own API on {day}. {}", model.facts().about),
        None => model.facts().about.to_owned(),
    }
}

/// A type's schema in the form that is published.
pub(crate) fn generate<T: JsonSchema>(file: &str, title: &str) -> Value {
    let mut schema = SchemaSettings::draft07().into_generator().into_root_schema_for::<T>();
    DocumentedEnums.transform(&mut schema);
    NoNulls.transform(&mut schema);
    Describe.transform(&mut schema);
    // The project has an address only where its homepage is known.
    let homepage = env!("CARGO_PKG_HOMEPAGE").trim_end_matches('/');
    if !homepage.is_empty() {
        schema.insert("$id".into(), json!(format!("{homepage}/schemas/{file}")));
    }
    schema.insert("title".into(), json!(title));
    schema.to_value()
}

/// One `enum` with descriptions in place of a `oneOf` of constants: readable errors and completions.
struct DocumentedEnums;

impl Transform for DocumentedEnums {
    fn transform(&mut self, schema: &mut Schema) {
        transform_subschemas(self, schema);
        let Some(object) = schema.as_object_mut() else { return };
        let Some(Value::Array(choices)) = object.get("oneOf") else { return };
        if !choices.iter().all(|choice| choice.get("const").is_some()) {
            return;
        }
        let values: Value = choices.iter().map(|choice| choice["const"].clone()).collect();
        let texts: Value =
            choices.iter().map(|choice| choice.get("description").cloned().unwrap_or(json!(""))).collect();
        object.remove("oneOf");
        object.insert("type".into(), json!("string"));
        object.insert("enum".into(), values);
        object.insert("enumDescriptions".into(), texts.clone());
        object.insert("markdownEnumDescriptions".into(), texts);
    }
}

/// Takes out what `Option` says of null, so that every field is said in one plain form.
struct NoNulls;

impl Transform for NoNulls {
    fn transform(&mut self, schema: &mut Schema) {
        transform_subschemas(self, schema);
        let Some(object) = schema.as_object_mut() else { return };
        if let Some(Value::Array(types)) = object.get_mut("type") {
            types.retain(|name| name != "null");
            if let [only] = &types[..] {
                let only = only.clone();
                object.insert("type".into(), only);
            }
        }
        if object.get("default") == Some(&Value::Null) {
            object.remove("default");
        }
        if let Some(Value::Array(choices)) = object.get_mut("anyOf") {
            choices.retain(|choice| choice.get("type") != Some(&json!("null")));
            if let [Value::Object(only)] = &choices[..] {
                let only = only.clone();
                object.remove("anyOf");
                for (key, value) in only {
                    object.entry(key).or_insert(value);
                }
            }
        }
        if let Some(Value::Array(values)) = object.get_mut("enum") {
            values.retain(|value| !value.is_null());
        }
        // Rust's sizes of numbers mean nothing to a writer.
        if object
            .get("format")
            .and_then(Value::as_str)
            .is_some_and(|format| format.contains("int") || format == "double")
        {
            object.remove("format");
            let said_otherwise = object.contains_key("exclusiveMinimum") || object.contains_key("const");
            if object.get("minimum") == Some(&json!(0)) && said_otherwise {
                object.remove("minimum");
            }
            if let Some(maximum) = object.get("maximum").and_then(Value::as_u64)
                && [u64::from(u8::MAX), u64::from(u32::MAX)].contains(&maximum)
            {
                object.remove("maximum");
            }
        }
    }
}

/// VS Code shows `markdownDescription`; the doc comments are Markdown.
struct Describe;

impl Transform for Describe {
    fn transform(&mut self, schema: &mut Schema) {
        transform_subschemas(self, schema);
        if let Some(text) = schema.get("description").cloned() {
            schema.insert("markdownDescription".into(), text);
        }
    }
}

/// Keywords that only editors read: `check` has rules instead, which say more, and would compile them at each start.
pub(super) const FOR_EDITORS: [&str; 9] = [
    "if",
    "then",
    "defaultSnippets",
    "description",
    "markdownDescription",
    "enumDescriptions",
    "markdownEnumDescriptions",
    "errorMessage",
    "title",
];

/// A published schema as `check` uses it. Published schemas have no null, which editors would offer as a value for every
/// field; the language takes one as "not written".
pub(crate) fn for_checking(published: &str) -> Value {
    let schema: Value = serde_json::from_str(published).expect("a committed schema is JSON");
    let mut schema = Schema::try_from(schema).expect("a committed schema is an object");
    ForChecking.transform(&mut schema);
    schema.to_value()
}

struct ForChecking;

impl Transform for ForChecking {
    fn transform(&mut self, schema: &mut Schema) {
        for keyword in FOR_EDITORS {
            schema.remove(keyword);
        }
        transform_subschemas(self, schema);
        let Some(object) = schema.as_object_mut() else { return };
        let required: Vec<Value> = object.get("required").and_then(Value::as_array).cloned().unwrap_or_default();
        if let Some(Value::Object(properties)) = object.get_mut("properties") {
            for (name, property) in properties {
                if !required.contains(&json!(name)) {
                    accept_null(property);
                }
            }
        }
        if object.get("propertyNames").is_some()
            && let Some(entries) = object.get_mut("additionalProperties")
        {
            accept_null(entries);
        }
    }
}

fn accept_null(schema: &mut Value) {
    let Some(object) = schema.as_object_mut() else { return };
    match object.get_mut("type") {
        Some(Value::Array(types)) => types.push(json!("null")),
        Some(Value::String(only)) => {
            let types = json!([only, "null"]);
            object.insert("type".into(), types);
        }
        _ => return,
    }
    if let Some(Value::Array(values)) = object.get_mut("enum") {
        values.push(Value::Null);
    }
}

//! A tree's values as JSON, and such values written as YAML and as TOML.

use clapboard::syntax::{Document, Kind, NodeId, Tree};
use serde_json::{Number, Value, json};

/// What a document without findings says; `None` where it says nothing.
pub fn of(document: &Document) -> Option<Value> {
    document.tree.root().map(|root| of_node(&document.tree, root))
}

fn of_node(tree: &Tree, id: NodeId) -> Value {
    match &tree.node(id).kind {
        Kind::Null => Value::Null,
        Kind::Bool(value) => json!(value),
        Kind::Int(value) => json!(value),
        Kind::Float(value) => number(*value),
        Kind::String(text) => json!(**text),
        Kind::Date => json!("a date"),
        Kind::Sequence(items) => items.iter().map(|&item| of_node(tree, item)).collect(),
        Kind::Mapping(mapping) => {
            let pairs = mapping.entries.iter().map(|entry| (entry.key.to_string(), of_node(tree, entry.value)));
            Value::Object(pairs.collect())
        }
        Kind::Broken => panic!("something broken without a finding"),
    }
}

/// A number as JSON has it; those that JSON does not have as their names.
pub fn number(number: f64) -> Value {
    Number::from_f64(number).map_or_else(|| json!(number.to_string()), Value::Number)
}

/// TOML has no nulls, and a field that is null is one that is not there.
pub fn remove_nulls(value: &mut Value) {
    match value {
        Value::Array(items) => {
            items.iter_mut().for_each(remove_nulls);
            items.retain(|item| !item.is_null());
        }
        Value::Object(fields) => {
            fields.values_mut().for_each(remove_nulls);
            fields.retain(|_, field| !field.is_null());
        }
        _ => {}
    }
}

/// A film as TOML: a line for each field, its value behind it, the order kept.
pub fn toml(film: &serde_json::Map<String, Value>) -> String {
    lines(film, " = ")
}

/// A film as YAML: a line for each field, its value behind it, the order kept.
pub fn yaml(film: &serde_json::Map<String, Value>) -> String {
    lines(film, ": ")
}

fn lines(film: &serde_json::Map<String, Value>, between: &str) -> String {
    let mut text = String::new();
    for (name, value) in film {
        push_quoted(&mut text, name);
        text.push_str(between);
        push(&mut text, value, between);
        text.push('\n');
    }
    text
}

fn push(text: &mut String, value: &Value, between: &str) {
    match value {
        Value::String(words) => push_quoted(text, words),
        Value::Array(items) => {
            text.push('[');
            for (index, item) in items.iter().enumerate() {
                text.push_str(if index == 0 { "" } else { ", " });
                push(text, item, between);
            }
            text.push(']');
        }
        Value::Object(fields) => {
            text.push_str("{ ");
            for (index, (name, field)) in fields.iter().enumerate() {
                text.push_str(if index == 0 { "" } else { ", " });
                push_quoted(text, name);
                text.push_str(between);
                push(text, field, between);
            }
            text.push_str(" }");
        }
        // As serde_yaml writes a number: what a message quotes is what is written.
        plain => text.push_str(&plain.to_string().replace("e+", "e")),
    }
}

/// A text between quotes, with the escapes that YAML and TOML both have.
fn push_quoted(text: &mut String, words: &str) {
    text.push('"');
    for character in words.chars() {
        match character {
            '"' | '\\' => text.extend(['\\', character]),
            '\u{feff}' | '\u{fffe}' | '\u{ffff}' | '\u{2028}' | '\u{2029}' => push_code(text, character),
            character if character.is_control() => push_code(text, character),
            character => text.push(character),
        }
    }
    text.push('"');
}

fn push_code(text: &mut String, character: char) {
    text.push_str(&format!("\\u{:04x}", u32::from(character)));
}

//! A storyboard as text, as a person would lay it out.

use serde::Serialize;
use serde_json::{Map, Value};
use toml::ser::ValueSerializer;

use crate::language::storyboard::Storyboard;
use crate::text::Format;

/// The storyboard as YAML or TOML.
///
/// # Errors
/// The library that writes the format cannot; says why.
pub fn write(storyboard: &Storyboard, format: Format) -> Result<String, String> {
    let film = match serde_json::to_value(storyboard) {
        Ok(Value::Object(film)) => film,
        Ok(_) => Map::new(),
        Err(error) => return Err(error.to_string()),
    };
    match format {
        Format::Yaml => yaml(film).map_err(|error| error.to_string()),
        Format::Toml => {
            let mut text = String::new();
            table(&mut text, "", &film).map_err(|error| error.to_string())?;
            Ok(text)
        }
    }
}

fn yaml(film: Map<String, Value>) -> Result<String, serde_yaml::Error> {
    let mut words = StandIns::new(&film);
    let film = words.object(film);
    Ok(words.resolve(&spaced(&serde_yaml::to_string(&film)?)))
}

/// The library writes YAML 1.1: it takes U+0085, U+2028 and U+2029 for line ends, which YAML 1.2 does not, and leaves `<<`
/// bare; and it writes a path's points over many lines. Such values go through it as a plain word, in whose place they are
/// put afterwards.
struct StandIns {
    /// How the words begin: like nothing else in the film.
    prefix: String,
    written: Vec<String>,
}

impl StandIns {
    fn new(film: &Map<String, Value>) -> Self {
        let mut prefix = "text".to_owned();
        let everything = Value::from(film.clone()).to_string();
        while everything.contains(&prefix) {
            prefix.push('x');
        }
        Self { prefix, written: Vec::new() }
    }

    fn text(&mut self, text: String) -> String {
        const LINE_ENDS: [char; 3] = ['\u{85}', '\u{2028}', '\u{2029}'];
        if text != "<<" && !text.contains(LINE_ENDS) {
            return text;
        }
        let mut quoted = String::new();
        for character in Value::from(text).to_string().chars() {
            match character {
                '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}' => {
                    quoted.push_str(&format!("\\u{:04x}", character as u32));
                }
                character => quoted.push(character),
            }
        }
        self.word(quoted)
    }

    /// The word in whose place `yaml` is put.
    fn word(&mut self, yaml: String) -> String {
        self.written.push(yaml);
        format!("{}{}_", self.prefix, self.written.len() - 1)
    }

    fn object(&mut self, fields: Map<String, Value>) -> Map<String, Value> {
        fields.into_iter().map(|(name, value)| (self.text(name), self.value(value))).collect()
    }

    fn value(&mut self, value: Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.text(text)),
            Value::Array(items) if !items.is_empty() && items.iter().all(is_point) => {
                Value::String(self.word(Value::from(items).to_string().replace(',', ", ")))
            }
            Value::Array(items) => items.into_iter().map(|item| self.value(item)).collect(),
            Value::Object(fields) => Value::Object(self.object(fields)),
            value => value,
        }
    }

    fn resolve(&self, yaml: &str) -> String {
        let mut parts = yaml.split(&self.prefix);
        let mut resolved = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let (number, rest) = part.split_once('_').unwrap_or((part, ""));
            let written = number.parse().ok().and_then(|number: usize| self.written.get(number));
            resolved.push_str(written.map(String::as_str).unwrap_or_default());
            resolved.push_str(rest);
        }
        resolved
    }
}

/// Whether this is `[x, y]`, as in a brush's path.
fn is_point(value: &Value) -> bool {
    matches!(value.as_array().map(Vec::as_slice), Some([Value::Number(x), Value::Number(y)]) if x.is_i64() && y.is_i64())
}

/// A blank line before each field of the film and each shot. Only these begin at a line's start: what lies deeper is indented.
fn spaced(yaml: &str) -> String {
    let mut spaced = String::with_capacity(yaml.len() + yaml.len() / 16);
    let mut before = "";
    for line in yaml.lines() {
        let begins = line.starts_with(|first: char| first.is_ascii_alphabetic()) || line.starts_with("- id:");
        if begins && !before.is_empty() && !before.ends_with(':') {
            spaced.push('\n');
        }
        spaced.push_str(line);
        spaced.push('\n');
        before = line;
    }
    spaced
}

/// Fields that get a header of their own; whatever else is a table stands on one line, which keeps its fields in order.
const TABLES: &[&str] = &["budget", "defaults", "styles", "cast", "brush"];
const LISTS_OF_TABLES: &[&str] = &["scenes", "shots", "cuts", "move"];

/// Writes a table's fields, then the tables in it. `path` is the table's own, with a dot at its end.
fn table(out: &mut String, path: &str, fields: &Map<String, Value>) -> Result<(), toml::ser::Error> {
    let mut inner = Vec::new();
    for (name, value) in fields {
        match value {
            Value::Object(_) if TABLES.contains(&&**name) => inner.push((name, value)),
            Value::Array(_) if LISTS_OF_TABLES.contains(&&**name) => inner.push((name, value)),
            _ => {
                out.push_str(name);
                out.push_str(" = ");
                value.serialize(ValueSerializer::new(out))?;
                out.push('\n');
            }
        }
    }
    for (name, value) in inner {
        match value {
            Value::Object(fields) => {
                out.push_str(&format!("\n[{path}{name}]\n"));
                table(out, &format!("{path}{name}."), fields)?;
            }
            _ => {
                for fields in value.as_array().into_iter().flatten().filter_map(Value::as_object) {
                    out.push_str(&format!("\n[[{path}{name}]]\n"));
                    table(out, &format!("{path}{name}."), fields)?;
                }
            }
        }
    }
    Ok(())
}

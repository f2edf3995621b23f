//! A film that has every field, with each value in turn replaced by one of another kind: it is checked like any other film.

use std::collections::BTreeSet;
use std::sync::Arc;

use clapboard::check::Workspace;
use clapboard::files::Memory;
use clapboard::judge::Levels;
use clapboard::text::{FileId, Format};
use rayon::prelude::*;
use serde_json::{Value, json};

use super::fuzz::targets::values;
use super::support::*;

/// Every field of the language. It need not be a film that can be made.
const FILM: &str = r#"
storyboard: 1
title: A film
notes: None.
extends: bible.yaml
budget: { clips: 1, seconds: 5, units: 1, spend: 10 }
defaults: { model: kling-v3, mode: pro, style: [film], sound: off, cfg_scale: 0.5, watermark: false, negative_prompt: blur }
styles: { film: 35mm film }
cast:
  mara: { name: Mara, voice: "829877809978941442", element: "829877809978941443", look: a woman, notes: None. }
scenes:
  - id: harbour
    heading: EXT. HARBOUR - DAY
    notes: None.
    defaults: { add_style: [film] }
    shots:
      - id: words
        model: kling-v2-6
        duration: 5
        first_frame: frames/wide.png
        last_frame: frames/wide.png
        prompt: Fog lifts.
        camera: slow push in
        lines: [{ mara: Well. }, { mara: { text: Well., manner: quietly } }]
        use: [0.5, 4]
        skip: false
        kling: { callback_url: "https://a.example/x" }
      - id: control
        first_frame: frames/wide.png
        prompt: Fog lifts.
        camera: { horizontal: 1, vertical: 0, pan: 0, tilt: 0, roll: 0, zoom: 0, preset: down_back }
        brush: { origin: top-left, still: frames/wide.png, move: [{ mask: frames/wide.png, path: [[1, 2], [3, 4]] }] }
        voices: [mara]
      - id: cut
        first_frame: frames/wide.png
        cuts: [{ duration: 3, prompt: One., style: [film], add_style: [film], notes: None. }, { duration: 4, prompt: Two. }]
"#;

/// One of each kind, and the odd ones of each.
fn replacements() -> Vec<Value> {
    let plain = [json!(-1), json!(0.5), json!(1e300), json!(true), json!(""), json!("$x: y"), Value::Null];
    let lists = [json!([]), json!([[]]), json!([{}]), json!(["x", "x"])];
    let mappings = [json!({}), json!({ "": {} }), json!({ "x": { "x": 1 } })];
    plain.into_iter().chain(lists).chain(mappings).collect()
}

fn film() -> Value {
    serde_yaml::from_str(FILM).expect("it is YAML")
}

/// The paths of all values, as JSON pointers.
fn paths(value: &Value, path: &str, found: &mut Vec<String>) {
    let mut below = |name: &str, value| {
        let path = format!("{path}/{name}");
        found.push(path.clone());
        paths(value, &path, found);
    };
    match value {
        Value::Array(items) => items.iter().enumerate().for_each(|(index, item)| below(&index.to_string(), item)),
        Value::Object(fields) => fields.iter().for_each(|(name, field)| below(name, field)),
        _ => {}
    }
}

#[test]
fn any_value_in_place_of_any_other_is_checked() {
    let film = film();
    let mut found = Vec::new();
    paths(&film, "", &mut found);
    assert!(found.len() > 80, "{found:?}");
    let workspace = Workspace::new(Arc::new(Memory::default()), None, Levels::default());
    found.par_iter().for_each(|path| {
        for replacement in replacements() {
            let mut film = film.clone();
            *film.pointer_mut(path).expect("a path of the film") = replacement;
            is_checked(&workspace, Format::Yaml, &serde_yaml::to_string(&film).expect("it can be written"));
            is_checked(&workspace, Format::Toml, &toml(&film));
        }
    });
}

/// Each finding is about a place in the text.
fn is_checked(workspace: &Workspace, format: Format, text: &str) {
    let shown = Shown(text);
    let file = FileId { format: Some(format), ..FileId::new("film", "/film") };
    let checked = workspace.check_bytes(&file, text.as_bytes().to_vec());
    for diagnostic in workspace.report(&[checked]).diagnostics {
        let span = diagnostic.place.span;
        assert!(text.get(span.start()..span.end()).is_some(), "{diagnostic:?}");
    }
    drop(shown);
}

/// As TOML, which has no nulls.
fn toml(film: &Value) -> String {
    let mut film = film.clone();
    values::remove_nulls(&mut film);
    values::toml(film.as_object().expect("a film is a mapping"))
}

#[test]
fn the_film_has_every_field() {
    let schema = std::fs::read_to_string(repository("schemas/storyboard.schema.json")).expect("the schema");
    let schema: Value = serde_json::from_str(&schema).expect("JSON");
    let mut fields = BTreeSet::new();
    fields_of(&schema, &mut fields);
    let film = film().to_string();
    let missing: Vec<_> = fields.iter().filter(|field| !film.contains(&format!("\"{field}\":"))).collect();
    assert!(fields.len() > 40 && missing.is_empty(), "{missing:?} of {}", fields.len());
}

fn fields_of(schema: &Value, found: &mut BTreeSet<String>) {
    match schema {
        Value::Object(members) => {
            let fields = members.get("properties").and_then(Value::as_object);
            found.extend(fields.into_iter().flat_map(|fields| fields.keys().cloned()));
            members.values().for_each(|member| fields_of(member, found));
        }
        Value::Array(items) => items.iter().for_each(|item| fields_of(item, found)),
        _ => {}
    }
}

//! What people have, to a storyboard.

use std::sync::Arc;

use clapboard::api::{Pictures, request};
use clapboard::assets::Library;
use clapboard::clip::Clip;
use clapboard::files::Memory;
use clapboard::import::{self, Imported};
use clapboard::kling::{Facts, Target};
use clapboard::language::{Checked, Film, Form};
use clapboard::syntax::Document;
use clapboard::text::{Format, Source};
use serde_json::Value;

use super::values;

/// A text is refused with a place in it, or is a storyboard: one that both formats read back as it was made. What its shots are
/// compiled to is imported and compiled to the same again.
///
/// The first line is the file's name.
pub fn holds(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let (name, text) = text.split_once('\n').unwrap_or((text, ""));
    for format in [Format::Yaml, Format::Toml] {
        let found = match import::read(name, text) {
            Ok(found) => found,
            Err(fault) => {
                let lines = text.split(['\n', '\r']).count();
                assert!((1..=lines + 1).contains(&fault.line) && fault.column > 0, "{fault:?} of {lines} lines");
                return;
            }
        };
        let imported = import::storyboard(vec![found], format, &|_| None);
        let Ok(written) = import::write(&imported.storyboard, format) else { continue };
        let document = Document::read(Source::new("film", "/films/film", written.clone(), format));
        assert!(document.findings.is_empty(), "{written}\n{:?}", document.findings);
        let made = serde_json::to_value(&imported.storyboard).expect("a storyboard is JSON");
        assert_eq!(values::of(&document).map(plain), Some(plain(made)), "{written}");
        // What is said to be a picture and is none is sent as base64 that nobody can tell from a path.
        if !imported.pictures.iter().all(|picture| is_picture(&picture.bytes)) {
            continue;
        }
        let film = film(document);
        for target in [Target::Gateway, Target::Official] {
            bodies_come_back(&film, &imported, target, format);
        }
    }
}

fn is_picture(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\x89PNG\r\n\x1a\n") || bytes.starts_with(b"\xff\xd8\xff")
}

/// As it is compared: `5.0` is `5`.
fn plain(value: Value) -> Value {
    match value {
        Value::Number(number) => number.as_f64().map_or(Value::Number(number), values::number),
        Value::Array(items) => items.into_iter().map(plain).collect(),
        Value::Object(fields) => fields.into_iter().map(|(name, field)| (name, plain(field))).collect(),
        other => other,
    }
}

fn film(document: Document) -> Film {
    let shape = Form::storyboard().check(&document);
    Film::new(Arc::new(Checked::new(document, shape)), Vec::new(), Vec::new())
}

/// The bodies that a film is compiled to make a film that is compiled to the same.
fn bodies_come_back(film: &Film, imported: &Imported, target: Target, format: Format) {
    for body in bodies(film, imported, target) {
        let found = import::read("bodies.json", &body).unwrap_or_else(|fault| panic!("{fault:?}\n{body}"));
        let again = import::storyboard(vec![found], format, &|_| None);
        let written = import::write(&again.storyboard, format).expect("it can be written");
        let document = Document::read(Source::new("film", "/films/film", written.clone(), format));
        assert_eq!(bodies(&self::film(document), &again, target), [body], "{written}");
    }
}

/// The bodies of those shots that make one.
fn bodies(film: &Film, imported: &Imported, target: Target) -> Vec<String> {
    let mut files = Memory::default();
    imported
        .pictures
        .iter()
        .for_each(|picture| files.insert(format!("/films/{}", picture.path), picture.bytes.clone()));
    let library = Library::new(Arc::new(files), "/films".into());
    let written = film.shots.iter().filter_map(|shot| {
        let clip = Clip::new(film, shot, Facts::kling(), target);
        let request = request(&clip, &library).ok()?;
        let mut body = Vec::new();
        request.body.write(&mut body, Pictures::Inline, None).expect("memory takes it all");
        Some(String::from_utf8(body).expect("a body is UTF-8"))
    });
    written.collect()
}

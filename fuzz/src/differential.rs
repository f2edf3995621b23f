//! One film as YAML and as TOML.

use clapboard::api::{Pictures, request};
use clapboard::clip::clips;
use clapboard::diagnostic::Diagnostic;
use clapboard::syntax::Document;
use clapboard::text::{FileId, Format};
use serde_json::{Map, Value};

use super::project::Project;
use super::values;

/// What a film says, written in braces, in lines and as TOML, has the same findings and makes the same bodies.
pub fn holds(bytes: &[u8]) {
    let mut project = Project::new(bytes);
    let Some(film) = film(&project.film) else { return };
    let block = serde_yaml::to_string(&film).expect("it can be written");
    let toml = values::toml(&film);
    let mut read = |text: &str, format| {
        project.file.format = Some(format);
        found(&project, text)
    };
    let as_toml = read(&toml, Format::Toml);
    for yaml in [values::yaml(&film), block] {
        let (findings, bodies) = read(&yaml, Format::Yaml);
        assert_eq!(findings, as_toml.0, "{yaml}\n{toml}");
        assert_eq!(bodies, as_toml.1, "{yaml}\n{toml}");
    }
}

/// The film of a text, if both YAML and TOML can express it.
fn film(bytes: &[u8]) -> Option<Map<String, Value>> {
    let document = Document::from_bytes(&FileId::new("film", "/film"), bytes.to_vec());
    if !document.findings.is_empty() || !document.tree.duplicates.is_empty() {
        return None;
    }
    let Value::Object(mut film) = values::of(&document)? else { return None };
    film.values_mut().for_each(values::remove_nulls);
    film.retain(|_, value| !value.is_null());
    // An empty text says less than an empty mapping.
    (!film.is_empty()).then_some(film)
}

/// Findings about the lines that a text is written in.
const OF_THE_WRITING: &[&str] = &["comment-in-text"];

type Finding = (&'static str, Vec<String>, String);

/// What is found in a text, and the bodies of its clips.
fn found(project: &Project, text: &str) -> (Vec<Finding>, Vec<Option<String>>) {
    let (checked, report) = project.check(text.as_bytes());
    let is_compared =
        |it: &&Diagnostic| it.place.source.name == project.file.shown && !OF_THE_WRITING.contains(&it.code.as_str());
    let of_film = report.diagnostics.iter().filter(is_compared);
    let mut findings: Vec<Finding> =
        of_film.map(|it| (it.code.as_str(), it.shots.clone(), it.message.clone())).collect();
    findings.sort();
    let clips = clips(&checked.film, checked.facts, checked.target);
    let bodies = clips.iter().map(|clip| {
        let request = request(clip, &checked.project.library).ok()?;
        let mut body = Vec::new();
        request.body.write(&mut body, Pictures::Summary, None).expect("memory takes it all");
        Some(String::from_utf8(body).expect("a body is UTF-8"))
    });
    (findings, bodies.collect())
}

//! The bodies of Kling's new form, against a JSON Schema that was written from Kling's pages and knows nothing of the code: of every
//! storyboard of the repository that has no errors on that target.

use std::fs;
use std::path::{Path, PathBuf};

use clapboard::api::{Pictures, request};
use clapboard::check::Workspace;
use clapboard::clip::clips;
use clapboard::judge::Levels;
use clapboard::kling::Target;
use clapboard::text::FileId;
use serde_json::{Value, json};

use super::support::*;

#[test]
fn every_body_is_valid_by_a_schema_of_its_own() {
    let schema: Value = serde_json::from_str(include_str!("body.schema.json")).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let mut faults = Vec::new();
    let mut paths = Vec::new();
    for (name, path, body) in bodies() {
        let instance = json!({ "path": path, "body": body });
        faults.extend(validator.iter_errors(&instance).map(|error| format!("{name}: {error}")));
        faults.extend(shot_fault(&body).map(|fault| format!("{name}: {fault}")));
        paths.push(path);
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(paths.len() > 40, "only {} bodies", paths.len());
    paths.sort_unstable();
    paths.dedup();
    assert_eq!(paths.len(), 4, "{paths:?}");
}

#[test]
fn the_facts_name_the_paths_that_requests_go_to() {
    let output = run(Path::new("."), &["models", "--format", "json"]);
    let facts: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let targets = |name: &str| {
        let models = facts["models"].as_array().expect("a list").iter();
        let targets = models.flat_map(|model| model["targets"].as_array().expect("a list"));
        let paths = targets.filter(|target| target["target"] == name).map(|target| target["path"].as_str());
        let mut paths: Vec<_> = paths.map(|path| path.expect("a path").to_owned()).collect();
        paths.sort_unstable();
        paths.dedup();
        paths
    };
    let mut sent: Vec<_> = bodies().into_iter().map(|(_, path, _)| path).collect();
    sent.sort_unstable();
    sent.dedup();
    assert_eq!(targets("kling"), sent);
    assert_eq!(targets("official"), ["/v1/videos/image2video"]);
    assert_eq!(targets("gateway"), ["/kling/v1/videos/image2video"]);
}

#[test]
fn the_schema_refuses_what_the_service_does() {
    let schema: Value = serde_json::from_str(include_str!("body.schema.json")).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let good = json!({"path": "/image-to-video/kling-3.0", "body": {
        "contents": [{"type": "prompt", "text": "a"}, {"type": "first_frame", "url": "https://x.example/a.png"}],
        "settings": {"multi_shot": false, "audio": "off", "resolution": "720p", "duration": 5}}});
    assert!(validator.is_valid(&good));
    for (place, value) in [
        ("/path", json!("/image-to-video/kling-4.0")),
        ("/body/contents", json!([])),
        ("/body/contents/0/text", json!(" ")),
        ("/body/contents/0/type", json!("first_frame")),
        ("/body/contents/1/url", json!("data:image/png;base64,AAAA")),
        ("/body/settings/duration", json!("5")),
        ("/body/settings/duration", json!(2)),
        ("/body/settings/resolution", json!("720P")),
        ("/body/settings/audio", json!(true)),
        ("/body/settings", json!({"audio": "off", "resolution": "720p", "duration": 5})),
    ] {
        let mut bad = good.clone();
        *bad.pointer_mut(place).expect("it is there") = value.clone();
        assert!(!validator.is_valid(&bad), "{place} {value}");
    }
}

/// What is wrong with a text that is written in shots: their numbers, their seconds, or the sum of these.
fn shot_fault(body: &Value) -> Option<String> {
    let text = body.pointer("/contents/0/text")?.as_str()?;
    let shots = text.strip_prefix("shot 1, ").and_then(|_| text.strip_suffix(';'))?;
    let mut sum = 0;
    for (index, shot) in shots.split("; ").enumerate() {
        let mut parts = shot.splitn(3, ", ");
        let is_numbered = parts.next() == Some(&format!("shot {}", index + 1));
        let seconds: Option<i64> = parts.next().and_then(|seconds| seconds.parse().ok());
        let words = parts.next().unwrap_or_default();
        if !is_numbered || words.trim().is_empty() || words.contains([';', '；', '\n']) {
            return Some(format!("shot {}: {shot}", index + 1));
        }
        sum += seconds.unwrap_or_default();
    }
    (body.pointer("/settings/duration") != Some(&json!(sum))).then(|| format!("the shots have {sum} seconds"))
}

/// The bodies of all storyboards of the repository, with what `submit` adds, each with its name and its path.
fn bodies() -> Vec<(String, &'static str, Value)> {
    let mut bodies = Vec::new();
    for film in films() {
        let stage = stage();
        // A case is laid over a stage with pictures.
        let folder = film.parent().expect("a file is in a folder");
        let folder = if folder.starts_with(repository("tests")) {
            copy(folder, stage.path());
            stage.path()
        } else {
            folder
        };
        let path = folder.join(film.file_name().expect("a file has a name"));
        let bytes = fs::read(&film).expect("it was found");
        let path = path.to_str().expect("the paths of this repository are UTF-8");
        let file = FileId::new(&*film.to_string_lossy(), path);
        let workspace = Workspace::on_disk(Some(Target::Kling), Levels::default());
        let take = workspace.check_bytes(&file, bytes.clone());
        let report = workspace.report(&[workspace.check_bytes(&file, bytes)]);
        // A marker without a voice that the writer allows is sent as it is written.
        let allows_any_marker = take.film.file.document.source.text.contains("voice-out-of-range)");
        if take.is_held_back(&report) || has_raw_fields(&take) || allows_any_marker {
            continue;
        }
        let clips = clips(&take.film, take.facts, take.target);
        for clip in clips.into_iter().filter(|clip| !clip.shot.is_skipped()) {
            let Ok(request) = request(&clip, &take.project.library) else { continue };
            let mut body = Vec::new();
            request.body.write(&mut body, Pictures::Inline, Some("0123abcd")).expect("its pictures are there");
            let body: Value = serde_json::from_slice(&body).expect("JSON");
            assert_eq!(body.pointer("/options/external_task_id"), Some(&json!("0123abcd")));
            bodies.push((format!("{}:{}", film.display(), request.shot), request.path, body));
        }
    }
    bodies
}

/// Whether a film sends what no schema knows.
fn has_raw_fields(take: &clapboard::check::CheckedFilm) -> bool {
    let known = ["callback_url", "element_list"];
    let mut fields = take.film.shots.iter().filter_map(|shot| shot.kling.valid()).flat_map(|kling| &kling.value.fields);
    fields.any(|(name, _)| !known.contains(&&*name.value))
}

fn films() -> Vec<PathBuf> {
    let mut films = Vec::new();
    for folder in ["examples", "tests/cases"] {
        collect(&repository(folder), &mut films);
    }
    films.sort();
    films
}

fn collect(folder: &Path, films: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the folder can be read") {
        let path = entry.expect("an entry of the folder").path();
        if path.is_dir() {
            collect(&path, films);
        } else if path.to_string_lossy().contains(".storyboard.") {
            films.push(path);
        }
    }
}

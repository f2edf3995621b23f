//! What is wrong: sent or asked for, in each encoding, with what is in other files and on disk.

use std::fs;

use serde_json::{Value, json};

use super::client::{Client, brief, plain, pulling};
use crate::support::stage;

const NAME: &str = "film.storyboard.yaml";
const CLEAN: &str = "storyboard: 1\nshots:\n  - { id: a, model: kling-v3, first_frame: frames/wide.png, prompt: A. }\n";
const USES_A_BIBLE: &str =
    "storyboard: 1\nextends: bible.storyboard.yaml\nshots:\n  - { id: a, first_frame: frames/wide.png, prompt: A. }\n";

#[test]
fn what_is_wrong_is_sent_and_follows_the_text() {
    let stage = stage();
    let mut client = Client::start(stage.path(), plain());
    client.open(NAME, &CLEAN.replace("prompt", "promt"));
    assert_eq!(client.published(NAME), ["2:60-2:65 error unknown-field"]);
    client.change(NAME, CLEAN);
    assert_eq!(client.published(NAME), [""; 0]);
    client.change(NAME, &CLEAN.replace("A.", "TODO"));
    let sent = client.told("textDocument/publishDiagnostics");
    assert_eq!(sent["version"], 3);
    assert_eq!(sent["diagnostics"][0]["source"], "clapboard");
    client.close(NAME);
    assert_eq!(client.published(NAME), [""; 0], "a closed file has none");
    client.end();
}

#[test]
fn a_fault_has_its_related_places_tags_and_help() {
    let stage = stage();
    let mut client = Client::start(stage.path(), plain());
    client.open(
        NAME,
        "storyboard: 1\ndefaults: { model: kling-v2-6, mode: std }\nstyles: { film: grain }\nshots:\n  - { id: a, first_frame: frames/wide.png, last_frame: frames/wide.png, prompt: A. }\n  - { id: b, model: kling-v1, first_frame: frames/wide.png, prompt: A. }\n",
    );
    let sent = client.told("textDocument/publishDiagnostics");
    let found = |code: &str| {
        let mut all = sent["diagnostics"].as_array().expect("a list").iter();
        all.find(|found| found["code"] == code).unwrap_or_else(|| panic!("no {code} in {sent:#}")).clone()
    };
    assert_eq!(found("unused-style")["tags"], json!([1]));
    assert_eq!(found("model-retired")["tags"], json!([2]));
    let frame = found("last-frame-unsupported");
    assert!(frame["message"].as_str().expect("a text").contains("\nhelp: "), "{frame:#}");
    let related: Vec<&Value> = frame["relatedInformation"].as_array().expect("a list").iter().collect();
    assert!(related.iter().any(|it| it["location"]["range"]["start"]["line"] == 1), "{frame:#}");
    assert_eq!(related[0]["location"]["uri"], client.uri(NAME));
    client.end();
}

#[test]
fn a_client_that_asks_is_not_sent_the_same_twice() {
    let stage = stage();
    let mut client = Client::start(stage.path(), pulling());
    client.told("client/registerCapability");
    client.open(NAME, &CLEAN.replace("A.", "TODO"));
    assert_eq!(client.pulled(NAME), ["2:68-2:72 warning todo-in-prompt"]);
    let ask = |client: &mut Client, known: Value| {
        let params = json!({ "textDocument": { "uri": client.uri(NAME) }, "previousResultId": known });
        client.ask("textDocument/diagnostic", params)
    };
    let first = ask(&mut client, Value::Null);
    let again = ask(&mut client, first["resultId"].clone());
    assert_eq!(again, json!({ "kind": "unchanged", "resultId": first["resultId"] }));
    client.change(NAME, CLEAN);
    let then = ask(&mut client, first["resultId"].clone());
    assert_eq!((&then["kind"], &then["items"]), (&json!("full"), &json!([])));
    client.end();
}

#[test]
fn a_film_sees_the_unsaved_text_of_its_bible() {
    let stage = stage();
    fs::write(stage.path().join("bible.storyboard.yaml"), "storyboard: 1\ndefaults: { model: kling-v3 }\n").unwrap();
    let mut client = Client::start(stage.path(), plain());
    client.open(NAME, USES_A_BIBLE);
    assert_eq!(client.published(NAME), [""; 0]);
    client.open("bible.storyboard.yaml", "storyboard: 1\ndefaults: { mode: pro }\n");
    assert_eq!(client.published("bible.storyboard.yaml"), [""; 0]);
    assert_eq!(client.published(NAME), ["3:10-3:11 error model-required"]);
    client.close("bible.storyboard.yaml");
    assert_eq!(client.published("bible.storyboard.yaml"), [""; 0]);
    assert_eq!(client.published(NAME), [""; 0], "what is saved counts again");
    client.end();
}

#[test]
fn what_is_wrong_in_a_bible_that_is_not_open_is_said_there() {
    let stage = stage();
    fs::write(stage.path().join("bible.storyboard.yaml"), "storyboard: 1\ndefaults: { model: kling-v3, mode: best }\n")
        .unwrap();
    let mut client = Client::start(stage.path(), plain());
    client.open(NAME, USES_A_BIBLE);
    assert_eq!(client.published("bible.storyboard.yaml"), ["1:35-1:39 error invalid-value"]);
    assert_eq!(client.published(NAME), [""; 0]);
    client.close(NAME);
    assert_eq!(client.published("bible.storyboard.yaml"), [""; 0], "nobody uses it any more");
    assert_eq!(client.published(NAME), [""; 0]);
    client.end();

    let mut client = Client::start(stage.path(), pulling());
    client.told("client/registerCapability");
    client.open(NAME, USES_A_BIBLE);
    let report = client.ask("textDocument/diagnostic", json!({ "textDocument": { "uri": client.uri(NAME) } }));
    assert_eq!(report["items"], json!([]));
    let related = &report["relatedDocuments"][client.uri("bible.storyboard.yaml")];
    assert_eq!(brief(&related["items"]), ["1:35-1:39 error invalid-value"]);
    client.end();
}

#[test]
fn what_changes_on_disk_is_read_again() {
    let stage = stage();
    let film = CLEAN.replace("wide.png", "new.png");
    let mut client = Client::start(stage.path(), pulling());
    client.told("client/registerCapability");
    client.open(NAME, &film);
    assert_eq!(client.pulled(NAME), ["2:43-2:57 error asset-not-found"]);
    fs::copy(stage.path().join("frames/wide.png"), stage.path().join("frames/new.png")).unwrap();
    let changes =
        |client: &Client, name: &str, kind: u8| json!({ "changes": [{ "uri": client.uri(name), "type": kind }] });
    client.tell("workspace/didChangeWatchedFiles", changes(&client, "frames/new.png", 1));
    client.told("workspace/diagnostic/refresh");
    assert_eq!(client.pulled(NAME), [""; 0]);
    fs::write(stage.path().join("clapboard.toml"), "[lint]\nwarn = [\"no-such-rule\"]\n").unwrap();
    client.tell("workspace/didChangeWatchedFiles", changes(&client, "clapboard.toml", 1));
    client.told("workspace/diagnostic/refresh");
    let report = client.ask("textDocument/diagnostic", json!({ "textDocument": { "uri": client.uri(NAME) } }));
    let related = &report["relatedDocuments"][client.uri("clapboard.toml")];
    assert_eq!(brief(&related["items"]), ["1:8-1:22 warning unknown-rule"]);
    client.end();
}

#[test]
fn a_client_that_watches_nothing_gets_a_fresh_look_when_it_saves() {
    let stage = stage();
    let mut client = Client::start(stage.path(), plain());
    client.open(NAME, &CLEAN.replace("wide.png", "new.png"));
    assert_eq!(client.published(NAME), ["2:43-2:57 error asset-not-found"]);
    fs::copy(stage.path().join("frames/wide.png"), stage.path().join("frames/new.png")).unwrap();
    client.tell("textDocument/didSave", json!({ "textDocument": { "uri": client.uri(NAME) } }));
    assert_eq!(client.published(NAME), [""; 0]);
    client.end();
}

#[test]
fn the_config_is_checked_and_its_unsaved_text_counts() {
    let stage = stage();
    let mut client = Client::start(stage.path(), plain());
    client.open(NAME, &CLEAN.replace("A.", "TODO"));
    assert_eq!(client.published(NAME), ["2:68-2:72 warning todo-in-prompt"]);
    client.open("clapboard.toml", "[lint]\ndeny = [\"todo-in-prompt\"]\n");
    assert_eq!(client.published("clapboard.toml"), [""; 0]);
    assert_eq!(client.published(NAME), ["2:68-2:72 error todo-in-prompt"]);
    client.change("clapboard.toml", "[lint]\ndeny = [\"todo-in-promt\"]\n");
    assert_eq!(client.published("clapboard.toml"), ["1:8-1:23 warning unknown-rule"]);
    assert_eq!(client.published(NAME), ["2:68-2:72 warning todo-in-prompt"]);
    client.end();
}

#[test]
fn places_are_the_same_in_each_encoding() {
    let stage = stage();
    let film =
        "storyboard: 1\nshots:\n  - { id: a, model: kling-v3, first_frame: frames/wide.png, prompt: 渡轮🚢é TODO }\n";
    for (encoding, at) in [("utf-8", 81), ("utf-16", 74), ("utf-32", 73)] {
        let mut client = Client::start(stage.path(), json!({ "general": { "positionEncodings": [encoding] } }));
        client.open(NAME, film);
        let (start, end) = (at, at + 4);
        assert_eq!(client.published(NAME), [format!("2:{start}-2:{end} warning todo-in-prompt")], "{encoding}");
        // The same place, from the client's side: `TODO` becomes `渡🚢`, then all of it goes.
        let range = |start: usize, end: usize| json!({ "start": { "line": 2, "character": start }, "end": { "line": 2, "character": end } });
        client.change_by(NAME, json!([{ "range": range(start, end), "text": "渡🚢 TODO" }]));
        let width = match encoding {
            "utf-8" => 8,
            "utf-16" => 4,
            _ => 3,
        };
        let (start, end) = (start + width, end + width);
        assert_eq!(client.published(NAME), [format!("2:{start}-2:{end} warning todo-in-prompt")], "{encoding}");
        client.change_by(NAME, json!([{ "range": range(start, end), "text": "" }]));
        assert_eq!(client.published(NAME), [""; 0], "{encoding}");
        client.end();
    }
}

#[test]
fn other_files_in_yaml_and_toml_are_left_alone() {
    let stage = stage();
    let mut client = Client::start(stage.path(), plain());
    client.open("compose.yaml", "services:\n  web: { image: a }\n");
    assert_eq!(client.published("compose.yaml"), [""; 0]);
    client.open("Cargo.toml", "[package]\nname = 5\n");
    assert_eq!(client.published("Cargo.toml"), [""; 0]);
    client.change("compose.yaml", "storyboard: 1\n");
    assert_eq!(client.published("compose.yaml").len(), 1, "now it is one");
    client.end();
}

#[test]
fn a_text_that_was_never_saved_is_checked_in_the_open_folder() {
    let stage = stage();
    let mut client = Client::start(stage.path(), plain());
    let document = json!({ "uri": "untitled:Untitled-1", "languageId": "toml", "version": 1,
        "text": "storyboard = 1\n[[shots]]\nid = \"a\"\nmodel = \"kling-v3\"\nfirst_frame = \"frames/wide.png\"\nprompt = \"TODO\"\n" });
    client.tell("textDocument/didOpen", json!({ "textDocument": document }));
    let sent = client.told("textDocument/publishDiagnostics");
    assert_eq!(sent["uri"], "untitled:Untitled-1");
    assert_eq!(brief(&sent["diagnostics"]), ["5:10-5:14 warning todo-in-prompt"]);
    client.end();
}

//! From the first message to the last: what a client says wrong, takes back, or leaves unsaid.

use serde_json::{Value, json};

use super::client::{Client, plain, pulling};
use crate::support::stage;

const FILM: &str = "storyboard: 1\nshots:\n  - { id: a, model: kling-v3, first_frame: frames/wide.png, prompt: A. }\n";

#[test]
fn a_client_is_offered_what_it_can_take() {
    let stage = stage();
    let client = Client::start(stage.path(), plain());
    let offered = &client.server_capabilities;
    assert_eq!(offered["positionEncoding"], "utf-16");
    assert_eq!(offered["textDocumentSync"], json!({ "openClose": true, "change": 2, "save": true }));
    assert_eq!(offered["diagnosticProvider"], Value::Null, "it is sent diagnostics");
    client.end();

    let mut client = Client::start(stage.path(), pulling());
    let provider = &client.server_capabilities["diagnosticProvider"];
    assert_eq!(provider["interFileDependencies"], true);
    let registered = client.told("client/registerCapability");
    assert_eq!(registered["registrations"][0]["method"], "workspace/didChangeWatchedFiles");
    client.end();
}

#[test]
fn the_first_encoding_that_both_know_is_taken() {
    let stage = stage();
    for (offered, taken) in
        [(json!(["utf-7", "utf-32", "utf-8"]), "utf-32"), (json!(["utf-8"]), "utf-8"), (json!([]), "utf-16")]
    {
        let client = Client::start(stage.path(), json!({ "general": { "positionEncodings": offered } }));
        assert_eq!(client.server_capabilities["positionEncoding"], taken);
        client.end();
    }
}

#[test]
fn a_request_that_was_cancelled_while_it_waited_is_not_worked_on() {
    let stage = stage();
    let mut wanted = 0;
    let mut unwanted = 0;
    let mut client = Client::start_after(stage.path(), pulling(), |client| {
        client.open("film.storyboard.yaml", FILM);
        let params = json!({ "textDocument": { "uri": client.uri("film.storyboard.yaml") } });
        unwanted = client.send_request("textDocument/diagnostic", params.clone());
        wanted = client.send_request("textDocument/diagnostic", params);
        client.tell("$/cancelRequest", json!({ "id": unwanted }));
        // One that was never sent, and one that makes no sense.
        client.tell("$/cancelRequest", json!({ "id": "none" }));
        client.tell("$/cancelRequest", json!({}));
    });
    let (code, _) = client.answer(unwanted).expect_err("it was cancelled");
    assert_eq!(code, -32800);
    assert_eq!(client.answer(wanted).expect("it was not")["items"], json!([]));
    client.told("client/registerCapability");
    client.end();
}

#[test]
fn a_burst_of_keystrokes_is_checked_once() {
    let stage = stage();
    let mut client = Client::start_after(stage.path(), plain(), |client| {
        client.open("film.storyboard.yaml", FILM);
        for length in 1..200 {
            client.change("film.storyboard.yaml", &FILM.replace("A.", &"TODO ".repeat(length)));
        }
        client.change("film.storyboard.yaml", FILM);
    });
    assert_eq!(client.published("film.storyboard.yaml"), [""; 0]);
    client.end();
}

#[test]
fn what_makes_no_sense_is_refused_and_the_conversation_goes_on() {
    let stage = stage();
    let mut client = Client::start(stage.path(), plain());
    for (method, params, code) in [
        ("textDocument/nonsense", json!({}), -32601),
        ("textDocument/codeAction", json!({}), -32602),
        ("textDocument/codeAction", json!([1, 2]), -32602),
        ("textDocument/diagnostic", json!({ "textDocument": { "uri": "no address" } }), -32602),
    ] {
        let request = client.send_request(method, params);
        assert_eq!(client.answer(request).expect_err(method).0, code, "{method}");
    }
    client.tell("textDocument/didChange", json!({ "textDocument": 5 }));
    let said = client.told("window/logMessage");
    assert!(said["message"].as_str().expect("a text").starts_with("`textDocument/didChange` is not of its form"));
    // Of files that are not open, and of ones that are nowhere.
    client.change("gone.storyboard.yaml", FILM);
    client.close("gone.storyboard.yaml");
    client.tell("$/unknown", json!({}));
    let actions = client.actions(
        "gone.storyboard.yaml",
        json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 9, "character": 9 } }),
        Value::Null,
    );
    assert_eq!(actions, [Value::Null; 0]);
    client.end();
}

#[test]
fn after_shutdown_only_exit_is_heard() {
    let stage = stage();
    let mut client = Client::start(stage.path(), plain());
    client.ask("shutdown", Value::Null);
    let request = client.send_request("textDocument/codeAction", json!({}));
    assert_eq!(client.answer(request).expect_err("it is shut down").0, -32600);
    assert!(client.end_with(Some("exit")).is_ok());
}

#[test]
fn a_client_that_leaves_without_a_word_ends_the_server() {
    let stage = stage();
    assert!(Client::start(stage.path(), plain()).end_with(Some("exit")).is_err());
    assert!(Client::start(stage.path(), plain()).end_with(None).is_err());
}

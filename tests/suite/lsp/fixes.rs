//! What can be done: fixes one by one and all at once, and the comments that allow a problem.

use clapboard::diagnostic::Code;
use clapboard::rules::RULES;
use serde_json::{Value, json};

use super::client::{Client, edited, place, plain};
use crate::support::stage;

const NAME: &str = "film.storyboard.yaml";
const FILM: &str = "storyboard: 1\nshots:\n  - id: a\n    model: kling-v3\n    first_frame: frames/wide.png\n    promt: A.\n    negative_prompt: no blur\n";

fn whole(text: &str) -> Value {
    json!({ "start": { "line": 0, "character": 0 }, "end": place(text, text.len()) })
}

fn titles(actions: &[Value]) -> Vec<&str> {
    actions.iter().map(|action| action["title"].as_str().expect("a title")).collect()
}

fn titled<'a>(actions: &'a [Value], title: &str) -> &'a Value {
    actions.iter().find(|it| it["title"] == title).unwrap_or_else(|| panic!("no {title:?} in {:?}", titles(actions)))
}

/// Opens a text, and lets the diagnostics pass that are sent of it.
fn open(client: &mut Client, name: &str, text: &str) -> Value {
    client.open(name, text);
    client.told("textDocument/publishDiagnostics")["diagnostics"].clone()
}

#[test]
fn each_fix_is_offered_where_its_problem_is() {
    let stage = stage();
    let mut client = Client::start(stage.path(), plain());
    let sent = open(&mut client, NAME, FILM);
    let at = place(FILM, FILM.find("promt").unwrap());
    let actions = client.actions(NAME, json!({ "start": at, "end": at }), json!(["quickfix"]));
    assert_eq!(
        titles(&actions),
        ["Rename `promt` to `prompt`", "Allow `unknown-field` here", "Explain `unknown-field`"]
    );
    assert_eq!(actions[0]["isPreferred"], true);
    assert_eq!(actions[0]["kind"], "quickfix");
    assert_eq!(actions[2]["command"]["arguments"], json!(["unknown-field"]));
    assert!(sent.as_array().unwrap().contains(&actions[0]["diagnostics"][0]), "the client knows the diagnostic");
    let fixed = edited(FILM, &actions[0]["edit"], &client.uri(NAME));
    assert_eq!(fixed, FILM.replace("promt", "prompt"));
    client.change(NAME, &fixed);
    client.told("textDocument/publishDiagnostics");
    let actions = client.actions(NAME, whole(&fixed), json!(["quickfix"]));
    let unsafe_one = actions.iter().find(|it| it["title"].as_str().unwrap().ends_with("(may change what is bought)"));
    assert_eq!(unsafe_one.expect("the negation has one")["isPreferred"], Value::Null);
    client.end();
}

#[test]
fn all_safe_fixes_are_one_action() {
    let stage = stage();
    let mut client = Client::start(stage.path(), plain());
    open(&mut client, NAME, FILM);
    for only in [json!(["source.fixAll"]), json!(["source.fixAll.clapboard"]), json!(["source"])] {
        let actions = client.actions(NAME, whole(FILM), only);
        assert_eq!(titles(&actions), ["Apply all safe fixes (1)"]);
        assert_eq!(actions[0]["kind"], "source.fixAll.clapboard");
        assert_eq!(edited(FILM, &actions[0]["edit"], &client.uri(NAME)), FILM.replace("promt", "prompt"));
    }
    for only in [json!(["source.organizeImports"]), json!(["refactor"]), json!(["source.fix"])] {
        assert_eq!(client.actions(NAME, whole(FILM), only), [Value::Null; 0]);
    }
    client.end();
}

/// What an allowed problem stood for is reported once it no longer does: a shot with an allowed `image` has no first frame.
const STOOD_FOR: &[(Code, &str)] = &[(Code::UnknownField, "first-frame-required")];

/// For each rule that can be allowed: the comment that is offered silences its wrong example, and nothing else changes.
#[test]
fn the_comment_that_allows_a_problem_silences_it() {
    let mut faults = Vec::new();
    let mut tried = 0;
    for rule in RULES.iter().filter(|rule| rule.code.can_be_silenced()) {
        let wrong = rule.document().wrong;
        let Some(example) = wrong.last() else { continue };
        // A bible's problem is in a file that is not open, and the config has its own place for rules.
        if example.info.contains("file=clapboard.toml") || wrong.len() > 1 || example.info.contains("target=") {
            continue;
        }
        let name = if example.info.starts_with("toml") { "film.storyboard.toml" } else { NAME };
        tried += 1;
        faults.extend(allow_in(rule.code, name, example.text).err());
        faults.extend(allow_in(rule.code, name, &example.text.replace('\n', "\r\n")).err());
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(tried > 50, "only {tried} rules were tried");
}

fn allow_in(code: Code, name: &str, text: &str) -> Result<(), String> {
    let stage = stage();
    let mut client = Client::start(stage.path(), plain());
    let codes = |sent: &Value| -> Vec<String> {
        let all = sent.as_array().expect("a list").iter();
        all.map(|found| found["code"].as_str().expect("a code").to_owned()).collect()
    };
    let before = codes(&open(&mut client, name, text));
    let mut now = text.to_owned();
    let mut left = before.clone();
    // Each place has its own comment.
    while left.iter().any(|it| it == code.as_str()) {
        let actions = client.actions(name, whole(&now), json!(["quickfix"]));
        let title = format!("Allow `{code}` here");
        let Some(action) = actions.iter().find(|action| action["title"] == title) else {
            return Err(format!("{code}: not offered for {text}"));
        };
        now = edited(&now, &action["edit"], &client.uri(name));
        client.change(name, &now);
        let then = codes(&client.told("textDocument/publishDiagnostics")["diagnostics"]);
        let count = |codes: &[String]| codes.iter().filter(|it| *it == code.as_str()).count();
        if count(&then) >= count(&left) {
            return Err(format!("{code}: {left:?} became {then:?} in\n{now}"));
        }
        left = then;
    }
    client.end();
    let revealed = STOOD_FOR.iter().filter(|(of, _)| *of == code).map(|(_, revealed)| *revealed);
    let mut expected: Vec<&str> = before.iter().map(String::as_str).filter(|it| *it != code.as_str()).collect();
    expected.extend(revealed);
    if expected == left { Ok(()) } else { Err(format!("{code}: {left:?} is left of {before:?}")) }
}

#[test]
fn a_comment_goes_behind_its_line_or_above_its_text_or_into_the_one_that_is_there() {
    let stage = stage();
    let film = "storyboard: 1\nshots:\n  - id: a\n    model: kling-v3\n    first_frame: frames/wide.png\n    prompt: >-\n      She walks\n      TODO away.\n    negative_prompt: no blur # clapboard: allow(todo-in-prompt)\n";
    let mut client = Client::start(stage.path(), plain());
    open(&mut client, NAME, film);
    let actions = client.actions(NAME, whole(film), json!(["quickfix"]));
    let after = |title: &str| edited(film, &titled(&actions, title)["edit"], &client.uri(NAME));
    let above = film.replace("    prompt: >-", "    # clapboard: allow(todo-in-prompt)\n    prompt: >-");
    assert_eq!(after("Allow `todo-in-prompt` here"), above);
    let more = film.replace("allow(todo-in-prompt)", "allow(todo-in-prompt, negated-negative)");
    assert_eq!(after("Allow `negated-negative` here"), more);
    client.end();

    let film = FILM.replace("no blur", "no blur # mine");
    let mut client = Client::start(stage.path(), plain());
    open(&mut client, NAME, &film);
    let actions = client.actions(NAME, whole(&film), json!(["quickfix"]));
    let after = |title: &str| edited(&film, &titled(&actions, title)["edit"], &client.uri(NAME));
    let behind = film.replace("promt: A.", "promt: A.  # clapboard: allow(unknown-field)");
    assert_eq!(after("Allow `unknown-field` here"), behind);
    let above = film.replace("    negative", "    # clapboard: allow(negated-negative)\n    negative");
    assert_eq!(after("Allow `negated-negative` here"), above);
    client.end();
}

#[test]
fn what_cannot_be_allowed_is_not_offered_so() {
    let stage = stage();
    let mut client = Client::start(stage.path(), plain());
    let film = FILM.replace("frames/wide.png", "../outside.png");
    open(&mut client, NAME, &film);
    let actions = client.actions(NAME, whole(&film), json!(["quickfix"]));
    assert!(!titles(&actions).contains(&"Allow `asset-outside-project` here"), "{:?}", titles(&actions));
    assert!(titles(&actions).contains(&"Allow `unknown-field` here"), "{:?}", titles(&actions));
    client.end();
}

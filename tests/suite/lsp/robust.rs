//! Whatever is typed and asked, in whatever order: no answer is an internal error, and memory stays where it was.

use std::fs;

use serde_json::{Value, json};

use super::client::{Client, place};
use crate::support::{Watchdog, repository, stage};

/// A stream of numbers that is the same in each run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit.max(1)
    }
}

const TYPED: &[&str] = &[
    "",
    "\n",
    "  ",
    "- ",
    ": ",
    "$",
    "$mara",
    "\"",
    "'",
    "[",
    "{",
    "}",
    "#",
    "# clapboard: allow(",
    "&a ",
    "*a",
    "<<: ",
    "|\n",
    ">-\n",
    "渡",
    "🚢",
    "\u{feff}",
    "\r",
    "\t",
    "\0",
    "storyboard: 1\n",
    "[[shots]]\n",
    "\"\"\"",
    "= ",
    "../",
    "~",
];

/// Everything that can be asked about one place.
fn questions(client: &Client, name: &str, position: &Value) -> Vec<(&'static str, Value)> {
    let document = json!({ "uri": client.uri(name) });
    let at = json!({ "textDocument": document, "position": position });
    let with = |more: Value| {
        let mut params = at.clone();
        params.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        params
    };
    let range = json!({ "start": position, "end": { "line": 9999, "character": 0 } });
    vec![
        ("textDocument/hover", at.clone()),
        ("textDocument/completion", at.clone()),
        ("textDocument/definition", at.clone()),
        ("textDocument/references", with(json!({ "context": { "includeDeclaration": true } }))),
        ("textDocument/prepareRename", at.clone()),
        ("textDocument/rename", with(json!({ "newName": "other" }))),
        ("textDocument/selectionRange", with(json!({ "positions": [position] }))),
        ("textDocument/documentSymbol", at.clone()),
        ("textDocument/foldingRange", at.clone()),
        ("textDocument/documentLink", at.clone()),
        ("textDocument/inlayHint", with(json!({ "range": range }))),
        ("textDocument/codeAction", with(json!({ "range": range, "context": { "diagnostics": [] } }))),
        ("textDocument/diagnostic", at.clone()),
        (
            "workspace/executeCommand",
            json!({ "command": "clapboard.request", "arguments": [document["uri"], position] }),
        ),
    ]
}

#[test]
fn no_text_and_no_question_is_an_internal_error() {
    let stage = stage();
    let mut dice = Dice(7);
    let mut client = Client::start(
        stage.path(),
        json!({
            "textDocument": { "diagnostic": {} },
            "experimental": { "clapboard": { "showsAnswers": true } },
        }),
    );
    for name in ["hover/film.storyboard.yaml", "rename/film.storyboard.toml", "hover/clapboard.toml"] {
        let original = fs::read_to_string(repository("tests/lsp").join(name)).expect("a case").replace('‸', "");
        let (_, name) = name.split_once('/').expect("a folder");
        let mut text = original.clone();
        client.open(name, &text);
        for round in 0..60 {
            if round % 12 == 0 {
                text.clone_from(&original);
                client.change(name, &text);
            }
            let at = |dice: &mut Dice, text: &str| {
                let mut at = dice.below(text.len() + 1);
                while !text.is_char_boundary(at) {
                    at -= 1;
                }
                at
            };
            let (one, other) = (at(&mut dice, &text), at(&mut dice, &text));
            let end = if dice.below(3) == 0 { one.max(other).min(one.min(other) + 40) } else { one };
            let (start, mut end) = (one.min(end), end.max(one));
            while !text.is_char_boundary(end) {
                end += 1;
            }
            let typed = TYPED[dice.below(TYPED.len())];
            // As editors count lines too: a lone carriage return ends one.
            text.replace_range(start..end, typed);
            client.change(name, &text);
            let position = place(&text, at(&mut dice, &text));
            for (method, params) in questions(&client, name, &position) {
                let request = client.send_request(method, params.clone());
                if let Err((code, message)) = client.answer(request) {
                    assert_eq!(code, -32803, "{method} {position}: {message}\n{text:?}");
                }
            }
        }
        client.close(name);
    }
    client.end();
}

/// The kilobytes that this process has in memory.
#[cfg(target_os = "linux")]
fn resident(id: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{id}/status")).expect("the process runs");
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).expect("it says");
    line.split_whitespace().nth(1).and_then(|kilobytes| kilobytes.parse().ok()).expect("a number")
}

#[cfg(target_os = "linux")]
#[test]
fn memory_is_the_same_after_ten_thousand_edits() {
    use std::io::{BufReader, Write};
    use std::process::Stdio;

    use lsp_server::{Message, Notification, Request};

    let stage = stage();
    let mut program = crate::support::clapboard(stage.path())
        .arg("lsp")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let watchdog = Watchdog::of_long(&program);
    let mut input = program.stdin.take().expect("a pipe");
    let mut output = BufReader::new(program.stdout.take().expect("a pipe"));
    let uri = url::Url::from_file_path(stage.path().join("film.storyboard.yaml")).expect("an absolute path");
    let tell = |input: &mut dyn Write, method: &str, params: Value| {
        let mut bytes = Vec::new();
        Message::from(Notification::new(method.into(), params)).write(&mut bytes).expect("it is written");
        input.write_all(&bytes).expect("the program reads");
    };
    let mut wait_for = |version: u64| loop {
        let message = Message::read(&mut output).expect("a message").expect("the program runs");
        if let Message::Notification(Notification { params, .. }) = message
            && params["version"] == version
        {
            break;
        }
    };
    let mut initialize = Vec::new();
    let params = json!({ "processId": null, "rootUri": null, "capabilities": {} });
    Message::from(Request::new(1.into(), "initialize".into(), params)).write(&mut initialize).expect("it is written");
    input.write_all(&initialize).expect("the program reads");
    tell(&mut input, "initialized", json!({}));
    // Each edit names another frame, style and person.
    let film = |edit: u64| {
        format!(
            "storyboard: 1\nshots:\n  - {{ id: a{edit}, model: kling-v3, first_frame: frames/f{edit}.png, style: [s{edit}], prompt: $p{edit} }}\n"
        )
    };
    let document = json!({ "uri": uri, "languageId": "yaml", "version": 0, "text": film(0) });
    tell(&mut input, "textDocument/didOpen", json!({ "textDocument": document }));
    let mut early = 0;
    for edit in 1..=10_000_u64 {
        let document = json!({ "uri": uri, "version": edit });
        tell(
            &mut input,
            "textDocument/didChange",
            json!({ "textDocument": document, "contentChanges": [{ "text": film(edit) }] }),
        );
        if edit % 50 == 0 {
            wait_for(edit);
        }
        if edit == 2_000 {
            early = resident(program.id());
        }
    }
    let late = resident(program.id());
    program.kill().expect("it runs");
    program.wait().expect("it ends");
    watchdog.stop();
    assert!(late < early + 4_000, "{early} kB after 2,000 edits, {late} kB after 10,000");
}

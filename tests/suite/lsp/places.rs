//! Questions about places, kept as data. In `tests/lsp/<question>/` each storyboard has a `‸` at each place that is asked about; the
//! file of the same name with `.out` has the answers. Files that begin with `bible` are there for others.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use super::client::{Client, brief, edited, place, range};
use crate::support::{Expected, assert_none, faults_of, name_of, repository, stage};

const MARK: char = '‸';

type Answer = fn(&mut Client, &Case, Value) -> String;

/// A storyboard that is open, and its text.
struct Case {
    name: String,
    text: String,
}

impl Case {
    fn at(&self, client: &Client, position: &Value) -> Value {
        json!({ "textDocument": { "uri": client.uri(&self.name) }, "position": position })
    }

    fn whole(&self, client: &Client) -> Value {
        json!({ "textDocument": { "uri": client.uri(&self.name) },
            "range": { "start": { "line": 0, "character": 0 }, "end": place(&self.text, self.text.len()) } })
    }
}

/// An editor that shows what it can, watches files and asks for diagnostics.
fn capabilities() -> Value {
    json!({
        "textDocument": {
            "diagnostic": {},
            "completion": { "completionItem": { "snippetSupport": true } },
        },
        "experimental": { "clapboard": { "showsAnswers": true } },
    })
}

fn answers(question: &str, answer: Answer) {
    let folder = repository("tests/lsp").join(question);
    let entries = fs::read_dir(&folder).expect("the question has cases");
    let mut files: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
    files.retain(|path| !name_of(path).starts_with("bible") && path.extension().is_some_and(|ending| ending != "out"));
    files.sort();
    assert!(!files.is_empty(), "no case in {}", folder.display());
    assert_none(&faults_of(&files, |path| {
        let out = path.with_file_name(format!("{}.out", name_of(path)));
        Expected::compare(&out, Some(&answers_of(path, answer))).into_iter().collect()
    }));
}

fn answers_of(path: &Path, answer: Answer) -> String {
    let stage = stage();
    for bible in fs::read_dir(path.parent().expect("a folder")).expect("it can be read") {
        let bible = bible.expect("an entry").path();
        if name_of(&bible).starts_with("bible") {
            fs::copy(&bible, stage.path().join(name_of(&bible))).expect("it is copied");
        }
    }
    let marked = fs::read_to_string(path).expect("the case is text");
    let mut text = String::new();
    let mut places = Vec::new();
    for (index, part) in marked.split(MARK).enumerate() {
        if index > 0 {
            places.push(text.len());
        }
        text.push_str(part);
    }
    if places.is_empty() {
        places.push(0);
    }
    let case = Case { name: name_of(path), text };
    let mut client = Client::start(stage.path(), capabilities());
    client.open(&case.name, &case.text);
    let mut out = String::new();
    for at in places {
        let position = place(&case.text, at);
        let _ = writeln!(out, "==== {}:{}", position["line"], position["character"]);
        let said = answer(&mut client, &case, position);
        let _ = writeln!(out, "{}", said.replace(&client.uri(""), "film:").trim_end());
    }
    client.end();
    out
}

#[test]
fn hover() {
    answers("hover", |client, case, position| {
        let hover = client.ask("textDocument/hover", case.at(client, &position));
        if hover.is_null() {
            return "nothing".into();
        }
        assert_eq!(hover["contents"]["kind"], "markdown");
        format!("{}\n{}", range(&hover["range"]), hover["contents"]["value"].as_str().expect("a text"))
    });
}

#[test]
fn completion() {
    answers("completion", |client, case, position| {
        let items = client.ask("textDocument/completion", case.at(client, &position));
        let line = |item: &Value| {
            let edit = &item["textEdit"];
            let detail = item["detail"].as_str().map(|detail| format!(" ({detail})")).unwrap_or_default();
            let tags = if item["tags"] == json!([1]) { " deprecated" } else { "" };
            let label = item["label"].as_str().expect("a label");
            format!("{} {label}{detail}{tags}: {}", range(&edit["range"]), edit["newText"])
        };
        let items = items.as_array().cloned().unwrap_or_default();
        if items.is_empty() { "nothing".into() } else { items.iter().map(line).collect::<Vec<_>>().join("\n") }
    });
}

#[test]
fn definition() {
    answers("definition", |client, case, position| {
        let found = client.ask("textDocument/definition", case.at(client, &position));
        if found.is_null() { "nothing".into() } else { location(&found) }
    });
}

#[test]
fn references() {
    answers("references", |client, case, position| {
        let mut params = case.at(client, &position);
        params["context"] = json!({ "includeDeclaration": true });
        let all = client.ask("textDocument/references", params.clone());
        params["context"] = json!({ "includeDeclaration": false });
        let used = client.ask("textDocument/references", params);
        let lines = |found: &Value| found.as_array().map(|found| found.iter().map(location).collect::<Vec<_>>());
        let used = lines(&used).unwrap_or_default();
        let mark = |line: String| if used.contains(&line) { line } else { format!("{line} given") };
        let all: Vec<String> = lines(&all).unwrap_or_default().into_iter().map(mark).collect();
        if all.is_empty() { "nothing".into() } else { all.join("\n") }
    });
}

#[test]
fn rename() {
    answers("rename", |client, case, position| {
        let prepared = client.ask("textDocument/prepareRename", case.at(client, &position));
        let mut out = match &prepared {
            Value::Null => "nothing\n".to_owned(),
            prepared => format!("{} {}\n", range(&prepared["range"]), prepared["placeholder"]),
        };
        for new in ["renamed", "taken", "two words", ""] {
            let mut params = case.at(client, &position);
            params["newName"] = new.into();
            let request = client.send_request("textDocument/rename", params);
            match client.answer(request) {
                Err((code, message)) => _ = writeln!(out, "{new:?}: {code} {message}"),
                Ok(edit) => {
                    let own = client.uri(&case.name);
                    let mut files: Vec<&String> = edit["changes"].as_object().expect("changes").keys().collect();
                    files.sort();
                    for file in files {
                        let edits = edit["changes"][file].as_array().expect("edits");
                        let ranges: Vec<String> = edits.iter().map(|edit| range(&edit["range"])).collect();
                        let _ = writeln!(out, "{new:?}: {file} {}", ranges.join(" "));
                    }
                    // What it becomes checks as well as what it was.
                    let now = edited(&case.text, &edit, &own);
                    assert_ne!(now, case.text);
                    let before = client.pulled(&case.name).len();
                    client.change(&case.name, &now);
                    let after = client.pulled(&case.name);
                    let is_shared = edit["changes"].as_object().expect("changes").len() > 1;
                    assert!(is_shared || after.len() == before, "{after:?}\n{now}");
                    client.change(&case.name, &case.text);
                }
            }
        }
        out
    });
}

#[test]
fn selection() {
    answers("selection", |client, case, position| {
        let params = json!({ "textDocument": { "uri": client.uri(&case.name) }, "positions": [position] });
        let answer = client.ask("textDocument/selectionRange", params);
        let mut next = &answer[0];
        let mut lines = Vec::new();
        while next.is_object() {
            lines.push(range(&next["range"]));
            next = &next["parent"];
        }
        lines.join("\n")
    });
}

#[test]
fn whole_files() {
    answers("whole", |client, case, _| {
        let params = json!({ "textDocument": { "uri": client.uri(&case.name) } });
        let mut out = String::from("symbols\n");
        let symbols = client.ask("textDocument/documentSymbol", params.clone());
        symbols.as_array().into_iter().flatten().for_each(|symbol| symbol_lines(symbol, 1, &mut out));
        out.push_str("folds\n");
        for fold in client.ask("textDocument/foldingRange", params.clone()).as_array().into_iter().flatten() {
            let kind = fold["kind"].as_str().map(|kind| format!(" {kind}")).unwrap_or_default();
            let _ = writeln!(out, "  {}-{}{kind}", fold["startLine"], fold["endLine"]);
        }
        out.push_str("links\n");
        for link in client.ask("textDocument/documentLink", params).as_array().into_iter().flatten() {
            let _ = writeln!(out, "  {} {}", range(&link["range"]), link["target"].as_str().expect("a target"));
        }
        out.push_str("hints\n");
        for hint in client.ask("textDocument/inlayHint", case.whole(client)).as_array().into_iter().flatten() {
            let at = &hint["position"];
            let _ = writeln!(out, "  {}:{} {}", at["line"], at["character"], hint["label"].as_str().expect("a text"));
        }
        out.push_str("diagnostics\n");
        let report =
            client.ask("textDocument/diagnostic", json!({ "textDocument": { "uri": client.uri(&case.name) } }));
        brief(&report["items"]).into_iter().for_each(|line| _ = writeln!(out, "  {line}"));
        out
    });
}

fn symbol_lines(symbol: &Value, depth: usize, out: &mut String) {
    let detail = symbol["detail"].as_str().map(|detail| format!(" ({detail})")).unwrap_or_default();
    let _ = writeln!(
        out,
        "{}{}{detail} {} at {}",
        "  ".repeat(depth),
        symbol["name"].as_str().expect("a name"),
        range(&symbol["range"]),
        range(&symbol["selectionRange"])
    );
    symbol["children"].as_array().into_iter().flatten().for_each(|child| symbol_lines(child, depth + 1, out));
}

fn location(found: &Value) -> String {
    format!("{} {}", found["uri"].as_str().expect("an address"), range(&found["range"]))
}

#[test]
fn commands() {
    answers("commands", |client, case, position| {
        let uri = client.uri(&case.name);
        let mut out = String::new();
        for (command, arguments) in [
            ("clapboard.request", json!([uri, position])),
            ("clapboard.request", json!([uri, "cuts-010"])),
            ("clapboard.request", json!([uri, "gone"])),
            ("clapboard.totals", json!([uri])),
            ("clapboard.totals", json!([])),
            ("clapboard.explain", json!(["no-such-rule"])),
            ("clapboard.nonsense", json!([])),
        ] {
            let request =
                client.send_request("workspace/executeCommand", json!({ "command": command, "arguments": arguments }));
            let _ = match client.answer(request) {
                Ok(answer) if answer["text"].is_string() => {
                    writeln!(
                        out,
                        "{command}: {} {}\n{}",
                        answer["title"],
                        answer["language"],
                        answer["text"].as_str().expect("a text")
                    )
                }
                Ok(answer) => writeln!(out, "{command}: {answer}"),
                Err((code, message)) => writeln!(out, "{command}: {code} {message}"),
            };
        }
        out
    });
}

#[test]
fn a_client_that_shows_no_answers_is_sent_a_message() {
    let stage = stage();
    let mut client = Client::start(stage.path(), json!({}));
    let params = json!({ "command": "clapboard.explain", "arguments": ["unknown-field"] });
    let answer = client.ask("workspace/executeCommand", params);
    assert_eq!(client.told("window/showMessage")["message"], answer["text"]);
    assert!(answer["text"].as_str().expect("a text").contains("## What it checks"), "{answer}");
    client.end();
}

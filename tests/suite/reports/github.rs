use std::collections::BTreeMap;

use clapboard::diagnostic::Report;
use clapboard::report::Format;
use serde_json::json;

use super::{rendered, sample, tools};

#[test]
fn commands_are_as_they_were() {
    insta::assert_snapshot!(rendered(Format::Github, &sample::film()));
}

#[test]
fn each_finding_is_one_line_and_the_gravest_come_first() {
    let lines: Vec<String> = rendered(Format::Github, &sample::hostile()).lines().map(String::from).collect();
    assert_eq!(lines.len(), 1, "{lines:?}");
    let film = rendered(Format::Github, &sample::film());
    let levels: Vec<bool> = film.lines().map(|line| line.starts_with("::error ")).collect();
    assert!(levels.is_sorted_by(|a, b| a >= b), "{film}");
}

#[test]
fn what_github_will_not_show_is_counted_at_the_end() {
    let text = rendered(Format::Github, &sample::many(12));
    let last = text.lines().last();
    let words = "GitHub shows 10 errors and 10 warnings for each step; the log has 2 more errors";
    assert_eq!(last, Some(format!("::notice title=clapboard::{words}").as_str()));
    assert_eq!(text.lines().count(), 13);
    assert!(!rendered(Format::Github, &sample::many(10)).contains("::notice"));
}

/// The toolkit that GitHub gives to those who write actions says the same in the same words.
#[test]
fn githubs_toolkit_writes_the_same() {
    if tools::installed("node_modules/@actions/core/package.json").is_none() {
        return;
    }
    let report = sample::film();
    let script = tools::beside("github-commands.mjs");
    let theirs = tools::run("node", [script], &annotations(&report));
    assert_eq!(commands(&rendered(Format::Github, &report)), commands(&theirs));
}

/// What the toolkit is asked to say: its own names for the properties, and the texts as they are.
fn annotations(report: &Report) -> String {
    let annotations: Vec<_> = report
        .diagnostics
        .iter()
        .map(|diagnostic| {
            let source = &diagnostic.place.source;
            let start = source.position(diagnostic.place.span.start());
            let end = source.position(diagnostic.place.span.end());
            let message = match &diagnostic.help {
                Some(help) => format!("{}\nhelp: {help}", diagnostic.message),
                None => diagnostic.message.clone(),
            };
            let on_one_line = start.line == end.line;
            json!({
                "level": diagnostic.severity.as_str(),
                "message": message,
                "properties": {
                    "file": source.name,
                    "title": format!("clapboard ({})", diagnostic.code),
                    "startLine": start.line,
                    "endLine": end.line,
                    "startColumn": on_one_line.then_some(start.column),
                    "endColumn": on_one_line.then_some(end.column),
                },
            })
        })
        .collect();
    json!(annotations).to_string()
}

/// Commands taken apart, in an order of their own: neither side's matters.
fn commands(text: &str) -> Vec<(String, BTreeMap<String, String>, String)> {
    let mut commands: Vec<_> = text
        .lines()
        .map(|line| {
            let (head, message) = line[2..].split_once("::").expect("a command has a message");
            let (name, properties) = head.split_once(' ').expect("a command has properties");
            let pair = |property: &str| {
                let (key, value) = property.split_once('=').expect("a property has a value");
                (key.to_owned(), value.to_owned())
            };
            (name.to_owned(), properties.split(',').map(pair).collect(), message.to_owned())
        })
        .collect();
    commands.sort();
    commands
}

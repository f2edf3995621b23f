//! A whole check: from a text to its report, in each form that a report has.

use std::path::PathBuf;

use clapboard::api::{Pictures, request};
use clapboard::clip::clips;
use clapboard::diagnostic::Report;
use clapboard::report::{Format, Surroundings, Terminal, render};
use serde_json::Value;

use super::places;
use super::project::Project;

/// Every place is in its text; each form of the report is well-formed, has no escape sequence, and is the same each time; and
/// what can be requested is JSON.
pub fn holds(bytes: &[u8]) {
    let project = Project::new(bytes);
    let (checked, report) = project.check(&project.film);
    places::of_report(&report);
    let json = rendered(&report, Format::Json);
    of_json(&json, &report);
    of_forms(&report);
    let (_, again) = Project::new(bytes).check(&project.film);
    assert_eq!(json, rendered(&again, Format::Json));
    for clip in clips(&checked.film, checked.facts, checked.target) {
        if let Ok(request) = request(&clip, &checked.project.library) {
            let mut body = Vec::new();
            request.body.write(&mut body, Pictures::Inline, None).expect("memory takes it all");
            serde_json::from_slice::<Value>(&body).expect("a body is JSON");
        }
    }
}

fn rendered(report: &Report, format: Format) -> String {
    let terminal = Terminal { color: false, unicode: true, width: 80 };
    let surroundings = Surroundings { root: Some(PathBuf::from("/")), here: PathBuf::from("/films") };
    let mut out = Vec::new();
    render(format, report, &terminal, &surroundings, &mut out).expect("memory takes it all");
    String::from_utf8(out).expect("a report is UTF-8")
}

/// Lines, columns and offsets of the report for scripts, counted again.
fn of_json(json: &str, report: &Report) {
    let json: Value = serde_json::from_str(json).expect("the report is JSON");
    let listed = json["diagnostics"].as_array().expect("a list");
    assert_eq!(listed.len(), report.diagnostics.len());
    for (listed, diagnostic) in listed.iter().zip(&report.diagnostics) {
        for (side, offset) in [("start", diagnostic.place.span.start()), ("end", diagnostic.place.span.end())] {
            let listed = &listed["span"][side];
            assert_eq!(listed["offset"], offset);
            let (line, column) = position(&diagnostic.place.source.text, offset);
            assert_eq!((&listed["line"], &listed["column"]), (&line.into(), &column.into()), "{diagnostic:?}");
        }
    }
}

/// Line and column as people count them.
fn position(text: &str, offset: usize) -> (usize, usize) {
    let (mut line, mut column) = (1, 1);
    for (at, character) in text[..offset].char_indices() {
        let ends_line = character == '\n' || character == '\r' && text.as_bytes().get(at + 1) != Some(&b'\n');
        match character {
            _ if ends_line => (line, column) = (line + 1, 1),
            '\u{feff}' if at == 0 => {}
            _ => column += 1,
        }
    }
    (line, column)
}

fn of_forms(report: &Report) {
    for format in [Format::Sarif, Format::Gitlab, Format::Rdjson] {
        serde_json::from_str::<Value>(&rendered(report, format)).expect("JSON");
    }
    let junit = rendered(report, Format::Junit);
    roxmltree::Document::parse(&junit).expect("XML");
    for format in [Format::Human, Format::Concise, Format::Github] {
        let text = rendered(report, format);
        let order = text.chars().find(|&character| is_order(character));
        assert_eq!(order, None, "{format:?} gives the terminal an order: {}", text.escape_debug());
    }
}

/// Whether a terminal does something else with a character than show it.
fn is_order(character: char) -> bool {
    let is_bidirectional = matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    character.is_control() && !matches!(character, '\n' | '\t') || is_bidirectional
}

//! What `check` writes for CI services, held against definitions that others wrote: SARIF's official schema and Microsoft's
//! validator, GitHub's own toolkit, Code Climate's types, Jenkins' XML schema, a validator of reviewdog's format.

mod github;
mod gitlab;
mod junit;
mod rdjson;
mod sample;
mod sarif;
mod summary;
mod tools;

use std::io::{self, Write};

use clapboard::diagnostic::Report;
use clapboard::report;

type Render = fn(&Report, &mut dyn Write) -> io::Result<()>;

const RENDERERS: [(&str, Render); 6] = [
    ("github", report::github::render),
    ("gitlab", report::gitlab::render),
    ("junit", report::junit::render),
    ("rdjson", report::rdjson::render),
    ("sarif", report::sarif::render),
    ("summary", report::summary::render),
];

fn rendered(render: Render, report: &Report) -> String {
    let mut out = Vec::new();
    render(report, &mut out).expect("memory takes all that is written");
    String::from_utf8(out).expect("a report is UTF-8")
}

#[test]
fn the_same_report_gives_the_same_bytes() {
    for (format, render) in RENDERERS {
        assert_eq!(rendered(render, &sample::film()), rendered(render, &sample::film()), "{format}");
    }
}

#[test]
fn no_output_holds_a_character_that_a_terminal_obeys() {
    for (format, render) in RENDERERS {
        let text = rendered(render, &sample::hostile());
        let found: Vec<char> = text.chars().filter(|c| *c != '\n' && acts_on_a_terminal(*c)).collect();
        assert!(found.is_empty(), "{format} lets through {found:?}");
    }
}

fn acts_on_a_terminal(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[test]
fn twenty_thousand_findings_are_written_whole() {
    let report = sample::many(20_000);
    for (format, render) in RENDERERS {
        let text = rendered(render, &report);
        let count = text.matches("duplicate-id").count();
        assert!(count >= if format == "summary" { 100 } else { 20_000 }, "{format} has {count}");
    }
}

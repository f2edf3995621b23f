//! What `check` writes for CI services, held against definitions that others wrote: SARIF's official schema and Microsoft's
//! validator, GitHub's own toolkit, Code Climate's types, Jenkins' XML schema, a validator of reviewdog's format.

mod github;
mod gitlab;
mod junit;
mod rdjson;
#[cfg(unix)]
mod recipes;
mod sample;
mod sarif;
mod summary;
pub mod tools;
#[cfg(unix)]
mod walk;
#[cfg(feature = "watch")]
mod watch;

use std::io::{self, Write};

use clapboard::diagnostic::Report;
use clapboard::report::{self, Format, Surroundings, Terminal, step_summary};

const FORMATS: [Format; 5] = [Format::Github, Format::Gitlab, Format::Junit, Format::Rdjson, Format::Sarif];

fn rendered(format: Format, report: &Report) -> String {
    let terminal = Terminal { color: false, unicode: true, width: 100 };
    rendered_by(|report, out| report::render(format, report, &terminal, &Surroundings::default(), out), report)
}

fn rendered_by(render: impl Fn(&Report, &mut dyn Write) -> io::Result<()>, report: &Report) -> String {
    let mut out = Vec::new();
    render(report, &mut out).expect("memory takes all that is written");
    String::from_utf8(out).expect("a report is UTF-8")
}

/// A report in each form, with the form's name.
fn each_rendered(report: &Report) -> impl Iterator<Item = (String, String)> {
    let forms = FORMATS.iter().map(|format| (format!("{format:?}"), rendered(*format, report)));
    forms.chain([("step summary".to_owned(), rendered_by(step_summary::render, report))])
}

#[test]
fn the_same_report_gives_the_same_bytes() {
    for (once, again) in each_rendered(&sample::film()).zip(each_rendered(&sample::film())) {
        assert_eq!(once, again);
    }
}

#[test]
fn no_output_holds_a_character_that_a_terminal_obeys() {
    for (form, text) in each_rendered(&sample::hostile()) {
        let found: Vec<char> = text.chars().filter(|c| *c != '\n' && acts_on_a_terminal(*c)).collect();
        assert!(found.is_empty(), "{form} lets through {found:?}");
    }
}

#[test]
fn twenty_thousand_findings_are_written_whole() {
    for (form, text) in each_rendered(&sample::many(20_000)) {
        let count = text.matches("duplicate-id").count();
        assert!(count >= if form == "step summary" { 100 } else { 20_000 }, "{form} has {count}");
    }
}

fn acts_on_a_terminal(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

//! The report as one JSON object; its form is in the command line's documentation. Lines and columns count from 1, columns
//! in characters, offsets in bytes from 0.

use std::borrow::Cow;
use std::io::{self, Write};

use serde::Serialize;

use super::text::{Each, write_json};
use super::words::message;
use crate::diagnostic::{Diagnostic, Report};
use crate::rules;
use crate::text::Place;
use crate::text::{Source, Span};

#[derive(Serialize)]
struct Document<D> {
    version: u8,
    summary: Summary,
    diagnostics: D,
}

#[derive(Serialize)]
struct Summary {
    files: usize,
    errors: usize,
    warnings: usize,
}

#[derive(Serialize)]
struct Entry<'r> {
    code: &'static str,
    severity: &'static str,
    message: Cow<'r, str>,
    help: Option<&'r str>,
    url: Option<String>,
    file: &'r str,
    shot: Option<&'r str>,
    shots: &'r [String],
    span: Range,
    labels: Vec<Label<'r>>,
    fix: Option<Fix<'r>>,
}

#[derive(Serialize)]
struct Label<'r> {
    message: &'r str,
    file: &'r str,
    span: Range,
}

#[derive(Serialize)]
struct Fix<'r> {
    safety: &'static str,
    message: &'r str,
    edits: Vec<Edit<'r>>,
}

#[derive(Serialize)]
struct Edit<'r> {
    span: Range,
    text: &'r str,
}

#[derive(Serialize)]
struct Range {
    start: Position,
    end: Position,
}

#[derive(Serialize)]
struct Position {
    line: usize,
    column: usize,
    offset: usize,
}

fn range(source: &Source, span: Span) -> Range {
    let position = |offset: usize| {
        let position = source.position(offset);
        Position { line: position.line, column: position.column, offset }
    };
    Range { start: position(span.start()), end: position(span.end()) }
}

fn place(place: &Place) -> Range {
    range(&place.source, place.span)
}

fn entry(diagnostic: &Diagnostic) -> Entry<'_> {
    Entry {
        code: diagnostic.code.as_str(),
        severity: diagnostic.severity.as_str(),
        message: message(diagnostic),
        help: diagnostic.help.as_deref(),
        url: rules::url(diagnostic.code),
        file: &diagnostic.place.source.name,
        shot: diagnostic.shot.as_deref(),
        shots: &diagnostic.shots,
        span: place(&diagnostic.place),
        labels: diagnostic
            .labels
            .iter()
            .map(|label| Label { message: &label.message, file: &label.place.source.name, span: place(&label.place) })
            .collect(),
        fix: diagnostic.fix.as_ref().map(|fix| Fix {
            safety: fix.safety.as_str(),
            message: &fix.message,
            edits: fix
                .edits
                .iter()
                .map(|edit| Edit { span: range(&diagnostic.place.source, edit.span), text: &edit.text })
                .collect(),
        }),
    }
}

/// One JSON object and a line end.
pub fn render(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let document = Document {
        version: 1,
        summary: Summary { files: report.files.len(), errors: report.errors(), warnings: report.warnings() },
        diagnostics: Each(|| report.diagnostics.iter().map(entry)),
    };
    write_json(&document, out)
}

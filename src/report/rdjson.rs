//! reviewdog's `rdjson`: one object, whose columns count bytes.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::{Value, json};

use super::text::{Each, write_json};
use super::words::message;
use crate::diagnostic::{Diagnostic, Fix, Label, Report, Severity};
use crate::rules;
use crate::text::Place;
use crate::text::{Source, Span};

/// A reviewer could not read a suggestion whose edits are more bytes apart than this.
const LONGEST_SUGGESTION: usize = 10_000;

/// Writes the report as reviewdog's `DiagnosticResult`.
pub fn render(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let diagnostics = Each(|| report.diagnostics.iter().map(diagnostic));
    write_json(&DiagnosticResult { source: json!({ "name": "clapboard" }), diagnostics }, out)
}

#[derive(Serialize)]
struct DiagnosticResult<D> {
    source: Value,
    diagnostics: D,
}

fn diagnostic(diagnostic: &Diagnostic) -> Value {
    let place = &diagnostic.place;
    let mut value = json!({
        "message": match &diagnostic.help {
            Some(help) => format!("{}\n{help}", message(diagnostic)),
            None => message(diagnostic).into_owned(),
        },
        "location": location(place),
        "severity": match diagnostic.severity {
            Severity::Error => "ERROR",
            Severity::Warning => "WARNING",
        },
        "code": { "value": diagnostic.code.as_str() },
    });
    if let Some(url) = rules::url(diagnostic.code) {
        value["code"]["url"] = url.into();
    }
    if let Some(suggestion) = diagnostic.fix.as_ref().and_then(|fix| suggestion(&place.source, fix)) {
        value["suggestions"] = json!([suggestion]);
    }
    if !diagnostic.labels.is_empty() {
        let related = |label: &Label| json!({ "message": label.message, "location": location(&label.place) });
        value["related_locations"] = diagnostic.labels.iter().map(related).collect();
    }
    value
}

/// The whole fix as one suggestion: reviewdog reads several as alternatives, and half a fix is worse than none.
fn suggestion(source: &Source, fix: &Fix) -> Option<Value> {
    let span = fix.edits.iter().map(|edit| edit.span).reduce(Span::join)?;
    if span.len() > LONGEST_SUGGESTION {
        return None;
    }
    let mut edits: Vec<_> = fix.edits.iter().collect();
    edits.sort_by_key(|edit| edit.span);
    let mut text = String::new();
    let mut at = span.start();
    for edit in edits {
        text.push_str(source.text.get(at..edit.span.start())?);
        text.push_str(&edit.text);
        at = edit.span.end();
    }
    Some(json!({ "range": range(source, span), "text": text }))
}

fn location(place: &Place) -> Value {
    json!({ "path": place.source.name, "range": range(&place.source, place.span) })
}

fn range(source: &Source, span: Span) -> Value {
    json!({ "start": position(source, span.start()), "end": position(source, span.end()) })
}

/// Line and column from 1, the column in bytes of UTF-8.
fn position(source: &Source, offset: usize) -> Value {
    json!({ "line": source.line_index(offset) + 1, "column": source.byte_column(offset) })
}

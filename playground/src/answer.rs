//! What a check says, in the page's own terms: places in UTF-16 code units from the start of the text.

use std::cell::Cell;

use clapboard::api::{Pictures, request};
use clapboard::check::CheckedFilm;
use clapboard::clip::clips;
use clapboard::diagnostic::{Diagnostic, Fix, Report};
use clapboard::text::{Source, Span};
use serde_json::{Value, json};

/// All that the page shows of a text that was checked.
pub fn checked(checked: &CheckedFilm, report: &Report) -> Value {
    let source = &checked.film.file.document.source;
    let places = Places { source, last: Cell::default() };
    let diagnostics: Vec<Value> = report.of(&source.path).map(|found| diagnostic(found, &places)).collect();
    let elsewhere: Vec<Value> = report
        .diagnostics
        .iter()
        .filter(|found| found.place.source.path != source.path)
        .map(|found| json!({ "file": found.place.source.name, "severity": found.severity.as_str(), "message": found.message }))
        .collect();
    let totals = checked.verdict.totals;
    json!({
        "diagnostics": diagnostics,
        "elsewhere": elsewhere,
        "requests": if checked.is_held_back(report) { Vec::new() } else { requests(checked) },
        "totals": {
            "shots": totals.shots, "seconds": totals.seconds, "units": (totals.units * 10.0).round() / 10.0, "usd": totals.usd,
            "unpriced": totals.unpriced,
        },
        "pictures": pictures(checked),
    })
}

/// The paths of the pictures that the film asks for, there or not.
fn pictures(checked: &CheckedFilm) -> Vec<String> {
    let asked = checked.project.library.asked();
    asked.iter().filter_map(|path| Some(path.strip_prefix(super::FOLDER).ok()?.to_string())).collect()
}

fn diagnostic(found: &Diagnostic, places: &Places<'_>) -> Value {
    let (from, to) = places.range(found.place.span);
    let position = found.place.position();
    json!({
        "code": found.code.as_str(),
        "severity": found.severity.as_str(),
        "message": found.message,
        "help": found.help,
        "line": position.line,
        "from": from,
        "to": to,
        "fix": found.fix.as_ref().map(|found| fix(found, places)),
    })
}

fn fix(fix: &Fix, places: &Places<'_>) -> Value {
    let edits: Vec<Value> = fix
        .edits
        .iter()
        .map(|edit| {
            let (from, to) = places.range(edit.span);
            json!({ "from": from, "to": to, "insert": edit.text })
        })
        .collect();
    json!({ "safety": fix.safety.as_str(), "message": fix.message, "edits": edits })
}

/// The requests of a film without errors; a shot that has none says why.
fn requests(checked: &CheckedFilm) -> Vec<Value> {
    let clips = clips(&checked.film, checked.facts, checked.target);
    clips
        .iter()
        .filter(|clip| !clip.shot.is_skipped())
        .map(|clip| {
            let body = request(clip, &checked.project.library).map_err(|why| why.to_string()).and_then(|request| {
                let mut body = Vec::new();
                request.body.write_pretty(&mut body, Pictures::Summary, 0).map_err(|why| why.to_string())?;
                Ok((request.path, String::from_utf8_lossy(&body).into_owned()))
            });
            let units = clip.price().units().map(|units| units.as_f64());
            match body {
                Ok((path, body)) => json!({ "shot": clip.shot.name(), "path": path, "units": units, "body": body }),
                Err(why) => json!({ "shot": clip.shot.name(), "units": units, "body": why }),
            }
        })
        .collect()
}

/// Places of one text. Asked in the order of the text, each part of it is counted once.
struct Places<'s> {
    source: &'s Source,
    /// The last byte that was asked for, and its place.
    last: Cell<(usize, usize)>,
}

impl Places<'_> {
    fn range(&self, span: Span) -> (usize, usize) {
        let from = self.place(span.start());
        self.last.set((span.start(), from));
        (from, self.place(span.end()))
    }

    fn place(&self, offset: usize) -> usize {
        let (known, place) = self.last.get();
        let (start, before) = if known <= offset { (known, place) } else { (0, 0) };
        before + self.source.text.get(start..offset).unwrap_or_default().encode_utf16().count()
    }
}

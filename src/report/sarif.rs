//! SARIF 2.1.0, as code scanning services and editors read it.

use std::collections::BTreeSet;
use std::io::{self, Write};

use serde::Serialize;
use serde_json::{Value, json};

use super::Surroundings;
use super::fingerprint::fingerprints;
use super::surroundings::uri;
use super::text::{Each, write_json};
use super::words::one_line;
use crate::diagnostic::{Code, Diagnostic, Edit, Fix, Report};
use crate::rules::{self, Rule};
use crate::text::Place;
use crate::text::{Source, Span};

/// The official schema, as the standard's own text names it.
const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// Writes the report as a log of one run, with the rules that it has findings of.
pub fn render(report: &Report, surroundings: &Surroundings, out: &mut dyn Write) -> io::Result<()> {
    let fingerprints = fingerprints(report, surroundings);
    let codes: BTreeSet<Code> = report.diagnostics.iter().map(|diagnostic| diagnostic.code).collect();
    let paths = Paths { surroundings, codes: codes.into_iter().collect() };
    let results = report.diagnostics.iter().zip(&fingerprints);
    let run = Run {
        tool: json!({ "driver": driver(&paths.codes) }),
        column_kind: "unicodeCodePoints",
        original_uri_base_ids: json!({
            ROOT: { "description": { "text": "The root of the repository, or else the folder clapboard ran in." } },
        }),
        results: Each(|| results.clone().map(|(diagnostic, fingerprint)| result(diagnostic, fingerprint, &paths))),
    };
    write_json(&Log { schema: SCHEMA, version: "2.1.0", runs: [run] }, out)
}

#[derive(Serialize)]
struct Log<R> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run<R>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<R> {
    tool: Value,
    column_kind: &'static str,
    original_uri_base_ids: Value,
    results: R,
}

const ROOT: &str = "%SRCROOT%";

fn driver(codes: &[Code]) -> Value {
    let mut driver = json!({
        "name": "clapboard",
        "semanticVersion": env!("CARGO_PKG_VERSION"),
        "rules": codes.iter().map(|code| rule(*code)).collect::<Vec<Value>>(),
    });
    let homepage = env!("CARGO_PKG_HOMEPAGE");
    if !homepage.is_empty() {
        driver["informationUri"] = homepage.into();
    }
    driver
}

fn rule(code: Code) -> Value {
    let rule = Rule::of(code);
    let document = rule.document();
    let mut value = json!({
        "id": code.as_str(),
        "shortDescription": { "text": document.summary },
        "fullDescription": { "text": document.what },
        "help": { "text": format!("{}\n\n{}", document.what, document.why), "markdown": rule.markdown },
        "defaultConfiguration": { "level": code.severity().as_str() },
        // What GitHub sorts and filters by.
        "properties": { "problem.severity": code.severity().as_str(), "precision": "very-high" },
    });
    if let Some(url) = rules::url(code) {
        value["helpUri"] = url.into();
    }
    value
}

fn result(diagnostic: &Diagnostic, fingerprint: &str, paths: &Paths) -> Value {
    let mut location = json!({ "physicalLocation": paths.physical(&diagnostic.place) });
    if let Some(shot) = &diagnostic.shot {
        location["logicalLocations"] = json!([{ "name": shot, "kind": "object" }]);
    }
    let mut result = json!({
        "ruleId": diagnostic.code.as_str(),
        "ruleIndex": paths.codes.partition_point(|code| *code < diagnostic.code),
        "level": diagnostic.severity.as_str(),
        "message": { "text": one_line(diagnostic) },
        "locations": [location],
        "partialFingerprints": { "clapboard/v1": fingerprint },
    });
    if !diagnostic.labels.is_empty() {
        let labels = diagnostic.labels.iter().enumerate().map(|(id, label)| {
            json!({
                "id": id,
                "message": { "text": label.message },
                "physicalLocation": paths.physical(&label.place),
            })
        });
        result["relatedLocations"] = labels.collect();
    }
    if let Some(fix) = &diagnostic.fix {
        result["fixes"] = json!([paths.fix(&diagnostic.place.source, fix)]);
    }
    result
}

/// The targets of a result's references: files by their places in the repository, rules by their places in the log.
struct Paths<'s> {
    surroundings: &'s Surroundings,
    codes: Vec<Code>,
}

impl Paths<'_> {
    fn artifact(&self, source: &Source) -> Value {
        let uri = uri(&self.surroundings.path(&source.name));
        if uri.starts_with("file:") { json!({ "uri": uri }) } else { json!({ "uri": uri, "uriBaseId": ROOT }) }
    }

    fn physical(&self, place: &Place) -> Value {
        json!({ "artifactLocation": self.artifact(&place.source), "region": region(&place.source, place.span) })
    }

    fn fix(&self, source: &Source, fix: &Fix) -> Value {
        let replacement = |edit: &Edit| json!({ "deletedRegion": region(source, edit.span), "insertedContent": { "text": edit.text } });
        json!({
            "description": { "text": fix.message },
            "artifactChanges": [{
                "artifactLocation": self.artifact(source),
                "replacements": fix.edits.iter().map(replacement).collect::<Vec<Value>>(),
            }],
            "properties": { "safety": fix.safety.as_str() },
        })
    }
}

fn region(source: &Source, span: Span) -> Value {
    let start = source.position(span.start());
    let end = source.position(span.end());
    json!({
        "startLine": start.line,
        "startColumn": start.column,
        "endLine": end.line,
        "endColumn": end.column,
    })
}

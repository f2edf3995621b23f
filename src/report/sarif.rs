//! SARIF 2.1.0, as code scanning services and editors read it.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::{Value, json};

use super::fingerprint::fingerprints;
use super::repository::{Repository, uri};
use super::text::{Each, write_json};
use super::words::one_line;
use crate::diagnostic::{Code, Diagnostic, Edit, Fix, Report};
use crate::rules::{self, Rule};
use crate::text::Place;
use crate::text::{Source, Span};

/// The official schema, as the standard's own text names it.
const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// Writes the report as a log of one run, with all rules, so that a service can show a rule whose findings are gone.
pub fn render(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let paths = Paths(Repository::of("GITHUB_WORKSPACE"));
    let fingerprints = fingerprints(report, &paths.0);
    let results = report.diagnostics.iter().zip(&fingerprints);
    let run = Run {
        tool: json!({
            "driver": {
                "name": "clapboard",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "informationUri": rules_page(),
                "rules": Code::ALL.iter().map(|code| rule(*code)).collect::<Vec<Value>>(),
            },
        }),
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

/// The page of all rules.
fn rules_page() -> String {
    let url = rules::url(Code::Syntax);
    url.split('#').next().unwrap_or(&url).to_owned()
}

fn rule(code: Code) -> Value {
    let rule = Rule::of(code);
    let document = rule.document();
    json!({
        "id": code.as_str(),
        "shortDescription": { "text": document.summary },
        "fullDescription": { "text": document.what },
        "help": { "text": format!("{}\n\n{}", document.what, document.why), "markdown": rule.markdown },
        "helpUri": rules::url(code),
        "defaultConfiguration": { "level": code.severity().as_str() },
        // What GitHub sorts and filters by.
        "properties": { "problem.severity": code.severity().as_str(), "precision": "very-high" },
    })
}

fn result(diagnostic: &Diagnostic, fingerprint: &str, paths: &Paths) -> Value {
    let mut location = json!({ "physicalLocation": paths.physical(&diagnostic.place) });
    if let Some(shot) = &diagnostic.shot {
        location["logicalLocations"] = json!([{ "name": shot, "kind": "object" }]);
    }
    let mut result = json!({
        "ruleId": diagnostic.code.as_str(),
        "ruleIndex": diagnostic.code as usize,
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

struct Paths(Repository);

impl Paths {
    fn artifact(&self, source: &Source) -> Value {
        let uri = uri(&self.0.path(&source.name));
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
    let start = source.position(span.start as usize);
    let end = source.position(span.end as usize);
    json!({
        "startLine": start.line,
        "startColumn": start.column,
        "endLine": end.line,
        "endColumn": end.column,
    })
}

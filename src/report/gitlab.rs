//! GitLab's Code Quality report: the part of Code Climate's issues that GitLab reads, and what Code Climate requires in addition.

use std::io::{self, Write};

use serde_json::json;

use super::Surroundings;
use super::fingerprint::fingerprints;
use super::text::{Each, write_json};
use super::words::one_line;
use crate::diagnostic::{Diagnostic, Report, Severity};

/// Writes the report as one JSON array.
pub fn render(report: &Report, surroundings: &Surroundings, out: &mut dyn Write) -> io::Result<()> {
    let fingerprints = fingerprints(report, surroundings);
    let issue = |(diagnostic, fingerprint): (&Diagnostic, &String)| {
        let source = &diagnostic.place.source;
        let span = diagnostic.place.span;
        json!({
            "type": "issue",
            "check_name": diagnostic.code.as_str(),
            "description": one_line(diagnostic),
            "categories": ["Bug Risk"],
            "severity": match diagnostic.severity {
                Severity::Error => "major",
                Severity::Warning => "minor",
            },
            "fingerprint": fingerprint,
            "location": {
                "path": surroundings.path(&source.name),
                "lines": {
                    "begin": source.position(span.start()).line,
                    "end": source.position(span.end()).line,
                },
            },
        })
    };
    write_json(&Each(|| report.diagnostics.iter().zip(&fingerprints).map(issue)), out)
}

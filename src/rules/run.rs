use std::sync::Arc;

use crate::clip::Clip;
use crate::diagnostic::{Code, Finding, Severity};
use crate::language::shots_of;
use crate::text::Span;

use super::{Check, Context, RULES};

/// All that is wrong with a film: what its files' readers found, what their forms lack, and what the rules say.
pub fn run(context: &Context) -> Vec<Finding> {
    let film = context.film;
    let mut findings = Vec::new();
    if film.file.shape.foreign {
        return film.file.shape.findings.clone();
    }
    for file in film.files() {
        findings.extend(file.document.findings.iter().cloned());
        findings.extend(file.shape.findings.iter().cloned());
    }
    for rule in RULES {
        match rule.check {
            Check::Elsewhere => {}
            Check::Written(check) => film.files().for_each(|file| check(&file.document, &mut findings)),
            Check::Film(check) => check(context, &mut findings),
            Check::Clip(check) => {
                for clip in context.made() {
                    let before = findings.len();
                    check(context, clip, &mut findings);
                    tag(&mut findings[before..], &[clip]);
                }
            }
            Check::Sent(check) => {
                for (text, clips) in context.sent_texts() {
                    let before = findings.len();
                    check(context, text, &mut findings);
                    tag(&mut findings[before..], clips);
                }
            }
        }
    }
    spare_broken_shots(context, &mut findings);
    findings
}

/// Says of findings in which shots they came up; one without an id cannot be named.
pub(super) fn tag(findings: &mut [Finding], clips: &[&Clip]) {
    // A text with thousands of mistakes in thousands of shots would name each shot at each mistake.
    const MOST_NAMES: usize = 200_000;
    if findings.is_empty() {
        return;
    }
    let each = (MOST_NAMES / findings.len()).max(1);
    let names: Vec<String> =
        clips.iter().take(each).map(|clip| clip.shot.name()).filter(|name| !name.is_empty()).collect();
    findings.iter_mut().for_each(|finding| finding.shots.extend(names.iter().cloned()));
}

/// A shot with an error is not called a duplicate: nobody knows yet what it will ask for.
fn spare_broken_shots(context: &Context, findings: &mut Vec<Finding>) {
    if !findings.iter().any(|finding| finding.code == Code::DuplicateRequest) {
        return;
    }
    let document = &context.film.file.document;
    let shots: Vec<(Span, String)> = shots_of(document);
    let mut broken: Vec<&str> = Vec::new();
    for finding in findings.iter().filter(|finding| finding.code.severity() == Severity::Error) {
        broken.extend(finding.shots.iter().map(String::as_str));
        if Arc::ptr_eq(&finding.place.source, &document.source) {
            let index = shots.partition_point(|(extent, _)| extent.start() <= finding.place.span.start());
            let shot = index.checked_sub(1).and_then(|index| shots.get(index));
            broken.extend(
                shot.filter(|(extent, _)| finding.place.span.start() < extent.end()).map(|(_, id)| id.as_str()),
            );
        }
    }
    let broken: std::collections::HashSet<String> = broken.into_iter().map(str::to_owned).collect();
    findings.retain(|finding| {
        finding.code != Code::DuplicateRequest || !finding.shots.iter().any(|shot| broken.contains(shot))
    });
}

use std::collections::HashSet;
use std::sync::Arc;

use crate::clip::Clip;
use crate::diagnostic::{Finding, Severity};
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
            Check::Correct(_) => {}
        }
    }
    let correct = correct_clips(context, &findings);
    for rule in RULES {
        if let Check::Correct(check) = rule.check {
            check(context, &correct, &mut findings);
        }
    }
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

/// The clips of the shots without an error: of the others nobody knows yet what they will ask for.
fn correct_clips<'c>(context: &Context<'c>, findings: &[Finding]) -> Vec<&'c Clip<'c>> {
    let errors = || findings.iter().filter(|finding| finding.code.severity() == Severity::Error);
    if errors().next().is_none() {
        return context.made().collect();
    }
    let document = &context.film.file.document;
    let shots: Vec<(Span, String)> = shots_of(document);
    let mut broken: HashSet<&str> = HashSet::new();
    for finding in errors() {
        broken.extend(finding.shots.iter().map(String::as_str));
        if Arc::ptr_eq(&finding.place.source, &document.source) {
            let index = shots.partition_point(|(extent, _)| extent.start() <= finding.place.span.start());
            let shot = index.checked_sub(1).and_then(|index| shots.get(index));
            broken.extend(
                shot.filter(|(extent, _)| finding.place.span.start() < extent.end()).map(|(_, id)| id.as_str()),
            );
        }
    }
    context.made().filter(|clip| !broken.contains(&*clip.shot.name())).collect()
}

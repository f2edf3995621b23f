use crate::diagnostic::{Code, Finding};
use crate::language::Shot;

use super::{Check, Context, RULES};

/// What depends on something being absent: not to be told where the absent thing may stand in what could not be read.
const ABSENCE: &[Code] = &[
    Code::MissingField,
    Code::ShotsOrScenes,
    Code::UnknownStyle,
    Code::UnknownCast,
    Code::UnusedStyle,
    Code::UnusedCast,
    Code::ModelRequired,
    Code::FirstFrameRequired,
    Code::PromptRequired,
    Code::UnusedVoice,
    Code::VoiceOutOfRange,
    Code::CastWithoutVoice,
    Code::VoiceNeedsSound,
];

/// All that is wrong with a film: what its files' readers found, what their forms lack, and what the rules say.
pub fn run(context: &Context) -> Vec<Finding> {
    let film = context.film;
    let mut findings = Vec::new();
    for file in film.files() {
        findings.extend(file.document.findings.iter().cloned());
        findings.extend(file.shape.findings.iter().cloned());
    }
    for rule in RULES {
        match rule.check {
            Check::Elsewhere => {}
            Check::Text(check) => film.files().for_each(|file| check(&file.document, &mut findings)),
            Check::Film(check) => check(context, film, &mut findings),
            Check::Shot(check) => {
                for shot in &film.shots {
                    let before = findings.len();
                    check(context, shot, &mut findings);
                    name(shot, &mut findings[before..]);
                }
            }
        }
    }
    if film.is_incomplete() {
        findings.retain(|finding| !ABSENCE.contains(&finding.code));
    }
    findings
}

/// Says of findings in which shot they came up; one without an id cannot be named.
pub(super) fn name(shot: &Shot, findings: &mut [Finding]) {
    if findings.is_empty() {
        return;
    }
    let name = shot.name();
    if !name.is_empty() {
        findings.iter_mut().for_each(|finding| finding.shots.push(name.clone()));
    }
}

use crate::clip::Clip;
use crate::diagnostic::{Code, Finding};
use crate::language::{Field, Shot};

use super::Context;

pub(super) fn check(context: &Context, clip: &Clip, out: &mut Vec<Finding>) {
    let shot = clip.shot;
    for cut in shot.cuts() {
        if let Some(prompt) = cut.prompt.valid().filter(|prompt| prompt.value.is_blank()) {
            let finding = Finding::new(Code::PromptRequired, prompt.at.place(), "this cut says nothing");
            out.push(finding.help("say what happens in it, or remove the cut"));
        }
    }
    // A misspelt field may well be the one that says what happens.
    let is_suggested = ["prompt", "lines", "cuts"].iter().any(|field| context.film.is_suggested_on(shot, field));
    if shot.has_cuts() || matches!(shot.cuts, Field::Lost) || is_suggested || says_something(shot) {
        return;
    }
    let place = shot.prompt.at().map_or_else(|| shot.place(), |at| at.place());
    let finding = Finding::new(Code::PromptRequired, place, format!("{} does not say what happens", shot.title()));
    out.push(finding.help("add a `prompt`, or `lines` to be spoken"));
}

/// Whether there is something in the prompt or the lines, or may be in what is wrong about them.
fn says_something(shot: &Shot) -> bool {
    let prompt = match &shot.prompt {
        Field::Absent => false,
        Field::Invalid(_) | Field::Lost => true,
        Field::Valid(prompt) => !prompt.value.is_blank(),
    };
    let lines = match &shot.lines {
        Field::Absent => false,
        Field::Invalid(_) | Field::Lost => true,
        Field::Valid(lines) => {
            lines.value.partial
                || lines.value.items.iter().any(|line| line.text.as_ref().is_none_or(|text| !text.is_blank()))
        }
    };
    prompt || lines
}

use crate::diagnostic::{Code, Finding};
use crate::kling::limits::{CUT_PROMPT_UNITS, PROMPT_UNITS};
use crate::language::Shot;
use crate::language::prompt::{Prompt, thousands};
use crate::text::Place;

use super::Context;

pub(super) fn check(context: &Context, shot: &Shot, out: &mut Vec<Finding>) {
    let prompts = context.prompts(shot);
    if shot.cuts.is_absent() {
        let place = shot.prompt.at().or(shot.lines.at()).map_or_else(|| shot.place(), |at| at.place());
        prompts.iter().for_each(|prompt| near(prompt, PROMPT_UNITS, place.clone(), out));
    }
    for (cut, prompt) in shot.cuts().iter().zip(&*prompts) {
        if let Some(text) = cut.prompt.valid() {
            near(prompt, CUT_PROMPT_UNITS, text.at.place(), out);
        }
    }
}

fn near(prompt: &Prompt, limit: usize, place: Place, out: &mut Vec<Finding>) {
    let (units, bytes) = (prompt.units(), prompt.text.len());
    if units <= limit && bytes > limit {
        let message = format!(
            "this has {} characters, within Kling's limit of {}, but {} bytes: some resellers count those",
            thousands(units),
            thousands(limit),
            thousands(bytes)
        );
        let help = "shorten it to be safe; letters beyond English take two to four bytes each";
        out.push(Finding::new(Code::PromptNearLimit, place, message).help(help));
    }
}

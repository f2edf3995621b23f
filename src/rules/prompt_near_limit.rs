use crate::api::legacy::{CUT_PROMPT_UNITS, PROMPT_UNITS};
use crate::clip::{Clip, Prompt, thousands};
use crate::diagnostic::{Code, Finding};
use crate::text::Place;

use super::Context;

pub(super) fn check(_: &Context, clip: &Clip, out: &mut Vec<Finding>) {
    let shot = clip.shot;
    if shot.cuts.is_absent() {
        let place = shot.prompt.at().or(shot.lines.at()).map_or_else(|| shot.place(), |at| at.place());
        clip.prompts.iter().for_each(|prompt| near(prompt, PROMPT_UNITS, place.clone(), out));
    }
    for (cut, prompt) in shot.cuts().iter().zip(&clip.prompts) {
        if let Some(text) = cut.prompt.valid() {
            near(prompt, CUT_PROMPT_UNITS, text.at.place(), out);
        }
    }
}

fn near(prompt: &Prompt, limit: usize, place: Place, out: &mut Vec<Finding>) {
    let length = prompt.length();
    if length.units <= limit && length.bytes > limit {
        let message = format!(
            "this has {} characters, within Kling's limit of {}, but {} bytes: some resellers count those",
            thousands(length.units),
            thousands(limit),
            thousands(length.bytes)
        );
        let help = "shorten it to be safe; letters outside English take two to four bytes each";
        out.push(Finding::new(Code::PromptNearLimit, place, message).help(help));
    }
}

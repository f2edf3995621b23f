use crate::api;
use crate::clip::{Clip, Prompt, thousands};
use crate::diagnostic::{Code, Finding};
use crate::text::Place;

use super::Context;

pub(super) fn check(_: &Context, clip: &Clip, out: &mut Vec<Finding>) {
    let shot = clip.shot;
    let limits = api::of(clip.target).limits(clip.model.value());
    if !shot.has_cuts() {
        let place = shot.prompt.at().or(shot.lines.at()).map_or_else(|| shot.place(), |at| at.place());
        clip.prompts.iter().for_each(|prompt| near(prompt, limits.prompt_units, place.clone(), out));
    }
    for (cut, prompt) in shot.cuts().iter().zip(&clip.prompts) {
        if let Some(text) = cut.prompt.valid() {
            near(prompt, limits.cut_units, text.at.place(), out);
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

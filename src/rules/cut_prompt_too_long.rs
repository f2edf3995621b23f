use crate::api;
use crate::clip::Clip;
use crate::diagnostic::{Code, Finding};

use super::Context;
use super::prompt_too_long::over;

pub(super) fn check(_: &Context, clip: &Clip, out: &mut Vec<Finding>) {
    let most = api::of(clip.target).limits(clip.model.value()).cut_units;
    for (index, (cut, prompt)) in clip.shot.cuts().iter().zip(&clip.prompts).enumerate() {
        let Some(text) = cut.prompt.valid() else { continue };
        if prompt.length().units > most {
            let message = format!(
                "cut {} of {} has {}",
                index + 1,
                clip.shot.title(),
                over(prompt.length().units, most, &prompt.made_of())
            );
            let help = "shorten it, or give the cut its own, shorter `style`";
            out.push(Finding::new(Code::CutPromptTooLong, text.at.place(), message).help(help));
        }
    }
}

use crate::api::legacy::CUT_PROMPT_UNITS;
use crate::clip::Clip;
use crate::diagnostic::{Code, Finding};

use super::Context;
use super::context::over;

pub(super) fn check(_: &Context, clip: &Clip, out: &mut Vec<Finding>) {
    for (index, (cut, prompt)) in clip.shot.cuts().iter().zip(&clip.prompts).enumerate() {
        let Some(text) = cut.prompt.valid() else { continue };
        if prompt.length().units > CUT_PROMPT_UNITS {
            let message = format!("cut {} of {} has {}", index + 1, clip.shot.title(), over(prompt, CUT_PROMPT_UNITS));
            let help = "shorten it, or give the cut its own, shorter `style`";
            out.push(Finding::new(Code::CutPromptTooLong, text.at.place(), message).help(help));
        }
    }
}

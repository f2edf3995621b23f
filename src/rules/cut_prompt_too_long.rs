use crate::diagnostic::{Code, Finding};
use crate::kling::limits::CUT_PROMPT_UNITS;
use crate::language::Shot;

use super::Context;
use super::context::over;

pub(super) fn check(context: &Context, shot: &Shot, out: &mut Vec<Finding>) {
    for (index, (cut, prompt)) in shot.cuts().iter().zip(&*context.prompts(shot)).enumerate() {
        let Some(text) = cut.prompt.valid() else { continue };
        if prompt.units() > CUT_PROMPT_UNITS {
            let message = format!("cut {} of {} comes to {}", index + 1, shot.title(), over(prompt, CUT_PROMPT_UNITS));
            let help = "shorten it, or give the cut a shorter `style` of its own";
            out.push(Finding::new(Code::CutPromptTooLong, text.at.place(), message).help(help));
        }
    }
}

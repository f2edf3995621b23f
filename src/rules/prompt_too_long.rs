use crate::api::legacy::PROMPT_UNITS;
use crate::clip::Clip;
use crate::diagnostic::{Code, Finding};

use super::Context;
use super::context::over;

pub(super) fn check(_: &Context, clip: &Clip, out: &mut Vec<Finding>) {
    let shot = clip.shot;
    let Some(prompt) = clip.prompts.first().filter(|_| shot.cuts.is_absent()) else { return };
    if prompt.length().units > PROMPT_UNITS {
        let place = shot.prompt.at().or(shot.lines.at()).map_or_else(|| shot.place(), |at| at.place());
        let message = format!("the prompt of {} has {}", shot.title(), over(prompt, PROMPT_UNITS));
        let finding = Finding::new(Code::PromptTooLong, place, message);
        out.push(finding.help("shorten the longest part; an emoji counts as two characters"));
    }
}

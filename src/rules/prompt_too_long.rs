use crate::diagnostic::{Code, Finding};
use crate::kling::limits::PROMPT_UNITS;
use crate::language::Shot;

use super::Context;
use super::context::over;

pub(super) fn check(context: &Context, shot: &Shot, out: &mut Vec<Finding>) {
    if !shot.cuts.is_absent() {
        return;
    }
    let prompts = context.prompts(shot);
    let Some(prompt) = prompts.first() else { return };
    if prompt.units() > PROMPT_UNITS {
        let place = shot.prompt.at().or(shot.lines.at()).map_or_else(|| shot.place(), |at| at.place());
        let message = format!("the prompt of {} comes to {}", shot.title(), over(prompt, PROMPT_UNITS));
        let finding = Finding::new(Code::PromptTooLong, place, message);
        out.push(finding.help("shorten the longest part; an emoji counts as two characters"));
    }
}

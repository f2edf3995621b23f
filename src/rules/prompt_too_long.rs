use crate::api;
use crate::clip::{Clip, thousands};
use crate::diagnostic::{Code, Finding};

use super::Context;

pub(super) fn check(_: &Context, clip: &Clip, out: &mut Vec<Finding>) {
    let shot = clip.shot;
    let api = api::of(clip.target);
    let most = api.limits(clip.model.value()).prompt_units;
    let Some(whole) = api.overlong_prompt(clip) else { return };
    let at = shot.cuts_at().or(shot.prompt.at()).or(shot.lines.at());
    let place = at.map_or_else(|| shot.place(), |at| at.place());
    let what = if !shot.has_cuts() {
        format!("the prompt of {} has", shot.title())
    } else {
        format!("the cuts of {} are one text here, and together have", shot.title())
    };
    let over = over(whole.units, most, &whole.made_of);
    let finding = Finding::new(Code::PromptTooLong, place, format!("{what} {over}"));
    out.push(finding.help("shorten the longest part; an emoji counts as two characters"));
}

/// "2,612 characters, 112 over Kling's limit of 2,500 (styles 212, action 2,400)"
pub(super) fn over(units: usize, most: usize, made_of: &str) -> String {
    let (units, over, most) = (thousands(units), thousands(units - most), thousands(most));
    format!("{units} characters, {over} over Kling's limit of {most} ({made_of})")
}

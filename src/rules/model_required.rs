use crate::clip::Clip;
use crate::diagnostic::{Code, Finding};

use super::Context;

pub(super) fn check(context: &Context, clip: &Clip, out: &mut Vec<Finding>) {
    let is_suggested = context.film.is_suggested(clip.shot, "model");
    if clip.model.is_absent() && !is_suggested {
        let shot = clip.shot;
        let finding = Finding::new(Code::ModelRequired, shot.place(), format!("{} has no model", shot.title()));
        let newest = context.facts.current_on(context.target).next().map(|model| format!(", such as `model: {model}`"));
        let newest = newest.unwrap_or_default();
        out.push(finding.help(format!("set `model` on the shot, or in `defaults` for all shots{newest}")));
    }
}

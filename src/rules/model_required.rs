use crate::diagnostic::{Code, Finding};
use crate::language::Shot;

use super::Context;

pub(super) fn check(_: &Context, shot: &Shot, out: &mut Vec<Finding>) {
    if shot.settings.model.is_absent() && !shot.settings.suggested.contains("model") {
        let finding = Finding::new(Code::ModelRequired, shot.place(), format!("{} has no model", shot.title()));
        out.push(finding.help("set `model` on the shot, or in `defaults` for all shots: `kling-v2-6`, for instance"));
    }
}

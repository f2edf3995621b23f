use crate::diagnostic::{Code, Finding};
use crate::kling::capability::Capability;
use crate::language::Shot;

use super::Context;
use super::context::inherited;

pub(super) fn check(_: &Context, shot: &Shot, out: &mut Vec<Finding>) {
    let (Some(mode), Some(model)) = (shot.own.mode.valid(), shot.model()) else { return };
    if !Capability::of(model).has_modes {
        let message = format!("`{model}` has only one quality, so `mode: {}` changes nothing", mode.value);
        let finding = Finding::new(Code::ModeIgnored, mode.at.place(), message);
        out.push(inherited(finding.help("remove the line"), shot, "model", &shot.settings.model));
    }
}

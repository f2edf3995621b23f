use crate::clip::Clip;
use crate::diagnostic::{Code, Finding};

use super::Context;
use super::context::inherited;

pub(super) fn check(_: &Context, clip: &Clip, out: &mut Vec<Finding>) {
    let (Some(mode), Some(model)) = (clip.shot.settings.mode.valid(), clip.model.value()) else { return };
    if !model.has_modes() {
        let message = format!("`{model}` has only one quality, so `mode: {}` changes nothing", mode.value);
        let finding = Finding::new(Code::ModeIgnored, mode.at.place(), message);
        out.push(inherited(finding.help("remove the line"), "model", &clip.model));
    }
}

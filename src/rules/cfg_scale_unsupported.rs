use crate::diagnostic::{Code, Finding};
use crate::kling::capability::Capability;
use crate::language::Shot;

use super::Context;
use super::context::inherited;

pub(super) fn check(_: &Context, shot: &Shot, out: &mut Vec<Finding>) {
    let (Some(scale), Some(model)) = (shot.settings.cfg_scale.valid(), shot.model()) else { return };
    if !Capability::of(model).cfg_scale {
        let message = format!("`{model}` has no `cfg_scale`");
        let finding = Finding::new(Code::CfgScaleUnsupported, scale.at.place(), message);
        let help = "remove the line; `kling-v3` and the kling-v1 models have it";
        out.push(inherited(finding.help(help), shot, "model", &shot.settings.model));
    }
}

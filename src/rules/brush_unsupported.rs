use crate::diagnostic::{Code, Finding};
use crate::kling::capability::{Capability, Modes};
use crate::language::Shot;

use super::Context;
use super::context::inherited;

pub(super) fn check(_: &Context, shot: &Shot, out: &mut Vec<Finding>) {
    let (Some(brush), Some(model)) = (shot.brush.valid(), shot.model()) else { return };
    let message = match Capability::of(model).brush {
        Modes::None => format!("`{model}` has no motion brush"),
        modes => {
            let (Some(mode), Some(seconds)) = (shot.mode(), shot.seconds()) else { return };
            if modes.has(mode) && seconds == 5 {
                return;
            }
            let needed = if modes == Modes::All { "" } else { "in mode `pro` " };
            format!("`{model}` has the motion brush only {needed}at 5 seconds, and this is `{mode}` at {seconds}")
        }
    };
    let finding = Finding::new(Code::BrushUnsupported, brush.at.place(), message)
        .help("take `kling-v1` at 5 seconds or `kling-v1-5` in `pro` at 5, or say in the prompt what moves");
    let finding = inherited(finding, shot, "model", &shot.settings.model);
    // A model that never has it does not lack it for its mode or length.
    if Capability::of(model).brush == Modes::None {
        return out.push(finding);
    }
    let finding = inherited(finding, shot, "mode", &shot.settings.mode);
    out.push(inherited(finding, shot, "duration", &shot.settings.duration));
}

use crate::diagnostic::{Code, Finding};
use crate::kling::Mode;
use crate::kling::capability::{Capability, Modes};
use crate::language::Shot;

use super::Context;
use super::context::inherited;

pub(super) fn check(context: &Context, shot: &Shot, out: &mut Vec<Finding>) {
    let (Some(frame), Some(model)) = (shot.last_frame.valid(), shot.model()) else { return };
    let row = Capability::of(model);
    let (message, help) = match (row.last_frame, row.last_frame_seconds) {
        (Modes::None, _) => (
            format!("`{model}` takes no last frame"),
            "remove it, or take another model: `kling-v2-6` in `pro`, for instance",
        ),
        (Modes::AllButStd, _) if shot.mode() == Some(Mode::Std) => (
            format!("`{model}` takes a last frame only in mode `pro`, and this is `std`"),
            "write `mode: pro` (it costs more), or remove the last frame",
        ),
        (_, Some(only))
            if shot
                .seconds()
                .is_some_and(|seconds| seconds != only && row.seconds(context.target).contains(&seconds)) =>
        {
            (
                format!("`{model}` takes a last frame only at {only} seconds"),
                "write `duration: 5`, or remove the last frame",
            )
        }
        _ => return,
    };
    let finding = Finding::new(Code::LastFrameUnsupported, frame.at.place(), message).help(help);
    let finding = inherited(finding, shot, "model", &shot.settings.model);
    // A model that never has it does not lack it for its mode.
    if Capability::of(model).last_frame == Modes::None {
        return out.push(finding);
    }
    let finding = inherited(finding, shot, "mode", &shot.settings.mode);
    out.push(if row.last_frame_seconds.is_some() {
        inherited(finding, shot, "duration", &shot.settings.duration)
    } else {
        finding
    });
}

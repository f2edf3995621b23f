use crate::diagnostic::{Code, Finding};
use crate::kling::capability::Capability;
use crate::language::{Camera, Shot};

use super::Context;
use super::context::inherited;

pub(super) fn check(_: &Context, shot: &Shot, out: &mut Vec<Finding>) {
    let (Some(camera), Some(model)) = (shot.camera.valid(), shot.model()) else { return };
    let Camera::Control(control) = &camera.value else { return };
    let message = match Capability::of(model).camera {
        None => format!("`{model}` has no camera control"),
        Some(able) => {
            let (Some(mode), Some(seconds)) = (shot.mode(), shot.seconds()) else { return };
            if mode != able.mode || seconds != 5 {
                format!(
                    "`{model}` has camera control only in mode `{}` at 5 seconds, and this is `{mode}` at {seconds}",
                    able.mode
                )
            } else if !able.presets && !control.preset.is_absent() {
                format!("`{model}` has no ready-made camera moves, only the axes")
            } else {
                return;
            }
        }
    };
    let finding = Finding::new(Code::CameraUnsupported, camera.at.place(), message)
        .help("write it as words, which works with every model: `camera: slow push in`");
    let finding = inherited(finding, shot, "model", &shot.settings.model);
    // A model that never has it does not lack it for its mode or length.
    if Capability::of(model).camera.is_none() {
        return out.push(finding);
    }
    let finding = inherited(finding, shot, "mode", &shot.settings.mode);
    out.push(inherited(finding, shot, "duration", &shot.settings.duration));
}

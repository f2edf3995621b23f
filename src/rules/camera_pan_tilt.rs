use crate::clip::Clip;
use crate::diagnostic::{Code, Finding};
use crate::kling::Axis;
use crate::language::Camera;

use super::Context;

pub(super) fn check(_: &Context, clip: &Clip, out: &mut Vec<Finding>) {
    let Some(Camera::Control(control)) = clip.camera.value() else { return };
    for (axis, key, _) in control.axes.iter().filter(|(axis, ..)| matches!(axis, Axis::Pan | Axis::Tilt)) {
        let message =
            format!("Kling's Chinese and English pages give `{axis}` opposite meanings: it may turn the other way");
        let help = "try it on a cheap clip first, or write the camera in words";
        out.push(Finding::new(Code::CameraPanTilt, key.place(), message).help(help));
    }
}

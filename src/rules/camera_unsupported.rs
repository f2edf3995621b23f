use crate::clip::Clip;
use crate::diagnostic::{Code, Finding};
use crate::kling::Feature;
use crate::language::Camera;

use super::Context;
use super::capability::unsupported;

pub(super) fn check(context: &Context, clip: &Clip, out: &mut Vec<Finding>) {
    let Some((Camera::Control(control), at)) = clip.camera.written() else { return };
    let instead = "write the camera as words, which works with every model: `camera: slow push in`";
    let lacks = |feature| unsupported(context.facts, clip, Code::CameraUnsupported, feature, at.place(), instead);
    let presets = control.preset.at().map(|_| Feature::CameraPresets);
    out.extend(lacks(Feature::CameraAxes).or_else(|| presets.and_then(lacks)));
}

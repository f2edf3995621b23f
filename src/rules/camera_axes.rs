use crate::clip::Clip;
use crate::diagnostic::{Code, Finding};
use crate::language::Camera;

use super::Context;

pub(super) fn check(_: &Context, clip: &Clip, out: &mut Vec<Finding>) {
    let Some((Camera::Control(control), at)) = clip.camera.written() else { return };
    let names: Vec<_> = control.axes.iter().map(|(axis, ..)| format!("`{axis}`")).collect();
    let is_zero = |number: &serde_json::Number| number.as_f64() == Some(0.0);
    let (message, help) = match &control.axes[..] {
        [_, ..] if control.preset.at().is_some() => (
            format!("`preset` is used alone, and this camera has {} too", names.join(", ")),
            "keep the preset or the axis",
        ),
        [] if control.preset.is_absent() => (
            "the camera needs one axis or a `preset`".to_owned(),
            "write `{ zoom: 4 }`, `{ preset: forward_up }`, or the camera in words",
        ),
        [_, _, ..] => (
            format!(
                "Kling moves the camera along one axis in a clip, and these are {}: {}",
                names.len(),
                names.join(", ")
            ),
            "keep one, or write the camera in words",
        ),
        [(axis, _, number)] if number.valid().is_some_and(|number| is_zero(&number.value)) => {
            (format!("`{axis}: 0` moves nothing"), "give it a number from -10 to 10 other than 0, or remove `camera`")
        }
        _ => return,
    };
    out.push(Finding::new(Code::CameraAxes, at.place(), message).help(help));
}

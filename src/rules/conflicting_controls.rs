use crate::clip::Clip;
use crate::diagnostic::{Code, Finding};
use crate::language::Camera;

use super::Context;

pub(super) fn check(_: &Context, clip: &Clip, out: &mut Vec<Finding>) {
    let mut controls = Vec::new();
    controls.extend(clip.shot.last_frame.valid().map(|frame| ("last_frame", frame.at.place())));
    controls.extend(clip.shot.brush.valid().map(|brush| ("brush", brush.at.place())));
    let control = clip.camera.written().filter(|(camera, _)| matches!(camera, Camera::Control(_)));
    controls.extend(control.map(|(_, at)| ("camera", at.place())));
    controls.sort_by_key(|(_, place)| place.span);
    let [first, second, rest @ ..] = &controls[..] else { return };
    let message =
        format!("`{}` and `{}` exclude each other: Kling accepts only one of them in a clip", first.0, second.0);
    let mut finding = Finding::new(Code::ConflictingControls, second.1.clone(), message)
        .help("keep one; a camera in words can be used with everything: `camera: slow push in`");
    for (name, place) in std::iter::once(first).chain(rest) {
        finding = finding.label(place.clone(), format!("`{name}` here"));
    }
    out.push(finding);
}

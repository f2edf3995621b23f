use crate::clip::Clip;
use crate::diagnostic::{Code, Finding};

use super::Context;

pub(super) fn check(_: &Context, clip: &Clip, out: &mut Vec<Finding>) {
    let Some(brush) = clip.shot.brush.valid() else { return };
    if brush.value.still.is_absent() && brush.value.r#move.is_absent() {
        let message = "the brush paints nothing: it has neither `still` nor `move`";
        let finding = Finding::new(Code::BrushEmpty, brush.at.place(), message);
        out.push(finding.help("add a mask of what stays still, or what moves along which path; or remove it"));
    }
}

use crate::clip::Clip;
use crate::diagnostic::{Code, Finding};
use crate::kling::Feature;

use super::Context;
use super::capability::unsupported;

pub(super) fn check(context: &Context, clip: &Clip, out: &mut Vec<Finding>) {
    let Some(frame) = clip.shot.last_frame.valid() else { return };
    let place = frame.at.place();
    let instead = "remove the last frame";
    out.extend(unsupported(context.facts, clip, Code::LastFrameUnsupported, Feature::LastFrame, place, instead));
}

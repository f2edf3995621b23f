use crate::clip::Clip;
use crate::diagnostic::{Code, Finding};
use crate::kling::Feature;

use super::Context;
use super::capability::unsupported;

pub(super) fn check(context: &Context, clip: &Clip, out: &mut Vec<Finding>) {
    let Some(brush) = clip.shot.brush.valid() else { return };
    let instead = "say in the prompt what moves";
    out.extend(unsupported(context.facts, clip, Code::BrushUnsupported, Feature::Brush, brush.at.place(), instead));
}

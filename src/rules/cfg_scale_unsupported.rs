use crate::clip::Clip;
use crate::diagnostic::{Code, Finding};
use crate::kling::Feature;

use super::Context;
use super::capability::unsupported;

pub(super) fn check(context: &Context, clip: &Clip, out: &mut Vec<Finding>) {
    let Some((_, at)) = clip.cfg_scale.written() else { return };
    let instead = "remove the line: Kling accepts the field here, but whether it does anything is not known";
    out.extend(unsupported(context.facts, clip, Code::CfgScaleUnsupported, Feature::CfgScale, at.place(), instead));
}

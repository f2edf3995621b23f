use crate::clip::Clip;
use crate::diagnostic::{Code, Finding};
use crate::kling::Feature;

use super::Context;
use super::capability::unsupported;

pub(super) fn check(context: &Context, clip: &Clip, out: &mut Vec<Finding>) {
    let Some(cuts) = clip.shot.cuts.valid() else { return };
    let instead = "make a shot of each cut";
    out.extend(unsupported(context.facts, clip, Code::MultiShotUnsupported, Feature::Cuts, cuts.at.place(), instead));
}

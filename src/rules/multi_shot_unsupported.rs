use crate::clip::Clip;
use crate::diagnostic::{Code, Finding};
use crate::kling::Feature;

use super::Context;
use super::capability::unsupported;

pub(super) fn check(context: &Context, clip: &Clip, out: &mut Vec<Finding>) {
    let (feature, at) = match (clip.shot.cuts.valid(), &clip.shot.auto_cuts) {
        (Some(cuts), _) => (Feature::Cuts, &cuts.at),
        (None, Some(at)) => (Feature::AutoCuts, at),
        (None, None) => return,
    };
    let instead = "make a shot of each cut";
    out.extend(unsupported(context.facts, clip, Code::MultiShotUnsupported, feature, at.place(), instead));
}

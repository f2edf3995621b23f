use crate::clip::Clip;
use crate::diagnostic::{Code, Finding};
use crate::kling::Feature;
use crate::language::Cuts;

use super::Context;
use super::capability::unsupported;

pub(super) fn check(context: &Context, clip: &Clip, out: &mut Vec<Finding>) {
    let Some(cuts) = clip.shot.cuts.valid() else { return };
    let feature = match cuts.value {
        Cuts::List(_) => Feature::Cuts,
        Cuts::Auto => Feature::AutoCuts,
    };
    let instead = "make a shot of each cut";
    out.extend(unsupported(context.facts, clip, Code::MultiShotUnsupported, feature, cuts.at.place(), instead));
}

use crate::clip::Clip;
use crate::diagnostic::{Code, Finding};
use crate::text::counted;

use super::Context;
use super::cut_longer_than_shot::longer_cuts;

pub(super) fn check(_: &Context, clip: &Clip, out: &mut Vec<Finding>) {
    let shot = clip.shot;
    let (Some(duration), Some(sum)) = (shot.settings.duration.valid(), shot.cuts_sum()) else { return };
    let total = duration.value.0;
    if sum == total || longer_cuts(shot).next().is_some() {
        return;
    }
    let message = format!("the cuts together last {}, and the shot {total}", counted(sum, "second"));
    let mut finding = Finding::new(Code::CutDurationSum, duration.at.place(), message)
        .help(format!("make the cuts come to {total}, or remove `duration`: then it is their sum"));
    for cut in shot.cuts() {
        if let Some(seconds) = cut.duration.valid() {
            finding = finding.label(seconds.at.place(), format!("{} s", seconds.value.0));
        }
    }
    out.push(finding);
}

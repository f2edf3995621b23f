use crate::clip::Clip;
use crate::diagnostic::{Code, Finding};

use super::Context;

pub(super) fn check(_: &Context, clip: &Clip, out: &mut Vec<Finding>) {
    let shot = clip.shot;
    let cuts = shot.cuts.valid().map(|cuts| &cuts.at);
    let (Some(frame), Some(cuts)) = (shot.last_frame.valid(), cuts) else { return };
    let finding = Finding::new(Code::LastFrameWithCuts, frame.at.place(), "a clip with cuts cannot have a last frame");
    let help = "remove the last frame, or make a shot of its own that ends with it";
    out.push(finding.label(cuts.place(), "the cuts").help(help));
}

use crate::clip::Clip;
use crate::diagnostic::{Code, Finding};
use crate::kling::{Feature, Target};

use super::Context;

pub(super) fn check(context: &Context, clip: &Clip, out: &mut Vec<Finding>) {
    let is_suggested = context.film.is_suggested(clip.shot, "first_frame");
    if !clip.first_frame.is_absent() || is_suggested {
        return;
    }
    if clip.target == Target::Official && !clip.shot.last_frame.is_absent() {
        // A last frame alone is enough for some models.
        let (Some(model), Some(mode)) = (clip.model.value(), clip.mode.value()) else { return };
        if model.supports(Feature::LastFrameAlone).has(Some(mode), None) {
            return;
        }
    }
    let message = format!("{} has no first frame", clip.shot.title());
    let help = "name the picture that the clip begins with: `first_frame: frames/….png`";
    out.push(Finding::new(Code::FirstFrameRequired, clip.shot.place(), message).help(help));
}

use crate::diagnostic::{Code, Finding};
use crate::kling::capability::Capability;
use crate::kling::{Mode, Target};
use crate::language::Shot;

use super::Context;

pub(super) fn check(context: &Context, shot: &Shot, out: &mut Vec<Finding>) {
    if !shot.first_frame.is_absent() || shot.own.suggested.contains("first_frame") {
        return;
    }
    let mut help = "name the picture that the clip begins with: `first_frame: frames/….png`".to_owned();
    if context.target == Target::Official && !shot.last_frame.is_absent() {
        // A last frame alone will do for some models in `pro`.
        let (Some(model), Some(mode)) = (shot.model(), shot.mode()) else { return };
        if Capability::of(model).last_frame_alone && mode == Mode::Pro {
            return;
        }
        help += "; a last frame alone works only with `kling-v1-5` and `kling-v1-6` in `pro`";
    }
    let message = format!("{} has no first frame", shot.title());
    out.push(Finding::new(Code::FirstFrameRequired, shot.place(), message).help(help));
}

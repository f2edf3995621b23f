use crate::clip::Clip;
use crate::diagnostic::{Code, Finding};
use crate::kling::limits::FRAME_SIDE;
use crate::text::shown;

use super::Context;
use super::context::frames;

pub(super) fn check(context: &Context, clip: &Clip, out: &mut Vec<Finding>) {
    for (_, path) in frames(clip) {
        let Some((width, height)) = context.pixels(path) else { continue };
        if width.min(height) < FRAME_SIDE {
            let message = format!(
                "`{}` is {width} by {height} pixels; each side must have at least {FRAME_SIDE} ({} more)",
                shown::words(&path.value),
                FRAME_SIDE - width.min(height)
            );
            let help = "use a larger picture; Kling takes this one and then fails the clip";
            out.push(Finding::new(Code::ImageTooSmall, path.place(), message).help(help));
        }
    }
}

use crate::clip::Clip;
use crate::diagnostic::{Code, Finding};
use crate::kling::limits::FRAME_RATIO;
use crate::text::shown;

use super::Context;
use super::context::frames;

pub(super) fn check(context: &Context, clip: &Clip, out: &mut Vec<Finding>) {
    for (_, path) in frames(clip) {
        let Some((width, height)) = context.pixels(path) else { continue };
        let (long, short) = (width.max(height), width.min(height));
        if long as f64 > FRAME_RATIO * short as f64 {
            let ratio = (long as f64 / short as f64 * 100.0).ceil() / 100.0;
            let shape = if width > height { format!("{ratio}:1") } else { format!("1:{ratio}") };
            let message = format!(
                "`{}` is {width} by {height} pixels ({shape}), and a frame is at most {FRAME_RATIO}:1 or 1:{FRAME_RATIO}",
                shown::words(&path.value)
            );
            let side = if width > height { "left and right" } else { "top and bottom" };
            let most = (short as f64 * FRAME_RATIO).floor() as usize;
            let help = format!("crop it {side} to {most} pixels or less");
            out.push(Finding::new(Code::ImageAspectRatio, path.place(), message).help(help));
        }
    }
}

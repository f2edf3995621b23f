use crate::clip::Clip;
use crate::diagnostic::{Code, Finding};
use crate::kling::limits::MASK_RATIO_TOLERANCE;
use crate::text::shown;

use super::Context;
use super::context::masks;

pub(super) fn check(context: &Context, clip: &Clip, out: &mut Vec<Finding>) {
    let frame = clip.first_frame.value().and_then(|frame| Some((frame, context.pixels(frame)?)));
    let masks = masks(clip.shot);
    let first = masks.first().and_then(|(_, mask)| Some((*mask, context.pixels(mask)?)));
    for (_, mask) in &masks {
        let Some((width, height)) = context.pixels(mask) else { continue };
        let name = shown::words(&mask.value);
        if let Some((frame, size)) = frame
            && differ(ratio((width, height)), ratio(size))
        {
            let message = format!(
                "the mask `{name}` is {width} by {height} pixels, a different shape from the first frame's {} by {}",
                size.0, size.1
            );
            let finding = Finding::new(Code::MaskSize, mask.place(), message).label(frame.place(), "the first frame");
            out.push(finding.help("paint the mask on a copy of the first frame, and export it in the same size"));
        } else if let Some((other, size)) = first
            && size != (width, height)
        {
            let message =
                format!("the mask `{name}` is {width} by {height} pixels, and the first mask {} by {}", size.0, size.1);
            let finding = Finding::new(Code::MaskSize, mask.place(), message).label(other.place(), "the first mask");
            out.push(finding.help("export all masks of a shot in the same size"));
        }
    }
}

fn ratio((width, height): (usize, usize)) -> f64 {
    width as f64 / height.max(1) as f64
}

fn differ(mask: f64, frame: f64) -> bool {
    (mask / frame - 1.0).abs() > MASK_RATIO_TOLERANCE
}

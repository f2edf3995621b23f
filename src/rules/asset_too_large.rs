use crate::api;
use crate::clip::Clip;
use crate::diagnostic::{Code, Finding};
use crate::text::shown;

use super::Context;
use super::context::assets;

pub(super) fn check(context: &Context, clip: &Clip, out: &mut Vec<Finding>) {
    let most = api::of(clip.target).limits(clip.model.value()).picture_bytes;
    for (_, path) in assets(clip) {
        let Some(Ok(picture)) = context.picture(path) else { continue };
        if picture.bytes > most {
            let message = format!(
                "`{}` is {:.1} MB, and Kling takes at most {} MB",
                shown::words(&path.value),
                (picture.bytes as f64 / 1e5).ceil() / 10.0,
                most / 1_000_000
            );
            let help = "make the picture smaller, or export it as JPEG";
            out.push(Finding::new(Code::AssetTooLarge, path.place(), message).help(help));
        }
    }
}

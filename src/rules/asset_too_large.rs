use crate::diagnostic::{Code, Finding};
use crate::kling::limits::PICTURE_BYTES;
use crate::language::Shot;
use crate::text::shown::shorten;

use super::Context;
use super::context::assets;

pub(super) fn check(context: &Context, shot: &Shot, out: &mut Vec<Finding>) {
    for (_, path) in assets(shot) {
        let Some(Ok(picture)) = context.picture(path) else { continue };
        if picture.bytes > PICTURE_BYTES {
            let message = format!(
                "`{}` is {:.1} MB, and Kling takes at most {} MB",
                shorten(&path.value),
                (picture.bytes as f64 / 1e5).ceil() / 10.0,
                PICTURE_BYTES / 1_000_000
            );
            let help = "make the picture smaller, or export it as JPEG";
            out.push(Finding::new(Code::AssetTooLarge, path.place(), message).help(help));
        }
    }
}

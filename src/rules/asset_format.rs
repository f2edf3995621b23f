use crate::assets::Format;
use crate::clip::Clip;
use crate::diagnostic::{Code, Finding};
use crate::text::shown;

use super::Context;
use super::context::assets;

pub(super) fn check(context: &Context, clip: &Clip, out: &mut Vec<Finding>) {
    for (_, path) in assets(clip) {
        let Some(Ok(picture)) = context.picture(path) else { continue };
        let what = match picture.format {
            Format::Other(name) => name,
            Format::Png if picture.is_damaged => "a broken PNG",
            Format::Jpeg if picture.is_damaged => "a broken JPEG",
            _ => continue,
        };
        let message = format!("`{}` is {what}, and Kling takes only PNG and JPEG", shown::words(&path.value));
        let help = "export the picture again as PNG or JPEG";
        out.push(Finding::new(Code::AssetFormat, path.place(), message).help(help));
    }
}

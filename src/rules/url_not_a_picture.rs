use crate::assets::{PageFault, Reference, page_fault};
use crate::clip::Clip;
use crate::diagnostic::{Code, Finding};

use super::Context;
use super::context::assets;

pub(super) fn check(_: &Context, clip: &Clip, out: &mut Vec<Finding>) {
    for (_, text) in assets(clip) {
        let Reference::Url(url) = Reference::of(&text.value) else { continue };
        let (message, help) = match page_fault(url) {
            None => continue,
            Some(PageFault::Page(site, instead)) => {
                (format!("this address leads to a page on {site}, not to the picture itself"), instead.to_owned())
            }
            Some(PageFault::Extension(extension)) => (
                format!("this address ends in `.{extension}`, and Kling takes only PNG and JPEG"),
                "export the picture as PNG or JPEG".to_owned(),
            ),
        };
        out.push(Finding::new(Code::UrlNotAPicture, text.place(), message).help(help));
    }
}

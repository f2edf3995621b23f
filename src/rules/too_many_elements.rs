use crate::api;
use crate::clip::Clip;
use crate::diagnostic::{Code, Finding};

use super::Context;

pub(super) fn check(_: &Context, clip: &Clip, out: &mut Vec<Finding>) {
    let elements = clip.sent_elements();
    let most = api::of(clip.target).limits(clip.model.value()).elements;
    let at = clip.shot.cuts_at().or(clip.shot.prompt.at()).or(clip.shot.lines.at());
    if let (Some(member), Some(at)) = (elements.get(most), at) {
        let message = format!(
            "{} names {} people with an element, and Kling takes at most {most} in a clip",
            clip.shot.title(),
            elements.len()
        );
        let help = format!("make two shots of it, or name `{}` in words, without `$`", member.key.value);
        out.push(Finding::new(Code::TooManyElements, at.place(), message).help(help));
    }
}

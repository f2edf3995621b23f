use crate::clip::Clip;
use crate::diagnostic::{Code, Finding};
use crate::kling::{Feature, Support};

use super::Context;
use super::context::speech;

pub(super) fn check(_: &Context, clip: &Clip, out: &mut Vec<Finding>) {
    let (Some(member), Some(model), Some(place)) =
        (clip.sent_elements().first(), clip.model.value(), speech(clip.shot))
    else {
        return;
    };
    let sends_voices = model.supports_on(Feature::Voices, clip.target) != Support::Never;
    if sends_voices && !clip.voices.is_empty() {
        let message =
            format!("chosen voices and elements exclude each other, and `{}` has an element", member.key.value);
        let finding = Finding::new(Code::ElementsWithVoices, place, message);
        let finding = match member.element.at() {
            Some(at) => finding.label(at.place(), "the element"),
            None => finding,
        };
        let help = "remove `voice` from the speakers' cast entries, so that the model chooses the voices, or name the person without `$`";
        out.push(finding.help(help));
    }
}

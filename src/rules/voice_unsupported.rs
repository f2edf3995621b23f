use crate::clip::Clip;
use crate::diagnostic::{Code, Finding};
use crate::kling::Feature;

use super::Context;
use super::capability::unsupported;
use super::context::speech;

pub(super) fn check(context: &Context, clip: &Clip, out: &mut Vec<Finding>) {
    out.extend(find(context, clip));
}

fn find(context: &Context, clip: &Clip) -> Option<Finding> {
    let instead = "remove what is spoken";
    unsupported(context.facts, clip, Code::VoiceUnsupported, needed(clip), speech(clip.shot)?, instead)
}

/// Lines without chosen voices need nothing but sound.
fn needed(clip: &Clip) -> Feature {
    if clip.shot.voices().is_empty() && clip.voices.is_empty() { Feature::Sound } else { Feature::Voices }
}

/// Whether the clip's model does not speak in its mode.
pub(super) fn is_unsupported(clip: &Clip) -> bool {
    let mode = clip.mode.value();
    clip.model.value().is_some_and(|model| !model.supports_on(needed(clip), clip.target).has(mode, None))
}

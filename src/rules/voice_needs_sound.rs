use crate::clip::Clip;
use crate::diagnostic::{Code, Finding, Safety};
use crate::kling::Model;
use crate::language::edit::field_before;

use super::Context;
use super::context::{inherited, speech};
use super::voice_unsupported::is_unsupported;

pub(super) fn check(_: &Context, clip: &Clip, out: &mut Vec<Finding>) {
    let uses_voice = !clip.shot.spoken().is_empty() || clip.used_voices().next().is_some();
    let Some(place) = speech(clip.shot).filter(|_| uses_voice) else { return };
    let always_sounds = clip.model.value().is_some_and(Model::always_sounds);
    if clip.sound.value() != Some(false) || always_sounds || is_unsupported(clip) {
        return;
    }
    let finding = Finding::new(
        Code::VoiceNeedsSound,
        place.clone(),
        format!("{} speaks, and its sound is not on", clip.shot.title()),
    )
    .help("write `sound: on` (it costs more), or remove what is spoken");
    let finding = inherited(finding, "sound", &clip.sound);
    let edit = match clip.shot.settings.sound.at() {
        Some(own) => Some(own.rewritten("on")),
        None => field_before(&place, "sound", "on"),
    };
    out.push(match edit {
        Some(edit) => finding.fix(Safety::Unsafe, "turn the sound on", vec![edit]),
        None => finding,
    });
}

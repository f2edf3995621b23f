use crate::clip::Clip;
use crate::diagnostic::{Code, Finding};

use super::Context;

pub(super) fn check(context: &Context, clip: &Clip, out: &mut Vec<Finding>) {
    let Some(other) = clip.voices.first().filter(|_| !clip.shot.spoken().is_empty()) else { return };
    let mut reported = Vec::new();
    for line in clip.shot.spoken() {
        let name = &line.speaker;
        let Some(member) = context.film.cast().get(&name.value) else { continue };
        if !member.voice.is_absent() || reported.contains(&&*name.value) {
            continue;
        }
        reported.push(&*name.value);
        let message = format!(
            "`{}` has no `voice`, and `{}` has one: the model makes up a voice for one speaker and not for the other",
            name.value, other.key.value
        );
        let help =
            format!("give `{}` a `voice` in `cast`, or remove the others' to let the model choose all", name.value);
        let finding = Finding::new(Code::SpeakerWithoutVoice, name.place(), message).help(help);
        out.push(finding.label(member.key.place(), "the entry without a voice"));
    }
}

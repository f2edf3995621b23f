use crate::clip::Clip;
use crate::diagnostic::{Code, Finding};

use super::Context;

pub(super) fn check(context: &Context, clip: &Clip, out: &mut Vec<Finding>) {
    let mut reported = Vec::new();
    for name in clip.shot.voices() {
        let Some(member) = context.film.cast().get(&name.value) else { continue };
        if !member.voice.is_absent() || reported.contains(&&*name.value) {
            continue;
        }
        reported.push(&*name.value);
        let message = format!("`{}` is in `voices`, but has no `voice` in `cast`", name.value);
        let finding = Finding::new(Code::CastWithoutVoice, name.place(), message);
        let help = "add the voice's id from Kling's list of voices there, in quotes: `voice: \"…\"`";
        out.push(finding.label(member.key.place(), "the entry without a voice").help(help));
    }
}

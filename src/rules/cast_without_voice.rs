use crate::diagnostic::{Code, Finding};
use crate::language::Shot;

use super::Context;

pub(super) fn check(context: &Context, shot: &Shot, out: &mut Vec<Finding>) {
    let mut told = Vec::new();
    let speakers = shot.spoken().iter().map(|line| &line.speaker);
    for name in speakers.chain(shot.voices()) {
        let Some(member) = context.film.cast.get(&name.value) else { continue };
        if !member.voice.is_absent() || told.contains(&&*name.value) {
            continue;
        }
        told.push(&*name.value);
        let message = format!("`{}` speaks, and has no `voice` in `cast`", name.value);
        let finding = Finding::new(Code::CastWithoutVoice, name.place(), message);
        let help = "add Kling's voice id there, in quotes: `voice: \"829877809978941442\"`";
        out.push(finding.label(member.key.place(), "the entry without a voice").help(help));
    }
}

use crate::diagnostic::{Code, Finding};
use crate::language::{Field, Shot};

use super::Context;
use super::context::used_voices;

pub(super) fn check(_: &Context, shot: &Shot, out: &mut Vec<Finding>) {
    // Beside `lines`, `voices` itself is wrong: `lines-with-markers`.
    if !shot.spoken().is_empty() || matches!(shot.prompt, Field::Invalid(_)) && shot.cuts.is_absent() {
        return;
    }
    let used: Vec<u32> = used_voices(shot).collect();
    for (index, name) in shot.voices().iter().enumerate() {
        if !used.contains(&(index as u32 + 1)) {
            let message = format!("`{}` is never heard: no `<<<voice_{}>>>` in the prompt", name.value, index + 1);
            let help = "put the marker where the voice speaks, or remove the name";
            out.push(Finding::new(Code::UnusedVoice, name.place(), message).help(help));
        }
    }
}

use crate::clip::Clip;
use crate::diagnostic::{Code, Finding};

use super::Context;

pub(super) fn check(_: &Context, clip: &Clip, out: &mut Vec<Finding>) {
    // Beside `lines`, `voices` itself is wrong: `lines-with-markers`.
    if !clip.shot.spoken().is_empty() || clip.shot.prompt.is_unknown() && !clip.shot.has_cuts() {
        return;
    }
    let used: Vec<u32> = clip.used_voices().collect();
    for (index, name) in clip.shot.voices().iter().enumerate() {
        if !used.contains(&(index as u32 + 1)) {
            let message = format!("`{}` is never heard: no `<<<voice_{}>>>` in the prompt", name.value, index + 1);
            let help = "put the marker where the voice speaks, or remove the name";
            out.push(Finding::new(Code::UnusedVoice, name.place(), message).help(help));
        }
    }
}

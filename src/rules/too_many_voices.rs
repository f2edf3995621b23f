use crate::api;
use crate::clip::Clip;
use crate::diagnostic::{Code, Finding};
use crate::language::Text;

use super::Context;

pub(super) fn check(context: &Context, clip: &Clip, out: &mut Vec<Finding>) {
    let speakers = clip.shot.spoken().iter().map(|line| &line.speaker).filter(|name| has_voice(context, name));
    let mut names: Vec<_> = speakers.chain(clip.shot.voices()).collect();
    names.sort_by_key(|name| name.place().span);
    let most = api::of(clip.target).limits(clip.model.value()).voices;
    let mut different = Vec::new();
    for name in names.into_iter().filter(|name| context.film.cast().contains_key(&name.value)) {
        if !different.contains(&&*name.value) {
            different.push(&*name.value);
            if different.len() == most + 1 {
                let message =
                    format!("`{}` is the third voice of this shot, and Kling takes at most {most}", name.value);
                let help = format!("keep `{}` and `{}`, or make two shots of it", different[0], different[1]);
                out.push(Finding::new(Code::TooManyVoices, name.place(), message).help(help));
            }
        }
    }
}

/// Speakers without a voice of their own take no place in Kling's list.
fn has_voice(context: &Context, name: &Text) -> bool {
    context.film.cast().get(&name.value).is_some_and(|member| member.voice.at().is_some())
}

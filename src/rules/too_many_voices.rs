use crate::diagnostic::{Code, Finding};
use crate::kling::limits::VOICES;
use crate::language::Shot;

use super::Context;

pub(super) fn check(context: &Context, shot: &Shot, out: &mut Vec<Finding>) {
    let mut names: Vec<_> = shot.spoken().iter().map(|line| &line.speaker).chain(shot.voices()).collect();
    names.sort_by_key(|name| name.place().span);
    let mut different = Vec::new();
    for name in names.into_iter().filter(|name| context.film.cast.contains_key(&name.value)) {
        if !different.contains(&&*name.value) {
            different.push(&*name.value);
            if different.len() == VOICES + 1 {
                let message =
                    format!("`{}` is the third voice of this shot, and Kling speaks with at most {VOICES}", name.value);
                let help = format!("keep `{}` and `{}`, or make two shots of it", different[0], different[1]);
                out.push(Finding::new(Code::TooManyVoices, name.place(), message).help(help));
            }
        }
    }
}

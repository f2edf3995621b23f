use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use crate::api;
use crate::clip::Clip;
use crate::diagnostic::{Code, Finding};

use super::Context;

pub(super) fn check(context: &Context, clips: &[&Clip], out: &mut Vec<Finding>) {
    // Only shots that say the same can ask for the same clip; few do, and only their pictures are read.
    let mut by_words: HashMap<u64, Vec<&Clip>> = HashMap::new();
    for &clip in clips.iter().filter(|clip| clip.model.value().is_some()) {
        if let Some(words) = words(clip) {
            by_words.entry(words).or_default().push(clip);
        }
    }
    let mut doubled: Vec<Vec<&Clip>> = by_words.into_values().filter(|clips| clips.len() > 1).collect();
    doubled.sort_by_key(|clips| clips[0].shot.place().span);
    doubled.iter().for_each(|clips| report(context, clips, out));
}

/// A hash of what a clip says, the same for two that differ only by chance: their identities are compared. `None` where it says
/// more than Kling takes, which is an error of its own.
fn words(clip: &Clip) -> Option<u64> {
    let most = api::of(clip.target).limits(clip.model.value()).prompt_units;
    let mut hasher = DefaultHasher::new();
    for prompt in &clip.prompts {
        if prompt.length().units > most {
            return None;
        }
        prompt.text().ok()?.hash(&mut hasher);
    }
    Some(hasher.finish())
}

fn report(context: &Context, clips: &[&Clip], out: &mut Vec<Finding>) {
    let mut seen: HashMap<String, &Clip> = HashMap::new();
    for clip in clips {
        let Ok(identity) = clip.identity(context.library) else { continue };
        match seen.get(&identity.sha256) {
            Some(first) => {
                let (shot, first) = (clip.shot, first.shot);
                let message =
                    format!("{} asks for the same clip as {}: it would be paid for twice", shot.title(), first.title());
                let help = "change one of them, remove it, or leave it out with `skip: true`";
                let finding = Finding::new(Code::DuplicateRequest, shot.place(), message).help(help).shot(shot.name());
                out.push(finding.label(first.place(), "the same clip"));
            }
            None => _ = seen.insert(identity.sha256, clip),
        }
    }
}

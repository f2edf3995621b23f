use std::collections::HashMap;

use crate::compile::{Body, Pictures, request};
use crate::diagnostic::{Code, Finding};
use crate::language::{Field, Film, Shot};

use super::Context;

pub(super) fn check(context: &Context, film: &Film, out: &mut Vec<Finding>) {
    // Only shots that say the same can be the same request; few do.
    let mut by_words: HashMap<String, Vec<&Shot>> = HashMap::new();
    for shot in film.shots.iter().filter(|shot| !shot.skip && is_whole(shot)) {
        let words: Vec<String> = context.prompts(shot).iter().map(|prompt| prompt.text.clone()).collect();
        by_words.entry(words.join("\n")).or_default().push(shot);
    }
    for shots in by_words.into_values().filter(|shots| shots.len() > 1) {
        doubled(context, &shots, out);
    }
}

fn doubled(context: &Context, shots: &[&Shot], out: &mut Vec<Finding>) {
    let mut seen: HashMap<Vec<u8>, Vec<(&Shot, Body)>> = HashMap::new();
    for shot in shots {
        let Ok(request) = request(context.film, shot, context.target, context.library) else { continue };
        // Pictures of the same size may be the same; only then are their bytes looked at.
        let mut sketch = Vec::new();
        if request.body.write(&mut sketch, Pictures::Sizes, None).is_err() {
            continue;
        }
        let alike = seen.entry(sketch).or_default();
        let identity = |body: &Body| body.identity().ok();
        match alike.iter().find(|(_, body)| identity(body).is_some_and(|one| identity(&request.body) == Some(one))) {
            Some((first, _)) => {
                let title = shot.title();
                let message =
                    format!("{title} asks for the same clip as `{}`: it would be paid for twice", first.name());
                let help = "change one of them, remove it, or leave it out with `skip: true`";
                let finding = Finding::new(Code::DuplicateRequest, shot.place(), message).help(help).shot(shot.name());
                out.push(finding.label(first.place(), "the same request"));
            }
            None => alike.push((shot, request.body)),
        }
    }
}

/// Whether all that goes into the request is right: of what is wrong nobody knows whether it would be alike.
fn is_whole(shot: &Shot) -> bool {
    fn right<T>(field: &Field<T>) -> bool {
        !matches!(field, Field::Invalid(_))
    }
    let settings = &shot.settings;
    shot.model().is_some()
        && shot.seconds().is_some()
        && right(&settings.mode)
        && right(&settings.sound)
        && right(&settings.cfg_scale)
        && right(&settings.negative_prompt)
        && right(&settings.style)
        && right(&settings.watermark)
        && right(&shot.first_frame)
        && right(&shot.last_frame)
        && right(&shot.prompt)
        && right(&shot.lines)
        && right(&shot.voices)
        && right(&shot.camera)
        && right(&shot.brush)
        && right(&shot.kling)
        && shot.cuts().iter().all(|cut| right(&cut.prompt) && right(&cut.style))
}

use crate::diagnostic::{Code, Finding};
use crate::kling::limits::PROMPT_UNITS;
use crate::language::names::expand;
use crate::language::prompt::{thousands, units};
use crate::language::{Film, Text, Value};

use super::Context;

pub(super) fn check(_: &Context, film: &Film, out: &mut Vec<Finding>) {
    for shot in &film.shots {
        let text = shot.settings.negative_prompt.valid();
        out.extend(text.and_then(|text| too_long(film, text)).map(|finding| finding.shot(shot.name())));
    }
    // One that every shot overrides is still to be right.
    for settings in film.defaults.iter().chain(film.scenes.iter().map(|scene| &scene.defaults)) {
        out.extend(settings.negative_prompt.valid().and_then(|text| too_long(film, text)));
    }
}

fn too_long(film: &Film, text: &Value<Text>) -> Option<Finding> {
    let length = units(&expand(&text.value.value, &film.cast));
    (length > PROMPT_UNITS).then(|| {
        let message = format!(
            "the negative prompt has {} characters, {} over Kling's limit of {}",
            thousands(length),
            thousands(length - PROMPT_UNITS),
            thousands(PROMPT_UNITS)
        );
        Finding::new(Code::NegativePromptTooLong, text.at.place(), message)
            .help("keep what matters most; an emoji counts as two characters")
    })
}

use crate::api;
use crate::clip::{SentText, thousands};
use crate::diagnostic::{Code, Finding};
use crate::language::{At, Film, Text};

use super::Context;

pub(super) fn check(context: &Context, out: &mut Vec<Finding>) {
    let film = context.film;
    let most = api::of(context.target).limits(None).negative_units;
    for clip in context.made() {
        let text = clip.negative_prompt.written();
        out.extend(
            text.and_then(|(text, at)| too_long(film, text, at, most)).map(|finding| finding.shot(clip.shot.name())),
        );
    }
    // One that every shot overrides must still be right.
    let defaults = film.all_defaults().filter_map(|level| level.negative_prompt.valid());
    out.extend(defaults.filter_map(|text| too_long(film, &text.value, &text.at, most)));
}

fn too_long(film: &Film, text: &Text, at: &At, most: usize) -> Option<Finding> {
    let length = SentText::new(text, film).length().units;
    (length > most).then(|| {
        let message = format!(
            "the negative prompt has {} characters, {} over Kling's limit of {}",
            thousands(length),
            thousands(length - most),
            thousands(most)
        );
        Finding::new(Code::NegativePromptTooLong, at.place(), message)
            .help("keep what matters most; an emoji counts as two characters")
    })
}

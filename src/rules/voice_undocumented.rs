use crate::clip::Clip;
use crate::diagnostic::{Code, Finding};
use crate::kling::{Ability, Certainty, Feature};

use super::Context;
use super::capability::where_it_works;
use super::context::{has_elements, inherited, speech};
use super::voice_unsupported::is_unsupported;

pub(super) fn check(context: &Context, clip: &Clip, out: &mut Vec<Finding>) {
    let (Some(place), Some(model)) = (speech(clip.shot), clip.model.value()) else { return };
    let Some(ability) = model.ability(Feature::Voices) else { return };
    let is_chosen = !clip.shot.voices().is_empty() || !clip.voices.is_empty();
    // Voices next to elements of the cast are `elements-with-voices`.
    if !is_chosen || is_unsupported(clip) || !clip.sent_elements().is_empty() {
        return;
    }
    if has_elements(clip.shot) {
        let message = "Kling's page says that chosen voices and `element_list` exclude each other";
        let help = "remove `element_list` under `kling`, or let the model choose the voices";
        out.push(Finding::new(Code::VoiceUndocumented, place, message).help(help));
    } else if !is_sure(ability) {
        let message = format!("Kling's pages contradict each other on whether `{model}` supports chosen voices");
        let sure = context.facts.models_that(Feature::Voices, clip.target);
        let sure = sure.filter(|model| model.ability(Feature::Voices).is_some_and(is_sure));
        let sure: Vec<String> = sure.map(|model| where_it_works(model, Feature::Voices)).collect();
        let help = match &sure[..] {
            [] => "buy one clip first and listen to it".to_owned(),
            sure => format!("buy one clip first and listen to it; {} is documented to support them", sure.join(" or ")),
        };
        let finding = Finding::new(Code::VoiceUndocumented, place, message).help(help);
        out.push(inherited(finding, "model", &clip.model));
    }
}

fn is_sure(ability: &Ability) -> bool {
    ability.certainty == Certainty::Documented
}

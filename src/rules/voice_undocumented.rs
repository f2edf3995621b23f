use crate::clip::Clip;
use crate::diagnostic::{Code, Finding};
use crate::kling::{Certainty, Feature};

use super::Context;
use super::capability::where_it_works;
use super::context::{inherited, speech};

pub(super) fn check(context: &Context, clip: &Clip, out: &mut Vec<Finding>) {
    let (Some(place), Some(model)) = (speech(clip.shot), clip.model.value()) else { return };
    let is_chosen = !clip.shot.voices().is_empty() || !clip.voices.is_empty();
    let is_sure = |ability: &crate::kling::Ability| ability.certainty == Certainty::Documented;
    let Some(ability) = model.ability(Feature::Voices) else { return };
    if is_chosen && !is_sure(ability) {
        let message = format!("Kling's pages contradict each other on whether `{model}` supports chosen voices");
        let sure = context.facts.models_that(Feature::Voices);
        let sure = sure.filter(|model| model.ability(Feature::Voices).is_some_and(is_sure));
        let sure: Vec<String> = sure.map(|model| where_it_works(model, Feature::Voices)).collect();
        let help = match &sure[..] {
            [] => "try one clip first".to_owned(),
            sure => format!("try one clip first; {} surely does", sure.join(" or ")),
        };
        let finding = Finding::new(Code::VoiceUndocumented, place, message).help(help);
        out.push(inherited(finding, "model", &clip.model));
    }
}

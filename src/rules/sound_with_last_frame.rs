use crate::clip::Clip;
use crate::diagnostic::{Code, Finding};
use crate::kling::{Feature, Support};

use super::Context;
use super::context::{inherited, list};

pub(super) fn check(context: &Context, clip: &Clip, out: &mut Vec<Finding>) {
    let (Some(frame), Some(model), Some((true, at))) =
        (clip.shot.last_frame.valid(), clip.model.value(), clip.sound.written())
    else {
        return;
    };
    // Without sound or a last frame at all, that is what is reported.
    let has = |feature| model.supports_on(feature, clip.target) != Support::Never;
    if has(Feature::Sound) && has(Feature::LastFrame) && !has(Feature::SoundWithLastFrame) {
        let message = format!("`{model}` does not support {}", Feature::SoundWithLastFrame.noun());
        let finding =
            Finding::new(Code::SoundWithLastFrame, at.place(), message).label(frame.at.place(), "the last frame");
        out.push(inherited(finding.help(help(context)), "model", &clip.model));
    }
}

fn help(context: &Context) -> String {
    let models = context.facts.models_that(Feature::SoundWithLastFrame, context.target);
    let models = models.filter(|model| model.supports_on(Feature::Sound, context.target) != Support::Never);
    let names: Vec<_> = models.collect();
    let instead = "write `sound: off`, or remove the last frame";
    if names.is_empty() { instead.into() } else { format!("{instead}, or use {}", list(&names, "or")) }
}

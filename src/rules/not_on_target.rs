use crate::api;
use crate::clip::Clip;
use crate::diagnostic::{Code, Finding, Severity};
use crate::kling::{Feature, Harm, Lack, Model, Support, Target};
use crate::language::Camera;
use crate::text::Place;

use super::Context;
use super::capability::works_with;
use super::context::{inherited, speech};

pub(super) fn check(context: &Context, clip: &Clip, out: &mut Vec<Finding>) {
    for note in api::of(clip.target).notes(clip) {
        let finding = Finding::new(Code::NotOnTarget, note.place, note.message);
        out.push(finding.help(note.help).severity(Severity::Warning));
    }
    let Some(model) = clip.model.value() else { return };
    out.extend(without_elements(clip, model));
    let lacks = asked_for(clip).into_iter().filter_map(|(feature, place)| {
        Some((model.lack(feature, clip.target)?, place)).filter(|_| model.is_available(clip.target))
    });
    for (lack, place) in lacks {
        let (message, instead) = words(lack, model);
        let finding = Finding::new(Code::NotOnTarget, place, message);
        let finding = finding.help(works_with(context.facts, lack.feature, clip.target, instead));
        let finding = match lack.harm {
            Harm::OtherClip => finding,
            Harm::PerhapsNone => finding.severity(Severity::Warning),
        };
        out.push(inherited(finding, "model", &clip.model));
    }
}

/// The features of the clip that some target cannot express, each with the place that asks for it.
fn asked_for(clip: &Clip) -> Vec<(Feature, Place)> {
    let shot = clip.shot;
    let negative = clip.sent_negative_prompt().and(clip.negative_prompt.at());
    let is_chosen = !shot.voices().is_empty() || !clip.voices.is_empty();
    let control = match clip.camera.written() {
        Some((Camera::Control(control), at)) if control.preset.at().is_some() => Some((Feature::CameraPresets, at)),
        Some((Camera::Control(_), at)) => Some((Feature::CameraAxes, at)),
        _ => None,
    };
    // Silence is the language's default: what is pointed at is the model where nobody wrote it.
    let silence = (clip.sound.value() == Some(false)).then(|| clip.sound.at().or(clip.model.at())).flatten();
    let written = [
        negative.map(|at| (Feature::NegativePrompt, at.place())),
        clip.cfg_scale.written().map(|(_, at)| (Feature::CfgScale, at.place())),
        shot.brush.valid().map(|brush| (Feature::Brush, brush.at.place())),
        control.map(|(feature, at)| (feature, at.place())),
        shot.last_frame.valid().map(|frame| (Feature::LastFrame, frame.at.place())),
        speech(shot).filter(|_| is_chosen).map(|place| (Feature::Voices, place)),
        silence.map(|at| (Feature::Silence, at.place())),
        shot.auto_cuts().map(|at| (Feature::AutoCuts, at.place())),
    ];
    written.into_iter().flatten().collect()
}

/// Elements that are shown in words: a model may have none either, on whatever target.
fn without_elements(clip: &Clip, model: Model) -> Option<Finding> {
    let member = clip.elements.first().filter(|_| clip.sent_elements().is_empty())?;
    let place = clip.shot.cuts_at().or(clip.shot.prompt.at()).or(clip.shot.lines.at())?.place();
    let target = clip.target;
    let message = format!(
        "{} takes no elements with `{model}`: `look` of `{}` is sent in words",
        target.name(),
        member.key.value
    );
    let knows = |target: &Target| model.supports_on(Feature::Elements, *target) != Support::Never;
    let help = match model.targets().find(knows) {
        Some(target) => format!("the target `{}` takes them", target.as_str()),
        None => "see that `look` says what the element shows".to_owned(),
    };
    let finding = Finding::new(Code::NotOnTarget, place, message).help(help).severity(Severity::Warning);
    let finding = match member.element.at() {
        Some(at) => finding.label(at.place(), "the element"),
        None => finding,
    };
    Some(inherited(finding, "model", &clip.model))
}

/// The message, and the writer's other options.
fn words(lack: &Lack, model: Model) -> (String, &'static str) {
    let (name, noun) = (lack.target.name(), lack.feature.noun());
    let (becomes, instead) = match lack.feature {
        Feature::NegativePrompt => ("it is not sent", "say in the prompt what is to be seen in its place"),
        Feature::CfgScale => ("it is not sent", "remove the line"),
        Feature::Brush => ("the clip would be made without it", "say in the prompt what moves"),
        Feature::CameraAxes | Feature::CameraPresets => {
            ("the clip would be made without it", "write the camera as words: `camera: slow push in`")
        }
        Feature::Voices => ("the model would choose the voices", "remove `voice` from the speakers' cast entries"),
        Feature::AutoCuts => ("the clip would be made without cuts", "write the cuts"),
        Feature::Silence => ("there is sound", "write `sound: on`"),
        _ => ("the clip would be made without it", "remove it"),
    };
    let message = match lack.models {
        _ if lack.feature == Feature::Silence => {
            format!(
                "`{model}` always makes sound on {name}: silence cannot be asked for, and the sound is in the price"
            )
        }
        [] => format!("{name} has no field for {noun}: {becomes}"),
        _ => format!("{name} has no field for {noun} with `{model}`: {becomes}"),
    };
    (message, instead)
}

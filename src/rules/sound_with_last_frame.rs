use crate::diagnostic::{Code, Finding};
use crate::kling::capability::Capability;
use crate::language::Shot;

use super::Context;
use super::context::inherited;

pub(super) fn check(_: &Context, shot: &Shot, out: &mut Vec<Finding>) {
    let (Some(frame), Some(model), Some(sound)) = (shot.last_frame.valid(), shot.model(), shot.settings.sound.valid())
    else {
        return;
    };
    if sound.value.0 && !Capability::of(model).sound_with_last_frame {
        let message = format!("`{model}` makes no sound in a clip with a last frame");
        let finding = Finding::new(Code::SoundWithLastFrame, sound.at.place(), message);
        let help = "write `sound: off`, remove the last frame, or take `kling-v3`, which has both";
        let finding = finding.label(frame.at.place(), "the last frame").help(help);
        out.push(inherited(finding, shot, "model", &shot.settings.model));
    }
}

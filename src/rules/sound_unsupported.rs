use crate::diagnostic::{Code, Finding};
use crate::kling::capability::{Capability, Modes};
use crate::language::Shot;

use super::Context;
use super::context::inherited;

pub(super) fn check(_: &Context, shot: &Shot, out: &mut Vec<Finding>) {
    let (Some(sound), Some(model)) = (shot.settings.sound.valid().filter(|sound| sound.value.0), shot.model()) else {
        return;
    };
    let (message, help) = match (Capability::of(model).sound, shot.mode()) {
        (Modes::None, _) => {
            (format!("`{model}` makes no sound"), "write `sound: off`, or take `kling-v2-6` in `pro`, or `kling-v3`")
        }
        (modes, Some(mode)) if !modes.has(mode) => (
            format!("`{model}` makes sound only in mode `pro`, and this is `{mode}`"),
            "write `mode: pro` (it costs more), or `sound: off`",
        ),
        _ => return,
    };
    let finding = Finding::new(Code::SoundUnsupported, sound.at.place(), message).help(help);
    let finding = inherited(finding, shot, "model", &shot.settings.model);
    // A model that never has it does not lack it for its mode.
    if Capability::of(model).sound == Modes::None {
        return out.push(finding);
    }
    out.push(inherited(finding, shot, "mode", &shot.settings.mode));
}

use crate::diagnostic::{Code, Finding};
use crate::kling::capability::{Capability, Modes};
use crate::language::Shot;

use super::Context;
use super::context::{inherited, speech};

pub(super) fn check(_: &Context, shot: &Shot, out: &mut Vec<Finding>) {
    let (Some(place), Some(model)) = (speech(shot), shot.model()) else { return };
    if !is_unsupported(shot) {
        return;
    }
    let (message, help) = match Capability::of(model).voices {
        Modes::None => (
            format!("`{model}` does not speak"),
            "take `kling-v2-6` in `pro` with `sound: on`, or remove what is spoken",
        ),
        _ => (
            format!("`{model}` speaks only in mode `pro`, and this is `std`"),
            "write `mode: pro` and `sound: on` (it costs more), or remove what is spoken",
        ),
    };
    let finding = Finding::new(Code::VoiceUnsupported, place, message).help(help);
    let finding = inherited(finding, shot, "model", &shot.settings.model);
    // A model that never has it does not lack it for its mode.
    if Capability::of(model).voices == Modes::None {
        return out.push(finding);
    }
    out.push(inherited(finding, shot, "mode", &shot.settings.mode));
}

/// Whether the shot's model does not speak in its mode.
pub(super) fn is_unsupported(shot: &Shot) -> bool {
    let Some(model) = shot.model() else { return false };
    match (Capability::of(model).voices, shot.mode()) {
        (Modes::None, _) => true,
        (modes, Some(mode)) => !modes.has(mode),
        (_, None) => false,
    }
}

use crate::diagnostic::{Code, Finding};
use crate::kling::capability::Capability;
use crate::language::Shot;

use super::Context;
use super::context::{inherited, speech};

pub(super) fn check(_: &Context, shot: &Shot, out: &mut Vec<Finding>) {
    let (Some(place), Some(model)) = (speech(shot), shot.model()) else { return };
    if Capability::of(model).voices_undocumented {
        let message = format!("Kling's pages contradict each other on whether `{model}` speaks with chosen voices");
        let finding = Finding::new(Code::VoiceUndocumented, place, message);
        let finding = finding.help("try one clip first; `kling-v2-6` in `pro` surely does");
        out.push(inherited(finding, shot, "model", &shot.settings.model));
    }
}

use crate::diagnostic::{Code, Finding};
use crate::kling::capability::{Capability, models_that};
use crate::kling::{Mode, Target};
use crate::language::Shot;

use super::Context;
use super::context::{inherited, list};

pub(super) fn check(context: &Context, shot: &Shot, out: &mut Vec<Finding>) {
    let Some(mode) = shot.settings.mode.valid().filter(|mode| mode.value == Mode::FourK) else { return };
    let (message, help) = match shot.model() {
        _ if context.target == Target::Gateway => (
            "the gateway does not make `4k`".to_owned(),
            "write `mode: pro`; `4k` needs Kling's own API (`api = \"official\"` in clapboard.toml)".to_owned(),
        ),
        Some(model) if !Capability::of(model).has_mode(mode.value, context.target) => {
            let models = models_that(|row| row.four_k);
            (format!("`{model}` does not make `4k`"), format!("write `mode: pro`, or take {}", list(&models, "or")))
        }
        _ => return,
    };
    let finding = Finding::new(Code::ModeUnsupported, mode.at.place(), message).help(help);
    out.push(inherited(finding, shot, "model", &shot.settings.model));
}

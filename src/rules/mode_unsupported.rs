use crate::clip::Clip;
use crate::diagnostic::{Code, Finding};
use crate::kling::{Mode, Target};

use super::Context;
use super::context::{inherited, list};

pub(super) fn check(context: &Context, clip: &Clip, out: &mut Vec<Finding>) {
    let Some((mode @ Mode::FourK, at)) = clip.mode.written() else { return };
    let able = |target| context.facts.current_on(target).filter(move |model| model.has_mode(mode, target));
    let (message, help) = match clip.model.value() {
        _ if able(clip.target).next().is_none() => (
            format!("{} does not offer `{mode}`", clip.target.name()),
            format!(
                "write `mode: pro`; `{mode}` needs {} (`api = \"{}\"` in clapboard.toml)",
                Target::Official.name(),
                Target::Official.as_str()
            ),
        ),
        Some(model) if !model.has_mode(mode, clip.target) => {
            let models: Vec<_> = able(clip.target).collect();
            (
                format!("`{model}` does not support `{mode}`"),
                format!("write `mode: pro`, or use {}", list(&models, "or")),
            )
        }
        _ => return,
    };
    let finding = Finding::new(Code::ModeUnsupported, at.place(), message).help(help);
    out.push(inherited(finding, "model", &clip.model));
}

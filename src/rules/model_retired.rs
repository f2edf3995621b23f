use crate::diagnostic::{Code, Finding};
use crate::kling::{Facts, Model, RETIREMENT, Target};
use crate::text::Place;

use super::Context;
use super::context::list;

pub(super) fn check(context: &Context, out: &mut Vec<Finding>) {
    if context.target == Target::Gateway {
        each_retired(context, out, |model, day, place| {
            let message =
                format!("Kling's own API retired `{model}` on {day} ({}, {})", RETIREMENT.page, RETIREMENT.date);
            let help = format!(
                "your gateway may still offer it. Current models: {}. To keep it, add `# clapboard: allow(model-retired)`",
                current(context.facts)
            );
            Finding::new(Code::ModelRetired, place, message).help(help)
        });
    }
}

/// A finding for each place where a retired model is written, with the shots that use it.
pub(super) fn each_retired(
    context: &Context,
    out: &mut Vec<Finding>,
    finding: impl Fn(Model, &'static str, Place) -> Finding,
) {
    for clip in context.made() {
        if let Some((model, at)) = clip.model.written()
            && let Some(day) = model.facts().retired
        {
            out.push(finding(model, day, at.place()).shot(clip.shot.name()));
        }
    }
    // One that every shot overrides is still a retired one.
    for name in context.film.all_defaults().filter_map(|level| level.model.valid()) {
        let model = context.facts.model(&name.value.value);
        if let Some((model, day)) = model.and_then(|model| Some((model, model.facts().retired?))) {
            out.push(finding(model, day, name.at.place()));
        }
    }
}

/// The models that Kling makes, for a help text.
pub(super) fn current(facts: &Facts) -> String {
    list(&facts.current().collect::<Vec<_>>(), "and")
}

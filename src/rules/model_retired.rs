use crate::diagnostic::{Code, Finding};
use crate::kling::{Model, RETIREMENT, Target};
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
                current(context)
            );
            Finding::new(Code::ModelRetired, place, message).help(help)
        });
    }
}

/// A finding for each place where a retired model is written, with the shots that use it.
fn each_retired(context: &Context, out: &mut Vec<Finding>, finding: impl Fn(Model, &'static str, Place) -> Finding) {
    each_model(context, out, |model, place| Some(finding(model, model.facts().retired?, place)));
}

/// A finding for each place where a model is written that `finding` has something to say about, with the shots that use it.
pub(super) fn each_model(context: &Context, out: &mut Vec<Finding>, finding: impl Fn(Model, Place) -> Option<Finding>) {
    for clip in context.made() {
        if let Some((model, at)) = clip.model.written() {
            out.extend(finding(model, at.place()).map(|finding| finding.shot(clip.shot.name())));
        }
    }
    // One that every shot overrides is worth a word all the same.
    for name in context.film.all_defaults().filter_map(|level| level.model.valid()) {
        let model = context.facts.model(&name.value.value);
        out.extend(model.and_then(|model| finding(model, name.at.place())));
    }
}

/// The models that the target sells, for a help text.
pub(super) fn current(context: &Context) -> String {
    list(&context.facts.current_on(context.target).collect::<Vec<_>>(), "and")
}

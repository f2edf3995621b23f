use crate::diagnostic::{Code, Finding};
use crate::kling::Model;
use crate::kling::capability::{Capability, RETIREMENT, models_that};
use crate::language::{Film, Value};

use super::Context;
use super::context::list;

pub(super) fn check(_: &Context, film: &Film, out: &mut Vec<Finding>) {
    for shot in &film.shots {
        let model = shot.settings.model.valid();
        out.extend(model.and_then(retired).map(|finding| finding.shot(shot.name())));
    }
    for settings in film.defaults.iter().chain(film.scenes.iter().map(|scene| &scene.defaults)) {
        out.extend(settings.model.valid().and_then(retired));
    }
}

fn retired(model: &Value<Model>) -> Option<Finding> {
    let day = Capability::of(model.value).retired?;
    let message =
        format!("Kling's own API retired `{}` on {day} ({}, {})", model.value, RETIREMENT.page, RETIREMENT.date);
    let live = models_that(|row| row.retired.is_none());
    Some(Finding::new(Code::ModelRetired, model.at.place(), message).help(format!(
        "a gateway may still have it; {} are made today. If it is meant, say so: `# clapboard: allow(model-retired)`",
        list(&live, "and")
    )))
}

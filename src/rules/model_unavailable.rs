use crate::diagnostic::{Code, Finding};
use crate::kling::{RETIREMENT, Target};

use super::Context;
use super::context::list;
use super::model_retired::{current, each_model};

pub(super) fn check(context: &Context, out: &mut Vec<Finding>) {
    let target = context.target;
    each_model(context, out, |model, place| {
        if model.is_available(target) {
            return None;
        }
        let sellers: Vec<&str> =
            model.targets().filter(|other| model.is_available(*other)).map(Target::as_str).collect();
        let (message, elsewhere) = match model.facts().retired {
            Some(day) => (
                format!(
                    "{} no longer has `{model}`: it was retired on {day} ({}, {})",
                    target.name(),
                    RETIREMENT.page,
                    RETIREMENT.date
                ),
                String::new(),
            ),
            None => (
                format!("{} does not have `{model}`", target.name()),
                format!(", or the target {}", list(&sellers, "or")),
            ),
        };
        let help = format!("use {}{elsewhere}", current(context));
        Some(Finding::new(Code::ModelUnavailable, place, message).help(help))
    });
}

use crate::diagnostic::{Code, Finding};
use crate::kling::{RETIREMENT, Target};

use super::Context;
use super::model_retired::{current, each_retired};

pub(super) fn check(context: &Context, out: &mut Vec<Finding>) {
    if context.target == Target::Official {
        each_retired(context, out, |model, day, place| {
            let message = format!(
                "Kling's own API no longer has `{model}`: it was retired on {day} ({}, {})",
                RETIREMENT.page, RETIREMENT.date
            );
            Finding::new(Code::ModelUnavailable, place, message).help(format!("use {}", current(context.facts)))
        });
    }
}

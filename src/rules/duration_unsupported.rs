use crate::diagnostic::{Code, Finding};
use crate::kling::Target;
use crate::kling::capability::Capability;
use crate::language::{Field, Shot};
use crate::text::shown;

use super::Context;
use super::context::inherited;

pub(super) fn check(context: &Context, shot: &Shot, out: &mut Vec<Finding>) {
    let (Some(model), Some(seconds)) = (shot.model(), shot.seconds()) else { return };
    let row = Capability::of(model);
    let lengths = row.seconds(context.target);
    if lengths.contains(&seconds) {
        return;
    }
    let is_sum = !shot.cuts.is_absent() && shot.own.duration.is_absent();
    let place = match (is_sum, &shot.settings.duration) {
        (true, _) => shot.cuts.at().map(|at| at.place()),
        (false, Field::Valid(duration)) => Some(duration.at.place()),
        _ => None,
    };
    let Some(place) = place else { return };
    let nearest = lengths.iter().min_by_key(|length| length.abs_diff(seconds)).copied().unwrap_or_default();
    let has = match (&row.official_seconds, context.target) {
        (Some(range), Target::Official) => format!("clips of {} to {} seconds", range.start(), range.end()),
        _ => lengths.iter().map(i64::to_string).collect::<Vec<_>>().join(" or ") + " seconds",
    };
    let sum = if is_sum { "the cuts together last " } else { "this is " };
    // A number that is too large to count is shown as it was written.
    let written = match shot.settings.duration.at() {
        Some(at) if seconds == i64::MAX && !is_sum => shown::shorten(at.written()),
        _ => seconds.to_string(),
    };
    let message = format!("`{model}` makes {has} on {}, and {sum}{written}", context.target.name());
    let help = if is_sum {
        format!("change the cuts so that they come to {nearest} seconds")
    } else {
        format!("the nearest is {nearest}")
    };
    let finding = Finding::new(Code::DurationUnsupported, place, message).help(help);
    out.push(inherited(finding, shot, "model", &shot.settings.model));
}

use std::cmp::Reverse;

use crate::clip::Clip;
use crate::diagnostic::{Code, Finding};
use crate::kling::price::{TABLE, Units};
use crate::text::{Place, counted, shown};

use super::Context;

pub(super) fn check(context: &Context, out: &mut Vec<Finding>) {
    // A shot whose `skip` nobody knows may be left out.
    let clips: Vec<&Clip> = context.made().filter(|clip| !clip.shot.skip.is_unknown()).collect();
    let Some(budget) = context.film.budget.value() else { return };
    if let Some(most) = budget.clips.valid()
        && clips.len() as i64 > most.value
    {
        let over = clips.len() as i64 - most.value;
        report(
            &clips,
            most.at.place(),
            format!("the film has {} clips, {over} over the budget of {}", clips.len(), most.value),
            out,
        );
    }
    if let Some(seconds) = budget.seconds.valid() {
        let sum = clips
            .iter()
            .filter_map(|clip| clip.seconds.value())
            .fold(0_i64, |sum, seconds| sum.saturating_add(seconds.max(0)));
        if sum > seconds.value {
            let message =
                format!("the film has {sum} seconds, {} over the budget of {}", sum - seconds.value, seconds.value);
            report(&clips, seconds.at.place(), message, out);
        }
    }
    if let Some(units) = budget.units.valid() {
        let sum: Units = clips.iter().filter_map(|clip| clip.listed_price()).sum();
        if sum.as_f64() > units.value {
            let over = (sum.as_f64() - units.value) * 100.0;
            let message = format!(
                "the film costs {}, {} over the budget of {} ({}, {})",
                counted(sum, "unit"),
                over.round() / 100.0,
                units.value,
                TABLE.page,
                TABLE.date
            );
            report(&clips, units.at.place(), message, out);
        }
    }
}

fn report(clips: &[&Clip], place: Place, message: String, out: &mut Vec<Finding>) {
    let mut priced: Vec<(Units, &Clip)> = clips.iter().filter_map(|clip| Some((clip.listed_price()?, *clip))).collect();
    priced.sort_by_key(|(units, _)| Reverse(*units));
    let most: Vec<String> = priced
        .iter()
        .take(3)
        .map(|(units, clip)| format!("`{}` ({})", shown::words(&clip.shot.name()), counted(units, "unit")))
        .collect();
    let most = if most.is_empty() { String::new() } else { format!("; the most expensive are {}", most.join(", ")) };
    let help = format!("raise the budget, or leave shots out with `skip: true`{most}");
    out.push(Finding::new(Code::BudgetExceeded, place, message).help(help));
}

use std::cmp::Reverse;

use crate::diagnostic::{Code, Finding};
use crate::kling::price::{TABLE, Units};
use crate::language::{Film, Shot};
use crate::text::Place;

use super::Context;

pub(super) fn check(context: &Context, film: &Film, out: &mut Vec<Finding>) {
    let shots: Vec<&Shot> = film.shots.iter().filter(|shot| !shot.skip).collect();
    let budget = &film.budget;
    if let Some(clips) = &budget.clips
        && shots.len() as i64 > clips.value
    {
        let over = shots.len() as i64 - clips.value;
        tell(
            context,
            &shots,
            clips.at.place(),
            format!("the film has {} clips, {over} over the budget of {}", shots.len(), clips.value),
            out,
        );
    }
    if let Some(seconds) = &budget.seconds {
        let sum = shots
            .iter()
            .filter_map(|shot| shot.seconds())
            .fold(0_i64, |sum, seconds| sum.saturating_add(seconds.max(0)));
        if sum > seconds.value {
            let message = format!(
                "the film comes to {sum} seconds, {} over the budget of {}",
                sum - seconds.value,
                seconds.value
            );
            tell(context, &shots, seconds.at.place(), message, out);
        }
    }
    if let Some(units) = &budget.units {
        let sum: Units = shots.iter().filter_map(|shot| context.units(shot)).sum();
        if sum.as_f64() > units.value {
            let over = (sum.as_f64() - units.value) * 100.0;
            let message = format!(
                "the film comes to {sum} units, {} over the budget of {} ({}, {})",
                over.round() / 100.0,
                units.value,
                TABLE.page,
                TABLE.date
            );
            tell(context, &shots, units.at.place(), message, out);
        }
    }
}

fn tell(context: &Context, shots: &[&Shot], place: Place, message: String, out: &mut Vec<Finding>) {
    let mut priced: Vec<(Units, &Shot)> = shots.iter().filter_map(|shot| Some((context.units(shot)?, *shot))).collect();
    priced.sort_by_key(|(units, _)| Reverse(*units));
    let dearest: Vec<String> =
        priced.iter().take(3).map(|(units, shot)| format!("`{}` ({units} units)", shot.name())).collect();
    let dearest =
        if dearest.is_empty() { String::new() } else { format!("; the dearest shots are {}", dearest.join(", ")) };
    let help = format!("raise the budget, or leave shots out with `skip: true`{dearest}");
    out.push(Finding::new(Code::BudgetExceeded, place, message).help(help));
}

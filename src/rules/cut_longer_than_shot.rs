use crate::clip::Clip;
use crate::diagnostic::{Code, Finding};
use crate::language::{Seconds, Shot, Value};

use super::Context;

pub(super) fn check(_: &Context, clip: &Clip, out: &mut Vec<Finding>) {
    let shot = clip.shot;
    let Some(duration) = shot.settings.duration.valid() else { return };
    for cut in longer_cuts(shot) {
        let sum = shot.cuts_sum().map(|sum| format!("; the cuts together last {sum}")).unwrap_or_default();
        let message = format!("this cut lasts {} seconds, and the whole shot {}{sum}", cut.value.0, duration.value.0);
        let finding = Finding::new(Code::CutLongerThanShot, cut.at.place(), message)
            .label(duration.at.place(), "the shot's length");
        out.push(finding.help("shorten the cut, or remove the shot's `duration`: then it is the cuts' sum"));
    }
}

/// The lengths of the cuts that are longer than the shot says it is.
pub(super) fn longer_cuts(shot: &Shot) -> impl Iterator<Item = &Value<Seconds>> {
    let total = shot.settings.duration.valid().map(|duration| duration.value.0);
    shot.cuts()
        .iter()
        .filter_map(|cut| cut.duration.valid())
        .filter(move |seconds| total.is_some_and(|total| seconds.value.0 > total))
}

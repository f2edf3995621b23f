//! What films come to.

use crate::clip::Clip;
use crate::diagnostic::Totals;
use crate::language::Film;

/// What a film comes to. A bible alone is not a film.
pub(super) fn of_clips(film: &Film, clips: &[Clip<'_>], usd_per_unit: f64) -> Totals {
    if film.is_bible() {
        return Totals::default();
    }
    let mut totals = Totals { films: 1, ..Totals::default() };
    for clip in clips {
        if clip.shot.is_skipped() {
            totals.skipped += 1;
            continue;
        }
        totals.shots += 1;
        totals.seconds += clip.seconds.value().and_then(|seconds| u64::try_from(seconds).ok()).unwrap_or(0);
        match clip.price().units() {
            Some(units) => {
                totals.units += units.as_f64();
                totals.usd += units.usd(usd_per_unit);
            }
            None => totals.unpriced += 1,
        }
    }
    totals
}

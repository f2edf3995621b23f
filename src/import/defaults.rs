//! Settings that shots have in common, written once.

use crate::clip::DEFAULT_SECONDS;
use crate::kling::Mode;
use crate::language::storyboard::{Seconds, Settings, Shot};

/// Takes settings that most shots share out of them: what comes back is the film's `defaults`. A setting is taken only where
/// each shot has it, for a default cannot be switched off. What holds without a word is not written at all.
pub(super) fn take_common(shots: &mut [Shot]) -> Option<Settings> {
    for shot in shots.iter_mut() {
        let sum = shot.cuts.iter().map(|cut| cut.duration.0).fold(0, i64::saturating_add);
        if !shot.cuts.is_empty() && shot.settings.duration == Some(Seconds(sum)) {
            shot.settings.duration = None;
        }
        shot.settings.mode.get_or_insert(Mode::Std);
        if shot.cuts.is_empty() {
            shot.settings.duration.get_or_insert(Seconds(DEFAULT_SECONDS));
        }
    }
    let defaults = Settings {
        model: take(shots, |settings| &mut settings.model, any, None),
        mode: take(shots, |settings| &mut settings.mode, any, Some(Mode::Std)),
        duration: take(
            shots,
            |settings| &mut settings.duration,
            |shot| shot.cuts.is_empty(),
            Some(Seconds(DEFAULT_SECONDS)),
        ),
        sound: take(shots, |settings| &mut settings.sound, any, None),
        cfg_scale: take(shots, |settings| &mut settings.cfg_scale, any, None),
        negative_prompt: take(shots, |settings| &mut settings.negative_prompt, any, None),
        style: take(shots, |settings| &mut settings.style, any, None),
        watermark: take(shots, |settings| &mut settings.watermark, any, None),
        // What is a shot's own, though it may be in `defaults`.
        add_style: None,
        first_frame: None,
        camera: None,
        notes: None,
    };
    (defaults != Settings::default()).then_some(defaults)
}

fn any(_: &Shot) -> bool {
    true
}

/// How many different values of a setting are counted.
const MOST_DIFFERENT: usize = 200;

/// Takes the most common value of a setting out of the shots that it counts for. `unsaid` holds where nothing is written.
fn take<T: PartialEq + Clone>(
    shots: &mut [Shot],
    setting: impl Fn(&mut Settings) -> &mut Option<T>,
    counts: impl Fn(&Shot) -> bool,
    unsaid: Option<T>,
) -> Option<T> {
    let values: Vec<Option<T>> =
        shots.iter_mut().filter(|shot| counts(shot)).map(|shot| setting(&mut shot.settings).clone()).collect();
    let mut tally: Vec<(T, usize)> = Vec::new();
    for value in values.iter().flatten() {
        let different = tally.len();
        match tally.iter_mut().find(|(known, _)| known == value) {
            Some((_, uses)) => *uses += 1,
            // A value that comes so late for the first time is not what the shots share.
            None if different < MOST_DIFFERENT => tally.push((value.clone(), 1)),
            None => {}
        }
    }
    // The first of the most common: `max_by_key` would take the last.
    let common = tally.into_iter().rev().max_by_key(|(_, uses)| *uses);
    let common = common.filter(|(_, uses)| *uses > 1 && values.iter().all(Option::is_some)).map(|(value, _)| value);
    let common = common.filter(|value| Some(value) != unsaid.as_ref());
    let held = common.clone().or(unsaid);
    for shot in shots.iter_mut().filter(|shot| counts(shot)) {
        let own = setting(&mut shot.settings);
        if *own == held {
            *own = None;
        }
    }
    common
}

use crate::clip::{Clip, Seconds};
use crate::diagnostic::{Code, Finding};
use crate::text::Place;
use crate::text::shown;

use super::Context;
use super::context::inherited;

pub(super) fn check(_: &Context, clip: &Clip, out: &mut Vec<Finding>) {
    let (Some(model), Some(seconds), Some(place)) = (clip.model.value(), clip.seconds.value(), place(clip)) else {
        return;
    };
    let lengths: Vec<i64> = model.lengths(clip.target).into_iter().map(|(length, _)| length).collect();
    if lengths.contains(&seconds) {
        return;
    }
    let is_sum = matches!(clip.seconds, Seconds::Cuts(..));
    let what = if is_sum { "the cuts together last" } else { "this is" };
    // A number that is too large to count is shown as it was written.
    let written = match clip.seconds.at() {
        Some(at) if seconds == i64::MAX && !is_sum => shown::words(at.written()),
        _ => seconds.to_string(),
    };
    let message = format!("`{model}` makes {} on {}, and {what} {written}", range(&lengths), clip.target.name());
    let longer = lengths.iter().copied().find(|length| *length > seconds);
    let help = match (longer, lengths.last()) {
        (Some(longer), _) if is_sum => format!("change the cuts so that they add up to {longer} seconds"),
        (Some(longer), _) => {
            format!("write `duration: {longer}`; `use` says which part of the clip goes into the edit")
        }
        (None, Some(longest)) if is_sum => format!("shorten the cuts to {longest} seconds together, or make two shots"),
        (None, longest) => format!("write `duration: {}`, or make two shots", longest.copied().unwrap_or_default()),
    };
    let finding = Finding::new(Code::DurationUnsupported, place, message).help(help);
    out.push(inherited(finding, "model", &clip.model));
}

/// The place of the length: the duration, or the cuts that make it.
pub(super) fn place(clip: &Clip) -> Option<Place> {
    match &clip.seconds {
        Seconds::Length(length) => length.written().map(|(_, at)| at.place()),
        Seconds::Cuts(_, at) => Some(at.place()),
    }
}

/// "3 to 15 seconds", "5 or 10 seconds"
fn range(lengths: &[i64]) -> String {
    match lengths {
        [first, .., last] if last - first + 1 == lengths.len() as i64 => format!("{first} to {last} seconds"),
        lengths => format!("{} seconds", lengths.iter().map(i64::to_string).collect::<Vec<_>>().join(" or ")),
    }
}

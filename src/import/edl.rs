//! A cut as an edit decision list, CMX 3600.

use super::Fault;
use super::cut::{self, Known, Used};
use super::find::Finder;

/// Whether a text is such a list.
pub(super) fn is_edl(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let is_titled = lines.next().is_some_and(|line| line.starts_with("TITLE:"));
    is_titled && lines.take(20).any(|line| line.starts_with("FCM:") || event(line).is_some())
}

/// Reads a cut.
///
/// # Errors
/// A timecode is not one at the rate that holds.
pub(super) fn read(finder: &mut Finder, text: &str) -> Result<(), Fault> {
    let mut open: Option<(usize, Event<'_>)> = None;
    let mut comments: Vec<&str> = Vec::new();
    let mut drop_frame = false;
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        if let Some(code) = line.strip_prefix("FCM:") {
            drop_frame = code.trim() == "DROP FRAME";
        }
        match event(line) {
            Some(event) => {
                close(finder, open.take(), &comments, drop_frame)?;
                comments.clear();
                open = Some((index + 1, event));
            }
            None => comments.extend(line.strip_prefix('*').map(str::trim)),
        }
    }
    close(finder, open, &comments, drop_frame)
}

/// A line of the list that says what is shown.
struct Event<'l> {
    reel: &'l str,
    channel: &'l str,
    times: [&'l str; 2],
}

/// `001  AX  V  C  00:00:00:00 00:00:05:00 01:00:00:00 01:00:05:00`
fn event(line: &str) -> Option<Event<'_>> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let is_numbered = words.first()?.bytes().all(|byte| byte.is_ascii_digit());
    let is_time = |word: &&&str| word.split([':', ';', '.']).count() == 4 && word.as_bytes()[0].is_ascii_digit();
    let times: Vec<&str> = words.iter().rev().take(4).filter(is_time).copied().collect();
    match (words.len() >= 8 && is_numbered, &times[..]) {
        (true, [_, _, to, from]) => Some(Event { reel: words[1], channel: words[2], times: [from, to] }),
        _ => None,
    }
}

/// Takes an event in, with the comments behind it.
fn close(
    finder: &mut Finder,
    open: Option<(usize, Event<'_>)>,
    comments: &[&str],
    drop_frame: bool,
) -> Result<(), Fault> {
    let Some((line, event)) = open else { return Ok(()) };
    let is_picture = event.channel.contains('V') || event.channel == "B";
    let comment = |name: &str| comments.iter().find_map(|text| text.strip_prefix(name)).map(str::trim);
    let file = ["SOURCE FILE:", "FROM FILE:", "FROM CLIP NAME:", "FROM CLIP:"].iter().find_map(|name| comment(name));
    let of_file = file.and_then(cut::of_file);
    let shot = comment("CLAPBOARD SHOT:").map(str::to_owned).or_else(|| of_file.clone().map(|(shot, _)| shot));
    // Some programs write a clip's name without its ending.
    let shot = shot.or_else(|| comment("FROM CLIP NAME:").map(str::to_owned));
    let shot =
        shot.or_else(|| Some(event.reel.to_owned()).filter(|reel| !["AX", "BL", "BLACK", "BARS"].contains(&&**reel)));
    let Some(shot) = shot.filter(|shot| is_picture && !shot.is_empty()) else { return Ok(()) };
    let rate = finder.rate;
    let frame = |text: &str| {
        rate.of_timecode(text, drop_frame || text.contains(';')).ok_or_else(|| {
            let text = crate::text::shown::words(text);
            finder.fault(line, format!("`{text}` is not a timecode at {rate} frames a second: --fps says another rate"))
        })
    };
    let (from, to) = (frame(event.times[0])?, frame(event.times[1])?);
    if from == to {
        // The side of a dissolve that is not seen.
        return Ok(());
    }
    let take = of_file.and_then(|(_, take)| take);
    let take = take.or_else(|| comment("CLAPBOARD TAKE:").and_then(|take| take.parse().ok()));
    let used = Used { line, film: None, shot, take, rate, from, to: to.max(from + 1) };
    cut::add(finder, used, Known::default());
    Ok(())
}

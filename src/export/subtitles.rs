//! Subtitles: when each line is spoken is not known, so that it is estimated by the length of its words.

use std::fmt::Write;

use super::{Exported, Line, Timeline};

/// The most characters of a subtitle: two lines of 42.
const MOST: usize = 84;
const WIDTH: usize = 42;
/// How fast people speak, in characters a second.
const SPEED: f64 = 15.0;
/// The shortest that a subtitle is shown where there is room, in milliseconds.
const SHORTEST: u64 = 1000;

struct Cue<'t> {
    /// In milliseconds.
    start: u64,
    end: u64,
    line: &'t Line,
    text: String,
}

pub(super) fn srt(timeline: &Timeline) -> Exported {
    let mut text = String::new();
    for (index, cue) in cues(timeline).iter().enumerate() {
        // Nothing in a text may look like a line of times.
        let words = wrapped(&cue.text.replace("-->", "\u{2192}"));
        let _ = writeln!(text, "{}\n{} --> {}\n{words}\n", index + 1, clock(cue.start, ','), clock(cue.end, ','));
    }
    Exported { text, left_out: estimated(timeline, "who speaks") }
}

pub(super) fn vtt(timeline: &Timeline) -> Exported {
    let mut text = String::from("WEBVTT\n\nNOTE\nThe times are estimated from the length of the words.\n\n");
    for cue in cues(timeline) {
        let speaker = escaped(&cue.line.speaker);
        let words = escaped(&wrapped(&cue.text));
        let _ = writeln!(text, "{} --> {}\n<v {speaker}>{words}\n", clock(cue.start, '.'), clock(cue.end, '.'));
    }
    Exported { text, left_out: estimated(timeline, "how a line is spoken") }
}

fn estimated(timeline: &Timeline, lost: &str) -> Vec<String> {
    match timeline.shots.iter().any(|shot| !shot.lines.is_empty()) {
        true => vec![format!("{lost}, and when exactly: the times are estimated from the length of the words")],
        false => vec!["anything: the film has no spoken lines".into()],
    }
}

/// The subtitles of all shots, in order, none over the next.
fn cues(timeline: &Timeline) -> Vec<Cue<'_>> {
    let mut cues = Vec::new();
    for shot in timeline.shots.iter().filter(|shot| !shot.lines.is_empty()) {
        let start = timeline.rate.milliseconds(shot.start);
        let end = timeline.rate.milliseconds(shot.start + shot.length);
        let parts: Vec<(&Line, String)> =
            shot.lines.iter().flat_map(|line| split(&line.text).into_iter().map(move |part| (line, part))).collect();
        let wanted: Vec<u64> = parts.iter().map(|(_, text)| time_for(text)).collect();
        let all: u64 = wanted.iter().sum();
        // Too much for the shot is spoken faster: nothing is said after its end.
        let scale = ((end - start) as f64 / all as f64).min(1.0);
        let mut so_far = 0;
        for ((line, text), time) in parts.into_iter().zip(wanted) {
            let at = |time: u64| start + (time as f64 * scale) as u64;
            let (start, end) = (at(so_far), at(so_far + time));
            so_far += time;
            cues.push(Cue { start, end: end.max(start + 1), line, text });
        }
    }
    // Rounding may have let one reach into the next shot by a millisecond.
    for index in 1..cues.len() {
        let next = cues[index].start;
        cues[index - 1].end = cues[index - 1].end.min(next.max(cues[index - 1].start + 1));
    }
    cues
}

fn time_for(text: &str) -> u64 {
    let speaking = text.chars().count() as f64 / SPEED * 1000.0;
    (speaking as u64).max(SHORTEST)
}

/// A line in parts that two lines of a subtitle hold, cut between words; behind a sentence where one ends late enough.
fn split(text: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    let mut part = String::new();
    for word in text.split_whitespace() {
        let length = part.chars().count();
        let ends_sentence = part.ends_with(['.', '!', '?', '\u{2026}']) && length * 2 > MOST;
        if !part.is_empty() && (length + 1 + word.chars().count() > MOST || ends_sentence) {
            parts.push(std::mem::take(&mut part));
        }
        if !part.is_empty() {
            part.push(' ');
        }
        part.push_str(word);
    }
    parts.push(part);
    parts.retain(|part| !part.is_empty());
    parts
}

/// On two lines of about the same length, where it is too long for one.
fn wrapped(text: &str) -> String {
    let length = text.chars().count();
    if length <= WIDTH {
        return text.to_owned();
    }
    let middle = |(at, _): &(usize, &str)| (text[..*at].chars().count()).abs_diff(length / 2);
    match text.match_indices(' ').min_by_key(middle) {
        Some((at, _)) => format!("{}\n{}", &text[..at], &text[at + 1..]),
        None => text.to_owned(),
    }
}

/// WebVTT's text has elements; `>` is escaped too, so that no `-->` is in it.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn clock(milliseconds: u64, mark: char) -> String {
    let seconds = milliseconds / 1000;
    let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
    format!("{hours:02}:{minutes:02}:{:02}{mark}{:03}", seconds % 60, milliseconds % 1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_are_parted_between_words() {
        let text = "You swore you would never take her out again. And here you are, with the wheel in your hands, in this weather, at night.";
        let parts = split(text);
        assert_eq!(parts.join(" "), text);
        assert!(parts.len() == 2 && parts.iter().all(|part| part.chars().count() <= MOST), "{parts:?}");
        assert_eq!(wrapped(&parts[0]), "You swore you would\nnever take her out again.");
        assert_eq!(split("a"), ["a"]);
        assert!(split("  ").is_empty());
    }
}

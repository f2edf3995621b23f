//! Frames: how many a second has, what a frame's place is called, and which frames of a clip `use` means.

use std::fmt;

use super::Excerpt;

/// A frame rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// Frames in [`Rate::seconds`] seconds.
    frames: u64,
    /// 1, or 1.001 for the rates of American television, in thousandths.
    thousandths: u64,
    /// As it is written.
    name: &'static str,
}

/// The rates that editing programs know.
const RATES: &[Rate] = &[
    Rate { frames: 24, thousandths: 1001, name: "23.976" },
    Rate { frames: 24, thousandths: 1000, name: "24" },
    Rate { frames: 25, thousandths: 1000, name: "25" },
    Rate { frames: 30, thousandths: 1001, name: "29.97" },
    Rate { frames: 30, thousandths: 1000, name: "30" },
    Rate { frames: 48, thousandths: 1000, name: "48" },
    Rate { frames: 50, thousandths: 1000, name: "50" },
    Rate { frames: 60, thousandths: 1001, name: "59.94" },
    Rate { frames: 60, thousandths: 1000, name: "60" },
];

/// The longest that a shot is on a timeline, in seconds; no clip is near it.
const LONGEST: f64 = 86_400.0;

/// That of Kling's clips.
impl Default for Rate {
    fn default() -> Self {
        Rate { frames: 24, thousandths: 1000, name: "24" }
    }
}

impl Rate {
    /// The rate with so many frames a second, as programs write it: 23.976, 23.98 and 23.976023976 are one.
    pub fn of(per_second: f64) -> Option<Rate> {
        RATES.iter().copied().find(|rate| (rate.per_second() - per_second).abs() < 0.005)
    }

    /// The rate that is written `name`.
    pub fn parse(name: &str) -> Option<Rate> {
        RATES.iter().copied().find(|rate| rate.name == name)
    }

    /// All rates, as they are written.
    pub fn names() -> impl Iterator<Item = &'static str> {
        RATES.iter().map(|rate| rate.name)
    }

    /// Frames a second.
    pub fn per_second(self) -> f64 {
        self.frames as f64 * 1000.0 / self.thousandths as f64
    }

    /// Frames a second as timecode counts them: 30 for 29.97.
    pub fn counted(self) -> u64 {
        self.frames
    }

    /// The frame nearest to a moment.
    pub fn frame(self, seconds: f64) -> u64 {
        (seconds.clamp(0.0, LONGEST) * self.per_second()).round() as u64
    }

    /// The moment of a frame, in seconds.
    pub fn seconds(self, frame: u64) -> f64 {
        frame as f64 / self.per_second()
    }

    /// The moment of a frame, in whole milliseconds.
    pub fn milliseconds(self, frame: u64) -> u64 {
        (frame.saturating_mul(self.thousandths) + self.frames / 2) / self.frames
    }

    /// The moment of a frame as an exact fraction of seconds.
    pub fn fraction(self, frame: u64) -> (u64, u64) {
        let (above, below) = (frame.saturating_mul(self.thousandths), self.frames * 1000);
        let common = divisor(above, below);
        (above / common, below / common)
    }

    /// The frame of `01:00:03:05`. A program that leaves out frame numbers to keep up with the clock writes `drop_frame` timecode.
    pub fn of_timecode(self, text: &str, drop_frame: bool) -> Option<u64> {
        let parts: Vec<u64> = text.split([':', ';', '.']).map(|part| part.parse().ok()).collect::<Option<_>>()?;
        let &[hours, minutes, seconds, frame] = &parts[..] else { return None };
        if hours > 99 || minutes > 59 || seconds > 59 || frame >= self.frames {
            return None;
        }
        let minutes = hours * 60 + minutes;
        let count = (minutes * 60 + seconds) * self.frames + frame;
        // Two numbers of thirty a minute are left out, but in each tenth minute.
        let dropped = if drop_frame { self.frames / 15 * (minutes - minutes / 10) } else { 0 };
        Some(count - dropped)
    }

    /// `01:00:03:05`: hours, minutes, seconds, frames, no frame number left out.
    pub fn timecode(self, frame: u64) -> String {
        let seconds = frame / self.frames;
        let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
        format!("{hours:02}:{minutes:02}:{:02}:{:02}", seconds % 60, frame % self.frames)
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// The frames of a clip of `whole` frames that are used: the first, and the one behind the last; at least one.
pub fn used(excerpt: Option<Excerpt>, rate: Rate, whole: u64) -> (u64, u64) {
    let whole = whole.max(1);
    let Some(Excerpt { from, to }) = excerpt else { return (0, whole) };
    let from = rate.frame(from).min(whole - 1);
    (from, rate.frame(to).clamp(from + 1, whole))
}

fn divisor(a: u64, b: u64) -> u64 {
    if b == 0 { a.max(1) } else { divisor(b, a % b) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_and_moments_at_each_rate() {
        for name in Rate::names() {
            let rate = Rate::parse(name).expect("a rate");
            for frame in [0, 1, 23, 24, 1000, 123_457] {
                assert_eq!(rate.frame(rate.seconds(frame)), frame, "{name}");
                let (above, below) = rate.fraction(frame);
                assert!((above as f64 / below as f64 - rate.seconds(frame)).abs() < 1e-9, "{name}");
                assert!((rate.milliseconds(frame) as f64 / 1000.0 - rate.seconds(frame)).abs() < 6e-4, "{name}");
            }
        }
    }

    #[test]
    fn the_used_part_has_at_least_a_frame_and_stays_in_the_clip() {
        let rate = Rate::parse("24").expect("a rate");
        let used = |from, to| used(Some(Excerpt { from, to }), rate, 120);
        assert_eq!(used(0.5, 3.2), (12, 77));
        assert_eq!(used(0.0, 9.0), (0, 120));
        assert_eq!(used(5.0, 5.0), (119, 120));
        assert_eq!(used(3.0, 1.0), (72, 73));
        assert_eq!(super::used(None, rate, 120), (0, 120));
    }

    #[test]
    fn timecode_is_read_as_it_is_written() {
        for name in Rate::names() {
            let rate = Rate::parse(name).expect("a rate");
            for frame in [0, 1, 1799, 107_892, 123_456] {
                assert_eq!(rate.of_timecode(&rate.timecode(frame), false), Some(frame), "{name}");
            }
        }
        let rate = Rate::parse("29.97").expect("a rate");
        assert_eq!(rate.of_timecode("00:01:00;02", true), Some(1800));
        assert_eq!(rate.of_timecode("01:00:00;00", true), Some(107_892));
        for text in ["", "1:2:3", "00:00:00:30", "00:61:00:00", "aa:00:00:00", "99999999999999999999:00:00:00"] {
            assert_eq!(rate.of_timecode(text, false), None, "{text}");
        }
    }

    #[test]
    fn timecode_counts_without_leaving_out_a_number() {
        let rate = Rate::parse("29.97").expect("a rate");
        assert_eq!(rate.timecode(1800), "00:01:00:00");
        assert_eq!(rate.timecode(30 * 3600 + 95), "01:00:03:05");
        assert_eq!(rate.fraction(1), (1001, 30_000));
        assert_eq!(Rate::parse("24").expect("a rate").fraction(48), (2, 1));
    }
}

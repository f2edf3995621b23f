//! Kling's voice markers `<<<voice_1>>>` in a prompt, right and wrong ones.

use std::ops::Range;

/// Something that is, or was meant as, a voice marker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marker {
    /// Its bytes in the text.
    pub range: Range<usize>,
    /// The number of the voice where the marker is right: from 1.
    pub voice: Option<u32>,
    /// The digits as written, for what a wrong marker was meant to be.
    pub digits: String,
}

impl Marker {
    /// The marker that a wrong one was meant to be: `<<<voice_N>>>` with its number.
    pub fn meant(&self) -> Option<String> {
        let number = self.digits.trim_start_matches('0');
        (!number.is_empty() && number.len() <= 3).then(|| format!("<<<voice_{number}>>>"))
    }
}

/// All voice markers of a text, in order: 1 to 4 `<`, letters, a number and 1 to 4 `>` (spaces, `_` or `-` between), where
/// the letters are `voice` in any case or within two edits of it. Kling's `<<<element_1>>>` and `<<<image_1>>>` are none.
pub fn markers(text: &str) -> Vec<Marker> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].find('<').map(|offset| at + offset) {
        match marker_at(text, start) {
            Some(marker) => {
                at = marker.range.end;
                found.push(marker);
            }
            // Past this run of `<`.
            None => at = start + text[start..].bytes().take_while(|byte| *byte == b'<').count(),
        }
    }
    found
}

fn marker_at(text: &str, start: usize) -> Option<Marker> {
    let bytes = text.as_bytes();
    let run = |from: usize, fits: fn(u8) -> bool| bytes[from..].iter().take_while(|byte| fits(**byte)).count();
    let between: fn(u8) -> bool = |byte| matches!(byte, b' ' | b'_' | b'-');
    let mut opening = run(start, |byte| byte == b'<');
    // Of a longer run the last four can open a marker.
    let start = if opening > 4 { start + opening - 4 } else { start };
    opening = opening.min(4);
    let mut at = start + opening;
    at += run(at, between);
    let letters = at..at + run(at, |byte| byte.is_ascii_alphabetic());
    at = letters.end + run(letters.end, between);
    let digits = at..at + run(at, |byte| byte.is_ascii_digit());
    at = digits.end + run(digits.end, between);
    let closing = run(at, |byte| byte == b'>').min(4);
    if letters.is_empty() || digits.is_empty() || closing == 0 || !is_voice(&text[letters]) {
        return None;
    }
    let range = start..at + closing;
    let digits = text[digits].to_owned();
    let right = text[range.clone()] == format!("<<<voice_{digits}>>>") && !digits.starts_with('0');
    // A number too large to count is beyond every list of voices.
    let voice = right.then(|| digits.parse().unwrap_or(u32::MAX));
    Some(Marker { range, voice, digits })
}

fn is_voice(letters: &str) -> bool {
    letters.len() <= 7 && strsim::damerau_levenshtein(&letters.to_ascii_lowercase(), "voice") <= 2
}

#[cfg(test)]
mod tests {
    use super::*;

    fn voices(text: &str) -> Vec<(String, Option<u32>)> {
        markers(text).into_iter().map(|marker| (text[marker.range].to_owned(), marker.voice)).collect()
    }

    #[test]
    fn right_and_wrong_markers() {
        assert_eq!(
            voices("a <<<voice_1>>> b <<<voice_12>>>"),
            [("<<<voice_1>>>".into(), Some(1)), ("<<<voice_12>>>".into(), Some(12))]
        );
        for wrong in [
            "<voice_1>",
            "<<<<voice_1>>>>",
            "<<<voice_01>>>",
            "<<<voice1>>>",
            "<<<voyce_1>>>",
            "<<<Voice_1>>>",
            "<< voice - 2 >>",
            "<<<voice_0>>>",
        ] {
            assert_eq!(voices(wrong), [(wrong.to_owned(), None)]);
        }
        for none in ["<<<element_1>>>", "<<<image_1>>>", "< 2 >", "<take 3>", "<voice>", "a < b", "<<<voice_>>>"] {
            assert_eq!(voices(none), []);
        }
    }
}

//! Lengths as people write them.

use super::node::{Data, Node};
use crate::language::storyboard::Seconds;

const WRONG: &str = "whole seconds belong here, as in `\"5\"`";

/// Whole seconds of a request, and what is to be said of how they are written.
pub(super) fn seconds(value: &Node) -> Result<(Seconds, Option<&'static str>), String> {
    const NOTE: &str = "Kling wants the seconds as text in quotes: they are sent so";
    match &value.data {
        Data::Text(text) => {
            let digits = text.trim();
            let digits = digits.trim_end_matches(char::is_alphabetic).trim_end();
            let is_digits = digits.bytes().all(|byte| byte.is_ascii_digit());
            let unit = text.trim()[digits.len()..].trim();
            let is_unit = matches!(unit, "" | "s" | "sec" | "secs" | "second" | "seconds");
            let seconds: u32 = (is_digits && is_unit).then(|| digits.parse().ok()).flatten().ok_or(WRONG)?;
            Ok((Seconds(seconds.into()), (seconds.to_string() != *text).then_some("it is sent as plain digits")))
        }
        Data::Number(number) => {
            let whole = number.as_f64().filter(|number| number.fract() == 0.0 && (0.0..=1e9).contains(number));
            Ok((Seconds(whole.ok_or(WRONG)? as i64), Some(NOTE)))
        }
        _ => Err(WRONG.into()),
    }
}

/// The length of a shot in a list: `5`, `2.5 s`, `0:05`, or from one time to another, `00:10–00:14`.
pub(super) fn length(value: &Node) -> Option<f64> {
    let text = value.words()?.to_lowercase().replace(',', ".");
    let (from, to) =
        match text.split_once(['-', '\u{2013}', '\u{2014}', '\u{2192}']).or_else(|| text.split_once(" to ")) {
            Some((from, to)) => (Some(from), to),
            None => (None, &*text),
        };
    let seconds = match from.filter(|from| from.contains(':') || to.contains(':')) {
        Some(from) => clock(to)? - clock(from)?,
        None if from.is_some() => return None,
        None => clock(to)?,
    };
    (seconds > 0.0 && seconds < 1e6).then_some(seconds)
}

/// `1:02`, `00:00:05.5`, `5`, `5s`.
fn clock(text: &str) -> Option<f64> {
    let text = text.trim().trim_end_matches(|c: char| c.is_alphabetic() || matches!(c, '"' | '\u{2033}' | '.')).trim();
    let parts: Vec<f64> = text.split(':').map(|part| part.trim().parse().ok()).collect::<Option<_>>()?;
    let is_time = parts.len() <= 3 && parts.iter().all(|part: &f64| *part >= 0.0 && part.is_finite());
    is_time.then(|| parts.into_iter().fold(0.0, |seconds, part| 60.0 * seconds + part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_lists() {
        let read = |text: &str| length(&Node::text(1, text));
        for (text, seconds) in [
            ("5", 5.0),
            ("2,5 s", 2.5),
            ("00:05", 5.0),
            ("1:02.5", 62.5),
            ("0:10-0:14", 4.0),
            ("00:10 – 00:12", 2.0),
            ("5 sec.", 5.0),
        ] {
            assert_eq!(read(text), Some(seconds), "{text}");
        }
        for text in ["NIGHT", "3-5", "", "0", "-5", "5:x", "1e999"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}

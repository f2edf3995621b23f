//! Which model a name means that is not quite one: `Kling 2.6 Pro`, `kling-v2.5`, a reseller's path. The version decides; a
//! model of another version is never meant.

use super::words;
use crate::kling::Mode;

/// The result of reading a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ModelName<'m> {
    /// The model of that version.
    pub model: &'m str,
    /// The mode, where the name has one in it.
    pub mode: Option<Mode>,
    /// Whether the name says the model and nothing else: only dots, case, spaces or the `v` differ.
    pub is_exact: bool,
}

/// The parts of a model's name that do not distinguish it.
const NOISE: &[&str] = &[
    "kling",
    "ai",
    "klingai",
    "kuaishou",
    "kwai",
    "fal",
    "video",
    "image",
    "to",
    "i2v",
    "img2video",
    "image2video",
    "v",
];

/// Reads a name; `None` where none of `models` has its version.
pub fn read<'m>(name: &str, models: &[&'m str]) -> Option<ModelName<'m>> {
    if name.len() > 100 {
        return None;
    }
    let lower = name.to_lowercase();
    let (number, rest) = version(&lower)?;
    let words: Vec<&str> = rest.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let says = |word: &str| words.contains(&word);
    let of_version =
        models.iter().copied().filter(|model| version(model).is_some_and(|(of_model, _)| of_model == number));
    let of_version: Vec<&str> = of_version.collect();
    let extra = |model: &str| ["turbo", "master"].into_iter().find(|word| model.ends_with(word));
    let model = of_version.iter().copied().find(|model| extra(model).is_some_and(says));
    let model = model.or_else(|| of_version.iter().copied().find(|model| extra(model).is_none()));
    let model = model.or_else(|| of_version.first().copied())?;
    let mode = words.iter().find_map(|word| Mode::parse(word).or_else(|| Mode::parse(words::value("mode", word)?)));
    let own = extra(model);
    let is_exact = own.is_none_or(says) && words.iter().all(|word| NOISE.contains(word) || own == Some(word));
    Some(ModelName { model, mode, is_exact })
}

type Version = (u32, u32);

/// The version in a name, and the name without it: a number at the start of a word, behind a `v` or behind `kling`.
fn version(name: &str) -> Option<(Version, String)> {
    let bytes = name.as_bytes();
    let digits = |from: usize| bytes[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let starts =
        (0..bytes.len()).filter(|&at| bytes[at].is_ascii_digit() && (at == 0 || !bytes[at - 1].is_ascii_digit()));
    for start in starts {
        let before = &name[..start];
        let word = before.strip_suffix('v').unwrap_or(before);
        if !word.is_empty() && !word.ends_with("kling") && word.ends_with(char::is_alphanumeric) {
            continue;
        }
        let mut end = start + digits(start);
        let Ok(major) = name[start..end].parse() else { continue };
        let mut minor = 0;
        if bytes.get(end).is_some_and(|byte| matches!(byte, b'.' | b'-' | b'_' | b' ')) {
            let length = digits(end + 1);
            let goes_on = bytes.get(end + 1 + length).is_some_and(u8::is_ascii_alphanumeric);
            if length == 1 && !goes_on {
                minor = u32::from(bytes[end + 1] - b'0');
                end += 2;
            }
        }
        // `1080p` and `4k` are not versions.
        if bytes.get(end).is_some_and(u8::is_ascii_alphanumeric) {
            continue;
        }
        return Some(((major, minor), format!("{word} {}", &name[end..])));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kling::Facts;

    #[test]
    fn the_version_decides() {
        let cases = [
            ("kling-v2.5", Some(("kling-v2-5-turbo", None, false))),
            ("kling-v2-5", Some(("kling-v2-5-turbo", None, false))),
            ("Kling 2.6", Some(("kling-v2-6", None, true))),
            ("Kling 2.6 Turbo", Some(("kling-v2-6", None, false))),
            ("v3", Some(("kling-v3", None, true))),
            ("kling3", Some(("kling-v3", None, true))),
            ("kling-3.0", Some(("kling-v3", None, true))),
            ("kling/kling-v2-6", Some(("kling-v2-6", None, true))),
            ("kling-v2-6-pro", Some(("kling-v2-6", Some(Mode::Pro), false))),
            ("fal-ai/kling-video/v2.5-turbo/pro/image-to-video", Some(("kling-v2-5-turbo", Some(Mode::Pro), false))),
            ("kling v2.1 master", Some(("kling-v2-1-master", None, true))),
            ("kling-v2", Some(("kling-v2-master", None, false))),
            ("KLING_V1_6", Some(("kling-v1-6", None, true))),
            ("kling-v3-4k", Some(("kling-v3", Some(Mode::FourK), false))),
            ("kling-v9", None),
            ("kling-o1", None),
            ("kling", None),
            ("1080p", None),
        ];
        for (name, expected) in cases {
            let models: Vec<&str> = Facts::kling().models().iter().map(|model| model.as_str()).collect();
            let got = read(name, &models).map(|read| (read.model, read.mode, read.is_exact));
            assert_eq!(got, expected, "{name}");
        }
    }
}

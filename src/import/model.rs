//! The model that a name in a request means, in any spelling; unlike a suggestion, it is used.

use crate::kling::{Facts, Mode, Model};
use crate::language::{model_name, words};

/// The parts of a model's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Meant {
    pub model: Model,
    /// Resellers put the mode into the model's name.
    pub mode: Option<Mode>,
}

/// Words of models that are sold elsewhere and not on this endpoint.
const OTHER_MODELS: &[&str] = &["omni", "o1", "flash", "avatar", "motion", "lipsync", "colors", "kolors", "effects"];

/// The model of this endpoint that `text` names; `None` where it names none, or one that is not sold here.
pub(super) fn meant(text: &str) -> Option<Meant> {
    let text = text.to_lowercase();
    let mut words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let is_bare = text.trim_start_matches('v').starts_with(|first: char| first.is_ascii_digit());
    if !(text.contains("kling") || is_bare) || words.clone().any(|word| OTHER_MODELS.contains(&word)) {
        return None;
    }
    let models: Vec<&str> = Facts::kling().models().iter().map(|model| model.as_str()).collect();
    let name = model_name::read(&text, &models)?;
    // There is a turbo of one version only; that of another one is another model.
    let is_other = words.any(|word| word == "turbo") && !name.model.ends_with("turbo");
    if is_other {
        return None;
    }
    Some(Meant { model: Model::parse(name.model)?, mode: name.mode })
}

/// The mode that a word for quality means.
pub(super) fn mode(word: &str) -> Option<Mode> {
    Mode::parse(word).or_else(|| Mode::parse(words::value("mode", word)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_by_its_version() {
        for (text, name) in [
            ("kling-v2.6", "kling-v2-6"),
            ("Kling 2.6 Pro", "kling-v2-6"),
            ("kling/kling-v2-6", "kling-v2-6"),
            ("kling-3.0/video", "kling-v3"),
            ("kling-3.0-turbo", "kling-v3-turbo"),
            ("v3", "kling-v3"),
            ("2.1", "kling-v2-1"),
            ("kwaivgi/kling-v2.1-master", "kling-v2-1-master"),
            ("fal-ai/kling-video/v2.5-turbo/pro/image-to-video", "kling-v2-5-turbo"),
            ("kling-v2-5-pro", "kling-v2-5-turbo"),
            ("KLING_V1_6", "kling-v1-6"),
            ("kling-v1", "kling-v1"),
            ("kling-v2-master", "kling-v2-master"),
        ] {
            assert_eq!(meant(text).map(|meant| meant.model.as_str()), Some(name), "{text}");
        }
        for text in ["kling", "kling-v3-omni", "kling-o1", "kling-v4", "gen-3", "wan2.6", "veo-3", "kling 4k", ""] {
            assert_eq!(meant(text), None, "{text}");
        }
        assert_eq!(meant("Kling 2.6 Pro").unwrap().mode, Some(Mode::Pro));
    }
}

//! Keys: read from the environment, never shown.

use std::sync::{Arc, RwLock};

use secrecy::{ExposeSecret, SecretString};

/// A key that cannot be printed: its `Debug` shows no part of it and it has no `Display`.
#[derive(Debug, Clone)]
pub struct Key(SecretString);

impl Key {
    /// Takes a key as a writer's environment has it; white space around it is not part of it. `None` where nothing is left, or
    /// where it could not stand in a header.
    pub fn new(text: &str) -> Option<Key> {
        let text = text.trim();
        let fits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
        fits.then(|| Key(SecretString::from(text.to_owned())))
    }

    pub(super) fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

/// Takes keys out of text that came from outside.
#[derive(Debug, Clone, Default)]
pub(super) struct Mask(Arc<RwLock<Vec<Key>>>);

impl Mask {
    const SHOWN: &str = "***";
    /// What is shorter guards nothing, and would be found in every other word.
    const SHORTEST: usize = 4;
    /// How many signed tokens are remembered: a token lives half an hour, and answers are not kept that long.
    const MOST: usize = 8;

    pub(super) fn new(keys: impl IntoIterator<Item = Key>) -> Mask {
        Mask(Arc::new(RwLock::new(keys.into_iter().collect())))
    }

    /// From now on `key` is masked too. The first keys given are never dropped.
    pub(super) fn add(&self, key: Key) {
        let mut keys = self.0.write().unwrap_or_else(|poisoned| poisoned.into_inner());
        if keys.len() >= Self::MOST {
            keys.remove(Self::MOST / 2);
        }
        keys.push(key);
    }

    pub(super) fn apply(&self, text: &str) -> String {
        let keys = self.0.read().unwrap_or_else(|poisoned| poisoned.into_inner());
        let mut masked = text.to_owned();
        for key in keys.iter().filter(|key| key.expose().len() >= Self::SHORTEST) {
            masked = masked.replace(key.expose(), Self::SHOWN);
        }
        masked
    }

    pub(super) fn finds(&self, text: &str) -> bool {
        self.apply(text) != text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_shows_nothing_of_itself() {
        let key = Key::new(" sk-sentinel\n").unwrap();
        assert_eq!(key.expose(), "sk-sentinel");
        assert!(!format!("{key:?}").contains("sentinel"));
        assert!(Key::new("  ").is_none());
        assert!(Key::new("a\nb").is_none());
        assert!(Key::new("schlüssel").is_none());
    }

    #[test]
    fn the_first_keys_stay_masked_however_many_tokens_follow() {
        let mask = Mask::new([Key::new("alpha").unwrap(), Key::new("omega").unwrap(), Key::new("k").unwrap()]);
        for turn in 0..40 {
            mask.add(Key::new(&format!("token{turn}!")).unwrap());
        }
        assert_eq!(mask.apply("alpha omega token39! risk"), "*** *** *** risk");
    }
}

//! Keys: read from the environment, never shown.

use std::collections::HashSet;
use std::sync::{Arc, RwLock};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
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

    /// The key as a service may send it back: as it is, and in base64 at each of the three places where it can begin. Without the
    /// characters at the ends that depend on what was encoded next to it.
    fn forms(&self) -> Vec<Vec<u8>> {
        let mut forms = vec![self.expose().bytes().map(normal).collect()];
        for lead in 0..3 {
            let bytes = [&vec![0; lead][..], self.expose().as_bytes()].concat();
            let encoded = STANDARD.encode(&bytes);
            let start = [0, 2, 3][lead];
            let end = bytes.len() / 3 * 4 + [0, 1, 2][bytes.len() % 3];
            forms.push(encoded.as_bytes().get(start..end).unwrap_or_default().iter().copied().map(normal).collect());
        }
        forms
    }
}

/// Letters without case, and base64's two alphabets as one.
fn normal(byte: u8) -> u8 {
    match byte {
        b'-' => b'+',
        b'_' => b'/',
        byte => byte.to_ascii_lowercase(),
    }
}

/// Takes keys out of text that came from outside.
#[derive(Debug, Clone, Default)]
pub(super) struct Mask(Arc<RwLock<Vec<Key>>>);

impl Mask {
    const SHOWN: &str = "***";
    /// A shorter key protects nothing, and would be found in every other word.
    const SHORTEST: usize = 4;
    /// This many characters of a key that follow each other are hidden, whatever is around them.
    const RUN: usize = 12;
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

    /// `text` with the keys hidden: whole, or a long part of one, whatever the case, percent-encoded or in base64.
    pub(super) fn apply(&self, text: &str) -> String {
        let letters = Letters::of(text);
        let mut hidden = vec![false; letters.bytes.len()];
        let keys = self.0.read().unwrap_or_else(|poisoned| poisoned.into_inner());
        for key in keys.iter() {
            for form in key.forms() {
                hide_runs(&letters.bytes, &form, &mut hidden);
            }
        }
        letters.masked(text, &hidden)
    }

    pub(super) fn finds(&self, text: &str) -> bool {
        self.apply(text) != text
    }
}

/// Marks what `bytes` has of `form`: runs as long as [`Mask::RUN`], or the whole of a shorter form.
fn hide_runs(bytes: &[u8], form: &[u8], hidden: &mut [bool]) {
    let run = form.len().min(Mask::RUN);
    if run < Mask::SHORTEST {
        return;
    }
    let runs: HashSet<&[u8]> = form.windows(run).collect();
    for (start, window) in bytes.windows(run).enumerate() {
        if runs.contains(window) {
            hidden[start..start + run].fill(true);
        }
    }
}

/// A text's bytes as keys are looked for in it, with the place of each in the text.
struct Letters {
    bytes: Vec<u8>,
    starts: Vec<usize>,
}

impl Letters {
    fn of(text: &str) -> Letters {
        let source = text.as_bytes();
        let mut letters = Letters { bytes: Vec::with_capacity(source.len()), starts: Vec::with_capacity(source.len()) };
        let mut at = 0;
        while at < source.len() {
            let (byte, length) = match decoded(&source[at..]) {
                Some(byte) => (byte, 3),
                None => (source[at], 1),
            };
            letters.bytes.push(normal(byte));
            letters.starts.push(at);
            at += length;
        }
        letters
    }

    /// `text` with each hidden run replaced. Keys are ASCII, so the ends of runs are ends of characters.
    fn masked(&self, text: &str, hidden: &[bool]) -> String {
        let mut out = String::with_capacity(text.len());
        let mut shown_from = 0;
        let mut at = 0;
        while at < hidden.len() {
            if !hidden[at] {
                at += 1;
                continue;
            }
            out.push_str(&text[shown_from..self.starts[at]]);
            out.push_str(Mask::SHOWN);
            while at < hidden.len() && hidden[at] {
                at += 1;
            }
            shown_from = self.starts.get(at).copied().unwrap_or(text.len());
        }
        out.push_str(&text[shown_from..]);
        out
    }
}

/// The byte that `%41` encodes.
fn decoded(bytes: &[u8]) -> Option<u8> {
    let [b'%', high, low, ..] = bytes else { return None };
    let digit = |byte: u8| char::from(byte).to_digit(16);
    u8::try_from(digit(*high)? * 16 + digit(*low)?).ok().filter(u8::is_ascii)
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

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

    #[test]
    fn a_key_is_hidden_in_each_form_that_a_service_may_echo() {
        let text = "sk-Sentinel_0f3c-9a7be2d14486+x";
        let mask = Mask::new([Key::new(text).unwrap()]);
        let percent: String = text.bytes().map(|byte| format!("%{byte:02x}")).collect();
        let mut echoes = vec![
            text.to_owned(),
            text.to_uppercase(),
            text[..text.len() - 1].to_owned(),
            text[5..20].to_owned(),
            percent,
            text.replace('+', "%2B"),
        ];
        for lead in ["", "B", "Be", "Bearer ", "Authorization: Bearer "] {
            for tail in ["", "\n", ", x"] {
                echoes.push(STANDARD.encode(format!("{lead}{text}{tail}")));
                echoes.push(URL_SAFE_NO_PAD.encode(format!("{lead}{text}{tail}")));
            }
        }
        for echo in echoes {
            let shown = mask.apply(&format!("é bad header: {echo}, 日本"));
            assert!(shown.starts_with("é bad header: ") && shown.ends_with(", 日本"), "{shown}");
            let longest = shown.split("***").flat_map(|part| part.split([' ', ','])).map(str::len).max();
            assert!(shown.contains("***") && longest < Some(36), "{echo}: {shown}");
            assert!(!shown.contains(&echo), "{shown}");
        }
        assert_eq!(mask.apply("sk-Sentinel is short, 100%"), "sk-Sentinel is short, 100%");
    }
}

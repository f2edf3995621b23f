//! API keys in texts: found, so that they can be reported, and masked wherever a text is shown.

use std::borrow::Cow;
use std::ops::Range;

const PREFIXES: [&str; 2] = ["sk-", "api-key-"];
const LEAST: usize = 20;

/// Shown in place of a value that must stay hidden.
pub const MASK: &str = "***";

/// The keys in a text: `sk-` or `api-key-` at the start of a word, followed by 20 or more of `[A-Za-z0-9_-]`.
pub fn find(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut end = 0;
    // Each prefix ends in a hyphen, which few texts have.
    text.match_indices('-').filter_map(move |(hyphen, _)| {
        let (before, rest) = text.split_at(hyphen + 1);
        let word = PREFIXES.iter().find_map(|prefix| before.strip_suffix(prefix))?;
        if word.len() < end || word.ends_with(|before: char| before.is_alphanumeric() || before == '_') {
            return None;
        }
        let is_key_byte = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
        let length = rest.bytes().take_while(is_key_byte).count();
        // Whatever begins within these bytes is part of the same word.
        end = before.len() + length;
        (length >= LEAST).then_some(word.len()..end)
    })
}

/// The text with each key cut down to its prefix: `sk-***`.
pub fn masked(text: &str) -> Cow<'_, str> {
    let mut shown = String::new();
    let mut copied = 0;
    for key in find(text) {
        let prefix =
            PREFIXES.iter().find(|prefix| text[key.start..].starts_with(**prefix)).map_or(0, |prefix| prefix.len());
        shown.push_str(&text[copied..key.start + prefix]);
        shown.push_str(MASK);
        copied = key.end;
    }
    if copied == 0 {
        return Cow::Borrowed(text);
    }
    shown.push_str(&text[copied..]);
    Cow::Owned(shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_begins_a_word_and_is_long() {
        let keys = |text: &'static str| find(text).map(|range| &text[range]).collect::<Vec<_>>();
        assert_eq!(keys("(sk-aaaaaaaaaa_bbbbbbbbbb)."), ["sk-aaaaaaaaaa_bbbbbbbbbb"]);
        assert_eq!(keys("mask-aaaaaaaaaaaaaaaaaaaaaaaaaaaa sk-short"), [""; 0]);
        assert_eq!(keys("api-key-kling-0123456789abcdef"), ["api-key-kling-0123456789abcdef"]);
        assert_eq!(keys("sk-a sk-api-key-0123456789abcdefghij"), ["sk-api-key-0123456789abcdefghij"]);
    }

    #[test]
    fn a_masked_key_keeps_its_prefix() {
        assert_eq!(masked("key: sk-aaaaaaaaaa_bbbbbbbbbb."), "key: sk-***.");
        assert_eq!(masked("nothing here"), "nothing here");
    }
}

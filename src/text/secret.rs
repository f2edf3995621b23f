//! API keys in texts: found, so that they can be told, and masked wherever a text is shown.

use std::ops::Range;

const PREFIXES: &[&str] = &["sk-", "api-key-"];
const LEAST: usize = 20;

/// The keys in a text: `sk-` or `api-key-` at the start of a word, followed by 20 or more of `[A-Za-z0-9_-]`.
pub fn find(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let (start, prefix) = PREFIXES
                .iter()
                .filter_map(|prefix| Some((at + text[at..].find(prefix)?, prefix)))
                .min_by_key(|(start, _)| *start)?;
            let tail = start + prefix.len();
            let length = text[tail..]
                .bytes()
                .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
                .count();
            at = tail;
            let begins_word = !text[..start].ends_with(|before: char| before.is_alphanumeric() || before == '_');
            if begins_word && length >= LEAST {
                at = tail + length;
                return Some(start..at);
            }
        }
    })
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
    }
}

//! The service's words, made safe to show.

use crate::text::shown;

/// The most of it that is shown or kept, in bytes.
const MOST: usize = 2048;

/// `text` as it may be shown on a terminal or kept in the ledger: one line of at most 2 kB, as [`shown::line`] makes it.
///
/// Mask keys first: a key that is cut off, or has a character spelled out in it, is no longer recognized.
pub fn shown(text: &str) -> String {
    const MORE: &str = "…";
    let text = text.trim();
    let mut line = shown::line(&text[..text.floor_char_boundary(MOST)]);
    if line.len() > MOST - MORE.len() || text.len() > MOST {
        line.truncate(line.floor_char_boundary(MOST - MORE.len()));
        line.push_str(MORE);
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_a_terminal_obeys_gets_through() {
        assert_eq!(shown("a\u{1b}[31mb\u{202e}c\u{7}\u{9b}"), "aU+001B[31mbU+202EcU+0007U+009B");
        assert_eq!(shown("two\nlines\there"), "two lines here");
        assert_eq!(shown("  雨が降る  "), "雨が降る");
    }

    #[test]
    fn no_more_than_2_kb_is_shown() {
        for text in ["x".repeat(100_000), "雨".repeat(100_000), "\u{1b}".repeat(100_000)] {
            let shown = shown(&text);
            assert!(shown.len() <= 2048, "{}", shown.len());
            assert!(shown.len() > 2030);
            assert!(shown.ends_with('…'));
        }
        assert_eq!(shown(&"x".repeat(2045)).len(), 2045);
    }
}

//! The service's words, made safe to show.

/// The most of it that is shown or kept, in bytes.
const MOST: usize = 2048;

/// `text` as it may be shown on a terminal or kept in the ledger: control characters and those that change the reading
/// direction or have no width are escaped, and no more than 2 kB of it is left.
///
/// Keys must have been masked before: what is cut or escaped is no longer found.
pub fn shown(text: &str) -> String {
    const MORE: &str = "…";
    let mut out = String::new();
    for c in text.trim().chars() {
        let room = MOST - MORE.len();
        let before = out.len();
        match c {
            '\n' | '\r' | '\t' => out.push(' '),
            c if is_unsafe(c) => out.extend(c.escape_unicode()),
            c => out.push(c),
        }
        if out.len() > room {
            out.truncate(before);
            out.push_str(MORE);
            break;
        }
    }
    out
}

fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_a_terminal_obeys_gets_through() {
        assert_eq!(shown("a\u{1b}[31mb\u{202e}c\u{7}\u{9b}"), "a\\u{1b}[31mb\\u{202e}c\\u{7}\\u{9b}");
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

//! Texts as outputs may hold them: nothing in them that a terminal or a log would obey.

use std::io::{self, Write};

use serde::Serialize;

use crate::diagnostic::words::is_unprintable;

/// `text` with its line ends as `\n`, tabs as spaces, and each other character that a terminal would act on, or that is no
/// character at all, spelled as `U+001B`.
pub(super) fn printable(text: &str) -> String {
    let mut printable = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\n' => printable.push('\n'),
            '\r' if characters.peek() == Some(&'\n') => {}
            '\r' => printable.push('\n'),
            '\t' => printable.push(' '),
            '\u{fffe}' | '\u{ffff}' => printable.push_str(&format!("U+{:04X}", character as u32)),
            character if is_unprintable(character) => printable.push_str(&format!("U+{:04X}", character as u32)),
            character => printable.push(character),
        }
    }
    printable
}

/// Writes `value` as indented JSON, with escapes for the characters that JSON allows and a terminal would act on.
pub(super) fn write_json(value: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    let text = serde_json::to_string_pretty(value)?;
    let mut rest = text.as_str();
    // Outside of strings there is no such character but the line end.
    while let Some(at) = rest.find(|character| character != '\n' && is_unprintable(character)) {
        let (before, from) = rest.split_at(at);
        out.write_all(before.as_bytes())?;
        let mut characters = from.chars();
        if let Some(character) = characters.next() {
            write!(out, "\\u{:04x}", character as u32)?;
        }
        rest = characters.as_str();
    }
    out.write_all(rest.as_bytes())?;
    out.write_all(b"\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_would_obey_is_spelled_out() {
        assert_eq!(printable("a\u{1b}[31mb\r\nc\rd\te"), "aU+001B[31mb\nc\nd e");
        assert_eq!(printable("\u{202e}x\u{9b}\u{7f}\u{ffff}"), "U+202ExU+009BU+007FU+FFFF");
        assert_eq!(printable("渡轮🚢"), "渡轮🚢");
    }

    #[test]
    fn json_keeps_each_character_and_shows_none_that_acts() {
        let value = "\u{1b}\u{7f}\u{9b}\u{202e}é🚢\n";
        let mut out = Vec::new();
        write_json(&value, &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert_eq!(text, "\"\\u001b\\u007f\\u009b\\u202eé🚢\\n\"\n");
        assert_eq!(serde_json::from_str::<String>(&text).unwrap(), value);
    }
}

//! Texts as outputs may hold them: nothing in them that a terminal or a log would obey.

use std::io::{self, BufWriter, Write};

use serde::Serialize;
use serde_json::ser::{Formatter, PrettyFormatter, Serializer};

use crate::text::shown::is_unprintable;

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
    let mut out = BufWriter::new(out);
    value.serialize(&mut Serializer::with_formatter(&mut out, Printable(PrettyFormatter::new())))?;
    out.write_all(b"\n")?;
    out.flush()
}

/// A sequence whose items are made while it is written: a report may have many, and none is needed twice.
pub(super) struct Each<F>(pub F);

impl<F: Fn() -> I, I: Iterator<Item: Serialize>> Serialize for Each<F> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq((self.0)())
    }
}

/// serde_json's indented form but for such characters.
struct Printable<'i>(PrettyFormatter<'i>);

impl Formatter for Printable<'_> {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        let mut rest = fragment;
        while let Some(at) = rest.find(is_unprintable) {
            let (before, from) = rest.split_at(at);
            writer.write_all(before.as_bytes())?;
            let mut characters = from.chars();
            if let Some(character) = characters.next() {
                // All of them are below U+10000.
                write!(writer, "\\u{:04x}", character as u32)?;
            }
            rest = characters.as_str();
        }
        writer.write_all(rest.as_bytes())
    }

    fn begin_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_array(writer)
    }

    fn end_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_array(writer)
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_array_value(writer, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_array_value(writer)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_object(writer)
    }

    fn end_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_object(writer)
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_object_key(writer, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_object_value(writer)
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_object_value(writer)
    }
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

//! From a place inside a value's text to the place in the file, however the value is quoted, escaped and folded.

use std::ops::Range;

use super::tree::Style;
use crate::text::{Source, Span};

/// The source of one character of a text.
struct Unit {
    /// Where it is in the file.
    start: usize,
    end: usize,
    /// The character, escapes resolved; `None` for an escape without one (a line continuation).
    character: Option<char>,
    /// Bare white space, which folding may drop or change.
    loose: bool,
}

/// Where each character of a decoded text is in the file. Made once for a text, asked for each finding inside it.
#[derive(Debug)]
pub struct TextMap {
    whole: Span,
    /// Byte offset in the decoded text, then start and end in the file; empty where the two could not be matched.
    characters: Vec<(u32, Span)>,
}

impl TextMap {
    /// Matches `text`, the decoded text, with what is written at `span` in `style`.
    pub fn new(source: &Source, span: Span, style: Style, text: &str) -> Self {
        Self { whole: span, characters: match_up(source, span, style, text).unwrap_or_default() }
    }

    /// The place in the file of the bytes `part` of the decoded text; the whole text where it is not known.
    pub fn locate(&self, part: Range<usize>) -> Span {
        let first = self.characters.partition_point(|(offset, _)| (*offset as usize) < part.start);
        let last = self.characters.partition_point(|(offset, _)| (*offset as usize) < part.end);
        match self.characters.get(first..last) {
            Some([(_, only)]) => *only,
            Some([(_, start), .., (_, end)]) => start.up_to(end.end().max(start.start())),
            _ => self.whole,
        }
    }
}

fn match_up(source: &Source, span: Span, style: Style, text: &str) -> Option<Vec<(u32, Span)>> {
    let raw = source.text.get(span.range())?;
    let body = body(raw, style)?;
    let base = span.start();
    let mut units = Units { raw, style, at: body.start, end: body.end }.peekable();
    let mut characters = Vec::with_capacity(text.len());
    for (offset, character) in text.char_indices() {
        // What folding dropped.
        while units.peek().is_some_and(|unit| unit.character.is_none() || unit.loose && !character.is_whitespace()) {
            units.next();
        }
        let (start, end) = match units.peek() {
            Some(unit) if unit.character == Some(character) => {
                let place = (unit.start, unit.end);
                units.next();
                place
            }
            // A line break that became a space, or a blank line that became a line break.
            Some(unit) if unit.loose && character.is_whitespace() => (unit.start, unit.start),
            None if character.is_whitespace() => (body.end, body.end),
            _ => return None,
        };
        characters.push((offset as u32, Span::new(base + start, base + end)));
    }
    Some(characters)
}

/// The part of the written value that holds its text: without quotes and without a block scalar's header.
fn body(raw: &str, style: Style) -> Option<Range<usize>> {
    let quotes = match style {
        Style::Plain => 0,
        Style::Single | Style::Double => 1,
        Style::MultilineSingle | Style::MultilineDouble => 3,
        Style::Block => {
            // Begins with its `|` or `>` line.
            return raw.starts_with(['|', '>']).then(|| raw.find('\n').map_or(raw.len(), |end| end + 1)..raw.len());
        }
    };
    (raw.len() >= 2 * quotes).then(|| quotes..raw.len() - quotes)
}

struct Units<'t> {
    raw: &'t str,
    style: Style,
    at: usize,
    end: usize,
}

impl Iterator for Units<'_> {
    type Item = Unit;

    fn next(&mut self) -> Option<Unit> {
        let rest = &self.raw[self.at..self.end];
        let character = rest.chars().next()?;
        let (length, decoded) = match self.style {
            Style::Double | Style::MultilineDouble if character == '\\' => escape(rest),
            Style::Single if rest.starts_with("''") => (2, Some('\'')),
            _ => (character.len_utf8(), Some(character)),
        };
        let escaped = length != character.len_utf8();
        let unit = Unit {
            start: self.at,
            end: self.at + length,
            character: decoded,
            loose: !escaped && character.is_whitespace(),
        };
        self.at += length;
        Some(unit)
    }
}

/// An escape at the start of `rest`: its length in bytes and the character that it means.
fn escape(rest: &str) -> (usize, Option<char>) {
    let Some(next) = rest[1..].chars().next() else { return (1, Some('\\')) };
    let hex = |digits: usize| {
        let end = 2 + digits;
        let value = rest.get(2..end).and_then(|digits| u32::from_str_radix(digits, 16).ok()).and_then(char::from_u32);
        (value.map_or(2, |_| end), value)
    };
    let character = match next {
        '0' => '\0',
        'a' => '\u{7}',
        'b' => '\u{8}',
        't' | '\t' => '\t',
        'n' => '\n',
        'v' => '\u{b}',
        'f' => '\u{c}',
        'r' => '\r',
        'e' => '\u{1b}',
        'N' => '\u{85}',
        '_' => '\u{a0}',
        'L' => '\u{2028}',
        'P' => '\u{2029}',
        'x' => return hex(2),
        'u' => return hex(4),
        'U' => return hex(8),
        '\n' | '\r' => return (2, None),
        other => other,
    };
    (1 + next.len_utf8(), Some(character))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Format;

    /// Where `word` of the decoded `text` is in `written`.
    fn found(written: &str, style: Style, text: &str, word: &str) -> String {
        let source = Source::new("t", "t", format!("a: {written}"), Format::Yaml);
        let start = text.find(word).unwrap();
        let map = TextMap::new(&source, Span::at(3, written.len()), style, text);
        source.slice(map.locate(start..start + word.len())).to_owned()
    }

    #[test]
    fn finds_words_through_quotes_escapes_and_folds() {
        assert_eq!(found("one two three", Style::Plain, "one two three", "two"), "two");
        assert_eq!(found("one\n   two\n   three", Style::Plain, "one two three", "three"), "three");
        assert_eq!(found("'it''s here'", Style::Single, "it's here", "here"), "here");
        assert_eq!(
            found(
                r#""a\tb \u202e é\
            word""#,
                Style::Double,
                "a\tb \u{202e} éword",
                "word"
            ),
            "word"
        );
        assert_eq!(found(r#""x\u202ey""#, Style::Double, "x\u{202e}y", "\u{202e}"), r"\u202e");
        assert_eq!(found(">-\n  folded\n  text\n\n  more", Style::Block, "folded text\nmore", "more"), "more");
        assert_eq!(found("\"\"\"\nlines\nof text\"\"\"", Style::MultilineDouble, "lines\nof text", "of"), "of");
    }
}

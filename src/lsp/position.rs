//! Places as editors count them: lines and columns from 0, columns in the units that client and server agreed on.

use std::cell::Cell;

use lsp_types::{ClientCapabilities, Position, PositionEncodingKind, Range};

use crate::text::{Source, Span};

/// The unit of a column.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Encoding {
    /// Bytes.
    Utf8,
    /// UTF-16 code units: what every client can do.
    #[default]
    Utf16,
    /// Characters.
    Utf32,
}

impl Encoding {
    /// The first that the client offers and this server knows; a client that offers none counts in UTF-16.
    pub fn of(client: &ClientCapabilities) -> Self {
        let offered = client.general.as_ref().and_then(|general| general.position_encodings.as_ref());
        let known = |kind: &PositionEncodingKind| match kind {
            PositionEncodingKind::UTF8 => Some(Self::Utf8),
            PositionEncodingKind::UTF16 => Some(Self::Utf16),
            PositionEncodingKind::UTF32 => Some(Self::Utf32),
            PositionEncodingKind::Custom(_) => None,
        };
        offered.into_iter().flatten().find_map(known).unwrap_or_default()
    }

    /// Its name in the protocol.
    pub fn kind(self) -> PositionEncodingKind {
        match self {
            Self::Utf8 => PositionEncodingKind::UTF8,
            Self::Utf16 => PositionEncodingKind::UTF16,
            Self::Utf32 => PositionEncodingKind::UTF32,
        }
    }

    fn units(self, text: &str) -> usize {
        match self {
            Self::Utf8 => text.len(),
            Self::Utf16 => text.chars().map(char::len_utf16).sum(),
            Self::Utf32 => text.chars().count(),
        }
    }

    fn width(self, character: char) -> usize {
        match self {
            Self::Utf8 => character.len_utf8(),
            Self::Utf16 => character.len_utf16(),
            Self::Utf32 => 1,
        }
    }
}

/// The places of one text. Asked in the order of the text, it counts each line once, however long it is.
#[derive(Debug)]
pub struct Positions<'s> {
    source: &'s Source,
    encoding: Encoding,
    /// The last place that was asked for: its byte and its column.
    last: Cell<(usize, usize)>,
}

impl<'s> Positions<'s> {
    /// The places of `source`.
    pub fn new(source: &'s Source, encoding: Encoding) -> Self {
        Self { source, encoding, last: Cell::new((source.mark_len(), 0)) }
    }

    /// Line and column of byte `offset`.
    pub fn position(&self, offset: usize) -> Position {
        let offset = self.source.text.floor_char_boundary(offset);
        let line = self.source.line_index(offset);
        let start = self.line_start(line).min(offset);
        let (known, column) = self.last.get();
        let (from, before) = if (start..=offset).contains(&known) { (known, column) } else { (start, 0) };
        let column = before + self.encoding.units(&self.source.text[from..offset]);
        self.last.set((offset, column));
        Position { line: line as u32, character: column as u32 }
    }

    /// A span as a range.
    pub fn range(&self, span: Span) -> Range {
        let start = self.position(span.start());
        let mark = self.last.get();
        let end = self.position(span.end());
        // The next span that is asked for may begin inside this one.
        self.last.set(mark);
        Range { start, end }
    }

    /// The byte at a position. What a client sends may be past the end of a line, or of the text.
    pub fn offset(&self, position: Position) -> usize {
        let line = position.line as usize;
        if line >= self.source.line_count() {
            return self.source.text.len();
        }
        let start = self.line_start(line);
        let end = self.source.line_span(line).end().max(start);
        let mut units = 0;
        let behind = self.source.text[start..end].char_indices().find(|(_, character)| {
            units += self.encoding.width(*character);
            units > position.character as usize
        });
        behind.map_or(end, |(at, _)| start + at)
    }

    /// The bytes of a range; one that is the wrong way around is turned.
    pub fn span(&self, range: Range) -> Span {
        let (start, end) = (self.offset(range.start), self.offset(range.end));
        Span::new(start.min(end), start.max(end))
    }

    /// Where the text of a line begins: a byte order mark is none of it.
    fn line_start(&self, line: usize) -> usize {
        if line == 0 { self.source.mark_len() } else { self.source.line_span(line).start() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Format;

    const TEXT: &str = "a渡🚢b\r\n\u{301}é🚢\rx";

    #[test]
    fn columns_are_counted_in_the_units_agreed_on() {
        let source = Source::new("t", "t", TEXT.into(), Format::Yaml);
        let b = TEXT.find('b').unwrap();
        for (encoding, column) in [(Encoding::Utf8, 8), (Encoding::Utf16, 4), (Encoding::Utf32, 3)] {
            let positions = Positions::new(&source, encoding);
            assert_eq!(positions.position(b), Position { line: 0, character: column }, "{encoding:?}");
        }
    }

    #[test]
    fn every_place_comes_back_in_any_order() {
        let source = Source::new("t", "t", TEXT.into(), Format::Yaml);
        let places: Vec<usize> =
            TEXT.char_indices().filter(|(_, character)| *character != '\n').map(|(at, _)| at).collect();
        for encoding in [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32] {
            let positions = Positions::new(&source, encoding);
            for &at in places.iter().chain(places.iter().rev()) {
                assert_eq!(positions.offset(positions.position(at)), at, "{encoding:?}");
            }
        }
    }

    #[test]
    fn a_position_past_the_end_is_the_end() {
        let source = Source::new("t", "t", TEXT.into(), Format::Yaml);
        let positions = Positions::new(&source, Encoding::Utf16);
        let at = |line, character| positions.offset(Position { line, character });
        assert_eq!(at(0, 99), TEXT.find('\r').unwrap());
        assert_eq!(at(99, 0), TEXT.len());
        assert_eq!(at(u32::MAX, u32::MAX), TEXT.len());
        assert_eq!(at(0, 3), TEXT.find('🚢').unwrap(), "inside a surrogate pair");
        let turned = Range { start: Position { line: 2, character: 1 }, end: Position { line: 0, character: 1 } };
        assert_eq!(positions.span(turned), Span::new(1, TEXT.len()));
    }
}

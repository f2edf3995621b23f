use std::sync::OnceLock;

use camino::{Utf8Path, Utf8PathBuf};

use super::Span;

/// The two forms of a storyboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub enum Format {
    /// YAML 1.2, core schema.
    Yaml,
    /// TOML.
    Toml,
}

impl Format {
    /// By the file name's ending; `None` where it is neither YAML's nor TOML's.
    pub fn of(path: &Utf8Path) -> Option<Self> {
        match path.extension()? {
            "yaml" | "yml" => Some(Self::Yaml),
            "toml" => Some(Self::Toml),
            _ => None,
        }
    }

    /// How a file that was named by hand is read, whatever its name ends in: as TOML where it says `storyboard =`.
    pub fn of_named(path: &Utf8Path, bytes: &[u8]) -> Self {
        Self::of(path).unwrap_or_else(|| {
            let is_toml = |line: &[u8]| {
                line.strip_prefix(b"storyboard").is_some_and(|rest| rest.trim_ascii_start().starts_with(b"="))
            };
            if bytes.split(|byte| *byte == b'\n').any(is_toml) { Self::Toml } else { Self::Yaml }
        })
    }
}

/// A file as the rooms pass it on: how it is shown, where it is, and how it is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileId {
    /// The path as the user gave it or as it was found, `/`-separated: what messages and reports show.
    pub shown: String,
    /// Where the file is, or would be.
    pub path: Utf8PathBuf,
    /// YAML or TOML; `None` where the name does not say, and the text decides.
    pub format: Option<Format>,
}

impl FileId {
    /// The file at `path`, shown as `shown`; its format goes by its name.
    pub fn new(shown: impl Into<String>, path: impl Into<Utf8PathBuf>) -> Self {
        let path = path.into();
        Self { shown: shown.into(), format: Format::of(&path), path }
    }

    /// How `bytes`, the file's content, are read.
    pub fn format_of(&self, bytes: &[u8]) -> Format {
        self.format.unwrap_or_else(|| Format::of_named(&self.path, bytes))
    }
}

/// One file's text, with what is needed to name places in it.
#[derive(Debug)]
pub struct Source {
    /// The path as the user gave it or as it was found, `/`-separated. What messages and reports show.
    pub name: String,
    /// Where the file is, for what is relative to it. Absolute.
    pub path: Utf8PathBuf,
    /// The text, a byte order mark included.
    pub text: String,
    /// How the text is read.
    pub format: Format,
    line_starts: Vec<u32>,
    /// How many characters there are before each [`STEP`]th byte: a column far out on a long line is not counted again for
    /// each finding.
    characters: OnceLock<Vec<u32>>,
}

const STEP: usize = 512;

/// A place as people count: both from 1, the column in Unicode characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line; a line ends at LF, CRLF or CR.
    pub line: usize,
    /// The column in characters. A byte order mark counts for none.
    pub column: usize,
}

/// A place as editors count in the Language Server Protocol: both from 0, the column in UTF-16 code units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Utf16Position {
    /// The line.
    pub line: usize,
    /// The column. A byte order mark counts for none.
    pub column: usize,
}

/// The mark at the start of some files in UTF-8.
pub const BYTE_ORDER_MARK: char = '\u{feff}';

impl Source {
    /// A text. `name` is the path that people see, `path` where the file is (or would be).
    pub fn new(name: impl Into<String>, path: impl Into<Utf8PathBuf>, text: String, format: Format) -> Self {
        let line_starts = line_starts(&text);
        Self { name: name.into(), path: path.into(), text, format, line_starts, characters: OnceLock::new() }
    }

    /// The folder that the file's paths are relative to.
    pub fn folder(&self) -> &Utf8Path {
        self.path.parent().unwrap_or(Utf8Path::new(""))
    }

    /// The text at `span`.
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or_default()
    }

    /// How many bytes the byte order mark takes: 3 or 0.
    pub fn mark_len(&self) -> usize {
        if self.text.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len_utf8() } else { 0 }
    }

    /// The 0-based index of the line that holds byte `offset`.
    pub fn line_index(&self, offset: usize) -> usize {
        self.line_starts.partition_point(|&start| start as usize <= offset) - 1
    }

    /// How many lines there are, at least one.
    pub fn line_count(&self) -> usize {
        self.line_starts.len()
    }

    /// The line with the 0-based index `index`, without its line end.
    pub fn line_span(&self, index: usize) -> Span {
        let start = self.line_starts[index] as usize;
        let next = self.line_starts.get(index + 1).map_or(self.text.len(), |&next| next as usize);
        let line = &self.text[start..next];
        Span::at(start, line.trim_end_matches(['\n', '\r']).len())
    }

    /// The line that holds byte `offset`, without its line end.
    pub fn line_around(&self, offset: usize) -> Span {
        self.line_span(self.line_index(offset))
    }

    /// Line and column of byte `offset`.
    pub fn position(&self, offset: usize) -> Position {
        let (index, start, offset) = self.line_start_of(offset);
        Position { line: index + 1, column: self.characters_before(offset) - self.characters_before(start) + 1 }
    }

    /// Line and column of byte `offset`, in UTF-16 code units.
    pub fn utf16_position(&self, offset: usize) -> Utf16Position {
        let (line, start, offset) = self.line_start_of(offset);
        Utf16Position { line, column: self.text[start..offset].chars().map(char::len_utf16).sum() }
    }

    /// The column of byte `offset` in bytes of UTF-8, from 1. A byte order mark counts for none.
    pub fn byte_column(&self, offset: usize) -> usize {
        let (_, start, offset) = self.line_start_of(offset);
        offset - start + 1
    }

    /// The byte at an editor's position, clamped to its line's end: what editors send may be past it.
    pub fn offset_of(&self, position: Utf16Position) -> usize {
        let Some(&start) = self.line_starts.get(position.line) else { return self.text.len() };
        let start = if position.line == 0 { self.mark_len() } else { start as usize };
        let end = self.line_span(position.line).end();
        let mut units = 0;
        let behind = self.text[start..end.max(start)].char_indices().find(|(_, character)| {
            let is_behind = units + character.len_utf16() > position.column;
            units += character.len_utf16();
            is_behind
        });
        behind.map_or(end.max(start), |(at, _)| start + at)
    }

    /// Of byte `offset`: the 0-based line, the byte where its text begins, and the offset moved back to a character's start.
    fn line_start_of(&self, offset: usize) -> (usize, usize, usize) {
        let offset = self.text.floor_char_boundary(offset);
        let index = self.line_index(offset);
        let start = if index == 0 { self.mark_len().min(offset) } else { self.line_starts[index] as usize };
        (index, start, offset)
    }

    /// How many characters begin before byte `offset`.
    fn characters_before(&self, offset: usize) -> usize {
        let bytes = self.text.as_bytes();
        let count = |bytes: &[u8]| bytes.iter().filter(|byte| (**byte & 0b1100_0000) != 0b1000_0000).count();
        let sums = self.characters.get_or_init(|| {
            let mut sum = 0;
            std::iter::once(0)
                .chain(bytes.chunks(STEP).map(|chunk| {
                    sum += count(chunk) as u32;
                    sum
                }))
                .collect()
        });
        sums[offset / STEP] as usize + count(&bytes[offset / STEP * STEP..offset])
    }
}

fn line_starts(text: &str) -> Vec<u32> {
    let bytes = text.as_bytes();
    let mut starts = vec![0];
    for (index, byte) in bytes.iter().enumerate() {
        let ends_line = match byte {
            b'\n' => true,
            b'\r' => bytes.get(index + 1) != Some(&b'\n'),
            _ => false,
        };
        if ends_line {
            starts.push(index as u32 + 1);
        }
    }
    starts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn position(text: &str, offset: usize) -> (usize, usize) {
        let source = Source::new("t", "t", text.into(), Format::Yaml);
        let position = source.position(offset);
        (position.line, position.column)
    }

    #[test]
    fn lines_end_at_lf_crlf_and_cr() {
        let text = "a\nb\r\nc\rd";
        assert_eq!(position(text, 2), (2, 1));
        assert_eq!(position(text, 5), (3, 1));
        assert_eq!(position(text, 7), (4, 1));
    }

    #[test]
    fn columns_count_characters_and_no_byte_order_mark() {
        assert_eq!(position("\u{feff}渡轮🚢x", 3 + 3 + 3 + 4), (1, 4));
        assert_eq!(position(&"渡".repeat(2000), 3 * 1500), (1, 1501));
        assert_eq!(position("\u{feff}x", 0), (1, 1));
        assert_eq!(position("\u{feff}x", 3), (1, 1));
    }

    #[test]
    fn editors_count_utf_16_from_0_and_may_point_past_a_line() {
        let source = Source::new("t", "t", "\u{feff}🚢é\r\n渡x".into(), Format::Yaml);
        let at = |line, column| Utf16Position { line, column };
        assert_eq!(source.utf16_position(3 + 4 + 2), at(0, 3));
        assert_eq!(source.utf16_position(11 + 3), at(1, 1));
        assert_eq!(source.byte_column(11 + 3), 4);
        for offset in [3, 7, 9, 11, 14, 15] {
            assert_eq!(source.offset_of(source.utf16_position(offset)), offset);
        }
        assert_eq!(source.offset_of(at(0, 1)), 3);
        assert_eq!(source.offset_of(at(0, 99)), 9);
        assert_eq!(source.offset_of(at(9, 0)), source.text.len());
    }
}

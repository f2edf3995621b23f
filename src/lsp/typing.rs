//! The word that is being typed. A text seldom parses at that moment, so the word at the cursor is taken out and a word of
//! ours put in its place, first as a field's name and then as a value; where the reader finds it again, there the cursor is.

use super::cursor::{Cursor, Step};
use super::form::Form;
use crate::syntax::{Document, Kind, NodeId};
use crate::text::{Format, Source, Span};

/// A field that every mapping may have.
const FIELD: &str = "x-clapboard-is-here";
/// A text that nobody writes.
const VALUE: &str = "clapboard-is-here";

/// A word that is being typed.
#[derive(Debug)]
pub struct Typing {
    /// The word at the cursor, `$` included.
    pub word: Span,
    /// Its kind.
    pub what: What,
    /// The way to the value, or to the mapping that the field is in.
    pub way: Vec<Step>,
    /// The way's nodes, in the text with our word in it.
    pub nodes: Vec<NodeId>,
    /// The text with our word in it.
    pub document: Document,
    /// What may be written there.
    pub form: Option<Form>,
}

/// The kind of a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// A field's name; whether it has its `:` or `=` already.
    Field {
        /// Whether it has its `:` or `=`.
        is_whole: bool,
    },
    /// A value or a part of one; whether it is in quotes already.
    Value {
        /// Whether it is in quotes.
        is_quoted: bool,
    },
}

impl Typing {
    /// The word that is being typed at byte `offset` of a text of that form.
    pub fn at(source: &Source, form: Form, offset: usize) -> Option<Self> {
        let word = word_at(&source.text, offset);
        let end = source.line_around(offset).end();
        // What is below the cursor may be broken too; without it, what is above is enough.
        [source.text.len(), end]
            .into_iter()
            .find_map(|end| Self::as_field(source, form, word, end).or_else(|| Self::as_value(source, form, word, end)))
    }

    fn as_field(source: &Source, form: Form, word: Span, end: usize) -> Option<Self> {
        let (sign, rest) = match source.format {
            Format::Yaml => (':', ": 0"),
            Format::Toml => ('=', " = 0"),
        };
        let is_whole = source.text[word.end()..].trim_start_matches([' ', '\t']).starts_with(sign);
        let field = if is_whole { FIELD.to_owned() } else { format!("{FIELD}{rest}") };
        let document = with(source, word, &field, end);
        let has = |id: &&crate::syntax::Node| matches!(&id.kind, Kind::Mapping(mapping) if mapping.entries.iter().any(|entry| &*entry.key == FIELD));
        document.tree.nodes.iter().find(has)?;
        let mut cursor = Cursor::at(&document, word.start() + 1)?;
        let last = cursor.way.pop()?;
        cursor.nodes.pop();
        let form = form.at(&cursor.way).filter(|form| form.has_fields());
        let found = last == Step::Field(FIELD.into()) && form.is_some();
        let (way, nodes) = (cursor.way, cursor.nodes);
        found.then_some(Self { word, what: What::Field { is_whole }, way, nodes, document, form })
    }

    fn as_value(source: &Source, form: Form, word: Span, end: usize) -> Option<Self> {
        for (text, is_quoted) in [(VALUE.to_owned(), true), (format!("\"{VALUE}\""), false)] {
            let document = with(source, word, &text, end);
            let Some(cursor) = Cursor::at(&document, word.start() + 1) else { continue };
            if cursor.key.is_some() || !document.tree.text(cursor.node()).is_some_and(|text| text.contains(VALUE)) {
                continue;
            }
            // YAML needs no quotes, and takes the word as it is.
            let is_quoted = is_quoted || source.format == Format::Yaml;
            let (way, nodes) = (cursor.way, cursor.nodes);
            let form = form.at(&way);
            return Some(Self { word, what: What::Value { is_quoted }, way, nodes, document, form });
        }
        None
    }

    /// The name of the innermost field on the way.
    pub fn field(&self) -> Option<&str> {
        self.way.iter().rev().find_map(|step| match step {
            Step::Field(name) => Some(&**name),
            Step::Item(_) => None,
        })
    }

    /// The fields that the mapping has already.
    pub fn present(&self) -> impl Iterator<Item = &str> {
        let mapping = self.nodes.last().map(|&node| self.document.tree.entries(node)).unwrap_or_default();
        mapping.iter().map(|entry| &*entry.key).filter(|key| *key != FIELD)
    }

    /// Whether the innermost mapping or list is written in brackets.
    pub fn is_inline(&self) -> bool {
        let tree = &self.document.tree;
        let collection = self.nodes.iter().rev().find(|&&node| !matches!(tree.node(node).kind, Kind::String(_)));
        collection.is_some_and(|&node| self.document.source.slice(tree.node(node).span).starts_with(['{', '[']))
    }
}

/// The text up to byte `end` with `new` in the place of `word`, read.
fn with(source: &Source, word: Span, new: &str, end: usize) -> Document {
    let mut text = source.text[..end.max(word.end())].to_owned();
    text.replace_range(word.range(), new);
    Document::read(Source::new(&*source.name, &*source.path, text, source.format))
}

/// The word around byte `offset`: letters, digits and what names and paths have, after a `$` if there is one.
pub fn word_at(text: &str, offset: usize) -> Span {
    let in_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/');
    let mut start = text[..offset].trim_end_matches(in_word).len();
    // The dash of a list item is none of the word.
    while text[start..offset].starts_with('-') {
        start += 1;
    }
    if text[..start].ends_with('$') {
        start -= 1;
    }
    let rest = &text[offset..];
    let end = text.len() - rest.trim_start_matches(in_word).len();
    Span::new(start, end)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is typed at `|`, as `kind way`.
    fn typing(format: Format, text: &str) -> String {
        let at = text.find('|').unwrap();
        let source = Source::new("t", "/t", text.replacen('|', "", 1), format);
        let Some(typing) = Typing::at(&source, Form::storyboard(), at) else { return "nothing".into() };
        let way: Vec<String> = typing
            .way
            .iter()
            .map(|step| match step {
                Step::Field(name) => name.clone(),
                Step::Item(index) => index.to_string(),
            })
            .collect();
        let what = match typing.what {
            What::Field { is_whole: true } => "whole field",
            What::Field { is_whole: false } => "field",
            What::Value { is_quoted: true } => "value",
            What::Value { is_quoted: false } => "value without quotes",
        };
        format!("{what} {}", way.join("."))
    }

    #[test]
    fn a_half_written_text_says_where_the_cursor_is() {
        for (text, expected) in [
            ("|", "field "),
            ("storyboard: 1\nshots:\n  - id: a\n    mo|\n", "field shots.0"),
            ("storyboard: 1\nshots:\n  - id: a\n    |\n    prompt: A.\n", "field shots.0"),
            ("storyboard: 1\nshots:\n  - |\n", "field shots.0"),
            ("storyboard: 1\nshots:\n  - id: a\n  - i|\n", "field shots.1"),
            ("storyboard: 1\nshots:\n  - { id: a, mo| }\n", "field shots.0"),
            ("storyboard: 1\nshots:\n  - id: a\n    model: kl|\n", "value shots.0.model"),
            ("storyboard: 1\nshots:\n  - id: a\n    model: |\n    prompt: A.\n", "value shots.0.model"),
            ("storyboard: 1\nshots:\n  - id: a\n    mod|el: kling-v3\n", "whole field shots.0"),
            ("storyboard: 1\nshots:\n  - style: [fi|]\n", "value shots.0.style.0"),
            ("storyboard: 1\nshots:\n  - style:\n      - fi|\n", "value shots.0.style.0"),
            ("storyboard: 1\nshots:\n  - prompt: She and $ma| walk.\n", "value shots.0.prompt"),
            ("storyboard: 1\nshots:\n  - prompt: >-\n      She and $ma|\n      walk.\n", "value shots.0.prompt"),
            ("storyboard: 1\nshots:\n  - lines:\n      - m|\n", "field shots.0.lines.0"),
            (
                "storyboard: 1\nscenes:\n  - id: a\n    shots:\n      - id: b\n        cuts:\n          - du|\n",
                "field scenes.0.shots.0.cuts.0",
            ),
            ("storyboard: 1\ndefaults:\n  m|\n", "field defaults"),
        ] {
            assert_eq!(typing(Format::Yaml, text), expected, "{text}");
        }
        for (text, expected) in [
            ("storyboard = 1\n[[shots]]\nid = \"a\"\nmo|\n", "field shots.0"),
            ("storyboard = 1\n[[shots]]\nmodel = \"kl|\"\n", "value shots.0.model"),
            ("storyboard = 1\n[[shots]]\nmodel = |\n", "value without quotes shots.0.model"),
            ("storyboard = 1\n[[shots]]\nstyle = [\"fi|\"]\n", "value shots.0.style.0"),
            ("storyboard = 1\n[[shots]]\nid = \"a\"\n|\n[[shots]]\nid = \"b\"\n", "field shots.0"),
        ] {
            assert_eq!(typing(Format::Toml, text), expected, "{text}");
        }
    }
}

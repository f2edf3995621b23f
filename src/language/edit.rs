//! Edits of what is written: quotes, indentation and line ends as they are in the file.

use super::at::{At, Text};
use crate::diagnostic::Edit;
use crate::syntax::Style;
use crate::text::{Format, Place, Span};

impl Text {
    /// The edit that writes another text in its place, in the same quotes.
    pub fn rewritten(&self, text: &str) -> Edit {
        let tree = &self.at.document.tree;
        let style = match self.key() {
            Some(key) => {
                let entry = tree.entries(self.at.node).iter().find(|entry| entry.key_span == key);
                entry.map_or(Style::Plain, |entry| entry.key_style)
            }
            None => tree.node(self.at.node).style,
        };
        Edit { span: self.place().span, text: style.quote(text) }
    }
}

impl At {
    /// The edit that writes a word of the language in place of the value.
    pub fn rewritten(&self, word: &str) -> Edit {
        let span = self.document.tree.node(self.node).span;
        Edit { span, text: value(self.document.source.format, word) }
    }
}

/// The edit that adds a field, whose value is a word of the language, just before the key at `key`; `None` where no field can be.
pub fn field_before(key: &Place, name: &str, word: &str) -> Option<Edit> {
    let source = &key.source;
    let start = key.span.start();
    let line = source.line_around(start);
    let indent = &source.text[line.start()..start];
    let equals = if source.format == Format::Toml { " =" } else { ":" };
    let field = format!("{name}{equals} {}", value(source.format, word));
    let line_end = if source.text.contains("\r\n") { "\r\n" } else { "\n" };
    // A key that begins its line gets a line before it; one within `{ … }` a field. A TOML header begins another table.
    let is_first_on_line = indent.trim_start_matches(['-', ' ']).is_empty();
    let text = match is_first_on_line {
        true if indent.contains('-') => format!("{field}{line_end}{}", " ".repeat(indent.len())),
        true => format!("{field}{line_end}{indent}"),
        false if indent.contains('{') => format!("{field}, "),
        false => return None,
    };
    Some(Edit { span: Span::empty(start), text })
}

/// A word of the language as a value.
fn value(format: Format, word: &str) -> String {
    match format {
        Format::Yaml => word.to_owned(),
        Format::Toml => Style::Double.quote(word),
    }
}

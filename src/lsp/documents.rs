//! The texts that are open in the editor.

use std::rc::Rc;
use std::sync::Arc;

use lsp_types::{TextDocumentContentChangeEvent, Uri};

use super::analysis::Analysis;
use super::position::{Encoding, Positions};
use crate::text::{FileId, Format, Source};

/// An open text.
#[derive(Debug)]
pub struct Open {
    /// Its address, as the client writes it.
    pub uri: Uri,
    /// The client's number of this state of it.
    pub version: i32,
    /// The file that it is, or would be.
    pub file: FileId,
    /// The text as it is in the editor.
    pub text: Arc<str>,
    /// Its analysis: empty after a change, until somebody asks.
    pub analysis: Option<Rc<Analysis>>,
}

/// The text after the changes, which are made one after another.
pub fn changed(text: &str, changes: Vec<TextDocumentContentChangeEvent>, encoding: Encoding) -> String {
    changes.into_iter().fold(text.to_owned(), |text, change| match change {
        TextDocumentContentChangeEvent::TextDocumentContentChangeWholeDocument(whole) => whole.text,
        TextDocumentContentChangeEvent::TextDocumentContentChangePartial(part) => {
            let source = Source::new("", "", text, Format::Yaml);
            let span = Positions::new(&source, encoding).span(part.range);
            let mut text = source.text;
            text.replace_range(span.range(), &part.text);
            text
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use lsp_types::{Position, Range, TextDocumentContentChangePartial, TextDocumentContentChangeWholeDocument};

    #[test]
    fn changes_are_made_in_their_order() {
        let at = |line, character| Position { line, character };
        #[expect(deprecated, reason = "the type has the field")]
        let part = |start, end, text: &str| {
            TextDocumentContentChangeEvent::TextDocumentContentChangePartial(TextDocumentContentChangePartial {
                range: Range { start, end },
                range_length: None,
                text: text.into(),
            })
        };
        let change = |text: &str, changes| changed(text, changes, Encoding::Utf16);
        assert_eq!(
            change("a🚢b\nc", vec![part(at(0, 3), at(1, 0), "-"), part(at(0, 0), at(0, 1), "")]),
            "🚢-c",
            "the second change counts in the text after the first"
        );
        assert_eq!(change("ab", vec![part(at(0, 9), at(7, 0), "c")]), "abc", "past the end");
        let whole = TextDocumentContentChangeWholeDocument { text: "new".into() };
        assert_eq!(change("old", vec![whole.into(), part(at(0, 3), at(0, 3), "er")]), "newer");
    }
}

//! Text to tree: YAML and TOML read into one tree in which every key and value has its place.

mod align;
mod conflict;
pub mod limits;
mod lost;
mod retype;
mod signs;
mod toml;
mod toml_slip;
mod tree;
mod yaml;
mod yaml_mask;
mod yaml_slip;

use std::sync::Arc;

pub use align::TextMap;
pub use tree::{Anchor, DuplicateKey, Entry, Kind, Mapping, Node, NodeId, Style, Tree};

use crate::diagnostic::{Code, Finding};
use crate::text::{FileId, Format, Place, Source, Span};

/// A text that was read, with what was wrong about its form.
#[derive(Debug)]
pub struct Document {
    /// The text.
    pub source: Arc<Source>,
    /// Its values.
    pub tree: Tree,
    /// Its syntax errors.
    pub findings: Vec<Finding>,
}

impl Document {
    /// Reads a text. Never fails: what cannot be read is among the findings.
    pub fn read(source: Source) -> Self {
        let source = Arc::new(source);
        let (text, mut findings, conflicts) = conflict::hide(&source);
        let (mut tree, found) = match source.format {
            Format::Yaml => yaml::read(&source, &text, conflicts),
            Format::Toml => toml::read(&source, &text, &conflicts),
        };
        if source.format == Format::Yaml
            && let Some(finding) = retype::find(&source, &tree)
        {
            return Self::unreadable(source.clone(), finding);
        }
        findings.extend(found);
        tree.incomplete |= !findings.is_empty();
        drop(text);
        Self { source, tree, findings }
    }

    /// Takes in a file's bytes: a text that is not UTF-8 is a finding, not a failure.
    pub fn from_bytes(file: &FileId, bytes: Vec<u8>) -> Self {
        if bytes.len() > limits::MAX_BYTES {
            return Self::too_large(file);
        }
        if is_utf16(&bytes) {
            return Self::without_text(
                file,
                "this file is UTF-16, and a storyboard is UTF-8",
                "save it again with the encoding UTF-8 (Notepad calls UTF-16 \"Unicode\")",
            );
        }
        let format = file.format_of(&bytes);
        match String::from_utf8(bytes) {
            Ok(text) => Self::read(Source::new(&*file.shown, &*file.path, text, format)),
            Err(error) => {
                let at = error.utf8_error().valid_up_to();
                // The place is in the text that is shown, which has this character in place of what is not UTF-8.
                let length = char::REPLACEMENT_CHARACTER.len_utf8();
                let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
                let source = Arc::new(Source::new(&*file.shown, &*file.path, text, format));
                let finding = Finding::new(
                    Code::Syntax,
                    Place { source: source.clone(), span: Span::at(at, length) },
                    "this is not UTF-8 text",
                );
                Self::unreadable(source, finding.help("save the file again with the encoding UTF-8"))
            }
        }
    }

    /// A file that is longer than a storyboard can be: nothing of it is kept.
    pub fn too_large(file: &FileId) -> Self {
        Self::without_text(
            file,
            format!("this file is larger than {} MiB", limits::MAX_BYTES / 1024 / 1024),
            "a storyboard is text; frames belong in files of their own, named by their path",
        )
    }

    /// A file of which there is no text, with the reason as its only finding.
    pub fn without_text(file: &FileId, message: impl Into<String>, help: &str) -> Self {
        let format = file.format.unwrap_or(Format::Yaml);
        let source = Arc::new(Source::new(&*file.shown, &*file.path, String::new(), format));
        let place = Place { source: source.clone(), span: Span::empty(0) };
        Self::unreadable(source, Finding::new(Code::Syntax, place, message).help(help))
    }

    fn unreadable(source: Arc<Source>, finding: Finding) -> Self {
        Self { source, tree: Tree { incomplete: true, ..Tree::default() }, findings: vec![finding] }
    }

    /// A span as a place.
    pub fn place(&self, span: Span) -> Place {
        Place { source: self.source.clone(), span }
    }

    /// Where each character of `node`'s text is in the file.
    pub fn text_map(&self, node: NodeId, text: &str) -> TextMap {
        let Node { span, style, .. } = self.tree.node(node);
        TextMap::new(&self.source, *span, *style, text)
    }
}

/// Whether bytes are UTF-16: by the byte order mark, or by every second byte being zero.
fn is_utf16(bytes: &[u8]) -> bool {
    let zeros = |odd: usize| {
        let mut pairs = bytes.chunks_exact(2).take(32);
        bytes.len() >= 8 && pairs.all(|pair| pair[odd] == 0 && pair[1 - odd] != 0)
    };
    bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) || zeros(0) || zeros(1)
}

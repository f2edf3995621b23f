//! How long a text is for Kling and for resellers.

use std::collections::HashMap;

use parking_lot::Mutex;

use super::at::Text;
use crate::syntax::NodeId;

/// The length of a text that is sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Length {
    /// In UTF-16 code units, as Kling counts.
    pub units: usize,
    /// In UTF-8 bytes, as some resellers count.
    pub bytes: usize,
    /// Its last character, which decides whether it ends a sentence.
    pub last: Option<char>,
}

impl Length {
    /// The length of `text`.
    pub fn of(text: &str) -> Self {
        let units = text.chars().map(char::len_utf16).sum();
        Self { units, bytes: text.len(), last: text.chars().next_back() }
    }

    /// This text followed by another one.
    pub fn then(self, next: Length) -> Self {
        Self {
            units: self.units.saturating_add(next.units),
            bytes: self.bytes.saturating_add(next.bytes),
            last: next.last.or(self.last),
        }
    }

    /// Whether there is nothing in it.
    pub fn is_empty(self) -> bool {
        self.bytes == 0
    }

    /// Whether it ends a sentence by itself.
    pub fn ends_sentence(self) -> bool {
        self.last.is_some_and(|last| ['.', '!', '?', '…', '。', '！', '？'].contains(&last))
    }
}

/// The lengths of a film's texts once names are replaced: a style is measured once, however many shots use it. Each film has
/// its own, since a bible's `$name` may be somebody else in another film.
#[derive(Debug, Default)]
pub(crate) struct Lengths(Mutex<HashMap<(usize, NodeId), Length>>);

impl Lengths {
    /// The length of `text`, measured by `measure` where it is not known yet.
    pub fn get_or_measure(&self, text: &Text, measure: impl FnOnce() -> Length) -> Length {
        *self.0.lock().entry(text.at.key_in_maps()).or_insert_with(measure)
    }
}

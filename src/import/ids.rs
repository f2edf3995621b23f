//! Ids of shots and scenes, each handed out once.

use std::collections::{HashMap, HashSet};

use super::record::Name;
use crate::language::storyboard::NAME_LENGTH;

/// Hands out ids, each once, whatever their case: they name files, and some disks do not tell `A` from `a`.
#[derive(Debug, Default)]
pub(super) struct Ids {
    taken: HashSet<String>,
    /// Ids that somebody brings along: nobody else gets them.
    brought: HashMap<String, bool>,
    /// For each name the next number to try behind it.
    next: HashMap<String, usize>,
}

impl Ids {
    /// `brought` are names that come along and are to be kept where they can be.
    pub fn new<'n>(brought: impl IntoIterator<Item = &'n str>) -> Self {
        let brought = brought.into_iter().filter(|name| is_id(name)).map(|name| (name.to_lowercase(), false)).collect();
        Self { brought, ..Self::default() }
    }

    /// The id for a name: the name itself for the first that brings it, else one like it.
    pub fn take(&mut self, name: &str) -> String {
        if is_id(name)
            && let Some(is_used) = self.brought.get_mut(&name.to_lowercase())
            && !*is_used
        {
            *is_used = true;
            self.taken.insert(name.to_lowercase());
            return name.to_owned();
        }
        let plain = slug(name);
        if self.claim(&plain) {
            return plain;
        }
        let mut number = self.next.get(&plain).copied().unwrap_or(2);
        loop {
            let suffix = format!("-{number}");
            let id = format!("{}{suffix}", &plain[..plain.len().min(NAME_LENGTH - suffix.len())]);
            number += 1;
            if self.claim(&id) {
                self.next.insert(plain, number);
                return id;
            }
        }
    }

    /// The next of a series: `shot-010`, `shot-020`.
    pub fn next(&mut self, series: &str) -> String {
        let series = &series[..series.len().min(NAME_LENGTH - 8)];
        loop {
            let number = self.next.entry(format!("{series}-0")).or_insert(10);
            let id = format!("{series}-{number:03}");
            *number += 10;
            if self.claim(&id) {
                return id;
            }
        }
    }

    fn claim(&mut self, id: &str) -> bool {
        let id = id.to_lowercase();
        !self.brought.contains_key(&id) && self.taken.insert(id)
    }
}

/// A name that something came with; `None` where it says nothing.
pub(super) fn named(text: &str) -> Option<Name> {
    let text = text.trim();
    (!text.is_empty()).then(|| Name { text: text.to_owned(), is_file_name: false })
}

/// Whether a text is already an id: letters, digits, `-` and `_`, first a letter or digit.
pub(super) fn is_id(text: &str) -> bool {
    text.len() <= NAME_LENGTH
        && text.starts_with(|first: char| first.is_ascii_alphanumeric())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

/// A text made fit to be an id.
pub(super) fn slug(text: &str) -> String {
    let mut id = String::new();
    for character in text.chars().take(4 * NAME_LENGTH) {
        if character.is_ascii_alphanumeric() || character == '_' {
            id.push(character);
        } else if !id.ends_with('-') && !matches!(character, '\'' | '\u{2019}') {
            id.push('-');
        }
    }
    let id: String = id.trim_matches(['-', '_']).chars().take(NAME_LENGTH).collect();
    let id = id.trim_end_matches(['-', '_']);
    if id.is_empty() { "shot".into() } else { id.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_id_is_handed_out_once() {
        let mut ids = Ids::new(["a", "a-b", "A", "x"]);
        let taken: Vec<_> = ["a", "a", "a b", "a-b", "A", "shot 1!"].iter().map(|name| ids.take(name)).collect();
        assert_eq!(taken, ["a", "a-2", "a-b-2", "a-b", "A-3", "shot-1"]);
        assert_eq!([ids.next("shot"), ids.next("shot"), ids.next("harbour")], ["shot-010", "shot-020", "harbour-010"]);
    }

    #[test]
    fn many_of_one_name_take_no_longer_than_many_names() {
        let mut ids = Ids::new(std::iter::repeat_n("x", 3));
        let last = (0..200_000).map(|_| ids.take("x")).last();
        assert_eq!(last.as_deref(), Some("x-200000"));
        assert_eq!(slug("INT. Mara\u{2019}s House - Night"), "INT-Maras-House-Night");
    }
}

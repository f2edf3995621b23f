//! The names in a folder, for suggestions in place of a missing one: each folder is read once, however many names are looked for.

use std::collections::HashMap;

use crate::files::{Entry, Kind};
use crate::text::near::nearest;

/// The names in a folder.
#[derive(Debug, Default)]
pub(super) struct Listing {
    names: Vec<String>,
    /// The first name of each way to write it, letters' case and spaces at its ends aside.
    alike: HashMap<String, usize>,
    /// The first name of each stem.
    stems: HashMap<String, usize>,
}

impl Listing {
    pub fn new(entries: Vec<Entry>) -> Self {
        let mut listing = Listing::default();
        for entry in entries.into_iter().filter(|entry| entry.kind != Kind::Other) {
            let Ok(name) = entry.name else { continue };
            let index = listing.names.len();
            listing.alike.entry(alike(&name)).or_insert(index);
            listing.stems.entry(stem(&name).to_owned()).or_insert(index);
            listing.names.push(name);
        }
        listing
    }

    /// The name that differs from `name` in nothing but letters' case or spaces at its ends.
    pub fn alike(&self, name: &str) -> Option<&str> {
        Some(&self.names[*self.alike.get(&alike(name))?])
    }

    /// The name that `name` was most likely meant for.
    pub fn nearest(&self, name: &str) -> Option<&str> {
        let same_stem = || Some(&*self.names[*self.stems.get(stem(name))?]);
        self.alike(name).or_else(same_stem).or_else(|| nearest(name, self.names.iter().map(String::as_str)))
    }
}

fn alike(name: &str) -> String {
    name.trim().to_lowercase()
}

fn stem(name: &str) -> &str {
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

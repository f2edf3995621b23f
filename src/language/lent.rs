//! What a storyboard or a bible gives to its shots and to the films that extend it: settings, styles and the cast.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use indexmap::IndexMap;

use super::at::{Field, Text};
use super::check::Checked;
use super::decode::Fields;
use super::film::Film;
use super::storyboard::found::{self, Settings};
use crate::syntax::NodeId;

/// What one file lends. It is read once, however many films extend the file.
#[derive(Debug, Default)]
pub struct Lent {
    /// The file's `defaults`.
    pub defaults: Field<Settings>,
    /// Its styles by name.
    pub styles: IndexMap<Arc<str>, Style>,
    /// Its cast by name.
    pub cast: IndexMap<Arc<str>, CastMember>,
    /// Whether `styles` is not a mapping that could be read in full: nobody knows which styles there are.
    pub styles_unknown: bool,
    /// Whether `cast` is not a mapping that could be read in full: nobody knows who is in it.
    pub cast_unknown: bool,
    /// Whether the file may extend a bible that is not known.
    pub extends_unknown: bool,
}

/// A reusable phrase.
#[derive(Debug)]
pub struct Style {
    /// Its name.
    pub name: Text,
    /// The phrase; `None` if it is not a text.
    pub text: Option<Text>,
}

/// One of the people in the film.
#[derive(Debug)]
pub struct CastMember {
    /// The key that texts use.
    pub key: Text,
    /// What the prompt says.
    pub name: String,
    entry: found::CastMember,
}

/// A cast member has all that is written in the entry.
impl Deref for CastMember {
    type Target = found::CastMember;

    fn deref(&self) -> &found::CastMember {
        &self.entry
    }
}

impl Lent {
    pub(super) fn read(checked: &Checked) -> Self {
        let tree = &checked.document.tree;
        let Some(root) = tree.root().filter(|&root| !tree.is_null(root)) else {
            let lost = tree.incomplete;
            let defaults = if lost { Field::Lost } else { Field::Absent };
            let unknown = Self { styles_unknown: lost, cast_unknown: lost, extends_unknown: lost, ..Self::default() };
            return Self { defaults, ..unknown };
        };
        let fields = Fields::new(checked, root);
        let mut lent = Self {
            defaults: fields.get("defaults"),
            styles_unknown: is_unknown(checked, root, "styles"),
            cast_unknown: is_unknown(checked, root, "cast"),
            extends_unknown: fields.get::<Text>("extends").is_unknown() || checked.shape.is_suggested(root, "extends"),
            ..Self::default()
        };
        if let Some(node) = tree.get(root, "styles") {
            for (name, text) in Fields::new(checked, node).names::<Text>() {
                let text = text.valid().map(|text| text.value.clone());
                lent.styles.entry(name.value.clone()).or_insert(Style { name, text });
            }
        }
        if let Some(node) = tree.get(root, "cast") {
            for (key, entry) in Fields::new(checked, node).mappings() {
                let entry = found::CastMember::of(&entry);
                let name =
                    entry.name.valid().map_or_else(|| display_name(&key.value), |name| name.value.value.to_string());
                lent.cast.entry(key.value.clone()).or_insert(CastMember { key, name, entry });
            }
        }
        lent
    }
}

/// Whether there may be names under `field` that nobody knows.
fn is_unknown(checked: &Checked, root: NodeId, field: &str) -> bool {
    let tree = &checked.document.tree;
    tree.is_partial(tree.get(root, field).unwrap_or(root)) || checked.shape.is_suggested(root, field)
}

/// What the prompt says for a cast member without a `name`: the key, its first letter in upper case, `-` and `_` as spaces.
pub fn display_name(key: &str) -> String {
    let words = key.replace(['-', '_'], " ");
    let mut characters = words.chars();
    match characters.next() {
        Some(first) => first.to_uppercase().chain(characters).collect(),
        None => words,
    }
}

/// The styles or the cast of a film and its bibles by name. A nearer entry hides a farther one of the same name.
pub struct Named<'f, T: 'f> {
    film: &'f Film,
    of: fn(&Lent) -> &IndexMap<Arc<str>, T>,
}

impl<'f, T: 'f> Named<'f, T> {
    pub(super) fn new(film: &'f Film, of: fn(&Lent) -> &IndexMap<Arc<str>, T>) -> Self {
        Self { film, of }
    }

    /// The entry of this name.
    pub fn get(self, name: &str) -> Option<&'f T> {
        self.files().find_map(|entries| entries.get(name))
    }

    /// Whether there is an entry of this name.
    pub fn contains_key(self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// All names: those of the checked file, then those of each bible.
    pub fn keys(self) -> impl Iterator<Item = &'f str> {
        self.entries().map(|(name, _)| name)
    }

    /// All entries, in the order of [`Named::keys`].
    pub fn values(self) -> impl Iterator<Item = &'f T> {
        self.entries().map(|(_, entry)| entry)
    }

    /// The entries that the checked file itself has, rather than a bible.
    pub fn own(self) -> impl Iterator<Item = &'f T> {
        self.files().next().into_iter().flat_map(IndexMap::values)
    }

    /// All names with their entries, in the order of [`Named::keys`].
    pub fn entries(self) -> impl Iterator<Item = (&'f str, &'f T)> {
        self.files().enumerate().flat_map(move |(depth, entries)| {
            let is_hidden = move |name: &str| self.files().take(depth).any(|nearer| nearer.contains_key(name));
            entries.iter().map(|(name, entry)| (&**name, entry)).filter(move |(name, _)| !is_hidden(name))
        })
    }

    fn files(self) -> impl Iterator<Item = &'f IndexMap<Arc<str>, T>> {
        self.film.lent().map(self.of)
    }
}

// Not derived: a view can be copied whatever it is a view of.
impl<T> Clone for Named<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Named<'_, T> {}

impl<T> fmt::Debug for Named<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.keys()).finish()
    }
}

//! YAML to the tree.

use clapboard::text::Format;

use super::places;

/// Every place is in the text.
pub fn holds(bytes: &[u8]) {
    places::read(bytes, Format::Yaml);
}

//! Frames and masks: told apart, found, sniffed, measured, digested. Knows nothing of YAML or TOML.

mod header;
mod library;
mod listing;
mod picture;
mod reference;

pub use library::{Library, Link, Missing, Picture};
pub use picture::Format;
pub(crate) use picture::sniff;
pub use reference::{HostFault, Reference, host_fault};

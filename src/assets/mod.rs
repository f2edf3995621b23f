//! Frames and masks: told apart, found, sniffed, measured, digested. Knows nothing of YAML or TOML.

mod library;
mod picture;
mod reference;

pub use library::plain_error;
pub use library::{Library, Missing, Picture};
pub use picture::Format;
pub(crate) use picture::sniff;
pub use reference::{HostFault, Reference, host_fault};

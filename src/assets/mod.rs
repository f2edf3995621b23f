//! Frames and masks: told apart, found, sniffed, measured, digested. Knows nothing of YAML or TOML.

mod address;
mod header;
mod library;
mod listing;
mod picture;
mod reference;

pub use address::{HostFault, PageFault, host_fault, page_fault};
pub use library::{Library, Link, Missing, Picture};
pub use picture::Format;
pub(crate) use picture::sniff;
pub use reference::Reference;

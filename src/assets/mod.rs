//! Frames and masks: classified, found, sniffed, measured, digested; and what a clip's own metadata says. Knows nothing of YAML or
//! TOML.

mod address;
mod header;
mod library;
mod listing;
pub mod mp4;
mod picture;
mod reference;

pub use address::{HostFault, PageFault, host_fault, page_fault};
pub use library::{Library, Link, Missing, Picture};
pub use picture::Format;
pub(crate) use picture::sniff;
pub use reference::Reference;

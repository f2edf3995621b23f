//! The ground: texts, places in them, and the ways a text is shown.

pub mod near;
mod place;
pub mod secret;
pub mod shown;
mod source;
mod span;

pub use place::Place;
pub use source::{BYTE_ORDER_MARK, FileId, Format, Position, Source};
pub use span::Span;

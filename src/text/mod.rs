//! The ground: texts, places in them, and the ways a text is shown.

mod counted;
pub mod markdown;
pub mod near;
mod nested;
mod place;
pub mod secret;
pub mod shown;
mod source;
mod span;

pub use counted::counted;
pub use nested::Nested;
pub use place::Place;
pub use source::{BYTE_ORDER_MARK, FileId, Format, Position, Source, Utf16Position};
pub use span::Span;

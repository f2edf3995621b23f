//! The APIs that take requests, one room each. A room holds everything that is one API's: path, body, limits.

mod body;
pub mod legacy;
mod request;

pub use body::{Body, Content, Pictures};
pub use request::{Request, SourceMap};

use crate::assets::Library;
use crate::clip::{Clip, Unbuildable};

/// The request of a clip, in the form of the API that its target speaks.
///
/// # Errors
/// A value is wrong, a picture is missing, or a text is too long: no request is made, whatever rules are silenced.
pub fn request(clip: &Clip<'_>, library: &Library) -> Result<Request, Unbuildable> {
    legacy::request(clip, library)
}

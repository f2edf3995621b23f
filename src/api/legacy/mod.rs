//! Kling's flat image-to-video body with `model_name`, as its own API and gateways take it.

mod fields;
mod limits;
mod write;

pub use fields::{BODY_FIELDS, EXTERNAL_TASK_ID, our_field, produced};
pub use limits::{CUT_PROMPT_UNITS, PICTURE_BYTES, PROMPT_UNITS, VOICES};
pub use write::request;

use crate::kling::Target;

/// The path of the endpoint, below the base URL.
pub fn path(target: Target) -> &'static str {
    match target {
        Target::Gateway => "/kling/v1/videos/image2video",
        Target::Official => "/v1/videos/image2video",
    }
}

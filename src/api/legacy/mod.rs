//! Kling's flat image-to-video body with `model_name`, as its own API and gateways take it, and what they answer.
//!
//! An answer that does not fit is unclear, and unclear is never read as a no. Shapes of answers: Kling's API document and new-api's
//! source, both read 2026-11-22.

mod answers;
mod blame;
mod errors;
mod evidence;
mod fields;
mod limits;
mod new_api;
mod task;
mod write;

pub use answers::{Created, Doubt, Looked, Refused, Sent, created, looked_up};
pub use blame::blamed_fields;
pub use errors::{ERRORS, KlingError, Meaning};
pub use evidence::is_task_id;
pub use fields::{BODY_FIELDS, EXTERNAL_TASK_ID, our_field, produced};
pub use limits::{CUT_PROMPT_UNITS, PICTURE_BYTES, PROMPT_UNITS, VOICES};
pub use task::{News, Task, task};
pub use write::request;

use crate::kling::Target;

/// The path of the endpoint, below the base URL.
pub fn path(target: Target) -> &'static str {
    match target {
        Target::Gateway => "/kling/v1/videos/image2video",
        Target::Official => "/v1/videos/image2video",
    }
}

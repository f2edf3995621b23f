//! The service that sells clips: Kling's own API, or a gateway with the same shape.
//!
//! Nothing that it sends is trusted: lengths, names, texts and places are checked before they are used or shown.

mod auth;
mod client;
mod clock;
mod download;
mod endpoint;
mod envelope;
mod errors;
mod secret;
mod text;

pub use client::{Created, Looked, Polled, Ready, Refused, Service, ServiceError};
pub use clock::{Clock, SystemClock};
pub use download::{DownloadError, Fetched, Fetcher};
pub use endpoint::{Auth, Endpoint, EndpointError};
pub use envelope::is_task_id;
pub use errors::{ERRORS, KlingError, Meaning};
pub use secret::Key;
pub use text::{blamed_fields, shown};

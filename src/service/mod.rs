//! The service that sells clips: Kling's own API, or a gateway with the same shape.
//!
//! Nothing that it sends is trusted: lengths, names, texts and places are checked before they are used or shown.

mod auth;
mod board;
mod client;
mod clock;
mod download;
mod endpoint;
mod health;
mod secret;
mod text;

pub use client::{Posted, Service, ServiceError};
pub use clock::{Clock, SystemClock};
pub use download::{DownloadError, Fetched, Fetcher};
pub use endpoint::{Auth, Endpoint, EndpointError};
pub use health::Health;
pub use secret::Key;
pub use text::shown;

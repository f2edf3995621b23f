//! Codes, findings, and the one sink that decides what is told.

mod allow;
mod code;
mod finding;
mod levels;
pub mod secret;
pub mod sink;
pub mod words;

pub use code::{Code, Safety, Severity};
pub use finding::{Edit, Finding, Fix, Label, Place};
pub use levels::Levels;
pub use sink::{Diagnostic, Page, Report, Sink};

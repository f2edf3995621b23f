//! Codes, findings, and the one sink that decides what is told.

mod code;
mod finding;
pub mod sink;

pub use code::{Code, Safety, Severity};
pub use finding::{Edit, Finding, Fix, Label, Place};

//! Findings and reported diagnostics, as plain data.

mod code;
mod finding;
mod report;

pub use code::{Code, Safety, Severity};
pub use finding::{Edit, Finding, Fix, Label};
pub use report::{Diagnostic, Report, Totals};

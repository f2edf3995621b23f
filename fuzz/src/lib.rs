//! What must hold for any input at all. One file a target, each with one function `holds`, which panics where something does not:
//! the fuzzer gives it what it makes up, and `cargo test` (`tests/suite/fuzz.rs`) gives it the inputs that are kept in `corpus/`.

pub mod answers;
pub mod check;
pub mod differential;
pub mod fixes;
pub mod import;
pub mod ledger;
pub mod mp4;
pub mod pictures;
pub mod toml;
pub mod yaml;

mod places;
mod project;
pub mod values;

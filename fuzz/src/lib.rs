//! What must hold for any input at all. One file per target, each with one function `holds`, which panics where something does not:
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

pub struct Target {
    /// Its file here, and its folder in `corpus/`.
    pub name: &'static str,
    pub holds: fn(&[u8]),
}

/// All of them.
pub const TARGETS: [Target; 10] = [
    Target { name: "check", holds: check::holds },
    Target { name: "differential", holds: differential::holds },
    Target { name: "fixes", holds: fixes::holds },
    Target { name: "import", holds: import::holds },
    Target { name: "ledger", holds: ledger::holds },
    Target { name: "yaml", holds: yaml::holds },
    Target { name: "toml", holds: toml::holds },
    Target { name: "answers", holds: answers::holds },
    Target { name: "pictures", holds: pictures::holds },
    Target { name: "mp4", holds: mp4::holds },
];

//! The pages of `preview` in a browser: `tests/preview`, which needs Node, its packages and Chromium.

use std::process::{Command, Stdio};

use super::support::{long_ended, repository, skipped_without};

#[test]
fn pages_work_in_chromium() {
    let folder = repository("tests/preview");
    let runs = |program: &str| Command::new(program).arg("--version").output().is_ok_and(|out| out.status.success());
    let chromium = std::env::var("CHROMIUM").unwrap_or_else(|_| "/usr/bin/chromium".to_owned());
    let missing = match () {
        () if !runs("node") => Some("Node 20 or later"),
        () if !folder.join("node_modules").is_dir() => Some("its packages: npm install --prefix tests/preview"),
        () if !runs(&chromium) => Some("Chromium: apt-get install chromium, or its path in CHROMIUM"),
        () => None,
    };
    if let Some(missing) = missing {
        return skipped_without("what tests/preview needs", missing);
    }
    let mut command = Command::new("node");
    command.arg("--test").current_dir(folder).env("CLAPBOARD", env!("CARGO_BIN_EXE_clapboard"));
    let output = long_ended(command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("node starts"));
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    // An empty run would pass too.
    assert!(said.lines().any(|line| line.starts_with("# pass ") && line != "# pass 0"), "{said}");
}

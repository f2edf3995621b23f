//! Programs of others that the outputs are held against. `tests/suite/reports/install-tools` installs them.

use std::ffi::OsStr;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::support::{Watchdog, skipped_without};

/// The file `path` below the tools' folder. `None`, with a line that says so, where the tools are not installed; with
/// `CLAPBOARD_TEST_TOOLS=required`, as in CI, that is a failure.
pub fn installed(path: &str) -> Option<PathBuf> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/test-tools").join(path);
    if file.exists() {
        return Some(file);
    }
    skipped_without(path, "tests/suite/reports/install-tools installs it");
    None
}

/// The path of a file of the tests.
pub fn beside(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suite/reports").join(name)
}

/// Runs a program with `input` on its standard input; what it printed, or a failed test with that.
pub fn run<A: AsRef<OsStr>>(program: impl AsRef<OsStr>, arguments: impl IntoIterator<Item = A>, input: &str) -> String {
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the tool starts");
    let watchdog = Watchdog::of(&child);
    let mut stdin = child.stdin.take().expect("standard input is a pipe");
    let output = std::thread::scope(|scope| {
        // A tool that does not read its input is no failure.
        scope.spawn(move || stdin.write_all(input.as_bytes()));
        child.wait_with_output().expect("the tool ends")
    });
    watchdog.stop();
    let told = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{}\n{told}", output.status);
    String::from_utf8(output.stdout).expect("the tool prints UTF-8")
}

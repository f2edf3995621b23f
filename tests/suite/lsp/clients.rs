//! Real clients over standard input and output: Neovim, and the library that VS Code's extensions build on.

use std::process::{Command, Output};

use crate::support::{repository, stage};

/// Whether a tool that is not there may be done without.
fn may_be_missing() -> bool {
    std::env::var_os("CLAPBOARD_TEST_TOOLS").is_none_or(|value| value != "required")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

#[test]
fn neovim_goes_through_a_session_of_edits() {
    let stage = stage();
    let mut neovim = Command::new("nvim");
    neovim.args(["--headless", "-n", "-u", "NONE", "-S"]).arg(repository("tests/editors/neovim.lua"));
    neovim
        .current_dir(stage.path())
        .env("CLAPBOARD", env!("CARGO_BIN_EXE_clapboard"))
        .env("XDG_STATE_HOME", stage.path());
    match neovim.output() {
        Err(error) if may_be_missing() => println!("skipped: nvim: {error}"),
        Err(error) => panic!("nvim: {error}"),
        Ok(output) => {
            assert!(output.status.success(), "{}", said(&output));
            assert!(said(&output).contains("ok"), "{}", said(&output));
        }
    }
}

#[test]
fn the_client_of_vs_codes_extensions_goes_through_a_session_of_edits() {
    let folder = repository("tests/editors");
    if !folder.join("node_modules").is_dir() {
        assert!(may_be_missing(), "its packages are not installed");
        println!("skipped: to run it, npm install --prefix tests/editors");
        return;
    }
    let mut node = Command::new("node");
    node.args(["--test", "clapboard-lsp.mjs"]).current_dir(folder).env("CLAPBOARD", env!("CARGO_BIN_EXE_clapboard"));
    let output = node.output().expect("node starts");
    assert!(output.status.success(), "{}", said(&output));
    assert!(said(&output).lines().any(|line| line == "# pass 4"), "{}", said(&output));
}

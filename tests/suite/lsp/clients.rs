//! Real clients over standard input and output: Neovim, and the library that VS Code's extensions build on.

use std::process::{Command, Output, Stdio};

use crate::support::{long_ended, repository, skipped_without, stage};

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
        .env("XDG_STATE_HOME", stage.path())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let Ok(neovim) = neovim.spawn() else { return skipped_without("nvim", "install Neovim") };
    let output = long_ended(neovim);
    assert!(output.status.success(), "{}", said(&output));
    assert!(said(&output).contains("ok"), "{}", said(&output));
}

#[test]
fn the_client_of_vs_codes_extensions_goes_through_a_session_of_edits() {
    let folder = repository("tests/editors");
    if !folder.join("node_modules").is_dir() {
        return skipped_without("what tests/editors needs", "npm install --prefix tests/editors");
    }
    let mut node = Command::new("node");
    node.args(["--test", "clapboard-lsp.mjs"]).current_dir(folder).env("CLAPBOARD", env!("CARGO_BIN_EXE_clapboard"));
    let output = long_ended(node.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("node starts"));
    assert!(output.status.success(), "{}", said(&output));
    assert!(said(&output).lines().any(|line| line == "# pass 4"), "{}", said(&output));
}

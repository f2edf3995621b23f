//! The schemas in real editors' language servers: `tests/editors`, which needs Node and its packages.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::support::{long_ended, skipped_without};

#[test]
fn editors_complete_explain_and_underline() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/editors");
    let has_node = Command::new("node").arg("--version").output().is_ok_and(|output| output.status.success());
    if !has_node || !folder.join("node_modules").is_dir() {
        let lacks = if has_node { "what tests/editors needs" } else { "Node 20 or later" };
        return skipped_without(lacks, "npm install --prefix tests/editors");
    }
    let mut node = Command::new("node");
    node.arg("--test").current_dir(folder).stdout(Stdio::piped()).stderr(Stdio::piped());
    let output = long_ended(node.spawn().expect("node starts"));
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    // An empty run would pass too.
    assert!(said.lines().any(|line| line.starts_with("# pass ") && line != "# pass 0"), "{said}");
}

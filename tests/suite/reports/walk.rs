use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

const FILM: &str = "storyboard: 1
shots:
  - id: dock-010
    model: kling-v2-6
    first_frame: https://frames.example/wide.png
    prompt: The ferry leaves the dock.
";

/// Repositories within repositories, what git ignores, links in circles, a pipe, a folder that may not be read: all that
/// can be found is checked, and what cannot is reported.
#[test]
fn a_tree_with_all_that_trees_have_is_walked_to_its_end() {
    let folder = tempfile::tempdir().expect("there is a temporary folder");
    let root = folder.path();
    let write = |path: &str, text: &str| {
        let path = root.join(path);
        fs::create_dir_all(path.parent().expect("a file has a folder")).expect("the folder is made");
        fs::write(path, text).expect("the file is written");
    };
    let wrong = FILM.replace("prompt", "promt");
    for repository in 0..5 {
        for film in 0..20 {
            write(&format!("{repository}/films/{film}/a.storyboard.yaml"), if film == 7 { &wrong } else { FILM });
        }
        write(&format!("{repository}/.git/a.storyboard.yaml"), "never: looked at\n");
        write(&format!("{repository}/.gitignore"), "build/\n*.draft.storyboard.yaml\n");
        write(&format!("{repository}/build/a.storyboard.yaml"), "ignored: by git\n");
        write(&format!("{repository}/films/b.draft.storyboard.yaml"), "ignored: by git\n");
        write(&format!("{repository}/sub/.git/HEAD"), "ref: refs/heads/main\n");
        write(&format!("{repository}/sub/plain.yaml"), FILM);
        write(&format!("{repository}/sub/compose.yaml"), "services: {}\n");
        symlink("..", root.join(format!("{repository}/films/up"))).expect("the link is made");
        symlink(root, root.join(format!("{repository}/root"))).expect("the link is made");
    }
    symlink("itself", root.join("itself")).expect("the link is made");
    let made = Command::new("mkfifo").arg(root.join("pipe.storyboard.yaml")).status().expect("mkfifo runs");
    assert!(made.success());

    let output = check(root);
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(summary(&output), [105, 5]);

    write("locked/a.storyboard.yaml", &wrong);
    let locked = root.join("locked");
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o000)).expect("the folder is locked");
    let output = check(root);
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o755)).expect("the folder is unlocked");
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(summary(&output), [105, 5]);
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(told.contains("locked: "), "{told}");
}

/// Runs the check as a user without access to locked folders, unlike root.
fn check(root: &Path) -> Output {
    let program = root.join("clapboard");
    if !program.exists() {
        fs::copy(env!("CARGO_BIN_EXE_clapboard"), &program).expect("the program is copied");
        fs::set_permissions(root, fs::Permissions::from_mode(0o755)).expect("all may look");
    }
    let mut command = Command::new(program);
    command.args(["check", "--format", "json"]).current_dir(root);
    let is_root = fs::metadata(root).expect("the folder is there").uid() == 0;
    if is_root {
        const NOBODY: u32 = 65534;
        command.uid(NOBODY).gid(NOBODY);
    }
    command.output().expect("clapboard runs")
}

/// How many files and errors there are.
fn summary(output: &Output) -> [u64; 2] {
    let report: Value = serde_json::from_slice(&output.stdout).expect("the report is JSON");
    ["files", "errors"].map(|count| report["summary"][count].as_u64().expect("the summary counts"))
}

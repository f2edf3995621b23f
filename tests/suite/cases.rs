//! Each folder of `tests/cases` is a project: its files are laid over a copy of `tests/stage`, and what the program says is
//! compared with the files next to them. A new case is a new folder; `UPDATE=1 cargo test` writes what it is to say.
//!
//! - `args`: arguments for `check` and `compile` alike, parted by white space; without it there are none, and the folder is walked.
//! - `stdin`: what is on standard input.
//! - `check.txt`: what `check --format concise` says.
//! - `requests.json`: what `compile --images summary` prints, where that is any request.
//! - `commands`: instead of `args`, whole command lines, one a line; what they say, and the files that they make, are in
//!   `transcript.txt`.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::support::*;

const OWN_FILES: [&str; 6] = ["args", "stdin", "commands", "check.txt", "requests.json", "transcript.txt"];

#[test]
fn each_case_says_what_its_files_say() {
    let cases = folders(&repository("tests/cases"));
    assert_none(&faults_of(&cases, |case| run_case(case)));
}

fn run_case(case: &Path) -> Vec<String> {
    let stage = stage();
    copy(case, stage.path());
    let own = |name: &str| fs::read(case.join(name)).ok();
    for name in OWN_FILES {
        let _ = fs::remove_file(stage.path().join(name));
    }
    let input = own("stdin").unwrap_or_default();
    let text = |name: &str| own(name).map(|bytes| String::from_utf8(bytes).expect("the case's own files are UTF-8"));
    if let Some(commands) = text("commands") {
        let said = transcript_of(stage.path(), &commands, &input);
        return Expected::compare(&case.join("transcript.txt"), Some(&said)).into_iter().collect();
    }
    let args = text("args").unwrap_or_default();
    let run = |command: &[&str]| {
        let arguments: Vec<&str> = command.iter().copied().chain(args.split_whitespace()).collect();
        run_with_input(stage.path(), &arguments, &input)
    };
    let check = transcript(&run(&["check", "--format", "concise"]));
    let compile = run(&["compile", "--images", "summary"]);
    let requests = String::from_utf8_lossy(&compile.stdout).into_owned();
    let has_requests = !["", "[]"].contains(&requests.trim());
    let mut faults: Vec<String> = [
        Expected::compare(&case.join("check.txt"), Some(&check)),
        Expected::compare(&case.join("requests.json"), has_requests.then_some(&requests)),
    ]
    .into_iter()
    .flatten()
    .collect();
    let status = compile.status.code();
    if !check.ends_with(&format!("exit {}\n", status.unwrap_or(-1))) {
        faults.push(format!("{}: `compile` ended with {}, unlike `check`", name_of(case), compile.status));
    }
    faults
}

fn transcript_of(stage: &Path, commands: &str, input: &[u8]) -> String {
    let before = files(stage, stage);
    let mut said = String::new();
    for command in commands.lines().filter(|line| !line.is_empty()) {
        let arguments: Vec<&str> = command.split_whitespace().collect();
        let output = transcript(&run_with_input(stage, &arguments, input));
        said.push_str(&format!("$ clapboard {command}\n{output}\n"));
    }
    for path in files(stage, stage).difference(&before) {
        let text = fs::read_to_string(stage.join(path)).expect("what the program writes is text");
        said.push_str(&format!("--- {}\n{text}\n", path.display()));
    }
    said.replace(&*stage.to_string_lossy(), "[STAGE]")
}

/// The files below `folder`, as paths from `root`.
fn files(root: &Path, folder: &Path) -> BTreeSet<PathBuf> {
    let entries = fs::read_dir(folder).expect("the folder can be read");
    let paths = entries.map(|entry| entry.expect("an entry of the folder").path());
    paths
        .flat_map(|path| match path.is_dir() {
            true => files(root, &path),
            false => BTreeSet::from([path.strip_prefix(root).expect("it is below").to_owned()]),
        })
        .collect()
}

//! The house holds: arrows between rooms run downwards, the disk has one door, and nothing is carried that is not used.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::support::repository;

/// The library's rooms from the ground up: a room may use those before it, and nothing after it.
const ROOMS: &[&str] = &[
    // ground
    "text",
    "files",
    "diagnostic",
    "syntax",
    // meaning
    "kling",
    "assets",
    "language",
    "written",
    "clip",
    // knowing
    "api",
    "judge",
    "project",
    "rules",
    "check",
    // buying
    "ledger",
    "select",
    "plan",
    "service",
    "submit",
];

/// Each knows the rooms, and nothing of another face.
const FACES: &[&str] = &["report", "fix", "import", "models", "preview", "export", "lsp"];

/// An editor shows what the other faces make of a storyboard, and is shown by none of them.
const SHOWN_IN_AN_EDITOR: &[&str] = &["fix", "models"];

fn is_wanted(from: &str, to: &str) -> bool {
    let height = |room: &str| ROOMS.iter().position(|known| *known == room);
    let is_face = |room: &str| FACES.contains(&room);
    match (height(from), height(to)) {
        // What a rule needs of a text it asks the film for; what looks at the text itself is in `written`.
        _ if (from, to) == ("rules", "syntax") => false,
        (Some(from), Some(to)) => to < from,
        (None, Some(_)) => is_face(from),
        (None, None) => from == "lsp" && SHOWN_IN_AN_EDITOR.contains(&to),
        _ => false,
    }
}

#[test]
fn arrows_between_rooms_run_downwards() {
    let mut faults = Vec::new();
    for (path, text) in sources() {
        let from = room_of(&path);
        if !ROOMS.contains(&from) && !FACES.contains(&from) {
            faults.push(format!("{path}: `{from}` is a room that this test does not know"));
        }
        for to in rooms_used(&text) {
            if to != from && !is_wanted(from, &to) {
                faults.push(format!("{path} uses `{to}`, which is not below `{from}`"));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// A rule can reach a tree through the film without naming `syntax`, so the arrows alone do not show it.
#[test]
fn rules_look_at_neither_text_nor_tree() {
    const OF_THE_TEXT: &[&str] = &[".tree", "source.text", "source.slice(", "line_index("];
    let mut faults = Vec::new();
    for (path, text) in sources().iter().filter(|(path, _)| room_of(path) == "rules") {
        let lines = without_tests(text).lines().enumerate();
        for (number, _) in lines.filter(|(_, line)| OF_THE_TEXT.iter().any(|word| line.contains(word))) {
            faults.push(format!(
                "src/{path}:{}: a rule asks the film; one about the text is for `src/written`",
                number + 1
            ));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// What reaches outside, and the only rooms and files of the library that may.
const OUTSIDE: &[(&str, &[&str])] = &[
    ("std::fs", &["files/disk.rs", "ledger", "service", "submit"]),
    ("fs_err", &["report/step_summary.rs"]),
    ("tempfile", &["ledger", "service", "submit"]),
    ("std::env", &["ledger", "service", "report/step_summary.rs"]),
    ("env::var", &["ledger", "service", "report/step_summary.rs"]),
    ("canonicalize", &["files/disk.rs", "ledger", "service", "submit"]),
    ("println!", &[]),
    ("print!", &[]),
    ("reqwest", &["service"]),
    ("std::process", &["ledger"]),
];

#[test]
fn the_outside_has_few_doors() {
    let mut faults = Vec::new();
    for (path, text) in sources() {
        let text = without_tests(&text);
        for (word, doors) in OUTSIDE {
            let is_door = doors.iter().any(|door| path == *door || room_of(&path) == *door);
            let lines = text.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//"));
            for (number, _) in lines.filter(|(_, line)| !is_door && line.contains(word)) {
                faults.push(format!("src/{path}:{}: `{word}` is not for this room", number + 1));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// What the program's commands leave to the `Ui`, and what they say as a `Failure`.
const LEFT_TO_THE_UI: &[&str] = &[
    "stdout(",
    "stderr(",
    "print!",
    "println!",
    "dbg!",
    "error.print()",
    "ProgressDrawTarget",
    "Error::other",
    "&mut Exit",
];

#[test]
fn in_the_program_only_the_ui_prints() {
    let mut faults = Vec::new();
    let mut read_files = 0;
    for path in files(&repository("src/cli"), "rs").into_iter().chain([repository("src/main.rs")]) {
        if path.starts_with(repository("src/cli/ui")) {
            continue;
        }
        read_files += 1;
        let text = read(&path);
        let lines = without_tests(&text).lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//"));
        for (number, line) in lines {
            let words = LEFT_TO_THE_UI.iter().filter(|word| line.contains(*word));
            faults.extend(words.map(|word| format!("{}:{}: `{word}` is for the Ui", path.display(), number + 1)));
        }
    }
    assert!(read_files > 20, "only {read_files} files were read");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn each_dependency_is_used() {
    let manifest: toml::Table = fs::read_to_string(repository("Cargo.toml")).unwrap().parse().expect("TOML");
    let mut unused = Vec::new();
    for (table, folders) in [("dependencies", &["src"][..]), ("dev-dependencies", &["src", "tests", "benches"])] {
        let texts: Vec<String> = folders.iter().flat_map(|folder| files(&repository(folder), "rs")).map(read).collect();
        for name in manifest[table].as_table().expect("a table").keys() {
            let name = name.replace('-', "_");
            let is_used =
                |text: &String| [format!("{name}::"), format!("{name} as ")].iter().any(|word| text.contains(word));
            if !texts.iter().any(is_used) {
                unused.push(format!("{table}.{name}"));
            }
        }
    }
    assert!(unused.is_empty(), "nothing uses {}", unused.join(", "));
}

/// A test that made up other values in each run would pass here and fail there.
#[test]
fn what_tests_make_up_is_the_same_in_each_run() {
    let sources = ["src", "tests/suite"].iter().flat_map(|folder| files(&repository(folder), "rs"));
    let mut found = 0;
    for path in sources.filter(|path| !path.ends_with("architecture.rs")) {
        for rest in read(&path).split("proptest! {").skip(1) {
            let (head, _) = rest.split_once("#[test]").expect("a test");
            assert!(head.contains("RngSeed::Fixed"), "{}: a `proptest!` without a fixed seed", path.display());
            found += 1;
        }
    }
    assert!(found > 0, "there is no `proptest!`");
}

/// What is fuzzed and what runs in a browser is what is released.
#[test]
fn the_builds_of_their_own_have_the_same_dependencies() {
    let versions = |path: &str| -> BTreeSet<(String, String)> {
        let lock: toml::Table = read(repository(path)).parse().expect("TOML");
        let packages = lock["package"].as_array().expect("a list").iter();
        let word = |package: &toml::Value, name: &str| package[name].as_str().expect("a text").to_owned();
        packages.map(|package| (word(package, "name"), word(package, "version"))).collect()
    };
    let released = versions("Cargo.lock");
    let names: BTreeSet<&String> = released.iter().map(|(name, _)| name).collect();
    for lock in ["fuzz/Cargo.lock", "playground/Cargo.lock"] {
        let own = versions(lock);
        let others: Vec<_> = own.difference(&released).filter(|(name, _)| names.contains(name)).collect();
        assert!(others.is_empty(), "{lock} has other versions than Cargo.lock: {others:?}");
    }
}

#[test]
fn contributing_names_each_room() {
    let text = read(repository("CONTRIBUTING.md"));
    let rooms: BTreeSet<String> = sources().iter().map(|(path, _)| format!("`src/{}`", room_of(path))).collect();
    let missing: Vec<_> = rooms.iter().filter(|room| !text.contains(room.as_str())).collect();
    assert!(missing.is_empty(), "CONTRIBUTING.md does not name {missing:?}");
}

#[test]
fn each_threat_has_a_test_that_exists() {
    let text = read(repository("SECURITY.md"));
    let tests: String =
        files(&repository("tests/suite"), "rs").into_iter().chain(files(&repository("src"), "rs")).map(read).collect();
    let rows: Vec<&str> = text.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| ---")).collect();
    let mut named = 0;
    for row in rows.iter().filter(|row| row.split('|').count() == 5 && !row.contains("which test")) {
        let cell = row.split('|').nth(3).unwrap_or_default();
        let names: Vec<&str> = cell.split('`').skip(1).step_by(2).collect();
        assert!(!names.is_empty(), "no test is named in: {row}");
        for name in names {
            assert!(tests.contains(&format!("fn {name}(")), "SECURITY.md names the test `{name}`, which is not there");
            named += 1;
        }
    }
    assert!(named > 10, "only {named} tests are named");
}

/// The library's sources by their paths below `src`.
fn sources() -> Vec<(String, String)> {
    let root = repository("src");
    let below = |path: &Path| path.strip_prefix(&root).expect("it is below").to_string_lossy().replace('\\', "/");
    let all = files(&root, "rs").into_iter().map(|path| (below(&path), read(path)));
    all.filter(|(path, _)| path.contains('/') && room_of(path) != "cli").collect()
}

fn room_of(path: &str) -> &str {
    path.split('/').next().unwrap_or(path)
}

/// The rooms that a source uses, in its code and not its comments.
fn rooms_used(text: &str) -> BTreeSet<String> {
    let code = without_tests(text);
    let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
    let mut rooms = BTreeSet::new();
    for line in lines {
        for rest in line.split("crate::").skip(1) {
            let name: String = rest.chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect();
            // A macro or an item of the crate's root begins otherwise, or is followed by something else.
            if rest[name.len()..].starts_with("::") || rest[name.len()..].starts_with(';') {
                rooms.insert(name);
            }
        }
    }
    rooms
}

/// The source up to its own tests.
fn without_tests(text: &str) -> &str {
    text.split("#[cfg(test)]\nmod tests").next().unwrap_or(text)
}

fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder can be read") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(files(&path, extension));
        } else if path.extension().is_some_and(|found| found == extension) {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn read(path: impl AsRef<Path>) -> String {
    fs::read_to_string(path).expect("the file is text")
}

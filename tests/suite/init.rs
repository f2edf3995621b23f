//! `init`, `completions` and `man`, as a writer and a packager run them.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

const FILES: [&str; 5] =
    ["film.storyboard.yaml", "frames/first.png", "clapboard.toml", "storyboard.schema.json", "clapboard.schema.json"];

fn run(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_clapboard")).args(arguments).current_dir(folder).output().expect("it starts")
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("UTF-8")
}

#[test]
fn a_first_storyboard_checks_clean_in_either_format() {
    for (flags, film) in [(&["init"][..], "film.storyboard.yaml"), (&["init", "--toml"][..], "film.storyboard.toml")] {
        let folder = TempDir::new().expect("a folder");
        let output = run(folder.path(), flags);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        assert!(stdout(&output).contains(film) && stdout(&output).contains("Next: clapboard check"));
        let check = run(folder.path(), &["check", "--deny", "warnings"]);
        assert_eq!(check.status.code(), Some(0), "{}", stdout(&check));
        let compiled = run(folder.path(), &["compile", film]);
        let requests: Vec<serde_json::Value> = serde_json::from_slice(&compiled.stdout).expect("JSON");
        assert_eq!(requests.len(), 2);
    }
}

#[test]
fn both_formats_say_the_same() {
    let bodies = |flags: &[&str]| {
        let folder = TempDir::new().expect("a folder");
        run(folder.path(), flags);
        let compiled = run(folder.path(), &["compile", "--out", "out"]);
        assert_eq!(compiled.status.code(), Some(0), "{}", stderr(&compiled));
        ["harbour-010", "harbour-020"].map(|shot| {
            fs::read_to_string(folder.path().join(format!("out/film/{shot}.json"))).expect("it was written")
        })
    };
    assert_eq!(bodies(&["init"]), bodies(&["init", "--toml"]));
}

#[test]
fn what_is_there_is_kept_and_what_is_missing_is_written() {
    let folder = TempDir::new().expect("a folder");
    for there in FILES {
        let film = folder.path().join(there.replace('/', "-"));
        fs::create_dir_all(film.join(there).parent().expect("it has one")).expect("a folder");
        fs::write(film.join(there), "mine").expect("a file");
        let output = run(&film, &["init"]);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        assert!(stdout(&output).contains(&format!("kept   {there}")), "{}", stdout(&output));
        assert_eq!(fs::read_to_string(film.join(there)).expect("it is still there"), "mine");
        for other in FILES.iter().filter(|other| **other != there && there != FILES[0]) {
            assert!(film.join(other).is_file(), "{other} is missing beside {there}");
        }
    }
}

#[test]
fn a_storyboard_of_ones_own_needs_no_first_one() {
    let folder = TempDir::new().expect("a folder");
    fs::write(folder.path().join("ferry.storyboard.toml"), "mine").expect("a file");
    let output = run(folder.path(), &["init"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(stdout(&output).contains("kept   ferry.storyboard.toml"), "{}", stdout(&output));
    assert!(!folder.path().join("film.storyboard.yaml").exists() && !folder.path().join("frames").exists());
    assert!(folder.path().join("clapboard.toml").is_file());
}

#[test]
fn git_gets_the_lines_that_it_lacks_once() {
    let folder = TempDir::new().expect("a folder");
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).expect("a text");
    fs::write(folder.path().join(".gitignore"), "node_modules\r\nclips/").expect("a file");
    for _ in 0..2 {
        let output = run(folder.path(), &["init"]);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        assert_eq!(read(".gitignore"), "node_modules\r\nclips/\r\n.clapboard.lock\r\n");
        assert_eq!(read(".gitattributes"), "clapboard.ledger.jsonl merge=union\n");
    }
}

#[cfg(unix)]
#[test]
fn a_gitignore_that_is_a_link_is_left_alone() {
    let folder = TempDir::new().expect("a folder");
    std::os::unix::fs::symlink("/dev/zero", folder.path().join(".gitignore")).expect("a link");
    let output = run(folder.path(), &["init"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(stdout(&output).contains("add by hand: .clapboard.lock, clips/"), "{}", stdout(&output));
}

#[test]
fn the_folder_is_made() {
    let folder = TempDir::new().expect("a folder");
    let output = run(folder.path(), &["init", "films/the last ferry"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    for file in FILES {
        assert!(folder.path().join("films/the last ferry").join(file).is_file(), "{file}");
    }
}

#[test]
fn each_shell_gets_a_script_with_the_commands() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let output = run(Path::new("."), &["completions", shell]);
        assert_eq!(output.status.code(), Some(0));
        for word in ["compile", "import", "--deny"] {
            let word = if shell == "fish" { word.trim_start_matches('-') } else { word };
            assert!(stdout(&output).contains(word), "{shell} lacks {word}");
        }
    }
    assert_eq!(run(Path::new("."), &["completions", "cmd"]).status.code(), Some(2));
}

#[test]
fn completions_know_rules_formats_and_shots() {
    let folder = TempDir::new().expect("a folder");
    run(folder.path(), &["init"]);
    fs::write(folder.path().join("b.storyboard.yaml"), "storyboard: 1\nshots:\n  - id: $(reboot)\n  - id: pier-1\n")
        .expect("a film");
    let shots = run(folder.path(), &["completions", "shots"]);
    assert_eq!(stdout(&shots), "harbour-010\nharbour-020\npier-1\n");
    for shell in ["bash", "zsh", "fish"] {
        let script = stdout(&run(folder.path(), &["completions", shell]));
        assert!(shell != "zsh" || !script.contains(":[FILE:"), "a colon ends the name of a value in zsh: {script}");
        for words in ["last-frame-unsupported", "rdjson", "clapboard completions shots"] {
            assert!(script.contains(words), "{shell} lacks {words}");
        }
    }
}

#[test]
fn there_is_a_manual_page_for_each_command() {
    let folder = TempDir::new().expect("a folder");
    let output = run(folder.path(), &["man", "--out", "man"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    for page in ["clapboard.1", "clapboard-check.1", "clapboard-import.1", "clapboard-init.1"] {
        let text = fs::read_to_string(folder.path().join("man").join(page)).expect("a page");
        assert!(text.contains(".SH NAME"), "{page}");
    }
    assert!(stdout(&run(folder.path(), &["man"])).contains("clapboard \\- "));
    assert!(stdout(&run(folder.path(), &["man", "import"])).contains("clapboard\\-import \\- "));
    let unknown = run(folder.path(), &["man", "develop"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(stderr(&unknown).contains("no command `develop`"));
}

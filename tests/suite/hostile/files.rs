//! What may be in the place of one of our files: links, pipes and devices, and files that are too long.
#![cfg(unix)]

use std::fs::{self, File};
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

use super::*;

const FILM: &str =
    "storyboard: 1\nshots:\n  - { id: a, model: kling-v2-6, first_frame: frames/wide.png, prompt: Fog lifts. }\n";

/// What may be in the place of a file that the program would read.
const BAD: &[&str] =
    &["a link to a device", "a pipe", "a file of 3 GB", "a link to a long file outside", "a dangling link"];

fn put(bad: &str, path: &Path) {
    let _ = fs::remove_file(path);
    match bad {
        "a link to a device" => symlink("/dev/zero", path).expect("a link"),
        "a pipe" => assert!(Command::new("mkfifo").arg(path).status().expect("mkfifo runs").success()),
        "a file of 3 GB" => File::create(path).and_then(|file| file.set_len(3 << 30)).expect("a sparse file"),
        "a link to a long file outside" => symlink("/proc/kallsyms", path).expect("a link"),
        "a dangling link" => symlink("nowhere", path).expect("a link"),
        _ => unreachable!(),
    }
}

#[test]
fn an_ignore_list_that_is_not_an_ordinary_file_is_not_read() {
    for list in [".gitignore", ".ignore"] {
        for bad in BAD {
            let stage = film(FILM);
            put(bad, &stage.path().join(list));
            for arguments in [&["check"][..], &["compile", "--images", "summary"], &["plan"]] {
                let output = survive(stage.path(), arguments);
                let said = String::from_utf8_lossy(&output.stderr);
                assert_eq!(output.status.code(), Some(0), "{list}, {bad}, {arguments:?}: {said}");
                assert_eq!(said.matches("is not read").count(), 1, "{list}, {bad}, {arguments:?}: {said}");
            }
        }
    }
}

#[test]
fn a_config_that_is_not_an_ordinary_file_stops_the_command() {
    for bad in BAD {
        let stage = film(FILM);
        put(bad, &stage.path().join("clapboard.toml"));
        for arguments in [&["check"][..], &["compile"], &["plan"]] {
            let output = survive(stage.path(), arguments);
            assert_eq!(output.status.code(), Some(2), "{bad}, {arguments:?}");
            let said = [output.stdout, output.stderr].concat();
            let said = String::from_utf8_lossy(&said);
            assert!(said.contains("the config cannot be read"), "{bad}, {arguments:?}: {said}");
        }
    }
}

#[test]
fn a_bible_or_a_frame_that_is_not_an_ordinary_file_is_not_read() {
    for bad in BAD {
        let stage = film(FILM.replace("shots:", "extends: bible.yaml\nshots:").replace("wide.png", "bad.png"));
        put(bad, &stage.path().join("bible.yaml"));
        put(bad, &stage.path().join("frames/bad.png"));
        let found = codes(stage.path(), "film.storyboard.yaml");
        assert!(!found.is_empty(), "{bad}");
        let allowed = [
            "extends-not-found",
            "asset-not-found",
            "asset-outside-project",
            "asset-too-large",
            "asset-format",
            "syntax",
        ];
        assert!(found.iter().all(|code| allowed.contains(&code.as_str())), "{bad}: {found:?}");
    }
}

#[test]
fn no_name_outside_the_project_is_suggested() {
    let stage = film(FILM.replace("frames/wide.png", "etc/passwed"));
    symlink("/etc", stage.path().join("etc")).expect("a link");
    fs::write(stage.path().join("clapboard.toml"), "").expect("the stage can be written to");
    let output = survive(stage.path(), &["check", "--format", "concise"]);
    let said = String::from_utf8_lossy(&output.stdout);
    let message = "asset-outside-project] `etc/passwed` leads out of the project: `etc` is a symbolic link to `/etc`";
    assert!(said.contains(message), "{said}");
    assert!(!said.contains("passwd"), "{said}");
}

#[test]
fn a_link_out_is_refused_whether_its_end_exists_or_not() {
    for end in ["/etc/passwd", "/etc/nothing-of-this-name", "../nothing-here"] {
        let stage = film(FILM.replace("wide.png", "out.png"));
        symlink(end, stage.path().join("frames/out.png")).expect("a link");
        let found = codes(stage.path(), "film.storyboard.yaml");
        let inside = end == "../nothing-here";
        assert_eq!(found, [if inside { "asset-not-found" } else { "asset-outside-project" }], "{end}");
        let output = survive(stage.path(), &["check", "--format", "concise"]);
        let message = format!("`frames/out.png` leads out of the project: it is a symbolic link to `{end}`");
        assert_eq!(String::from_utf8_lossy(&output.stdout).contains(&message), !inside, "{end}");
    }
}

#[test]
fn nothing_is_written_through_a_link_out_of_the_folder() {
    for link in ["out/film", "out/deep"] {
        let stage = film(FILM);
        let outside = tempfile::tempdir().expect("a temporary folder");
        fs::create_dir_all(stage.path().join("deep")).expect("a folder");
        fs::write(stage.path().join("clapboard.toml"), "").expect("the stage can be written to");
        fs::write(stage.path().join("deep/b.storyboard.yaml"), FILM.replace("frames/", "../frames/"))
            .expect("the stage can be written to");
        fs::create_dir(stage.path().join("out")).expect("a folder");
        symlink(outside.path(), stage.path().join(link)).expect("a link");
        let output = survive(stage.path(), &["compile", "--out", "out"]);
        assert_eq!(output.status.code(), Some(2), "{link}: {}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(fs::read_dir(outside.path()).expect("the folder").count(), 0, "{link}");
    }
    // A body that is a link is replaced, not written through.
    let stage = film(FILM);
    let outside = tempfile::NamedTempFile::new().expect("a temporary file");
    fs::create_dir_all(stage.path().join("out/film")).expect("a folder");
    symlink(outside.path(), stage.path().join("out/film/a.json")).expect("a link");
    assert_eq!(survive(stage.path(), &["compile", "--out", "out"]).status.code(), Some(0));
    assert_eq!(fs::read(outside.path()).expect("the file"), b"");
    assert!(stage.path().join("out/film/a.json").symlink_metadata().expect("the body").is_file());
}

#[test]
fn one_file_counts_once_however_it_is_named() {
    let stage = film(FILM);
    let absolute = stage.path().join("film.storyboard.yaml");
    let absolute = absolute.to_str().expect("UTF-8");
    symlink(".", stage.path().join("again")).expect("a link");
    let names = [
        "film.storyboard.yaml",
        ".",
        "./film.storyboard.yaml",
        absolute,
        "frames/../film.storyboard.yaml",
        "again/film.storyboard.yaml",
    ];
    for first in names {
        for second in names {
            let output = survive(stage.path(), &["compile", "--format", "jsonl", "--images", "summary", first, second]);
            assert_eq!(output.status.code(), Some(0), "{first} {second}");
            assert_eq!(String::from_utf8_lossy(&output.stdout).lines().count(), 1, "{first} {second}");
        }
    }
}

#[test]
fn a_chain_of_bibles_has_an_end() {
    let stage = film(FILM.replace("shots:", "extends: b0.yaml\nshots:"));
    for number in 0..40 {
        let text = format!("storyboard: 1\nextends: b{}.yaml\nstyles: {{ s{number}: fog }}\n", number + 1);
        fs::write(stage.path().join(format!("b{number}.yaml")), text).expect("the stage can be written to");
    }
    assert!(codes(stage.path(), "film.storyboard.yaml").contains(&"extends-not-found".to_owned()));
    // Sixteen are read, as long as the last extends no other.
    fs::write(stage.path().join("b15.yaml"), "storyboard: 1\nstyles: { last: fog }\n")
        .expect("the stage can be written to");
    assert!(!codes(stage.path(), "film.storyboard.yaml").contains(&"extends-not-found".to_owned()));
}

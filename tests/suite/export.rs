//! `export`: what editing programs make of what is written, and that what comes back is the film that went out.

mod fcpxml;
mod films;
mod laws;
mod others;

use std::fs;
use std::path::Path;

use clapboard::check::{CheckedFilm, Workspace};
use clapboard::clip::clips;
use clapboard::judge::Levels;
use clapboard::text::FileId;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::support::*;

/// A project with a film of five shots: two takes of the first, one of the second and the third, a clip that is not here, and a
/// shot that was never bought.
pub struct Project {
    folder: TempDir,
}

const FILM: &str = "\
storyboard: 1
title: Das Boot & \"Co\"
cast:
  mara: { look: a woman in her sixties }
  tom: { name: Tomás }
defaults: { model: kling-v3, first_frame: frames/wide.png }
scenes:
  - id: harbour
    heading: EXT. HARBOUR - DAWN
    shots:
      - id: one
        prompt: Fog & <mist>.
        use: [0.5, 3.2]
        notes: \"Only if the fog works.\\nAsk Jo.\"
      - id: two
        sound: on
        prompt: $mara waits.
        lines:
          - mara: I swore a lot of things.
          - tom: { text: You swore --> never. <i>Never</i> & again., manner: in a whisper }
  - id: storm
    shots:
      - { id: three, prompt: Waves., duration: 10, use: 4 }
      - { id: four, prompt: Rain. }
      - { id: five, prompt: Calm., duration: 3 }
";

impl Project {
    pub fn new() -> Project {
        let project = Project { folder: stage() };
        project.write("films/night boat.storyboard.yaml", FILM.replace("frames/", "../frames/"));
        let takes = [("one", 1), ("one", 2), ("two", 1), ("three", 1), ("four", 1)];
        let film = "films/night boat";
        let identities = project.identities("films/night boat.storyboard.yaml");
        let mut ledger = String::new();
        for (index, (shot, take)) in takes.into_iter().enumerate() {
            let ending = if take == 1 { String::new() } else { format!(".{take}") };
            let path = format!("clips/{film}/{shot}{ending}.mp4");
            let identity = identities[shot].as_str().expect("an identity");
            let common = |event: &str| {
                json!({
                    "v": 1, "at": format!("2026-11-22T14:00:{index:02}Z"), "film": film, "shot": shot, "event": event,
                    "attempt": format!("{index:032x}"), "identity": identity,
                })
            };
            let with = |event: &str, more: Value| {
                let mut line = common(event);
                let fields = more.as_object().expect("fields").clone();
                line.as_object_mut().expect("a line").extend(fields);
                format!("{line}\n")
            };
            ledger += &with(
                "intent",
                json!({"api": "gateway", "base_url": "https://gateway.example", "external_task_id": false, "seconds": 5, "units": 4.0,
                       "usd": 0.56, "fields": {}}),
            );
            ledger += &with("accepted", json!({"task_id": format!("task-{index}"), "how": "answer"}));
            ledger += &with(
                "downloaded",
                json!({"task_id": format!("task-{index}"), "path": path, "bytes": 4, "sha256": "0".repeat(64), "units": 4.5}),
            );
            if shot != "four" {
                project.write(&path, "clip");
            }
        }
        project.write("clapboard.ledger.jsonl", ledger);
        project
    }

    fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a new folder");
        fs::write(path, text).expect("a new file");
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn identities(&self, film: &str) -> Value {
        let path = self.path().join(film);
        let checked = check(path.to_str().expect("UTF-8"));
        let clips = clips(&checked.film, checked.facts, checked.target);
        let identity =
            |clip: &clapboard::clip::Clip<'_>| clip.identity(&checked.project.library).expect("a clip").sha256;
        clips
            .iter()
            .map(|clip| (clip.shot.name(), Value::from(identity(clip))))
            .collect::<serde_json::Map<_, _>>()
            .into()
    }

    /// Exports to a file, and gives what standard error said.
    fn export(&self, arguments: &[&str]) -> String {
        let output = run(self.path(), &[&["export", "films"], arguments].concat());
        let said = String::from_utf8(output.stderr).expect("UTF-8");
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {said}");
        said
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path().join(path)).expect("it was written")
    }
}

pub fn check(path: &str) -> CheckedFilm {
    let workspace = Workspace::on_disk(None, Levels::default());
    workspace.check(&FileId::new(path, path)).expect("the film can be read")
}

#[test]
fn the_take_that_counts_is_on_the_timeline_and_the_rest_is_said() {
    let project = Project::new();
    let said = project.export(&["--out", "cut.otio"]);
    for words in [
        "cut.otio: 5 shots, 0:20: 4 takes, 1 missing",
        "no clip yet: five. --stills shows their first frames",
        "bought, and not here: four. Next: clapboard status --fetch",
        "2 spoken lines",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
    let timeline: Value = serde_json::from_str(&project.read("cut.otio")).expect("JSON");
    let clips = timeline["tracks"]["children"][0]["children"].as_array().expect("clips");
    let facts = |index: usize| &clips[index]["metadata"]["clapboard"];
    assert_eq!(clips[0]["media_reference"]["target_url"], "clips/films/night%20boat/one.2.mp4");
    assert_eq!(facts(0)["take"], 2);
    assert_eq!(facts(0)["takes"], 2);
    assert_eq!(facts(0)["task_id"], "task-1");
    assert_eq!(facts(0)["units"], 4.5);
    assert_eq!(facts(0)["usd"], 0.63);
    assert_eq!(facts(0)["is_of_this_text"], true);
    assert_eq!(
        facts(1)["prompt"].as_str().expect("a prompt").split(". ").next(),
        Some("Mara is a woman in her sixties")
    );
    assert_eq!(clips[4]["media_reference"]["OTIO_SCHEMA"], "MissingReference.1");

    project.write(
        "films/night boat.storyboard.yaml",
        FILM.replace("frames/", "../frames/").replace("Waves.", "Big waves."),
    );
    let said = project.export(&["--out", "cut.otio"]);
    assert!(said.contains("bought before the shot was changed: three"), "{said}");
}

#[test]
fn paths_hold_where_the_file_is_and_after_the_folder_was_moved() {
    let project = Project::new();
    project.export(&["--stills", "--format", "otio", "--out", "cuts/"]);
    project.export(&["--stills", "--out", "cuts/deep/er/cut.fcpxml"]);
    let elsewhere = TempDir::new().expect("a folder");
    let moved = elsewhere.path().join("moved");
    fs::create_dir(&moved).expect("a new folder");
    copy(project.path(), &moved);
    let mut found = 0;
    for (file, mark) in [("cuts/films/night boat.otio", "\"target_url\": \""), ("cuts/deep/er/cut.fcpxml", " src=\"")] {
        let text = fs::read_to_string(moved.join(file)).expect("it is there");
        assert!(!text.contains(&*project.path().to_string_lossy()), "{text}");
        for url in text.split(mark).skip(1).filter_map(|rest| rest.split('"').next()) {
            let path = percent_encoding::percent_decode_str(url).decode_utf8().expect("UTF-8");
            let target = moved.join(file).parent().expect("a folder").join(&*path);
            assert!(target.is_file(), "{}", target.display());
            found += 1;
        }
    }
    assert!(found >= 8, "{found}");
}

#[test]
fn what_cannot_be_exported_says_what_to_do() {
    let project = Project::new();
    let two = "storyboard: 1\nshots:\n  - { id: a, model: kling-v3, first_frame: frames/wide.png, prompt: A. }\n";
    project.write("two.storyboard.yaml", two);
    project.write("bible/bible.storyboard.yaml", "storyboard: 1\nstyles: { film: grain }\n");
    project.write("wrong/wrong.storyboard.yaml", "storyboard: 1\nshots: [{ id: a, promt: A. }]\n");
    project.write("obeyed/a.storyboard.yaml", two.replace("A. }", "\"A\\u202Eb\" }").replace("frames", "../frames"));
    for (arguments, exit, words) in [
        (&["."][..], 2, "which format?"),
        (&["two.storyboard.yaml", "films", "--format", "otio"], 2, "2 films"),
        (&["films", "two.storyboard.yaml", "--out", "a.otio"], 2, "--out cuts/"),
        (&["films", "--out", "two.storyboard.yaml"], 2, "does not end in one of .otio"),
        (&["films", "--format", "csv", "--out", "two.storyboard.yaml"], 2, "does not end in .csv"),
        (&["films", "--format", "csv", "--out", "a.edl"], 2, "does not end in .csv"),
        (&["bible", "--format", "csv"], 2, "a bible has no shots"),
        (&["wrong", "--format", "csv"], 1, "unknown-field"),
        (&["films", "--format", "csv", "--fps", "12"], 2, "23.976"),
        (&["obeyed", "--format", "csv", "--allow", "control-character"], 2, "--out"),
    ] {
        let output = run(project.path(), &[&["export"], arguments].concat());
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(exit), "{arguments:?}: {said}");
        assert!(said.contains(words), "{arguments:?}: {said}");
        assert!(output.stdout.is_empty(), "{arguments:?}");
    }
    assert_eq!(project.read("two.storyboard.yaml"), two);
    let output = run(project.path(), &["export", "--format", "srt", "--out", "all/", "films", "two.storyboard.yaml"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(project.path().join("all/two.srt").is_file() && project.path().join("all/films/night boat.srt").is_file());
}

#[cfg(unix)]
#[test]
fn an_export_is_not_written_through_a_link() {
    let (project, elsewhere) = (Project::new(), TempDir::new().expect("a folder"));
    let theirs = elsewhere.path().join("theirs.otio");
    fs::write(&theirs, "theirs").expect("a file");
    std::os::unix::fs::symlink(&theirs, project.path().join("cut.otio")).expect("a link");
    project.export(&["--out", "cut.otio"]);
    assert_eq!(fs::read_to_string(&theirs).expect("it is there"), "theirs");
    fs::create_dir(project.path().join("cuts")).expect("a folder");
    std::os::unix::fs::symlink(elsewhere.path(), project.path().join("cuts/films")).expect("a link");
    let output = run(project.path(), &["export", "films", "--format", "otio", "--out", "cuts/"]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(fs::read_dir(elsewhere.path()).expect("it is there").count(), 1);
}

#[test]
fn a_cut_comes_back_into_its_storyboard() {
    let project = Project::new();
    let storyboard = "films/night boat.storyboard.yaml";
    for (file, fps) in [("cut.otio", "24"), ("cut.edl", "25")] {
        project.export(&["--out", file, "--fps", fps]);
        let output = run(project.path(), &["import", file, "--fps", fps, "--into", storyboard]);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{said}");
        assert!(said.contains("0 shots changed"), "{said}");
    }
    // What an editor does: trims, drops a shot, takes another take, uses one twice.
    let edl = "TITLE: CUT\nFCM: NON-DROP FRAME\n
001  AX       V     C        00:00:01:00 00:00:03:00 01:00:00:00 01:00:02:00
* FROM CLIP NAME: one.mp4
002  AX       AA/V  C        00:00:02:12 00:00:05:00 01:00:02:00 01:00:04:12
* FROM CLIP NAME: two.mp4
003  AX       V     C        00:00:00:00 00:00:01:00 01:00:04:12 01:00:05:12
* SOURCE FILE: ../x/five.mp4
004  AX       V     C        00:00:02:00 00:00:03:00 01:00:05:12 01:00:06:12
* FROM CLIP NAME: five.mp4
005  AX       A     C        00:00:00:00 00:00:10:00 01:00:00:00 01:00:10:00
* FROM CLIP NAME: music.wav
";
    project.write("theirs.edl", edl);
    let output = run(project.path(), &["import", "theirs.edl", "--into", storyboard]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{said}");
    for words in [
        "one: `use: [1, 3]`, before: `[0.5, 3.2]`",
        "two: `use: [2.5, 5]`, before: the whole clip",
        "used in several pieces: five",
        "not in the cut: three, four",
        "one: the cut uses take 1, and take 2 counts. Next: clapboard status --choose one=1",
        "2 shots changed",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
    // All of `five`, from the first piece to the last, is what holds without a word.
    let expected = FILM
        .replace("frames/", "../frames/")
        .replace("use: [0.5, 3.2]", "use: [1, 3]")
        .replace("- id: two\n", "- id: two\n        use: [2.5, 5]\n");
    assert_eq!(project.read(storyboard), expected);
    let checked = run(project.path(), &["check", "films"]);
    assert_eq!(checked.status.code(), Some(0), "{}", transcript(&checked));

    project.write("theirs.edl", edl.replace("one.mp4", "onne.mp4"));
    let output = run(project.path(), &["import", "theirs.edl", "--into", storyboard]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("has no shot `onne`"));
}

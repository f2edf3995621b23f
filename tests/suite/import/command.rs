//! The command as a writer runs it.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::{JPEG, PNG};
use crate::support::ended;

fn run(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_clapboard")).args(arguments).current_dir(folder).output().expect("it starts")
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("UTF-8")
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

/// A folder with `body.json`.
fn folder(json: &str) -> TempDir {
    let folder = TempDir::new().expect("a folder");
    fs::write(folder.path().join("body.json"), json).expect("a file");
    folder
}

#[test]
fn the_example_films_come_back_from_their_requests() {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    for film in
        ["ferry/ferry.storyboard.yaml", "harbour-nights/episode-1.storyboard.yaml", "hello/hello.storyboard.toml"]
    {
        let folder = TempDir::new().expect("a folder");
        let original = run(&examples, &["compile", "--format", "jsonl", film]);
        assert_eq!(original.status.code(), Some(0), "{}", stderr(&original));
        fs::write(folder.path().join("all.jsonl"), &original.stdout).expect("a file");
        for out in ["film.storyboard.yaml", "film.storyboard.toml"] {
            let imported = run(folder.path(), &["import", "all.jsonl", "--out", out]);
            assert_eq!(imported.status.code(), Some(0), "{}", stderr(&imported));
            let again = run(folder.path(), &["compile", "--format", "jsonl", out]);
            assert_eq!(again.status.code(), Some(0), "{}", stderr(&again));
            let bodies = |text: String| -> Vec<String> {
                text.lines().map(|line| line.split_once("\"shot\"").expect("a request").1.to_owned()).collect()
            };
            assert_eq!(bodies(stdout(&again)), bodies(stdout(&original)));
        }
    }
}

#[test]
fn a_storyboard_as_a_writer_would_lay_it_out() {
    let cut = |index: u32| json!({"index": index, "prompt": format!("Cut {index}, costs $20."), "duration": "5"});
    let bodies = json!([
        {"model_name": "kling-v3", "image": PNG, "prompt": "Cut 1, costs $20.", "mode": "pro", "multi_shot": true,
         "shot_type": "customize", "multi_prompt": [cut(1), cut(2)], "duration": "10"},
        {"model_name": "kling-v3", "image": PNG, "prompt": "The $tag stays.\\nSo does the line.", "voice_list":
         [{"voice_id": "829877809978941442"}], "sound": "on", "mode": "pro", "duration": "10", "callback_url": "https://a.example"},
        {"model_name": "kling-v1", "image": JPEG, "prompt": "yes", "mode": "std", "dynamic_masks":
         [{"mask": PNG, "trajectories": [{"x": 1, "y": 2}, {"x": 3, "y": 4}]}], "duration": "10"},
    ]);
    let folder = folder(&bodies.to_string());
    let output = run(folder.path(), &["import", "body.json", "--out", "film.storyboard.yaml"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let yaml = fs::read_to_string(folder.path().join("film.storyboard.yaml")).expect("it was written");
    insta::assert_snapshot!(yaml);
    let output = run(folder.path(), &["import", "body.json", "--out", "film.storyboard.toml"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    insta::assert_snapshot!(fs::read_to_string(folder.path().join("film.storyboard.toml")).expect("it was written"));
    let mut frames: Vec<_> = fs::read_dir(folder.path().join("frames"))
        .expect("frames")
        .map(|entry| entry.expect("an entry").file_name().into_string().expect("UTF-8"))
        .collect();
    frames.sort();
    assert_eq!(frames, ["shot-010.png", "shot-030.jpg"]);
}

#[test]
fn what_is_written_otherwise_is_told_and_what_is_left_out_fails() {
    let folder = folder(
        "{\n  \"model_name\": \"kling-v3\",\n  \"image\": \"https://a.example/a.png\",\n  \"prompt\": \"x\",\n  \
         \"duration\": 5\n}\n",
    );
    let output = run(folder.path(), &["import", "body.json"]);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(
        stderr(&output),
        "body.json:5: note: shot `body`, `duration`: Kling wants the seconds as text in quotes: they are sent so\n"
    );
    assert_eq!(stderr(&run(folder.path(), &["import", "-q", "body.json"])), "");

    for (body, line, words) in [
        ("{\"image\": \"https://a.example/a.png\",\n\"model_name\": \"kling-v7\"}", 2, "no model `kling-v7`"),
        (
            "{\"model_name\": \"kling-v3\", \"multi_shot\": true, \"shot_type\": \"intelligence\"}",
            1,
            "write the cuts yourself",
        ),
        ("{\"model_name\": \"kling-v3\", \"camera_control\": {\"type\": \"spin\"}}", 1, "no camera move `spin`"),
        ("{\"model_name\": \"kling-v3\", \"watermark_info\": [true]}", 1, "belongs here"),
        ("{\"model_name\": \"kling-v3\", \"voice_list\": [{\"voice_id\": 8.2e17}]}", 1, "digits did not survive"),
    ] {
        fs::write(folder.path().join("body.json"), body).expect("a file");
        let output = run(folder.path(), &["import", "body.json"]);
        assert_eq!(output.status.code(), Some(1), "{body}");
        assert!(stderr(&output).contains(&format!("body.json:{line}: error: shot `body`")), "{}", stderr(&output));
        assert!(stderr(&output).contains(words), "{}", stderr(&output));
        assert!(stdout(&output).contains("not_imported:"), "{}", stdout(&output));
    }
}

#[test]
fn what_is_deep_or_doubled_still_makes_a_storyboard_that_can_be_read() {
    let deep = format!("{}1{}", "[".repeat(120), "]".repeat(120));
    let body = |shot: &str| {
        format!(
            r#"{{"shot": "{shot}", "body": {{"model_name": "kling-v3", "prompt": "x", "deep": {deep}, "mode": {deep}}}}}"#
        )
    };
    let folder = folder(&[body("a"), body("a"), body("a b"), body("a-b")].join("\n"));
    let output = run(folder.path(), &["import", "body.json", "--out", "film.storyboard.yaml"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("too deep"), "{}", stderr(&output));
    let checked = run(folder.path(), &["check", "--format", "concise", "film.storyboard.yaml"]);
    for code in ["syntax", "duplicate-id", "invalid-value"] {
        assert!(!stdout(&checked).contains(code), "{}", stdout(&checked));
    }
    let text = fs::read_to_string(folder.path().join("film.storyboard.yaml")).expect("it was written");
    let ids: Vec<_> = text.lines().filter_map(|line| line.trim_start().strip_prefix("- id: ")).collect();
    assert_eq!(ids, ["a", "a-2", "a-b-2", "a-b"]);
}

#[test]
fn nothing_is_written_over() {
    let folder = folder(&json!({"model_name": "kling-v3", "image": PNG, "prompt": "x"}).to_string());
    let out = folder.path().join("film.storyboard.yaml");
    fs::write(&out, "mine").expect("a file");
    let output = run(folder.path(), &["import", "body.json", "--out", "film.storyboard.yaml"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("film.storyboard.yaml is there already"), "{}", stderr(&output));
    assert!(!folder.path().join("frames").exists());
    assert_eq!(fs::read_to_string(&out).expect("it is there"), "mine");

    fs::create_dir(folder.path().join("frames")).expect("a folder");
    fs::write(folder.path().join("frames/body.png"), "mine").expect("a file");
    let output = run(folder.path(), &["import", "body.json", "--out", "other.storyboard.yaml"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert_eq!(fs::read_to_string(folder.path().join("frames/body.png")).expect("it is there"), "mine");
    let text = fs::read_to_string(folder.path().join("other.storyboard.yaml")).expect("it was written");
    assert!(text.contains("frames/body-2.png"), "{text}");

    let output = run(folder.path(), &["import", "body.json", "--out", "films/one/film.storyboard.yaml"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(folder.path().join("films/one/frames/body.png").is_file());
}

#[cfg(unix)]
#[test]
fn a_link_out_of_the_project_is_not_written_through() {
    let elsewhere = TempDir::new().expect("a folder");
    let folder = folder(&json!({"model_name": "kling-v3", "image": PNG}).to_string());
    std::os::unix::fs::symlink(elsewhere.path(), folder.path().join("frames")).expect("a link");
    for arguments in [&["import", "body.json", "--out", "film.storyboard.yaml"][..], &["init"][..]] {
        let output = run(folder.path(), arguments);
        assert_eq!(output.status.code(), Some(2));
        assert!(stderr(&output).contains("is a link that leads out of"), "{}", stderr(&output));
    }
    assert_eq!(fs::read_dir(elsewhere.path()).expect("it is there").count(), 0);
    assert_eq!(fs::read_dir(folder.path()).expect("it is there").count(), 2);
}

#[test]
fn what_cannot_run_says_what_to_do() {
    let folder = folder(&json!({"model_name": "kling-v3", "image": PNG}).to_string());
    fs::write(folder.path().join("torn.json"), "[{\"a\": 1},\n {\"b\": ]").expect("a file");
    for (arguments, words) in [
        (&["import", "body.json"][..], "--out film.storyboard.yaml"),
        (&["import", "body.json", "--to", "toml"][..], "--out film.storyboard.toml"),
        (&["import", "body.json", "--out", "film.txt"][..], "ends in .yaml"),
        (&["import", "body.json", "--out", "film.yaml", "--to", "toml"][..], "different formats"),
        (&["import", "torn.json"][..], "torn.json:2:8: a value is missing before this bracket"),
        (&["import", "none.json"][..], "none.json: there is no such file"),
        (&["import"][..], "required"),
    ] {
        let output = run(folder.path(), arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(stderr(&output).contains(words), "{arguments:?}: {}", stderr(&output));
        assert_eq!(stdout(&output), "");
    }
}

#[test]
fn bodies_are_read_from_standard_input_and_from_files_named_after_their_shots() {
    let folder = folder("");
    for (name, prompt) in [("a-010", "One."), ("a 020", "Two.")] {
        let body = json!({"model_name": "kling-v3", "image": "https://a.example/a.png", "prompt": prompt});
        fs::write(folder.path().join(format!("{name}.json")), body.to_string()).expect("a file");
    }
    let output = run(folder.path(), &["import", "a-010.json", "a 020.json"]);
    let film: Value = serde_yaml::from_slice(&output.stdout).expect("YAML");
    let ids: Vec<_> = film["shots"].as_array().expect("shots").iter().map(|shot| shot["id"].clone()).collect();
    assert_eq!(ids, ["a-010", "a-020"]);
    assert_eq!(film["defaults"], json!({"model": "kling-v3"}));

    let mut child = Command::new(env!("CARGO_BIN_EXE_clapboard"))
        .args(["import", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("it starts");
    child.stdin.take().expect("piped").write_all(b"{\"model_name\": \"kling-v3\"}").expect("it reads");
    let output = ended(child);
    assert_eq!(output.status.code(), Some(0));
    assert!(stdout(&output).contains("model: kling-v3"));
}

#[test]
fn no_escape_sequence_reaches_the_terminal() {
    let folder = folder("[{\"shot\": \"\\u001b[31m\", \"body\": {\"model_name\": \"\\u001b[2J\"}}]");
    let output = run(folder.path(), &["import", "body.json"]);
    assert!(!output.stderr.contains(&0x1b) && !output.stdout.contains(&0x1b));
}

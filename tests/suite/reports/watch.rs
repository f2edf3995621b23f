use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;

use crate::support::PATIENCE;

/// A `check --watch` at work; killed when the test ends.
struct Watch {
    child: Child,
    told: Receiver<String>,
}

impl Watch {
    fn start(folder: &Path) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_clapboard"))
            .args(["check", "--watch", "films"])
            .current_dir(folder)
            .env_remove("GITHUB_ACTIONS")
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("clapboard starts");
        let lines = BufReader::new(child.stderr.take().expect("standard error is a pipe")).lines();
        let (tell, told) = mpsc::channel();
        thread::spawn(move || lines.map_while(Result::ok).try_for_each(|line| tell.send(line)));
        Self { child, told }
    }

    /// Waits for the run that says `summary`: a change may be seen in several steps.
    fn says(&self, summary: &str) {
        let mut heard = Vec::new();
        loop {
            match self.told.recv_timeout(PATIENCE) {
                Ok(line) if line.starts_with(&format!("clapboard: {summary};")) => return,
                Ok(line) => heard.push(line),
                Err(_) => panic!("never said {summary:?}, but {heard:?}"),
            }
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

const FILM: &str = "storyboard: 1
extends: ../bible.storyboard.yaml
shots:
  - id: dock-010
    first_frame: ../frames/wide.png
    prompt: The ferry leaves the dock.
";

const BIBLE: &str = "storyboard: 1\ndefaults:\n  model: kling-v2-6\n";

#[test]
fn whatever_the_check_looks_at_is_followed() {
    let folder = tempfile::tempdir().expect("there is a temporary folder");
    let root = folder.path();
    let write = |path: &str, text: &str| {
        let path = root.join(path);
        fs::create_dir_all(path.parent().expect("a file has a folder")).expect("the folder is made");
        fs::write(path, text).expect("the file is written");
    };
    write("clapboard.toml", "");
    write("bible.storyboard.yaml", BIBLE);
    write("films/film.storyboard.yaml", FILM);
    let watch = Watch::start(root);
    watch.says("1 error in 1 file");

    // A frame in a folder that was not there.
    fs::create_dir(root.join("frames")).expect("the folder is made");
    let frame = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/stage/frames/wide.png");
    fs::copy(frame, root.join("frames/wide.png")).expect("the frame is copied");
    watch.says("no problems in 1 file");

    // A bible next to the folder that is walked.
    write("bible.storyboard.yaml", "storyboard: 1\n");
    watch.says("1 error in 1 file");
    write("bible.storyboard.yaml", BIBLE);
    watch.says("no problems in 1 file");

    // A save that replaces the file, as many editors do.
    write("films/.saved", &FILM.replace("prompt", "promt"));
    fs::rename(root.join("films/.saved"), root.join("films/film.storyboard.yaml")).expect("the file is replaced");
    watch.says("1 error in 1 file");
    write("films/film.storyboard.yaml", FILM);
    watch.says("no problems in 1 file");

    // A film in a new folder.
    write("films/two/two.storyboard.yaml", &FILM.replace("../", "../../"));
    watch.says("no problems in 2 files");

    // The config.
    write("clapboard.toml", "lintt = 1\n");
    watch.says("1 error in 2 files");
    write("clapboard.toml", "");
    watch.says("no problems in 2 files");
    fs::remove_dir_all(root.join("films/two")).expect("the folder is removed");
    watch.says("no problems in 1 file");
}

#[test]
fn standard_input_cannot_be_watched() {
    let output = Command::new(env!("CARGO_BIN_EXE_clapboard"))
        .args(["check", "--watch", "-"])
        .stdin(Stdio::null())
        .output()
        .expect("clapboard runs");
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("cannot be watched"));
}

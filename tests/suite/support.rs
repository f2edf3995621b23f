//! What the suite shares: the program in a scrubbed environment, a stage to run it on, and expectations kept as files.

use std::fmt::Display;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use similar::TextDiff;
use tempfile::TempDir;

/// How long anything may take that is sure to happen: far more than it needs, even in a debug build on a busy machine.
pub const PATIENCE: Duration = Duration::from_secs(300);
/// The same for a program that does very much, such as to run a suite of tests.
const PATIENCE_WITH_MUCH: Duration = Duration::from_secs(1800);

/// Waits for something that is sure to happen soon.
pub fn until(condition: impl Fn() -> bool) {
    let began = Instant::now();
    while !condition() {
        assert!(began.elapsed() < PATIENCE, "it did not happen");
        std::thread::sleep(Duration::from_millis(3));
    }
}

/// Kills a process that is there for too long, so that who reads from it or waits for its end does not wait for ever.
pub struct Watchdog {
    over: Sender<()>,
    killed: JoinHandle<bool>,
}

impl Watchdog {
    pub fn of(child: &Child) -> Watchdog {
        Watchdog::after(PATIENCE, child)
    }

    /// The same for a program that does very much.
    pub fn of_long(child: &Child) -> Watchdog {
        Watchdog::after(PATIENCE_WITH_MUCH, child)
    }

    fn after(patience: Duration, child: &Child) -> Watchdog {
        let id = child.id().to_string();
        let (over, is_over) = channel();
        let killed = std::thread::spawn(move || {
            let is_late = is_over.recv_timeout(patience) == Err(RecvTimeoutError::Timeout);
            is_late && Command::new("kill").args(["-9", &id]).status().is_ok()
        });
        Watchdog { over, killed }
    }

    /// To be called once the process has been waited for. Fails where it was killed.
    pub fn stop(self) {
        drop(self.over);
        assert!(!self.killed.join().expect("it only waits"), "the program did not end");
    }
}

/// What a program says until it ends. One that does not end is killed, and the test fails.
pub fn ended(child: Child) -> Output {
    ended_before(Watchdog::of(&child), child)
}

/// The same for a program that does very much.
pub fn long_ended(child: Child) -> Output {
    ended_before(Watchdog::of_long(&child), child)
}

fn ended_before(watchdog: Watchdog, child: Child) -> Output {
    let output = child.wait_with_output().expect("the program ends");
    watchdog.stop();
    output
}

/// Whether a tool that a test needs may be done without: not with `CLAPBOARD_TEST_TOOLS=required`, as in CI. Says so where it may.
pub fn skipped_without(tool: &str, how: &str) {
    assert!(std::env::var_os("CLAPBOARD_TEST_TOOLS").is_none(), "{tool} is required and not there: {how}");
    eprintln!("skipped: {tool} is not there: {how}");
}

/// A path inside the repository.
pub fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The program, to be run in `folder`, with nothing in its environment that would change what it says.
pub fn clapboard(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_clapboard"));
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy();
        let speaks = ["CLAPBOARD", "KLING", "CLICOLOR", "GITHUB_"];
        if name == "FORCE_COLOR" || speaks.iter().any(|prefix| name.starts_with(prefix)) {
            command.env_remove(&*name);
        }
    }
    command.env("NO_COLOR", "1").current_dir(folder);
    command
}

/// Runs the program with nothing on its standard input.
pub fn run(folder: &Path, arguments: &[&str]) -> Output {
    run_with_input(folder, arguments, b"")
}

/// Runs the program with `input` on its standard input.
pub fn run_with_input(folder: &Path, arguments: &[&str], input: &[u8]) -> Output {
    let mut child = clapboard(folder)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut pipe = child.stdin.take().expect("a pipe to its standard input");
    let input = input.to_vec();
    // From a thread of its own, for the program may fill its output before it has read its input; and it need not read it at all.
    let writer = std::thread::spawn(move || drop(pipe.write_all(&input)));
    let output = ended(child);
    writer.join().expect("the input is written");
    output
}

/// All that a run said, as a reader of a log would see it: standard output, standard error with `! ` before each line, and the
/// exit status.
pub fn transcript(output: &Output) -> String {
    let mut text = String::from_utf8_lossy(&output.stdout).into_owned();
    if !text.is_empty() && !text.ends_with('\n') {
        text.push_str("[no line end]\n");
    }
    for line in String::from_utf8_lossy(&output.stderr).lines() {
        text.push_str(format!("! {line}").trim_end());
        text.push('\n');
    }
    match output.status.code() {
        Some(code) => text.push_str(&format!("exit {code}\n")),
        None => text.push_str(&format!("{}\n", output.status)),
    }
    text
}

/// A fresh copy of `tests/stage`, with `frames/largest.png` and `frames/huge.png`: a picture's header and zeros up to 10 MB, and one
/// byte more.
pub fn stage() -> TempDir {
    let stage = TempDir::new().expect("a temporary folder");
    let source = repository("tests/stage");
    copy(&source, stage.path());
    let wide = fs::read(source.join("frames/wide.png")).expect("the stage has frames/wide.png");
    // The signature and the IHDR chunk: enough to measure the picture by.
    let header = &wide[..33];
    for (name, bytes) in [("largest", 10_000_000), ("huge", 10_000_001)] {
        let mut file = File::create(stage.path().join(format!("frames/{name}.png"))).expect("a new file");
        file.write_all(header).expect("the header is written");
        file.set_len(bytes).expect("the file is made longer");
    }
    stage
}

/// Copies a folder's files into another one. A name that begins with `dot-` gets its dot: `.gitignore` and the like would act on
/// this repository.
pub fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).expect("the folder can be read") {
        let entry = entry.expect("an entry of the folder");
        let name = entry.file_name().to_string_lossy().into_owned();
        let target = to.join(match name.strip_prefix("dot-") {
            Some(rest) => format!(".{rest}"),
            None => name,
        });
        if entry.path().is_dir() {
            fs::create_dir_all(&target).expect("a new folder");
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("a file is copied");
        }
    }
}

/// The folders in `folder`, in order of their names.
pub fn folders(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the folder can be read");
    let paths = entries.map(|entry| entry.expect("an entry of the folder").path());
    let mut folders: Vec<PathBuf> = paths.filter(|path| path.is_dir()).collect();
    folders.sort();
    assert!(!folders.is_empty(), "no case in {}", folder.display());
    folders
}

/// A folder's or file's own name.
pub fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// Does `work` for each item on two threads, and gives what was wrong, in the items' order.
pub fn faults_of<T: Sync>(items: &[T], work: impl Fn(&T) -> Vec<String> + Sync + Send) -> Vec<String> {
    use rayon::prelude::*;
    items.par_iter().map(work).collect::<Vec<_>>().concat()
}

/// Expectations kept as files: compared with what came out, or, with `UPDATE=1` in the environment, rewritten by it.
pub struct Expected;

impl Expected {
    fn is_updated() -> bool {
        std::env::var_os("UPDATE").is_some_and(|value| value == "1")
    }

    /// What differs between the file at `path` and `actual`; `None` means that there must be no such file.
    pub fn compare(path: &Path, actual: Option<&str>) -> Option<String> {
        let expected = fs::read_to_string(path).ok();
        if expected.as_deref() == actual {
            return None;
        }
        if Self::is_updated() {
            match actual {
                Some(text) => fs::write(path, text).expect("the expectation is written"),
                None => fs::remove_file(path).expect("the expectation is removed"),
            }
            return None;
        }
        let expected = expected.unwrap_or_default();
        let diff = TextDiff::from_lines(expected.as_str(), actual.unwrap_or_default());
        let shown = path.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap_or(path).display().to_string();
        Some(diff.unified_diff().context_radius(2).header(&shown, "what came out").to_string())
    }
}

/// Fails with all faults at once, and says how to accept them.
pub fn assert_none(faults: &[String]) {
    assert!(
        faults.is_empty(),
        "{} differ; UPDATE=1 rewrites them, to be read before they are committed:\n{}",
        faults.len(),
        faults.join("\n")
    );
}

/// Says which input it was, where a test fails before this is dropped.
pub struct Shown<D: Display>(pub D);

impl<D: Display> Drop for Shown<D> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("the input is {}", self.0);
        }
    }
}

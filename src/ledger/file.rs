//! The ledger's file: read, checked, appended to, and made durable.

use std::collections::HashSet;
use std::fmt;
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::de::IgnoredAny;

use super::event::{Event, Line, What, set_aside_line};
use super::lock::{Lock, LockError, same_file};
use super::sha256_hex;
use super::state::State;

/// The ledger's name, at the project root.
pub const FILE_NAME: &str = "clapboard.ledger.jsonl";

/// Why the ledger is no ground to buy on. All of these are exit status 2.
#[derive(Debug)]
pub enum LedgerError {
    /// Another `submit` or `status` is at work in the project.
    Busy,
    /// The lock file was taken away while this process held it.
    LockLost(PathBuf),
    /// It cannot be read.
    Read(PathBuf, io::Error),
    /// It cannot be written.
    Write(PathBuf, io::Error),
    /// A line that is no event, with its number from 1.
    Line {
        /// Where it is.
        path: PathBuf,
        /// The line's number, from 1.
        line: usize,
        /// What is wrong with it.
        problem: String,
    },
}

impl fmt::Display for LedgerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LedgerError::Busy => write!(
                f,
                "another `clapboard submit` or `clapboard status` is at work in this project. Wait until it has ended"
            ),
            LedgerError::LockLost(path) => write!(
                f,
                "{} was removed while clapboard was at work, so another submit could begin. Nothing more is sent",
                path.display()
            ),
            LedgerError::Read(path, error) => {
                write!(f, "the ledger {} cannot be read: {error}", path.display())
            }
            LedgerError::Write(path, error) => write!(f, "the ledger {} cannot be written: {error}", path.display()),
            LedgerError::Line { path, line, problem } => {
                write!(f, "{}:{line}: {problem}. Nothing is bought until this line is mended", path.display())
            }
        }
    }
}

impl std::error::Error for LedgerError {}

impl From<LockError> for LedgerError {
    fn from(error: LockError) -> Self {
        match error {
            LockError::Held => LedgerError::Busy,
            LockError::Io(path, error) => LedgerError::Write(path, error),
        }
    }
}

/// The ledger as it stands, without a lock: for `plan`.
#[derive(Debug, Default)]
pub struct Snapshot {
    /// What its events add up to.
    pub state: State,
    /// The number, from 1, of a last line that was cut off in writing and is passed over.
    pub torn: Option<usize>,
}

impl Snapshot {
    /// Reads the ledger of the project at `root`. A missing ledger is an empty one.
    pub fn read(root: &Path) -> Result<Snapshot, LedgerError> {
        let path = root.join(FILE_NAME);
        let Some(bytes) = read_if_there(&path)? else {
            return Ok(Snapshot::default());
        };
        let scan = scan(&bytes).map_err(|(line, problem)| LedgerError::Line { path, line, problem })?;
        Ok(Snapshot { torn: scan.torn_at, state: scan.events.into_iter().collect() })
    }
}

/// The ledger in the hands of the one process that may write it.
#[derive(Debug)]
pub struct Ledger {
    path: PathBuf,
    lock: Lock,
    file: Option<File>,
    state: State,
    torn: Option<usize>,
    /// How long the file is after what this process read and wrote; `None` where a write went wrong.
    length: Option<u64>,
    /// What this process wrote, to be written again should git put another file in the ledger's place.
    written: Vec<String>,
}

impl Ledger {
    /// Takes the project's lock and reads the ledger. A missing ledger is made with its first event.
    pub fn open(root: &Path) -> Result<Ledger, LedgerError> {
        let lock = Lock::take(root)?;
        let path = root.join(FILE_NAME);
        let mut ledger =
            Ledger { path, lock, file: None, state: State::default(), torn: None, length: None, written: Vec::new() };
        ledger.reread()?;
        if ledger.length != Some(0) || ledger.path.exists() {
            // Opened now, so that a ledger that cannot be written is told before anything is sent.
            let file = append_to(&ledger.path).map_err(|error| ledger.write_error(error))?;
            ledger.file = Some(file);
        }
        Ok(ledger)
    }

    /// What the ledger says.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// Where the file is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The number of a last line that was found cut off and is passed over.
    pub fn torn(&self) -> Option<usize> {
        self.torn
    }

    /// Writes an intent, durably, unless the clip is not to be bought after all: `false`.
    ///
    /// The ledger is looked at again where somebody else changed it, so that what came by a merge in the meantime counts. A clip
    /// that is done, in flight, unknown, or failed without `retry_failed`, gets no intent, whatever the caller believes.
    pub fn intend(&mut self, event: Event, retry_failed: bool) -> Result<bool, LedgerError> {
        debug_assert!(matches!(event.what, What::Intent(_)));
        match self.lock.still_holds() {
            Ok(true) => {}
            Ok(false) => {
                return Err(LedgerError::LockLost(self.path.with_file_name(super::LOCK_FILE)));
            }
            Err(error) => return Err(self.write_error(error)),
        }
        if self.changed_by_others().map_err(|error| self.read_error(error))? {
            self.reread()?;
        }
        if !self.state.shot_state(&event.clip).needs_buying(retry_failed) {
            return Ok(false);
        }
        self.record(event)?;
        Ok(true)
    }

    /// Appends one event and makes it durable before it returns.
    pub fn record(&mut self, event: Event) -> Result<(), LedgerError> {
        let line = event.to_line();
        self.append(&line, event.at).map_err(|error| {
            self.length = None;
            self.write_error(error)
        })?;
        self.written.push(line);
        self.state.apply(&event);
        Ok(())
    }

    fn append(&mut self, line: &str, now: Timestamp) -> io::Result<()> {
        let replaced = self.file.as_ref().map(|file| same_file(file, &self.path)).transpose()? == Some(false);
        let mut text = Vec::new();
        if self.length.is_none() || self.changed_by_others()? {
            // The end of the file is looked at again. Broken lines in its middle are no reason to lose this one.
            let bytes = match must_be_ordinary(&self.path).and_then(|()| std::fs::read(&self.path)) {
                Ok(bytes) => bytes,
                Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
                Err(error) => return Err(error),
            };
            text = Tail::of(&bytes).closing(now);
            self.length = Some(bytes.len() as u64);
        }
        if replaced {
            self.file = None;
            text.extend(self.written.iter().flat_map(|line| line.bytes()));
        }
        text.extend_from_slice(line.as_bytes());

        let is_new = self.file.is_none();
        if is_new {
            self.file = Some(append_to(&self.path)?);
        }
        let Some(file) = &mut self.file else {
            return Err(io::Error::other("the ledger is not open"));
        };
        file.write_all(&text)?;
        file.sync_data()?;
        if is_new {
            sync_folder(&self.path)?;
        }
        self.length = self.length.map(|length| length + text.len() as u64);
        Ok(())
    }

    fn changed_by_others(&self) -> io::Result<bool> {
        let found = match std::fs::metadata(&self.path) {
            Ok(metadata) => metadata.len(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => 0,
            Err(error) => return Err(error),
        };
        let replaced = self.file.as_ref().map(|file| same_file(file, &self.path)).transpose()? == Some(false);
        Ok(replaced || self.length != Some(found))
    }

    /// Reads the whole file anew. What was known before stays known: events are facts, and a ledger that was taken away in
    /// the middle of a run does not make a bought clip new.
    fn reread(&mut self) -> Result<(), LedgerError> {
        let bytes = read_if_there(&self.path)?.unwrap_or_default();
        let scan =
            scan(&bytes).map_err(|(line, problem)| LedgerError::Line { path: self.path.clone(), line, problem })?;
        // An open last line is dealt with by the next append, which looks at the end again when the length is not known.
        let closed = !scan.tail.open && scan.tail.torn.is_empty();
        self.length = closed.then_some(bytes.len() as u64);
        self.torn = scan.torn_at;
        for event in &scan.events {
            self.state.apply(event);
        }
        Ok(())
    }

    fn read_error(&self, error: io::Error) -> LedgerError {
        LedgerError::Read(self.path.clone(), error)
    }

    fn write_error(&self, error: io::Error) -> LedgerError {
        LedgerError::Write(self.path.clone(), error)
    }
}

/// A project that came from elsewhere may have a link to any file, or a pipe that never ends, by the name of one of ours.
pub(super) fn must_be_ordinary(path: &Path) -> io::Result<()> {
    match path.symlink_metadata() {
        Ok(metadata) if !metadata.is_file() => Err(io::Error::other("it is not an ordinary file")),
        _ => Ok(()),
    }
}

fn append_to(path: &Path) -> io::Result<File> {
    must_be_ordinary(path)?;
    File::options().append(true).create(true).open(path)
}

/// Makes the name of a new file as durable as its bytes.
fn sync_folder(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    if let Some(folder) = path.parent() {
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        File::open(folder)?.sync_all()?;
    }
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}

fn read_if_there(path: &Path) -> Result<Option<Vec<u8>>, LedgerError> {
    match must_be_ordinary(path).and_then(|()| std::fs::read(path)) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(LedgerError::Read(path.to_owned(), error)),
    }
}

/// How a ledger ends.
#[derive(Debug, Default)]
struct Tail<'a> {
    /// Lines at the very end that were cut off in writing. Usually none, or one; more where the writing of the line that vouches
    /// for the first was cut off as well.
    torn: Vec<&'a [u8]>,
    /// Whether the last line lacks its line end.
    open: bool,
}

impl<'a> Tail<'a> {
    fn of(bytes: &'a [u8]) -> Tail<'a> {
        let mut torn: Vec<&[u8]> = lines_of(bytes)
            .rev()
            .filter(|line| !line.trim_ascii().is_empty())
            .take_while(|line| is_cut_off(line))
            .collect();
        torn.reverse();
        Tail { torn, open: bytes.last().is_some_and(|byte| *byte != b'\n') }
    }

    /// What must stand before the next event, so that it begins on a new line and what was cut off is vouched for.
    fn closing(&self, now: Timestamp) -> Vec<u8> {
        let mut text = Vec::new();
        if self.open {
            text.push(b'\n');
        }
        for torn in &self.torn {
            text.extend_from_slice(set_aside_line(torn, now).as_bytes());
        }
        text
    }
}

fn lines_of(bytes: &[u8]) -> impl DoubleEndedIterator<Item = &[u8]> {
    bytes.split(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line))
}

/// Whether this is the beginning of a line of ours, and no more than that.
fn is_cut_off(line: &[u8]) -> bool {
    // After a power cut a file may end in zeros in place of what was never written.
    let written = line.iter().rposition(|byte| *byte != 0).map_or(&[][..], |last| &line[..=last]);
    if written.is_empty() {
        return true;
    }
    written[0] == b'{' && serde_json::from_slice::<IgnoredAny>(written).is_err_and(|error| error.is_eof())
}

struct Scan<'a> {
    events: Vec<Event>,
    tail: Tail<'a>,
    /// The number of the first line of `tail.torn`.
    torn_at: Option<usize>,
}

/// Reads all lines; the error is a broken line's number and what is wrong with it.
fn scan(bytes: &[u8]) -> Result<Scan<'_>, (usize, String)> {
    let tail = Tail::of(bytes);
    let mut events = Vec::new();
    let mut set_aside = HashSet::new();
    let mut broken = Vec::new();
    for (index, line) in lines_of(bytes).enumerate() {
        if line.trim_ascii().is_empty() {
            continue;
        }
        match Line::parse(line) {
            Ok(Line::Event(event)) => events.push(*event),
            Ok(Line::SetAside { sha256 }) => {
                set_aside.insert(sha256);
            }
            Err(problem) => broken.push((index + 1, line, problem)),
        }
    }
    // The torn lines of the tail are the last of the broken ones: each of them is broken, and nothing follows them.
    let torn = broken.split_off(broken.len().saturating_sub(tail.torn.len()));
    if let Some((number, _, problem)) = broken.into_iter().find(|(_, line, _)| !set_aside.contains(&sha256_hex(line))) {
        return Err((number, problem));
    }
    Ok(Scan { events, torn_at: torn.first().map(|(number, ..)| *number), tail })
}

#[cfg(test)]
mod tests {
    use super::super::event::{Clip, Intent, Learned};
    use super::super::state::ShotState;
    use super::*;

    fn clip() -> Clip {
        Clip { film: "ferry".into(), shot: "a".into(), identity: "a".repeat(64) }
    }

    fn event(attempt: &str, what: What) -> Event {
        Event { at: Timestamp::from_second(1).unwrap(), clip: clip(), attempt: attempt.into(), what }
    }

    fn intent(attempt: &str) -> Event {
        let intent = Intent { api: "gateway".into(), base_url: "https://x".into(), seconds: 5, ..Intent::default() };
        event(attempt, What::Intent(intent))
    }

    fn accepted(attempt: &str) -> Event {
        event(attempt, What::Accepted { task_id: "t".into(), how: Learned::Answer })
    }

    fn project() -> (tempfile::TempDir, PathBuf) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(FILE_NAME);
        (dir, path)
    }

    #[test]
    fn what_was_recorded_is_read_again() {
        let (dir, path) = project();
        let mut ledger = Ledger::open(dir.path()).unwrap();
        assert!(!path.exists(), "an unused ledger leaves no file");
        assert!(ledger.intend(intent("1"), false).unwrap());
        ledger.record(accepted("1")).unwrap();
        assert_eq!(Snapshot::read(dir.path()).unwrap().state, *ledger.state());
        assert_eq!(ledger.state().shot_state(&clip()), ShotState::InFlight);
    }

    #[test]
    fn an_intent_is_refused_while_an_earlier_one_stands() {
        let (dir, path) = project();
        let mut ledger = Ledger::open(dir.path()).unwrap();
        assert!(ledger.intend(intent("1"), false).unwrap());
        assert!(!ledger.intend(intent("2"), true).unwrap());
        assert_eq!(std::fs::read_to_string(path).unwrap().lines().count(), 1);
    }

    #[test]
    fn a_torn_last_line_is_set_aside_wherever_a_merge_puts_it() {
        let (dir, path) = project();
        let whole = intent("1").to_line();
        let cut = accepted("1").to_line();
        for length in 1..cut.trim_end().len() {
            std::fs::write(&path, format!("{whole}{}", &cut[..length])).unwrap();
            assert_eq!(Snapshot::read(dir.path()).unwrap().torn, Some(2), "{length}");
            let mut ledger = Ledger::open(dir.path()).unwrap();
            assert_eq!(ledger.state().shot_state(&clip()), ShotState::Unknown);
            ledger.record(accepted("1")).unwrap();
            drop(ledger);

            let text = std::fs::read_to_string(&path).unwrap();
            assert!(text.starts_with(&format!("{whole}{}\n", &cut[..length])), "nothing is truncated: {text}");
            let mut lines: Vec<&str> = text.lines().collect();
            lines.reverse();
            std::fs::write(&path, lines.join("\n")).unwrap();
            let merged = Snapshot::read(dir.path()).unwrap();
            assert_eq!(merged.state.shot_state(&clip()), ShotState::InFlight);
        }
    }

    #[test]
    fn a_second_crash_while_the_torn_line_is_set_aside_does_no_harm() {
        let (dir, path) = project();
        let whole = intent("1").to_line();
        let torn = &accepted("1").to_line()[..40];
        std::fs::write(&path, format!("{whole}{torn}")).unwrap();
        Ledger::open(dir.path()).unwrap().record(accepted("1")).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        for length in whole.len() + torn.len()..text.len() {
            std::fs::write(&path, &text[..length]).unwrap();
            Ledger::open(dir.path()).unwrap().record(accepted("1")).unwrap();
            let again = Snapshot::read(dir.path()).unwrap();
            assert_eq!((again.state.shot_state(&clip()), again.torn), (ShotState::InFlight, None), "{length}");
        }
    }

    #[test]
    fn a_whole_last_line_without_its_line_end_counts() {
        let (dir, path) = project();
        std::fs::write(&path, intent("1").to_line().trim_end()).unwrap();
        let mut ledger = Ledger::open(dir.path()).unwrap();
        assert_eq!(ledger.torn(), None);
        assert_eq!(ledger.state().shot_state(&clip()), ShotState::Unknown);
        ledger.record(accepted("1")).unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), intent("1").to_line() + &accepted("1").to_line());
    }

    #[test]
    fn zeros_after_a_power_cut_are_a_torn_line() {
        let (dir, path) = project();
        std::fs::write(&path, [intent("1").to_line().as_bytes(), &[0; 40]].concat()).unwrap();
        let mut ledger = Ledger::open(dir.path()).unwrap();
        assert_eq!(ledger.torn(), Some(2));
        ledger.record(accepted("1")).unwrap();
        drop(ledger);
        assert_eq!(Ledger::open(dir.path()).unwrap().state().shot_state(&clip()), ShotState::InFlight);
    }

    #[test]
    fn a_broken_line_names_itself() {
        let (dir, path) = project();
        let good = intent("1").to_line();
        for (text, line) in [
            (format!("{good}<<<<<<< HEAD\n{good}"), 2),
            (format!("{good}=======\n"), 2),
            (format!("{good}>>>>>>> other"), 2),
            (format!("nonsense\n{good}"), 1),
            (format!("{}\n{good}", &good[..30]), 1),
            (format!("{good}{}", good.replace("\"v\":1", "\"v\":9").trim_end()), 2),
        ] {
            std::fs::write(&path, &text).unwrap();
            match Ledger::open(dir.path()) {
                Err(LedgerError::Line { line: found, .. }) => assert_eq!(found, line, "{text}"),
                other => panic!("{text}: {other:?}"),
            }
        }
    }

    #[test]
    fn crlf_line_ends_of_a_checkout_are_read() {
        let (dir, path) = project();
        std::fs::write(&path, (intent("1").to_line() + &accepted("1").to_line()).replace('\n', "\r\n")).unwrap();
        assert_eq!(Snapshot::read(dir.path()).unwrap().state.shot_state(&clip()), ShotState::InFlight);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_no_ledger() {
        let (dir, path) = project();
        let elsewhere = tempfile::NamedTempFile::new().unwrap();
        std::os::unix::fs::symlink(elsewhere.path(), &path).unwrap();
        assert!(matches!(Snapshot::read(dir.path()), Err(LedgerError::Read(..))));
        assert!(Ledger::open(dir.path()).is_err());
        std::fs::rename(&path, dir.path().join(super::super::LOCK_FILE)).unwrap();
        assert!(Ledger::open(dir.path()).is_err());
        assert_eq!(elsewhere.path().metadata().unwrap().len(), 0);
    }

    #[cfg(unix)]
    #[test]
    fn a_ledger_that_git_replaced_gets_this_runs_lines_again() {
        let (dir, path) = project();
        let mut ledger = Ledger::open(dir.path()).unwrap();
        assert!(ledger.intend(intent("1"), false).unwrap());
        let mut other = intent("9");
        other.clip.shot = "b".into();
        let merged = dir.path().join("merged");
        std::fs::write(&merged, other.to_line()).unwrap();
        std::fs::rename(&merged, &path).unwrap();

        ledger.record(accepted("1")).unwrap();
        drop(ledger);
        let state = Snapshot::read(dir.path()).unwrap().state;
        assert_eq!(state.shot_state(&clip()), ShotState::InFlight);
        assert_eq!(state.shot_state(&other.clip), ShotState::Unknown);
    }

    #[cfg(unix)]
    #[test]
    fn a_clip_that_a_merge_brings_in_is_not_bought() {
        let (dir, path) = project();
        let mut ledger = Ledger::open(dir.path()).unwrap();
        std::fs::write(&path, intent("9").to_line() + &accepted("9").to_line()).unwrap();
        assert!(!ledger.intend(intent("1"), false).unwrap());
    }

    #[test]
    fn a_ledger_that_was_taken_away_makes_no_bought_clip_new() {
        let (dir, path) = project();
        std::fs::write(&path, intent("1").to_line() + &accepted("1").to_line()).unwrap();
        let mut ledger = Ledger::open(dir.path()).unwrap();
        std::fs::remove_file(&path).unwrap();
        assert!(!ledger.intend(intent("2"), true).unwrap());
    }

    #[test]
    fn a_lock_that_was_taken_away_stops_the_buying_but_not_the_recording() {
        let (dir, _) = project();
        let mut ledger = Ledger::open(dir.path()).unwrap();
        assert!(ledger.intend(intent("1"), false).unwrap());
        std::fs::remove_file(dir.path().join(super::super::LOCK_FILE)).unwrap();
        let mut second = intent("2");
        second.clip.shot = "b".into();
        if cfg!(unix) {
            assert!(matches!(ledger.intend(second, false), Err(LedgerError::LockLost(_))));
        }
        ledger.record(accepted("1")).unwrap();
    }
}

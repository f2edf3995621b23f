//! The ledger: read, checked, appended to with its second copy, and made durable.

use std::collections::HashSet;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::event::{Clip, Event, What};
use super::location::{Location, Second};
use super::lock::{LOCK_FILE, Lock, LockError};
use super::log::{Contents, Log, LogError, read};
use super::state::{ShotState, Standing, State};

/// The ledger's name, at the project root and in the folder of the second copy.
pub const FILE_NAME: &str = "clapboard.ledger.jsonl";

/// Why nothing can be bought on this ledger. All of these are exit status 2.
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
    /// A line that is not an event, with its number from 1.
    Line {
        /// The file.
        path: PathBuf,
        /// The line's number, from 1.
        line: usize,
        /// The problem.
        problem: String,
    },
    /// A film or shot name that could not be read back.
    Name(String),
}

impl fmt::Display for LedgerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LedgerError::Busy => write!(
                f,
                "another `clapboard submit` or `clapboard status` is running in this project or in another worktree of it. \
                 Wait until it has ended"
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
                write!(f, "{}:{line}: {problem}. Nothing is bought until this line is fixed", path.display())
            }
            LedgerError::Name(problem) => write!(f, "this clip cannot be written into the ledger: {problem}"),
        }
    }
}

// Its text says the cause already: `source` would have it said twice.
impl std::error::Error for LedgerError {}

impl From<LockError> for LedgerError {
    fn from(error: LockError) -> Self {
        match error {
            LockError::Held => LedgerError::Busy,
            LockError::Io(path, error) => LedgerError::Write(path, error),
        }
    }
}

fn log_error(path: &Path, error: LogError) -> LedgerError {
    match error {
        LogError::Read(error) => LedgerError::Read(path.to_owned(), error),
        LogError::Line(line, problem) => LedgerError::Line { path: path.to_owned(), line, problem },
    }
}

/// A project's ledger, read without a lock, for `plan`.
#[derive(Debug, Default)]
pub struct Snapshot {
    /// The state that the ledger's events add up to.
    pub state: State,
    /// The same, with what only the second copy has.
    pub with_second: State,
    /// The number, from 1, of a last line that was cut off in writing and is passed over.
    pub torn: Option<usize>,
}

impl Snapshot {
    /// Reads the ledger of a project and its second copy. A missing one is an empty one.
    ///
    /// # Errors
    /// One of the two cannot be read, or has a broken line.
    pub fn read(location: &Location) -> Result<Snapshot, LedgerError> {
        let path = location.root.join(FILE_NAME);
        let contents = read(&path).map_err(|error| log_error(&path, error))?;
        let mut snapshot = Snapshot { torn: contents.torn, ..Snapshot::default() };
        apply(&mut snapshot.state, &contents);
        snapshot.with_second = snapshot.state.clone();
        if let Some(second) = &location.second {
            let path = second.folder().join(FILE_NAME);
            let contents = read(&path).map_err(|error| log_error(&path, error))?;
            apply(&mut snapshot.with_second, &contents);
        }
        Ok(snapshot)
    }
}

fn apply(state: &mut State, contents: &Contents) {
    contents.events.iter().for_each(|(_, event)| state.apply(event));
}

/// The shots that may be bought although they are neither new nor changed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Permit {
    /// A shot that failed.
    pub failed: bool,
    /// Another take of a clip that is done, or that was bought as far as the second copy knows.
    pub again: bool,
}

/// The ledger in the hands of the one process that may write it.
#[derive(Debug)]
pub struct Ledger {
    log: Log,
    second: Option<Log>,
    locks: Vec<Lock>,
    state: State,
    with_second: State,
    /// Lines that only the second copy has.
    missing: Vec<Vec<u8>>,
    torn: Option<usize>,
    /// Why the last line did not reach the second copy: nothing more is bought then.
    second_error: Option<String>,
}

impl Ledger {
    /// Takes the locks of the project and reads its ledger. A missing ledger is made with its first event.
    ///
    /// Lines that the second copy lacks are added to it, so that it also guards lines from a merge. The last line
    /// of the copy is put back into the ledger where it is the only one that the ledger lacks: a crash between the two writes
    /// leaves just that.
    ///
    /// # Errors
    /// Somebody else has a lock, or one of the files cannot be read or written.
    pub fn open(location: &Location) -> Result<Ledger, LedgerError> {
        let mut locks = vec![Lock::take(&location.root)?];
        let second = second_log(location, &mut locks)?;
        let mut ledger = Ledger {
            log: Log::new(location.root.join(FILE_NAME)),
            second,
            locks,
            state: State::default(),
            with_second: State::default(),
            missing: Vec::new(),
            torn: None,
            second_error: None,
        };
        let contents = ledger.reread()?;
        let opened = ledger.log.open_existing();
        opened.map_err(|error| LedgerError::Write(ledger.path().to_owned(), error))?;
        ledger.compare(&contents)?;
        Ok(ledger)
    }

    /// The state of the ledger.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// The state of the ledger and its second copy together.
    pub fn with_second(&self) -> &State {
        &self.with_second
    }

    /// Where the file is.
    pub fn path(&self) -> &Path {
        &self.log.path
    }

    /// The number of a last line that was found cut off and is passed over.
    pub fn torn(&self) -> Option<usize> {
        self.torn
    }

    /// Puts the lines back that only the second copy has, and says how many they are.
    ///
    /// # Errors
    /// The ledger cannot be written.
    pub fn restore(&mut self, now: Timestamp) -> Result<usize, LedgerError> {
        let lines = std::mem::take(&mut self.missing);
        let text = joined(&lines);
        if !text.is_empty() {
            self.log.append(&text, now).map_err(|error| LedgerError::Write(self.log.path.clone(), error))?;
            self.state = self.with_second.clone();
        }
        Ok(lines.len())
    }

    /// Writes an intent, durably, unless the clip is not to be bought after all: `false`.
    ///
    /// The ledger is read again where somebody else changed it, so that what came by a merge in the meantime counts. What
    /// `permit` does not allow gets no intent, whatever the caller believes.
    ///
    /// # Errors
    /// A lock was lost, or a file cannot be read or written. Then nothing may be sent.
    pub fn intend(&mut self, event: Event, permit: Permit) -> Result<bool, LedgerError> {
        debug_assert!(matches!(event.what, What::Intent(_)));
        for lock in &self.locks {
            match lock.still_holds() {
                Ok(true) => {}
                Ok(false) => return Err(LedgerError::LockLost(lock.path().to_owned())),
                Err(error) => return Err(LedgerError::Write(lock.path().to_owned(), error)),
            }
        }
        if let (Some(problem), Some(second)) = (&self.second_error, &self.second) {
            return Err(LedgerError::Write(second.path.clone(), io::Error::other(problem.clone())));
        }
        event.clip.validate().map_err(LedgerError::Name)?;
        if self.log.changed_by_others().map_err(|error| LedgerError::Read(self.log.path.clone(), error))? {
            self.reread()?;
        }
        if !self.permits(&event.clip, permit) {
            return Ok(false);
        }
        let line = event.to_line();
        if let Some(second) = &mut self.second {
            second.append(&line, event.at).map_err(|error| LedgerError::Write(second.path.clone(), error))?;
        }
        if let Err(error) = self.append(&line, &event) {
            // Nothing was sent, and the line may have reached the disk all the same: said once, where that can be written.
            let what = What::NotSent { reason: "the ledger could not be written".into() };
            let _ = self.record(Event { what, ..event });
            return Err(error);
        }
        Ok(true)
    }

    /// Whether a clip may be bought, by the ledger and its second copy.
    fn permits(&self, clip: &Clip, permit: Permit) -> bool {
        let is_open = |standing| matches!(standing, Standing::InFlight | Standing::Unknown);
        if permit.again {
            return !self.state.of_clip(clip).any(|attempt| is_open(attempt.standing()));
        }
        let known = self.with_second.shot_state(clip);
        self.state.shot_state(clip).needs_buying(permit.failed)
            && !matches!(known, ShotState::Done | ShotState::InFlight | ShotState::Unknown)
    }

    /// Appends one event and makes it durable before it returns.
    ///
    /// # Errors
    /// The ledger cannot be written. A second copy that cannot be written stops the next intent.
    pub fn record(&mut self, event: Event) -> Result<(), LedgerError> {
        let line = event.to_line();
        if let Some(second) = &mut self.second
            && let Err(error) = second.append(&line, event.at)
        {
            self.second_error = Some(error.to_string());
        }
        self.append(&line, &event)
    }

    fn append(&mut self, line: &str, event: &Event) -> Result<(), LedgerError> {
        self.log.append(line, event.at).map_err(|error| LedgerError::Write(self.log.path.clone(), error))?;
        self.state.apply(event);
        self.with_second.apply(event);
        Ok(())
    }

    /// Reads the ledger again. What was known before stays known: events are facts, and a ledger that was taken away in the
    /// middle of a run does not make a bought clip new.
    fn reread(&mut self) -> Result<Contents, LedgerError> {
        let contents = self.log.reread().map_err(|error| log_error(&self.log.path, error))?;
        self.torn = contents.torn;
        apply(&mut self.state, &contents);
        apply(&mut self.with_second, &contents);
        Ok(contents)
    }

    /// Holds the ledger and its second copy against each other.
    fn compare(&mut self, ledger: &Contents) -> Result<(), LedgerError> {
        let Some(second) = &mut self.second else { return Ok(()) };
        let now = Timestamp::now();
        let copy = second.reread().map_err(|error| log_error(&second.path, error))?;
        let known: HashSet<&[u8]> = copy.events.iter().map(|(line, _)| line.as_slice()).collect();
        let mut added = HashSet::new();
        let new = ledger.events.iter().map(|(line, _)| line).filter(|line| !known.contains(line.as_slice()));
        let text = joined(new.filter(|line| added.insert(line.as_slice())));
        if !text.is_empty() {
            second.append(&text, now).map_err(|error| LedgerError::Write(second.path.clone(), error))?;
        }
        let held: HashSet<&[u8]> = ledger.events.iter().map(|(line, _)| line.as_slice()).collect();
        let missing: Vec<&(Vec<u8>, Event)> =
            copy.events.iter().filter(|(line, _)| !held.contains(line.as_slice())).collect();
        let is_last = |line: &[u8]| copy.events.last().is_some_and(|(last, _)| last == line);
        match missing.as_slice() {
            [(line, event)] if is_last(line) => self.append(&joined([line]), event)?,
            _ => self.missing = missing.iter().map(|(line, _)| line.clone()).collect(),
        }
        apply(&mut self.with_second, &copy);
        Ok(())
    }
}

/// The second copy of a project, locked. In a state folder that cannot be written there is none; in a repository that is an
/// error, because other worktrees rely on it.
fn second_log(location: &Location, locks: &mut Vec<Lock>) -> Result<Option<Log>, LedgerError> {
    let Some(second) = &location.second else { return Ok(None) };
    let folder = second.folder();
    let made = std::fs::create_dir_all(folder).and_then(|()| match folder.symlink_metadata()?.is_dir() {
        true => Ok(()),
        false => Err(io::Error::other("it is not an ordinary folder")),
    });
    match (made, second) {
        (Ok(()), _) => {}
        (Err(_), Second::State(_)) => return Ok(None),
        (Err(error), Second::Git(_)) => return Err(LedgerError::Write(folder.to_owned(), error)),
    }
    locks.push(Lock::take_as(&folder.join(LOCK_FILE))?);
    Ok(Some(Log::new(folder.join(FILE_NAME))))
}

fn joined<'l>(lines: impl IntoIterator<Item = &'l Vec<u8>>) -> String {
    let mut text = String::new();
    for line in lines {
        text.push_str(&String::from_utf8_lossy(line));
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::event::{Intent, Learned};
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

    fn open(root: &Path) -> Result<Ledger, LedgerError> {
        Ledger::open(&Location::alone(root))
    }

    fn snapshot(root: &Path) -> Result<Snapshot, LedgerError> {
        Snapshot::read(&Location::alone(root))
    }

    const NEW: Permit = Permit { failed: false, again: false };
    const FAILED: Permit = Permit { failed: true, again: false };

    fn project() -> (tempfile::TempDir, PathBuf) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(FILE_NAME);
        (dir, path)
    }

    #[test]
    fn what_was_recorded_is_read_again() {
        let (dir, path) = project();
        let mut ledger = open(dir.path()).unwrap();
        assert!(!path.exists(), "an unused ledger leaves no file");
        assert!(ledger.intend(intent("1"), NEW).unwrap());
        ledger.record(accepted("1")).unwrap();
        assert_eq!(snapshot(dir.path()).unwrap().state, *ledger.state());
        assert_eq!(ledger.state().shot_state(&clip()), ShotState::InFlight);
    }

    #[test]
    fn an_intent_is_refused_while_an_earlier_one_stands() {
        let (dir, path) = project();
        let mut ledger = open(dir.path()).unwrap();
        assert!(ledger.intend(intent("1"), NEW).unwrap());
        assert!(!ledger.intend(intent("2"), FAILED).unwrap());
        assert_eq!(std::fs::read_to_string(path).unwrap().lines().count(), 1);
    }

    #[test]
    fn a_torn_last_line_is_set_aside_wherever_a_merge_puts_it() {
        let (dir, path) = project();
        let whole = intent("1").to_line();
        let cut = accepted("1").to_line();
        for length in 1..cut.trim_end().len() {
            std::fs::write(&path, format!("{whole}{}", &cut[..length])).unwrap();
            assert_eq!(snapshot(dir.path()).unwrap().torn, Some(2), "{length}");
            let mut ledger = open(dir.path()).unwrap();
            assert_eq!(ledger.state().shot_state(&clip()), ShotState::Unknown);
            ledger.record(accepted("1")).unwrap();
            drop(ledger);

            let text = std::fs::read_to_string(&path).unwrap();
            assert!(text.starts_with(&format!("{whole}{}\n", &cut[..length])), "nothing is truncated: {text}");
            let mut lines: Vec<&str> = text.lines().collect();
            lines.reverse();
            std::fs::write(&path, lines.join("\n")).unwrap();
            let merged = snapshot(dir.path()).unwrap();
            assert_eq!(merged.state.shot_state(&clip()), ShotState::InFlight);
        }
    }

    #[test]
    fn a_second_crash_while_the_torn_line_is_set_aside_does_no_harm() {
        let (dir, path) = project();
        let whole = intent("1").to_line();
        let torn = &accepted("1").to_line()[..40];
        std::fs::write(&path, format!("{whole}{torn}")).unwrap();
        open(dir.path()).unwrap().record(accepted("1")).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        for length in whole.len() + torn.len()..text.len() {
            std::fs::write(&path, &text[..length]).unwrap();
            open(dir.path()).unwrap().record(accepted("1")).unwrap();
            let again = snapshot(dir.path()).unwrap();
            assert_eq!((again.state.shot_state(&clip()), again.torn), (ShotState::InFlight, None), "{length}");
        }
    }

    #[test]
    fn a_whole_last_line_without_its_line_end_counts() {
        let (dir, path) = project();
        std::fs::write(&path, intent("1").to_line().trim_end()).unwrap();
        let mut ledger = open(dir.path()).unwrap();
        assert_eq!(ledger.torn(), None);
        assert_eq!(ledger.state().shot_state(&clip()), ShotState::Unknown);
        ledger.record(accepted("1")).unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), intent("1").to_line() + &accepted("1").to_line());
    }

    #[test]
    fn zeros_after_a_power_cut_are_a_torn_line() {
        let (dir, path) = project();
        std::fs::write(&path, [intent("1").to_line().as_bytes(), &[0; 40]].concat()).unwrap();
        let mut ledger = open(dir.path()).unwrap();
        assert_eq!(ledger.torn(), Some(2));
        ledger.record(accepted("1")).unwrap();
        drop(ledger);
        assert_eq!(open(dir.path()).unwrap().state().shot_state(&clip()), ShotState::InFlight);
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
            // Not cut off: nothing that could follow would make an event of it.
            (format!("{{\"v\":1,x\n{}", &good[..30]), 1),
            (format!("{good}{}", good.replace("\"v\":1", "\"v\":9").trim_end()), 2),
        ] {
            std::fs::write(&path, &text).unwrap();
            match open(dir.path()) {
                Err(LedgerError::Line { line: found, .. }) => assert_eq!(found, line, "{text}"),
                other => panic!("{text}: {other:?}"),
            }
        }
    }

    #[test]
    fn crlf_line_ends_of_a_checkout_are_read() {
        let (dir, path) = project();
        std::fs::write(&path, (intent("1").to_line() + &accepted("1").to_line()).replace('\n', "\r\n")).unwrap();
        assert_eq!(snapshot(dir.path()).unwrap().state.shot_state(&clip()), ShotState::InFlight);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_no_ledger() {
        let (dir, path) = project();
        let elsewhere = tempfile::NamedTempFile::new().unwrap();
        std::os::unix::fs::symlink(elsewhere.path(), &path).unwrap();
        assert!(matches!(snapshot(dir.path()), Err(LedgerError::Read(..))));
        assert!(open(dir.path()).is_err());
        std::fs::rename(&path, dir.path().join(LOCK_FILE)).unwrap();
        assert!(open(dir.path()).is_err());
        assert_eq!(elsewhere.path().metadata().unwrap().len(), 0);
    }

    #[test]
    fn a_ledger_that_cannot_be_read_is_not_an_empty_one() {
        let (dir, path) = project();
        std::fs::write(&path, "").unwrap();
        // Its parent is a file, so that nobody, not even root, can tell whether it exists.
        assert!(matches!(snapshot(&path), Err(LedgerError::Read(..))));
        let second = Some(Second::State(path));
        assert!(matches!(Snapshot::read(&Location { root: dir.path().into(), second }), Err(LedgerError::Read(..))));
    }

    #[test]
    fn what_others_append_in_the_middle_of_a_run_gets_its_line_end() {
        let (dir, path) = project();
        let mut ledger = open(dir.path()).unwrap();
        assert!(ledger.intend(intent("1"), NEW).unwrap());
        let mut text = intent("1").to_line() + of_shot("b", intent("9")).to_line().trim_end();
        std::fs::write(&path, &text).unwrap();
        ledger.record(accepted("1")).unwrap();
        text.push('\n');
        assert_eq!(std::fs::read_to_string(&path).unwrap(), text + &accepted("1").to_line());
    }

    #[cfg(unix)]
    #[test]
    fn a_ledger_that_git_replaced_gets_this_runs_lines_again() {
        let (dir, path) = project();
        let mut ledger = open(dir.path()).unwrap();
        assert!(ledger.intend(intent("1"), NEW).unwrap());
        let mut other = intent("9");
        other.clip.shot = "b".into();
        let merged = dir.path().join("merged");
        std::fs::write(&merged, other.to_line()).unwrap();
        std::fs::rename(&merged, &path).unwrap();

        ledger.record(accepted("1")).unwrap();
        drop(ledger);
        let state = snapshot(dir.path()).unwrap().state;
        assert_eq!(state.shot_state(&clip()), ShotState::InFlight);
        assert_eq!(state.shot_state(&other.clip), ShotState::Unknown);
    }

    #[cfg(unix)]
    #[test]
    fn a_ledger_that_git_replaced_by_one_as_long_is_read_again() {
        let (dir, path) = project();
        std::fs::write(&path, of_shot("b", intent("1")).to_line()).unwrap();
        let mut ledger = open(dir.path()).unwrap();
        let merged = dir.path().join("merged");
        std::fs::write(&merged, intent("2").to_line()).unwrap();
        assert_eq!(merged.metadata().unwrap().len(), path.metadata().unwrap().len());
        std::fs::rename(&merged, &path).unwrap();
        assert!(!ledger.intend(intent("3"), NEW).unwrap());
    }

    /// A project with a second copy, as every worktree of a repository has it.
    fn copied() -> (tempfile::TempDir, Location) {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().join("film");
        std::fs::create_dir(&root).unwrap();
        let second = Some(Second::Git(dir.path().join("git/clapboard")));
        (dir, Location { root, second })
    }

    fn of_shot(shot: &str, mut event: Event) -> Event {
        event.clip.shot = shot.into();
        event
    }

    /// A new ledger, with one attempt that has its task.
    fn with_a_task(location: &Location) -> Ledger {
        let mut ledger = Ledger::open(location).unwrap();
        assert!(ledger.intend(intent("1"), NEW).unwrap());
        ledger.record(accepted("1")).unwrap();
        ledger
    }

    #[test]
    fn what_git_took_out_of_the_ledger_is_not_bought_again_and_can_be_put_back() {
        let (_dir, location) = copied();
        let ledger = with_a_task(&location);
        assert!(matches!(Ledger::open(&location), Err(LedgerError::Busy)));
        let other_worktree = Location { root: location.root.join("elsewhere"), ..location.clone() };
        std::fs::create_dir(&other_worktree.root).unwrap();
        assert!(matches!(Ledger::open(&other_worktree), Err(LedgerError::Busy)));
        drop(ledger);

        std::fs::remove_file(location.root.join(FILE_NAME)).unwrap();
        let snapshot = Snapshot::read(&location).unwrap();
        assert_eq!(snapshot.state.shot_state(&clip()), ShotState::New);
        assert_eq!(snapshot.with_second.shot_state(&clip()), ShotState::InFlight);
        let mut ledger = Ledger::open(&location).unwrap();
        assert_eq!(ledger.state().shot_state(&clip()), ShotState::New);
        assert!(!ledger.intend(intent("2"), FAILED).unwrap());
        assert_eq!(ledger.restore(Timestamp::UNIX_EPOCH).unwrap(), 2);
        assert_eq!(ledger.state().shot_state(&clip()), ShotState::InFlight);
        assert_eq!(Snapshot::read(&location).unwrap().state, *ledger.state());
        assert_eq!(ledger.restore(Timestamp::UNIX_EPOCH).unwrap(), 0);
    }

    #[test]
    fn another_take_is_bought_only_where_none_is_open() {
        let (_dir, location) = copied();
        let again = Permit { failed: false, again: true };
        let mut ledger = Ledger::open(&location).unwrap();
        assert!(ledger.intend(intent("1"), NEW).unwrap());
        assert!(!ledger.intend(intent("2"), again).unwrap(), "unknown");
        ledger.record(accepted("1")).unwrap();
        assert!(!ledger.intend(intent("2"), again).unwrap(), "in flight");
        let path = "clips/a.mp4".into();
        let sha256 = "x".into();
        let here = What::Downloaded { task_id: "t".into(), path, bytes: 1, sha256, units: None };
        ledger.record(event("1", here)).unwrap();
        assert!(!ledger.intend(intent("2"), NEW).unwrap());
        assert!(ledger.intend(intent("2"), again).unwrap());
    }

    #[test]
    fn what_came_by_a_merge_is_added_to_the_second_copy() {
        let (_dir, location) = copied();
        let merged = intent("9").to_line() + &accepted("9").to_line();
        std::fs::write(location.root.join(FILE_NAME), merged.replace('\n', "\r\n") + &merged).unwrap();
        drop(Ledger::open(&location).unwrap());
        std::fs::remove_file(location.root.join(FILE_NAME)).unwrap();
        let second = location.second.as_ref().unwrap().folder().join(FILE_NAME);
        assert_eq!(std::fs::read_to_string(second).unwrap(), merged);
        assert!(!Ledger::open(&location).unwrap().intend(intent("1"), NEW).unwrap());
    }

    #[test]
    fn a_line_that_is_missing_before_others_is_put_back_only_when_asked_for() {
        let (_dir, location) = copied();
        drop(with_a_task(&location));
        let path = location.root.join(FILE_NAME);
        std::fs::write(&path, accepted("1").to_line()).unwrap();
        let mut ledger = Ledger::open(&location).unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), accepted("1").to_line());
        assert_eq!(ledger.restore(Timestamp::UNIX_EPOCH).unwrap(), 1);
        assert_eq!(std::fs::read_to_string(&path).unwrap(), accepted("1").to_line() + &intent("1").to_line());
    }

    #[test]
    fn a_crash_between_the_two_copies_loses_no_line() {
        let (_dir, location) = copied();
        drop(with_a_task(&location));
        let path = location.root.join(FILE_NAME);
        let text = std::fs::read_to_string(&path).unwrap();
        let first = text.find('\n').unwrap() + 1;
        for length in first..text.len() {
            std::fs::write(&path, &text[..length]).unwrap();
            let ledger = Ledger::open(&location).unwrap();
            assert_eq!(ledger.state().shot_state(&clip()), ShotState::InFlight, "{length}");
            drop(ledger);
            assert_eq!(Snapshot::read(&location).unwrap().state.shot_state(&clip()), ShotState::InFlight, "{length}");
        }
    }

    #[test]
    fn nothing_is_written_that_could_not_be_read_back() {
        let (dir, path) = project();
        let mut ledger = open(dir.path()).unwrap();
        for film in ["b\\c", "..", "a\tb"] {
            let mut bad = intent("1");
            bad.clip.film = film.into();
            assert!(matches!(ledger.intend(bad, NEW), Err(LedgerError::Name(_))), "{film:?}");
        }
        assert!(matches!(ledger.intend(of_shot("../x", intent("1")), NEW), Err(LedgerError::Name(_))));
        assert!(!path.exists());
    }

    #[test]
    fn a_last_line_is_cut_off_wherever_it_ends() {
        let (dir, path) = project();
        let mut line = intent("1");
        if let What::Intent(intent) = &mut line.what {
            (intent.units, intent.usd) = (Some(1.5), Some(0.21));
        }
        let line = line.to_line();
        for length in 1..line.trim_end().len() {
            std::fs::write(&path, &line[..length]).unwrap();
            assert_eq!(snapshot(dir.path()).unwrap().torn, Some(1), "{}", &line[..length]);
        }
        std::fs::write(&path, [line.trim_end().as_bytes(), &[0; 7]].concat()).unwrap();
        assert_eq!(snapshot(dir.path()).unwrap().state.shot_state(&clip()), ShotState::Unknown);
        open(dir.path()).unwrap().record(accepted("1")).unwrap();
        assert_eq!(snapshot(dir.path()).unwrap().state.shot_state(&clip()), ShotState::InFlight);
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig {
            cases: 32,
            failure_persistence: None,
            rng_seed: proptest::test_runner::RngSeed::Fixed(7),
            ..Default::default()
        })]
        /// Whatever parts of the history two checkouts have, in whatever order: nothing that one of them bought is bought again,
        /// and after a restore the ledger says all that the second copy does.
        #[test]
        fn any_part_of_a_ledger_beside_its_second_copy_buys_nothing_again(kept in proptest::collection::vec(0usize..6, 0..12)) {
            let (_dir, location) = copied();
            let mut ledger = Ledger::open(&location).unwrap();
            for shot in ["a", "b", "c"] {
                ledger.record(of_shot(shot, intent(shot))).unwrap();
                ledger.record(of_shot(shot, event(shot, What::Accepted { task_id: shot.into(), how: Learned::Answer }))).unwrap();
            }
            let whole = ledger.state().clone();
            drop(ledger);
            let path = location.root.join(FILE_NAME);
            let text = std::fs::read_to_string(&path).unwrap();
            let lines: Vec<&str> = text.split_inclusive('\n').collect();
            std::fs::write(&path, kept.iter().map(|index| lines[*index]).collect::<String>()).unwrap();

            let mut ledger = Ledger::open(&location).unwrap();
            for shot in ["a", "b", "c"] {
                proptest::prop_assert!(!ledger.intend(of_shot(shot, intent("new")), FAILED).unwrap());
            }
            ledger.restore(Timestamp::UNIX_EPOCH).unwrap();
            proptest::prop_assert_eq!(ledger.state(), &whole);
            proptest::prop_assert_eq!(&Snapshot::read(&location).unwrap().state, &whole);
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_clip_that_a_merge_brings_in_is_not_bought() {
        let (dir, path) = project();
        let mut ledger = open(dir.path()).unwrap();
        std::fs::write(&path, intent("9").to_line() + &accepted("9").to_line()).unwrap();
        assert!(!ledger.intend(intent("1"), NEW).unwrap());
    }

    #[test]
    fn a_ledger_that_was_taken_away_makes_no_bought_clip_new() {
        let (dir, path) = project();
        std::fs::write(&path, intent("1").to_line() + &accepted("1").to_line()).unwrap();
        let mut ledger = open(dir.path()).unwrap();
        std::fs::remove_file(&path).unwrap();
        assert!(!ledger.intend(intent("2"), FAILED).unwrap());
    }

    #[test]
    fn a_lock_that_was_taken_away_stops_the_buying_but_not_the_recording() {
        let (dir, _) = project();
        let mut ledger = open(dir.path()).unwrap();
        assert!(ledger.intend(intent("1"), NEW).unwrap());
        std::fs::remove_file(dir.path().join(LOCK_FILE)).unwrap();
        let mut second = intent("2");
        second.clip.shot = "b".into();
        if cfg!(unix) {
            assert!(matches!(ledger.intend(second, NEW), Err(LedgerError::LockLost(_))));
        }
        ledger.record(accepted("1")).unwrap();
    }
}

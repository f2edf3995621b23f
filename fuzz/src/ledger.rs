//! The ledger, as anybody may have left it.

use std::fs;
use std::path::Path;

use clapboard::ledger::{Clip, Event, FILE_NAME, Learned, Ledger, LedgerError, Location, Snapshot, What};
use tempfile::TempDir;

/// A ledger is refused with one of its lines, or read: then no clip's name leads out of the project, the file may lose its last
/// bytes in a crash, and what is written behind it is read with all that was there.
pub fn holds(bytes: &[u8]) {
    let folder = TempDir::new().expect("a temporary folder");
    let read = |bytes: &[u8]| {
        fs::write(folder.path().join(FILE_NAME), bytes).expect("the ledger is written");
        Snapshot::read(&Location::alone(folder.path()))
    };
    let snapshot = match read(bytes) {
        Ok(snapshot) => snapshot,
        Err(LedgerError::Line { line, problem, .. }) => {
            let lines = bytes.split(|byte| *byte == b'\n').count();
            assert!((1..=lines).contains(&line), "line {line} of {lines}");
            assert!(!problem.contains(char::is_control), "{problem:?}");
            return;
        }
        Err(other) => panic!("{other}"),
    };
    for attempt in snapshot.state.attempts() {
        attempt.clip.validate().expect("a clip that was read can be written");
    }
    let spent = snapshot.state.spent(|_| true);
    assert!(spent.clips <= snapshot.state.attempts().count());
    survives_a_crash(bytes, &read);
    read(bytes).expect("it was read before");
    goes_on(folder.path(), &snapshot);
}

/// Cut off anywhere in its last line, a ledger is still read.
fn survives_a_crash(bytes: &[u8], read: &dyn Fn(&[u8]) -> Result<Snapshot, LedgerError>) {
    let Some(whole) = bytes.strip_suffix(b"\n") else { return };
    let start = whole.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
    // Whatever it is: only a whole line that this program writes can be cut off halfway.
    let is_whole = serde_json::from_slice::<serde_json::Value>(&whole[start..]).is_ok();
    if !is_whole || !whole[start..].starts_with(b"{\"v\":1,") {
        return;
    }
    for end in (start..whole.len()).step_by(1 + (whole.len() - start) / 8) {
        read(&bytes[..end]).unwrap_or_else(|why| panic!("cut off at {end}: {why}"));
    }
}

/// An event more is an attempt more, and nothing else.
fn goes_on(folder: &Path, before: &Snapshot) {
    let location = Location::alone(folder);
    let mut ledger = Ledger::open(&location).expect("it was read before");
    let event = Event {
        at: "2026-11-26T01:00:00Z".parse().expect("a time"),
        clip: Clip { film: "fuzzed".into(), shot: "fuzzed".into(), identity: "0".repeat(64) },
        attempt: "fuzzed".into(),
        what: What::Accepted { task_id: "829".into(), how: Learned::Answer },
    };
    let is_new = before.state.attempt(&event.attempt).is_none();
    ledger.record(event).expect("it can be written");
    drop(ledger);
    let after = Snapshot::read(&location).expect("what was written is read");
    assert_eq!(after.torn, None);
    assert_eq!(after.state.attempts().count(), before.state.attempts().count() + usize::from(is_new));
}

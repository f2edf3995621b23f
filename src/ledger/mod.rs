//! The ledger: what was asked of the service, what it answered, and where each clip is.
//!
//! `docs/ledger.md` describes the file. The rule that everything here serves: a paid request is preceded by a durable line that
//! says so, and is never repeated while there is only that line.

mod event;
mod file;
mod location;
mod lock;
mod log;
mod state;

use sha2::{Digest, Sha256};

pub use event::{Clip, Event, Intent, Learned, VERSION, What};
pub use file::{FILE_NAME, Ledger, LedgerError, Permit, Snapshot};
pub use location::{Location, Second};
pub use lock::LOCK_FILE;
pub use state::{Attempt, Download, Refusal, ShotState, Spent, Standing, State, Task};

/// A fresh attempt id: 128 random bits as 32 hex digits. It is sent as `external_task_id` where the service takes one, and must
/// be unique for the account.
///
/// # Errors
/// The system has no source of random bytes.
pub fn new_attempt_id() -> Result<String, getrandom::Error> {
    let mut bytes = [0u8; 16];
    getrandom::fill(&mut bytes)?;
    Ok(hex::encode(bytes))
}

pub(crate) fn sha256_hex(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

//! One `submit` or `status` at a time in a project.

use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

/// The file that is locked. It stays when the lock is gone: removing it would let two processes each lock a file of that
/// name.
pub const LOCK_FILE: &str = ".clapboard.lock";

const CONTENT: &str = "clapboard locks this file while `submit` or `status` is at work. Leave it here, out of git.\n";

/// Held as long as it lives, and let go by the kernel however its owner ends.
///
/// The lock is on a file of its own and not on the ledger: git replaces the ledger when it merges, and a lock on a file that is no
/// longer there keeps nobody out.
#[derive(Debug)]
pub struct Lock {
    file: File,
    path: PathBuf,
}

#[derive(Debug)]
pub enum LockError {
    Held,
    Io(PathBuf, io::Error),
}

impl Lock {
    /// Takes the lock of the project at `root`, or fails at once.
    pub fn take(root: &Path) -> Result<Lock, LockError> {
        Lock::take_as(&root.join(LOCK_FILE))
    }

    /// Takes the lock that is the file at `path`.
    pub fn take_as(path: &Path) -> Result<Lock, LockError> {
        let path = path.to_owned();
        let open = || -> io::Result<File> {
            super::log::must_be_ordinary(&path)?;
            let file = File::options().read(true).append(true).create(true).open(&path)?;
            if file.metadata()?.len() == 0 {
                io::Write::write_all(&mut &file, CONTENT.as_bytes())?;
            }
            Ok(file)
        };
        let file = open().map_err(|error| LockError::Io(path.clone(), error))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(LockError::Held),
            Err(TryLockError::Error(error)) => return Err(LockError::Io(path, error)),
        }
        let lock = Lock { file, path };
        match lock.still_holds() {
            Ok(true) => Ok(lock),
            // Somebody put another file in its place between our opening and our locking.
            Ok(false) => Err(LockError::Held),
            Err(error) => Err(LockError::Io(lock.path, error)),
        }
    }

    /// The file that is locked.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether the file that is locked is still the one that another process would find.
    pub fn still_holds(&self) -> io::Result<bool> {
        same_file(&self.file, &self.path)
    }
}

/// Whether `path` still leads to the open `file`.
#[cfg(unix)]
pub fn same_file(file: &File, path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt;
    let open = file.metadata()?;
    match std::fs::metadata(path) {
        Ok(found) => Ok(found.dev() == open.dev() && found.ino() == open.ino()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// Elsewhere an open file cannot be replaced.
#[cfg(not(unix))]
pub fn same_file(_file: &File, path: &Path) -> io::Result<bool> {
    path.try_exists()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_lock_fails_at_once_and_the_first_ends_with_its_owner() {
        let dir = tempfile::tempdir().unwrap();
        let first = Lock::take(dir.path()).unwrap();
        assert!(matches!(Lock::take(dir.path()), Err(LockError::Held)));
        drop(first);
        Lock::take(dir.path()).unwrap();
        assert_eq!(
            std::fs::read_to_string(dir.path().join(LOCK_FILE)).unwrap(),
            CONTENT,
            "it says why it is there, once"
        );
    }

    #[cfg(unix)]
    #[test]
    fn a_lock_file_that_was_taken_away_is_noticed() {
        let dir = tempfile::tempdir().unwrap();
        let lock = Lock::take(dir.path()).unwrap();
        assert!(lock.still_holds().unwrap());
        std::fs::remove_file(dir.path().join(LOCK_FILE)).unwrap();
        assert!(!lock.still_holds().unwrap());
        // What cannot be looked at is not known to be gone.
        std::fs::write(dir.path().join("file"), "").unwrap();
        assert!(same_file(&lock.file, &dir.path().join("file/lock")).is_err());
    }
}

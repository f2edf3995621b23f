//! The one door to the outside. Everything that checking and compiling read (storyboards, bibles, frames, the config, ignore
//! lists) goes through [`Files`], so that an editor can lay unsaved texts over the disk, and a browser needs no disk at all.

mod disk;
mod error;
mod memory;
mod overlay;
mod part;

use std::fmt;
use std::io::{self, Read, Seek};

use camino::{Utf8Path, Utf8PathBuf};

pub use disk::{Disk, folder_below};
pub use error::ReadError;
pub use memory::Memory;
pub use overlay::Overlay;
pub use part::{BadPart, path_part, path_parts};

/// Where files come from.
pub trait Files: fmt::Debug + Send + Sync {
    /// The kind of the entry at `path`, symbolic links followed: never [`Kind::Link`].
    ///
    /// # Errors
    /// Nothing is there, or it may not be looked at.
    fn kind(&self, path: &Utf8Path) -> Result<Kind, ReadError>;

    /// The kind of the entry at `path` itself: a symbolic link is [`Kind::Link`].
    ///
    /// # Errors
    /// Nothing is there, or it may not be looked at.
    fn kind_of_link(&self, path: &Utf8Path) -> Result<Kind, ReadError>;

    /// Opens whatever is at `path`, a pipe or a device too: look at its [`Kind`] first, unless the user named it.
    ///
    /// # Errors
    /// It is not there, is a folder, or may not be read.
    fn open(&self, path: &Utf8Path) -> Result<Box<dyn Opened>, ReadError>;

    /// `path` made absolute, with all symbolic links resolved.
    ///
    /// # Errors
    /// Nothing is there, or a folder on the way may not be looked at.
    fn real(&self, path: &Utf8Path) -> Result<Utf8PathBuf, ReadError>;

    /// Where the symbolic link at `path` leads, as it was made: relative to its folder, or absolute.
    ///
    /// # Errors
    /// There is no link.
    fn target(&self, path: &Utf8Path) -> Result<Utf8PathBuf, ReadError>;

    /// The entries of a folder, at most [`MOST_ENTRIES`] entries, sorted by name.
    ///
    /// # Errors
    /// It is not a folder, or may not be read.
    fn entries(&self, folder: &Utf8Path) -> Result<Vec<Entry>, ReadError>;

    /// `path` made absolute by its words alone: it need not exist.
    fn absolute(&self, path: &Utf8Path) -> Utf8PathBuf;
}

/// An open file. Only an ordinary one can be sought in.
pub trait Opened: Read + Seek + Send {}

impl<T: Read + Seek + Send> Opened for T {}

/// How many entries of a folder are looked at.
pub const MOST_ENTRIES: usize = 100_000;

/// The entry at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An ordinary file of this many bytes.
    File(u64),
    /// A folder.
    Folder,
    /// A symbolic link.
    Link,
    /// A pipe, a socket or a device: reading it may never end.
    Other,
}

impl Kind {
    /// Whether it is an ordinary file.
    pub fn is_file(self) -> bool {
        matches!(self, Kind::File(_))
    }
}

/// One entry of a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its name; `Err` has it with replacement characters where it is not UTF-8, and then no path leads to it.
    pub name: Result<String, String>,
    /// Its kind.
    pub kind: Kind,
}

/// Reads an ordinary file of at most `at_most` bytes.
///
/// # Errors
/// It cannot be read, is not an ordinary file, or is longer.
pub fn read(files: &dyn Files, path: &Utf8Path, at_most: u64) -> Result<Vec<u8>, ReadError> {
    match files.kind(path)? {
        Kind::File(bytes) if bytes > at_most => Err(ReadError::TooLarge(at_most)),
        Kind::File(_) => read_open(files, path, at_most),
        Kind::Folder => Err(ReadError::Folder),
        Kind::Link | Kind::Other => Err(ReadError::NotOrdinary),
    }
}

/// Reads whatever `path` leads to, as long as it ends within `at_most` bytes: for a path that the user named, which may be a pipe.
///
/// # Errors
/// It cannot be read, is a folder, or is longer.
pub fn read_open(files: &dyn Files, path: &Utf8Path, at_most: u64) -> Result<Vec<u8>, ReadError> {
    /// Most storyboards fit: without room to begin with, a file is read from 32 bytes up, twice as much each time.
    const ROOM: usize = 16 * 1024;
    let mut bytes = Vec::with_capacity(ROOM);
    let from = files.open(path)?;
    read_to_end(from, at_most, &mut bytes)?;
    // Many texts are kept.
    bytes.shrink_to_fit();
    Ok(bytes)
}

/// Reads all that `from` has, as long as it ends within `at_most` bytes.
///
/// # Errors
/// `from` fails, or has more.
pub fn read_to_end(from: impl Read, at_most: u64, bytes: &mut Vec<u8>) -> Result<(), ReadError> {
    from.take(at_most + 1).read_to_end(bytes).map_err(|error: io::Error| ReadError::from(&error))?;
    if bytes.len() as u64 > at_most { Err(ReadError::TooLarge(at_most)) } else { Ok(()) }
}

//! The pictures of a project, each file looked at once however many shots use it.

use std::collections::HashMap;
use std::fmt;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock};

use sha2::{Digest, Sha256};

use super::picture::{Format, sniff};

/// A local picture.
pub struct Picture {
    /// Where it really is, symbolic links resolved.
    pub path: PathBuf,
    /// Its size in bytes.
    pub bytes: u64,
    /// What it is by its content.
    pub format: Format,
    /// Width and height in pixels as stored; `None` where its header cannot be read.
    pub pixels: Option<(usize, usize)>,
    digest: OnceLock<Result<String, String>>,
}

impl fmt::Debug for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({} bytes, {:?})", self.path.display(), self.bytes, self.pixels)
    }
}

/// Why there is no picture at a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Missing {
    /// The path leaves the project, or is absolute.
    Outside,
    /// There is no such file; the nearest name in its folder.
    NotFound {
        /// A file of nearly that name, with the folder as written.
        nearest: Option<String>,
    },
    /// It is there, but cannot be read as a file; why.
    Unreadable(String),
}

/// The pictures of one project.
#[derive(Debug)]
pub struct Library {
    root: PathBuf,
    pictures: Mutex<HashMap<PathBuf, Result<Arc<Picture>, Missing>>>,
}

impl Library {
    /// The pictures below the project root `root`, an absolute path.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        let root = root.into();
        Self { root: root.canonicalize().unwrap_or(root), pictures: Mutex::default() }
    }

    /// The picture at `path`, as a storyboard in `folder` names it.
    ///
    /// # Errors
    /// Says why there is none.
    pub fn picture(&self, folder: &Path, path: &str) -> Result<Arc<Picture>, Missing> {
        if is_absolute(path) {
            return Err(Missing::Outside);
        }
        let wanted = folder.join(path);
        if let Some(known) = self.pictures.lock().expect("no panic while it was held").get(&wanted) {
            return known.clone();
        }
        let found = self.look(folder, path);
        self.pictures.lock().expect("no panic while it was held").insert(wanted, found.clone());
        found
    }

    /// The paths of all pictures that were asked for, whether they are there or not.
    pub fn asked(&self) -> Vec<PathBuf> {
        self.pictures.lock().expect("no panic while it was held").keys().cloned().collect()
    }

    fn look(&self, folder: &Path, path: &str) -> Result<Arc<Picture>, Missing> {
        let real = self.resolve(folder, path)?;
        let unreadable = |error: io::Error| Missing::Unreadable(plain_error(&error));
        let metadata = std::fs::metadata(&real).map_err(unreadable)?;
        if metadata.is_dir() {
            return Err(Missing::Unreadable("it is a folder".into()));
        }
        if !metadata.is_file() {
            // A pipe or a device is never opened: reading it might not end.
            return Err(Missing::Unreadable("it is not an ordinary file".into()));
        }
        let mut file = File::open(&real).map_err(unreadable)?;
        let mut start = Vec::with_capacity(512);
        file.by_ref().take(512).read_to_end(&mut start).map_err(unreadable)?;
        let format = sniff(&start);
        file.seek(SeekFrom::Start(0)).map_err(unreadable)?;
        let pixels = match format {
            Format::Png | Format::Jpeg => imagesize::reader_size(BufReader::new(file)).ok(),
            Format::Other(_) => None,
        };
        Ok(Arc::new(Picture {
            path: real,
            bytes: metadata.len(),
            format,
            pixels: pixels.map(|size| (size.width, size.height)),
            digest: OnceLock::new(),
        }))
    }

    /// Where `path`, as a file in `folder` names it, really lies within the project.
    ///
    /// # Errors
    /// [`Missing::Outside`] where it leaves the project, by its words or by a symbolic link; else why there is no such file.
    pub fn resolve(&self, folder: &Path, path: &str) -> Result<PathBuf, Missing> {
        if is_absolute(path) || !lexically_within(&self.root, folder, path) {
            return Err(Missing::Outside);
        }
        match folder.join(path).canonicalize() {
            Ok(real) if real.starts_with(&self.root) => Ok(real),
            Ok(_) => Err(Missing::Outside),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                Err(Missing::NotFound { nearest: nearest_file(folder, path) })
            }
            Err(error) => Err(Missing::Unreadable(plain_error(&error))),
        }
    }
}

impl Picture {
    /// The SHA-256 of the file's bytes, in hex; read once.
    ///
    /// # Errors
    /// The file cannot be read any more.
    pub fn digest(&self) -> io::Result<String> {
        let digest = self.digest.get_or_init(|| sha256(&self.path).map_err(|error| plain_error(&error)));
        digest.clone().map_err(io::Error::other)
    }

    /// The digest, if it was asked for before.
    pub(crate) fn known_digest(&self) -> Option<&str> {
        self.digest.get()?.as_deref().ok()
    }
}

fn sha256(path: &Path) -> io::Result<String> {
    let mut hasher = Sha256::new();
    let mut file = File::open(path)?;
    let mut buffer = vec![0; 64 * 1024];
    loop {
        match file.read(&mut buffer)? {
            0 => break,
            read => hasher.update(&buffer[..read]),
        }
    }
    Ok(hex::encode(hasher.finalize()))
}

fn is_absolute(path: &str) -> bool {
    let bytes = path.as_bytes();
    let has_drive =
        bytes.len() >= 3 && bytes[0].is_ascii_alphabetic() && bytes[1] == b':' && matches!(bytes[2], b'/' | b'\\');
    path.starts_with('/') || path.starts_with("\\\\") || has_drive
}

/// Whether `path` stays within `root` by its words alone, before any symbolic link is looked at.
fn lexically_within(root: &Path, folder: &Path, path: &str) -> bool {
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let Ok(below) = folder.strip_prefix(root) else { return false };
    let mut depth = below.components().count();
    for part in Path::new(path).components() {
        match part {
            Component::ParentDir if depth == 0 => return false,
            Component::ParentDir => depth -= 1,
            Component::Normal(_) => depth += 1,
            _ => {}
        }
    }
    true
}

/// The file whose name is nearest to the one that is not there, in the folder that the path names.
fn nearest_file(folder: &Path, path: &str) -> Option<String> {
    const MOST_FILES: usize = 10_000;
    let (parent, name) = path.rsplit_once('/').map_or(("", path), |(parent, name)| (parent, name));
    let entries = std::fs::read_dir(folder.join(parent)).ok()?;
    let mut names: Vec<String> =
        entries.flatten().take(MOST_FILES).filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.sort();
    let stem = |name: &str| name.rsplit_once('.').map_or(name.to_owned(), |(stem, _)| stem.to_owned());
    let near = names
        .iter()
        .find(|candidate| candidate.eq_ignore_ascii_case(name) || stem(candidate) == stem(name))
        .map(String::as_str)
        .or_else(|| crate::text::near::nearest(name, names.iter().map(String::as_str)))?;
    Some(if parent.is_empty() { near.to_owned() } else { format!("{parent}/{near}") })
}

/// An error of the system in plain words.
pub fn plain_error(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::PermissionDenied => "it may not be read (permission denied)".into(),
        io::ErrorKind::NotFound => "there is no such file".into(),
        io::ErrorKind::NotADirectory => "part of its path is a file, not a folder".into(),
        io::ErrorKind::InvalidFilename => "its name is longer than a file's name can be".into(),
        _ => {
            let text = error.to_string();
            // The system's number says nothing to a writer.
            text.split(" (os error").next().unwrap_or(&text).to_lowercase()
        }
    }
}

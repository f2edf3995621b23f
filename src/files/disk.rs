use std::fs::{self, File, FileType, Metadata};
use std::io;
use std::path::{Path, PathBuf};

use camino::{Utf8Path, Utf8PathBuf};

use super::{BadPart, Entry, Files, Kind, MOST_ENTRIES, Opened, ReadError, path_part};

/// The file system.
#[derive(Clone, Copy, Debug, Default)]
pub struct Disk;

impl Files for Disk {
    fn kind(&self, path: &Utf8Path) -> Result<Kind, ReadError> {
        Ok(kind_of(&fs::metadata(path)?))
    }

    fn kind_of_link(&self, path: &Utf8Path) -> Result<Kind, ReadError> {
        Ok(kind_of(&fs::symlink_metadata(path)?))
    }

    fn open(&self, path: &Utf8Path) -> Result<Box<dyn Opened>, ReadError> {
        let file = File::open(path)?;
        // Opening a folder succeeds on Unix; only reading it fails, in the system's own words.
        if file.metadata()?.is_dir() { Err(ReadError::Folder) } else { Ok(Box::new(file)) }
    }

    fn real(&self, path: &Utf8Path) -> Result<Utf8PathBuf, ReadError> {
        let path = if path.as_str().is_empty() { Utf8Path::new(".") } else { path };
        Utf8PathBuf::from_path_buf(fs::canonicalize(path)?).map_err(|_| ReadError::NotUtf8)
    }

    fn target(&self, path: &Utf8Path) -> Result<Utf8PathBuf, ReadError> {
        Utf8PathBuf::from_path_buf(fs::read_link(path)?).map_err(|_| ReadError::NotUtf8)
    }

    fn entries(&self, folder: &Utf8Path) -> Result<Vec<Entry>, ReadError> {
        let folder = if folder.as_str().is_empty() { Utf8Path::new(".") } else { folder };
        let mut entries = Vec::new();
        for entry in fs::read_dir(folder)?.take(MOST_ENTRIES) {
            let entry = entry?;
            let name = entry.file_name().into_string().map_err(|name| name.to_string_lossy().into_owned());
            let kind = match entry.file_type() {
                Ok(kind) if kind.is_file() => entry.metadata().map_or(Kind::Other, |metadata| kind_of(&metadata)),
                Ok(kind) => kind_by_type(kind, 0),
                Err(_) => Kind::Other,
            };
            entries.push(Entry { name, kind });
        }
        entries.sort_by(|one, other| words(one).cmp(words(other)));
        Ok(entries)
    }

    fn absolute(&self, path: &Utf8Path) -> Utf8PathBuf {
        camino::absolute_utf8(path).unwrap_or_else(|_| path.to_owned())
    }
}

fn words(entry: &Entry) -> &str {
    match &entry.name {
        Ok(name) | Err(name) => name,
    }
}

fn kind_of(metadata: &Metadata) -> Kind {
    kind_by_type(metadata.file_type(), metadata.len())
}

fn kind_by_type(kind: FileType, bytes: u64) -> Kind {
    if kind.is_file() {
        Kind::File(bytes)
    } else if kind.is_dir() {
        Kind::Folder
    } else if kind.is_symlink() {
        Kind::Link
    } else {
        Kind::Other
    }
}

/// Makes the folder `parts` below `folder`, which is made too where need be, and gives its path. A symbolic link below `folder` is
/// not followed out of `within`, a folder that has `folder` in it or is `folder` itself: the project's author decides what is
/// in it, not where else is written.
///
/// # Errors
/// A part is not a file's name, a link leads out, or a folder cannot be made.
pub fn folder_below<'p>(within: &Path, folder: &Path, parts: impl IntoIterator<Item = &'p str>) -> io::Result<PathBuf> {
    let folder = here(folder);
    fs::create_dir_all(folder)?;
    let within = fs::canonicalize(here(within))?;
    let mut path = folder.to_owned();
    for part in parts {
        path.push(path_part(part).map_err(|error: BadPart| io::Error::new(io::ErrorKind::InvalidInput, error))?);
        match fs::create_dir(&path) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(named(&path, &error)),
            _ => {}
        }
        let made = fs::canonicalize(&path).map_err(|error| named(&path, &error))?;
        if !made.starts_with(&within) {
            let message = format!(
                "{} is a link that leads out of {}; nothing is written there",
                path.display(),
                within.display()
            );
            return Err(io::Error::other(message));
        }
        if !made.is_dir() {
            return Err(io::Error::new(io::ErrorKind::NotADirectory, format!("{} is not a folder", path.display())));
        }
    }
    Ok(path)
}

fn here(folder: &Path) -> &Path {
    if folder.as_os_str().is_empty() { Path::new(".") } else { folder }
}

fn named(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {}", path.display(), ReadError::from(error)))
}

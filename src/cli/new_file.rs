//! Files that appear whole or not at all.

use std::io::{self, Write};
use std::path::Path;

use camino::Utf8Path;
use clapboard::files::{Disk, Files, ReadError, folder_below};
use clapboard::project::root_of;
use tempfile::NamedTempFile;

/// Writes a file that is not there yet, whole or not at all.
///
/// # Errors
/// It is there already, or cannot be written; the message names it.
pub fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let write = || -> io::Result<()> {
        let mut file = part(folder)?;
        file.write_all(bytes)?;
        file.as_file().sync_all()?;
        file.persist_noclobber(path).map_err(|error| error.error)?;
        Ok(())
    };
    write().map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => is_there(path),
        kind => {
            let why = ReadError::from(&error);
            io::Error::new(kind, format!("{} cannot be written: {why}", path.display()))
        }
    })
}

/// A file in `folder` that is gone again unless it is given its name: what is to become another file, whole or not at all.
///
/// # Errors
/// The folder cannot be written.
pub fn part(folder: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".clapboard-").suffix(".part");
    // As any new file: who may read it is for the user's umask to say.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(folder)
}

/// Makes the folder `name` in `folder` if need be. A link there that leads out of the project is not followed.
///
/// # Errors
/// It cannot be made, or leads out of the project.
pub fn new_folder(folder: &Path, name: &str) -> io::Result<()> {
    let project = root_of(&Disk, &Disk.real(Utf8Path::from_path(folder).ok_or(ReadError::NotUtf8)?)?);
    folder_below(project.as_std_path(), folder, [name]).map(drop)
}

/// The error of a file that is there already.
pub fn is_there(path: &Path) -> io::Error {
    let message = format!("{} is there already, and nothing is written over it", path.display());
    io::Error::new(io::ErrorKind::AlreadyExists, message)
}

/// Puts a text in the place of a file, whole or not at all, its permissions kept.
///
/// # Errors
/// The file or its folder cannot be written.
pub fn replace(path: &Path, text: &str) -> io::Result<()> {
    // A link stays one: what it leads to is written.
    let path = path.canonicalize()?;
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::Builder::new().prefix(".clapboard-").suffix(".part").tempfile_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.as_file().set_permissions(std::fs::metadata(&path)?.permissions())?;
    file.as_file().sync_all()?;
    file.persist(&path).map_err(|error| error.error)?;
    Ok(())
}

/// Writes a file with its folders, whole or not at all, over one that is there.
///
/// # Errors
/// It cannot be written; the message names it.
#[cfg(feature = "preview")]
pub fn put(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let write = || -> io::Result<()> {
        std::fs::create_dir_all(folder)?;
        if path.metadata().is_ok_and(|metadata| !metadata.is_file()) {
            // A pipe or a device is written to; a folder says that it is one.
            return std::fs::write(path, bytes);
        }
        let mut file = part(folder)?;
        file.write_all(bytes)?;
        file.persist(path).map_err(|error| error.error)?;
        Ok(())
    };
    write().map_err(|error| {
        let why = ReadError::from(&error);
        io::Error::new(error.kind(), format!("{} cannot be written: {why}", path.display()))
    })
}

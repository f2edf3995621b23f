//! Files that appear whole or not at all.

use std::io::{self, Write};
use std::path::Path;

use tempfile::NamedTempFile;

use clapboard::project::root_of;

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
            let why = clapboard::assets::plain_error(&error);
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

/// Makes the folder `name` in `folder` if need be. A link there that leads out of the project is not followed: whoever made the
/// project decides what is in it, not where else is written.
///
/// # Errors
/// It cannot be made, or leads out of the project.
pub fn new_folder(folder: &Path, name: &str) -> io::Result<()> {
    let path = folder.join(name);
    fs_err::create_dir_all(&path)?;
    let home = fs_err::canonicalize(if folder.as_os_str().is_empty() { Path::new(".") } else { folder })?;
    if !fs_err::canonicalize(&path)?.starts_with(root_of(&home)) {
        let message = format!("{} is a link that leads out of the project; nothing is written there", path.display());
        return Err(io::Error::other(message));
    }
    Ok(())
}

/// The error of a file that is there already.
pub fn is_there(path: &Path) -> io::Error {
    let message = format!("{} is there already, and nothing is written over it", path.display());
    io::Error::new(io::ErrorKind::AlreadyExists, message)
}

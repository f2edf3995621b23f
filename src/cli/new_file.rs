//! Files that are written once and never over another.

use std::io::{self, Write};
use std::path::Path;

/// Writes a file that is not there yet, whole or not at all.
///
/// # Errors
/// It is there already, or cannot be written; the message names it.
pub fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let write = || -> io::Result<()> {
        let mut builder = tempfile::Builder::new();
        builder.prefix(".clapboard-").suffix(".part");
        // As any new file: who may read it is for the user's umask to say.
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        let mut file = builder.tempfile_in(folder)?;
        file.write_all(bytes)?;
        file.as_file().sync_all()?;
        file.persist_noclobber(path).map_err(|error| error.error)?;
        Ok(())
    };
    write().map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => is_there(path),
        kind => {
            let why = crate::assets::plain_error(&error);
            io::Error::new(kind, format!("{} cannot be written: {why}", path.display()))
        }
    })
}

/// The error of a file that is there already.
pub fn is_there(path: &Path) -> io::Error {
    let message = format!("{} is there already, and nothing is written over it", path.display());
    io::Error::new(io::ErrorKind::AlreadyExists, message)
}

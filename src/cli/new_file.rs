//! Files that appear whole or not at all.

use std::io::{self, BufWriter, Write};
use std::path::Path;

use camino::Utf8Path;
use tempfile::NamedTempFile;

use super::failure::Failure;
use clapboard::files::{Disk, Files, ReadError, folder_below};
use clapboard::project::root_of;

/// Writes a file that is not there yet.
///
/// # Errors
/// It is there already, or cannot be written.
pub fn write_new(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let file = part(folder_of(path), |out| out.write_all(bytes));
    match file.and_then(|file| Ok(file.persist_noclobber(path)?)) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(is_there(path)),
        written => written.map(drop).map_err(|error| cannot_write(path, error)),
    }
}

/// Writes a file, over one of that name: a link there is replaced, and not followed.
///
/// # Errors
/// It cannot be written.
pub fn write_over(path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Failure> {
    let written = part(folder_of(path), write).and_then(|file| Ok(file.persist(path)?));
    written.map(drop).map_err(|error| cannot_write(path, error))
}

/// Writes a file with its folders, over one that is there.
///
/// # Errors
/// It cannot be written.
#[cfg(feature = "preview")]
pub fn put(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    std::fs::create_dir_all(folder_of(path)).map_err(|error| cannot_write(path, error))?;
    if path.metadata().is_ok_and(|metadata| !metadata.is_file()) {
        // A pipe or a device is written to; a folder says that it is one.
        return std::fs::write(path, bytes).map_err(|error| cannot_write(path, error));
    }
    write_over(path, |out| out.write_all(bytes))
}

/// Puts a text in the place of a file, its permissions kept. A link stays one: what it leads to is written.
///
/// # Errors
/// The file or its folder cannot be written.
pub fn replace(path: &Path, text: &str) -> Result<(), Failure> {
    let replace = || -> io::Result<()> {
        let path = path.canonicalize()?;
        let file = part(folder_of(&path), |out| out.write_all(text.as_bytes()))?;
        file.as_file().set_permissions(path.metadata()?.permissions())?;
        file.persist(&path)?;
        Ok(())
    };
    replace().map_err(|error| cannot_write(path, error))
}

/// Makes the folder `name` in `folder` if need be. A link there that leads out of the project is not followed.
///
/// # Errors
/// It cannot be made, or leads out of the project.
pub fn new_folder(folder: &Path, name: &str) -> Result<(), Failure> {
    let project = root_of(&Disk, &Disk.real(Utf8Path::from_path(folder).ok_or(ReadError::NotUtf8)?)?);
    Ok(folder_below(project.as_std_path(), folder, [name]).map(drop)?)
}

/// The failure of a file that is there already.
pub fn is_there(path: &Path) -> Failure {
    Failure::cannot(format!("{} is there already, and nothing is written over it", path.display()))
}

/// The folder of a file.
pub fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// A written file in `folder` that is gone again unless it is given its name.
fn part(folder: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".clapboard-").suffix(".part");
    // As any new file: who may read it is for the user's umask to say.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder.tempfile_in(folder)?;
    {
        let mut out = BufWriter::with_capacity(64 * 1024, file.as_file_mut());
        write(&mut out)?;
        out.flush()?;
    }
    file.as_file().sync_all()?;
    Ok(file)
}

fn cannot_write(path: &Path, error: io::Error) -> Failure {
    let why = match error.kind() {
        io::ErrorKind::BrokenPipe => return error.into(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        io::ErrorKind::NotFound => "there is no such folder".to_owned(),
        _ => ReadError::from(&error).to_string(),
    };
    Failure::cannot(format!("{} cannot be written: {why}", path.display()))
}

//! The pictures of a project, each file looked at once however many shots use it.

use std::collections::HashMap;
use std::fmt;
use std::io::{self, Read};
use std::sync::{Arc, OnceLock};

use camino::{Utf8Component, Utf8Path, Utf8PathBuf};
use parking_lot::Mutex;
use sha2::{Digest, Sha256};

use super::header::{self, Header};
use super::listing::Listing;
use super::picture::{Format, sniff};
use crate::files::{Files, Kind, ReadError};

/// A larger file is not measured: none of Kling's APIs takes it, whatever its size in pixels is.
const LARGEST_MEASURED: u64 = 64_000_000;

/// A local picture.
pub struct Picture {
    /// Where it really is, symbolic links resolved.
    pub path: Utf8PathBuf,
    /// Its size in bytes.
    pub bytes: u64,
    /// Its format, by its content.
    pub format: Format,
    /// Width and height in pixels as stored; `None` where its header does not say, and of a file that is too large for any API of Kling's.
    pub pixels: Option<(usize, usize)>,
    /// Whether it begins as a PNG or JPEG, and is cut off or broken before its size.
    pub is_damaged: bool,
    files: Arc<dyn Files>,
    digest: OnceLock<Result<String, ReadError>>,
}

impl fmt::Debug for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({} bytes, {:?})", self.path, self.bytes, self.pixels)
    }
}

/// Why there is no picture at a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Missing {
    /// The path leaves the project, or is absolute.
    Outside {
        /// The symbolic link on the path that leads out, where the path's own words do not.
        link: Option<Link>,
    },
    /// There is no such file; the nearest name in its folder.
    NotFound {
        /// A file of nearly that name, with the folder as written.
        nearest: Option<String>,
    },
    /// It is there, but cannot be read as a file.
    Unreadable(ReadError),
}

/// A symbolic link on a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The path up to the link, as written.
    pub path: String,
    /// Where it leads, as it was made.
    pub to: String,
}

/// The pictures of one project.
#[derive(Debug)]
pub struct Library {
    files: Arc<dyn Files>,
    root: Utf8PathBuf,
    pictures: Mutex<HashMap<Utf8PathBuf, Result<Arc<Picture>, Missing>>>,
    listings: Mutex<HashMap<Utf8PathBuf, Arc<Listing>>>,
}

impl Library {
    /// The pictures below the project root `root`, an absolute path.
    pub fn new(files: Arc<dyn Files>, root: Utf8PathBuf) -> Self {
        let root = files.real(&root).unwrap_or(root);
        Self { files, root, pictures: Mutex::default(), listings: Mutex::default() }
    }

    /// The door through which the pictures are read.
    pub fn files(&self) -> &dyn Files {
        &*self.files
    }

    /// The picture at `path`, as a storyboard in `folder` names it.
    ///
    /// # Errors
    /// Says why there is none.
    pub fn picture(&self, folder: &Utf8Path, path: &str) -> Result<Arc<Picture>, Missing> {
        if is_absolute(path) {
            return Err(Missing::Outside { link: None });
        }
        let wanted = folder.join(path);
        if let Some(known) = self.pictures.lock().get(&wanted) {
            return known.clone();
        }
        let found = self.look(folder, path);
        self.pictures.lock().insert(wanted, found.clone());
        found
    }

    /// The paths of all pictures that were asked for, whether they are there or not.
    pub fn asked(&self) -> Vec<Utf8PathBuf> {
        self.pictures.lock().keys().cloned().collect()
    }

    /// Forgets what is known of the file at `path`, and which names its folder has.
    pub fn forget(&self, path: &Utf8Path) {
        let is_it = |picture: &Result<Arc<Picture>, Missing>| picture.as_ref().is_ok_and(|known| known.path == path);
        // What was not found may be there now, by whatever way its path leads there.
        self.pictures.lock().retain(|wanted, picture| picture.is_ok() && wanted != path && !is_it(picture));
        self.listings.lock().clear();
    }

    fn look(&self, folder: &Utf8Path, path: &str) -> Result<Arc<Picture>, Missing> {
        let real = self.resolve(folder, path)?;
        let bytes = match self.files.kind(&real).map_err(Missing::Unreadable)? {
            Kind::File(bytes) => bytes,
            Kind::Folder => return Err(Missing::Unreadable(ReadError::Folder)),
            // A pipe or a device is never opened: reading it might not end.
            Kind::Link | Kind::Other => return Err(Missing::Unreadable(ReadError::NotOrdinary)),
        };
        let (format, header) = self.measure(&real, bytes).map_err(Missing::Unreadable)?;
        Ok(Arc::new(Picture {
            path: real,
            bytes,
            format,
            pixels: if let Header::Pixels(width, height) = header { Some((width, height)) } else { None },
            is_damaged: header == Header::Damaged,
            files: self.files.clone(),
            digest: OnceLock::new(),
        }))
    }

    fn measure(&self, path: &Utf8Path, bytes: u64) -> Result<(Format, Header), ReadError> {
        let mut file = self.files.open(path)?;
        let mut start = Vec::with_capacity(512);
        file.by_ref().take(512).read_to_end(&mut start)?;
        let format = sniff(&start);
        let whole = start.as_slice().chain(file);
        let header = match format {
            _ if bytes > LARGEST_MEASURED => Header::Unknown,
            Format::Png => header::png(whole)?,
            Format::Jpeg => header::jpeg(whole)?,
            Format::Other(_) => Header::Unknown,
        };
        Ok((format, header))
    }

    /// Where `path`, as a file in `folder` names it, really is within the project.
    ///
    /// # Errors
    /// [`Missing::Outside`] where it leaves the project, by its words or by a symbolic link; else why there is no such file.
    pub fn resolve(&self, folder: &Utf8Path, path: &str) -> Result<Utf8PathBuf, Missing> {
        if is_absolute(path) || !self.is_within_by_words(folder, path) {
            return Err(Missing::Outside { link: None });
        }
        match self.files.real(&folder.join(path)) {
            Ok(real) if real.starts_with(&self.root) => Ok(real),
            Ok(_) => Err(Missing::Outside { link: self.link_out(folder, path) }),
            // Whether something is there, outside, is not for a storyboard to find out.
            Err(why) => Err(match self.link_out(folder, path) {
                Some(link) => Missing::Outside { link: Some(link) },
                None if why == ReadError::NotFound => Missing::NotFound { nearest: self.nearest(folder, path) },
                None => Missing::Unreadable(why),
            }),
        }
    }

    /// The files and folders in the folder at `path`, as a storyboard in `folder` names it, sorted by name: nothing that is hidden,
    /// a link, or outside of the project.
    pub fn names_in(&self, folder: &Utf8Path, path: &str) -> Vec<(String, Kind)> {
        let path = if path.is_empty() { "." } else { path };
        let Ok(real) = self.resolve(folder, path) else { return Vec::new() };
        let entries = self.files.entries(&real).unwrap_or_default().into_iter();
        let is_shown = |name: &String, kind: Kind| !name.starts_with('.') && (kind.is_file() || kind == Kind::Folder);
        entries
            .filter_map(|entry| Some((entry.name.ok()?, entry.kind)))
            .filter(|(name, kind)| is_shown(name, *kind))
            .collect()
    }

    /// Whether `path` stays within the root by its words alone, before any symbolic link is looked at.
    fn is_within_by_words(&self, folder: &Utf8Path, path: &str) -> bool {
        let folder = self.files.real(folder).unwrap_or_else(|_| folder.to_owned());
        let Ok(below) = folder.strip_prefix(&self.root) else { return false };
        let mut depth = below.components().count();
        for part in Utf8Path::new(path).components() {
            match part {
                Utf8Component::ParentDir if depth == 0 => return false,
                Utf8Component::ParentDir => depth -= 1,
                Utf8Component::Normal(_) => depth += 1,
                _ => {}
            }
        }
        true
    }

    /// The first symbolic link on `path` that leads out of the project.
    fn link_out(&self, folder: &Utf8Path, path: &str) -> Option<Link> {
        let mut written = Utf8PathBuf::new();
        for part in Utf8Path::new(path).components() {
            written.push(part);
            let at = folder.join(&written);
            match self.files.kind_of_link(&at) {
                Ok(Kind::Link) => {}
                Ok(_) => continue,
                Err(_) => return None,
            }
            let to = self.files.target(&at).ok()?;
            let leads_to = match self.files.real(&at) {
                Ok(real) => real,
                Err(_) => tidy(&self.files.real(at.parent()?).ok()?.join(&to)),
            };
            if !leads_to.starts_with(&self.root) {
                return Some(Link { path: written.into_string(), to: to.into_string() });
            }
        }
        None
    }

    /// The file whose path is nearest to one that is not there: the same but for letters' case and spaces, folders included;
    /// else one of a near name in the folder that the path names.
    fn nearest(&self, folder: &Utf8Path, path: &str) -> Option<String> {
        let mut near = Utf8PathBuf::new();
        let mut parts = Utf8Path::new(path).components().peekable();
        while let Some(part) = parts.next() {
            let at = folder.join(&near).join(part);
            let Utf8Component::Normal(name) = part else {
                near.push(part);
                continue;
            };
            if self.files.kind(&at).is_ok() {
                near.push(name);
                continue;
            }
            let listing = self.listing(&folder.join(&near))?;
            let is_last = parts.peek().is_none();
            near.push(if is_last { listing.nearest(name)? } else { listing.alike(name)? });
        }
        // A path on Windows is shown as it is written: with `/`.
        Some(near.as_str().replace(std::path::MAIN_SEPARATOR, "/"))
    }

    /// The names in a folder of the project; a folder outside is not read.
    fn listing(&self, folder: &Utf8Path) -> Option<Arc<Listing>> {
        let real = self.files.real(folder).ok().filter(|real| real.starts_with(&self.root))?;
        if let Some(known) = self.listings.lock().get(&real) {
            return Some(known.clone());
        }
        let listing = Arc::new(Listing::new(self.files.entries(&real).ok()?));
        self.listings.lock().insert(real, listing.clone());
        Some(listing)
    }
}

impl Picture {
    /// The file's bytes, from the first.
    ///
    /// # Errors
    /// It cannot be opened any more.
    pub fn open(&self) -> Result<impl Read + use<>, ReadError> {
        self.files.open(&self.path)
    }

    /// The SHA-256 of the file's bytes, in hex; read once.
    ///
    /// # Errors
    /// The file cannot be read any more.
    pub fn digest(&self) -> Result<String, ReadError> {
        self.digest.get_or_init(|| Ok(sha256(self.open()?)?)).clone()
    }

    /// The digest, if it was asked for before.
    pub(crate) fn known_digest(&self) -> Option<&str> {
        self.digest.get()?.as_deref().ok()
    }
}

fn sha256(mut from: impl Read) -> io::Result<String> {
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 64 * 1024];
    loop {
        match from.read(&mut buffer)? {
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

/// A path without `x/..` and `./`, by its words alone.
fn tidy(path: &Utf8Path) -> Utf8PathBuf {
    let mut tidy = Utf8PathBuf::new();
    for part in path.components() {
        match part {
            Utf8Component::CurDir => {}
            Utf8Component::ParentDir => drop(tidy.pop()),
            part => tidy.push(part),
        }
    }
    tidy
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::Memory;

    fn missing(paths: &[&str], wanted: &str) -> Option<String> {
        let mut files = Memory::default();
        paths.iter().for_each(|path| files.insert(path, *b"x"));
        let library = Library::new(Arc::new(files), "/p".into());
        match library.picture("/p/films".into(), wanted) {
            Err(Missing::NotFound { nearest }) => nearest,
            other => panic!("{wanted}: {other:?}"),
        }
    }

    #[test]
    fn a_folder_outside_of_the_project_is_not_listed() {
        let mut files = Memory::default();
        for path in ["/p/films/a.yaml", "/p/films/.hidden", "/p/films/frames/wide.png", "/p/b.png", "/secret/key.png"] {
            files.insert(path, *b"x");
        }
        let library = Library::new(Arc::new(files), "/p".into());
        let names = |path: &str| -> Vec<String> {
            library.names_in("/p/films".into(), path).into_iter().map(|(name, _)| name).collect()
        };
        assert_eq!(names(""), ["a.yaml", "frames"]);
        assert_eq!(names("frames/"), ["wide.png"]);
        assert_eq!(names("../"), ["b.png", "films"]);
        assert_eq!(names("../../secret/"), [""; 0]);
        assert_eq!(names("/secret"), [""; 0]);
        assert_eq!(names("gone/"), [""; 0]);
    }

    #[test]
    fn a_name_that_differs_in_case_or_spaces_comes_first() {
        let paths =
            ["/p/films/frames/wide.jpg", "/p/films/frames/wide.png", "/p/films/frames/wade.png", "/p/stills/a.png"];
        for wanted in ["frames/wide.PNG", "frames/wide.png ", "Frames/wide.png", " FRAMES /Wide.png"] {
            assert_eq!(missing(&paths, wanted).as_deref(), Some("frames/wide.png"), "{wanted:?}");
        }
        assert_eq!(missing(&paths, "./frames/WIDE.png").as_deref(), Some("./frames/wide.png"));
        assert_eq!(missing(&paths, "../Stills/A.png").as_deref(), Some("../stills/a.png"));
        assert_eq!(missing(&paths, "frames/wide.webp").as_deref(), Some("frames/wide.jpg"), "the same stem");
        assert_eq!(missing(&paths, "frames/wode.png").as_deref(), Some("frames/wade.png"), "the first of a near name");
        assert_eq!(missing(&paths, "frame/wide.png"), None, "another folder's name is not guessed");
    }
}

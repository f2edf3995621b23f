use std::collections::HashMap;
use std::io::Cursor;
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use parking_lot::RwLock;

use super::{Entry, Files, Kind, Opened, ReadError};

/// An editor's unsaved texts over other files: where there is a text, it is what is read.
#[derive(Debug)]
pub struct Overlay {
    below: Arc<dyn Files>,
    texts: RwLock<HashMap<Utf8PathBuf, Arc<str>>>,
}

impl Overlay {
    /// No texts yet, over `below`.
    pub fn new(below: Arc<dyn Files>) -> Self {
        Self { below, texts: RwLock::default() }
    }

    /// Lays a text over a file, which need not exist.
    pub fn set(&self, path: &Utf8Path, text: impl Into<Arc<str>>) {
        self.texts.write().insert(self.key(path), text.into());
    }

    /// Takes a text away: what is below is read again.
    pub fn remove(&self, path: &Utf8Path) {
        self.texts.write().remove(&self.key(path));
    }

    /// The path by which a text is known: the folder's links resolved, as far as it exists.
    fn key(&self, path: &Utf8Path) -> Utf8PathBuf {
        let path = self.below.absolute(path);
        match (path.parent().and_then(|folder| self.below.real(folder).ok()), path.file_name()) {
            (Some(folder), Some(name)) => folder.join(name),
            _ => path,
        }
    }

    fn text(&self, path: &Utf8Path) -> Option<Arc<str>> {
        let texts = self.texts.read();
        if texts.is_empty() { None } else { texts.get(&self.key(path)).cloned() }
    }
}

impl Files for Overlay {
    fn kind(&self, path: &Utf8Path) -> Result<Kind, ReadError> {
        self.text(path).map_or_else(|| self.below.kind(path), |text| Ok(Kind::File(text.len() as u64)))
    }

    fn kind_of_link(&self, path: &Utf8Path) -> Result<Kind, ReadError> {
        self.text(path).map_or_else(|| self.below.kind_of_link(path), |text| Ok(Kind::File(text.len() as u64)))
    }

    fn open(&self, path: &Utf8Path) -> Result<Box<dyn Opened>, ReadError> {
        match self.text(path) {
            Some(text) => Ok(Box::new(Cursor::new(Arc::<[u8]>::from(text)))),
            None => self.below.open(path),
        }
    }

    fn real(&self, path: &Utf8Path) -> Result<Utf8PathBuf, ReadError> {
        match self.below.real(path) {
            Err(ReadError::NotFound) if self.text(path).is_some() => Ok(self.key(path)),
            found => found,
        }
    }

    fn target(&self, path: &Utf8Path) -> Result<Utf8PathBuf, ReadError> {
        self.below.target(path)
    }

    fn entries(&self, folder: &Utf8Path) -> Result<Vec<Entry>, ReadError> {
        // A text that was never saved is not a file yet: nobody finds it by its folder.
        self.below.entries(folder)
    }

    fn absolute(&self, path: &Utf8Path) -> Utf8PathBuf {
        self.below.absolute(path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::{Memory, read};

    #[test]
    fn a_text_hides_the_file_until_it_is_removed() {
        let mut saved = Memory::default();
        saved.insert("/films/a.yaml", *b"saved");
        let files = Overlay::new(Arc::new(saved));
        let text = |path: &str| read(&files, path.into(), 99).map(|bytes| String::from_utf8(bytes).unwrap());
        files.set("/films/./a.yaml".into(), "unsaved");
        files.set("/films/new.yaml".into(), "new");
        assert_eq!(text("/films/a.yaml"), Ok("unsaved".to_owned()));
        assert_eq!(text("films/new.yaml"), Ok("new".to_owned()));
        assert_eq!(files.real("/films/new.yaml".into()), Ok("/films/new.yaml".into()));
        files.remove("/films/a.yaml".into());
        assert_eq!(text("/films/a.yaml"), Ok("saved".to_owned()));
    }
}

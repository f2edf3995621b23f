use std::collections::{BTreeMap, BTreeSet};
use std::io::Cursor;
use std::sync::Arc;

use camino::{Utf8Component, Utf8Path, Utf8PathBuf};

use super::{Entry, Files, Kind, MOST_ENTRIES, Opened, ReadError};

/// Files in memory, without links. The folders of a file exist with it; relative paths start at `/`.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    files: BTreeMap<Utf8PathBuf, Arc<[u8]>>,
}

impl Memory {
    /// Puts a file there, over one of that path.
    pub fn insert(&mut self, path: impl AsRef<Utf8Path>, bytes: impl Into<Arc<[u8]>>) {
        self.files.insert(self.absolute(path.as_ref()), bytes.into());
    }

    /// The paths below the folder at `path`, without the folder itself.
    fn below<'m>(&'m self, folder: &'m Utf8Path) -> impl Iterator<Item = &'m Utf8Path> {
        let files = self.files.range(folder.to_owned()..).map(|(path, _)| path);
        files.take_while(move |path| path.starts_with(folder)).filter_map(move |path| path.strip_prefix(folder).ok())
    }
}

impl Files for Memory {
    fn kind(&self, path: &Utf8Path) -> Result<Kind, ReadError> {
        let path = self.absolute(path);
        match self.files.get(&path) {
            Some(bytes) => Ok(Kind::File(bytes.len() as u64)),
            None if path == "/" || self.below(&path).next().is_some() => Ok(Kind::Folder),
            None => Err(ReadError::NotFound),
        }
    }

    fn kind_of_link(&self, path: &Utf8Path) -> Result<Kind, ReadError> {
        self.kind(path)
    }

    fn open(&self, path: &Utf8Path) -> Result<Box<dyn Opened>, ReadError> {
        match self.files.get(&self.absolute(path)) {
            Some(bytes) => Ok(Box::new(Cursor::new(bytes.clone()))),
            None => Err(self.kind(path).map_or(ReadError::NotFound, |_| ReadError::Folder)),
        }
    }

    fn real(&self, path: &Utf8Path) -> Result<Utf8PathBuf, ReadError> {
        self.kind(path)?;
        Ok(self.absolute(path))
    }

    fn target(&self, path: &Utf8Path) -> Result<Utf8PathBuf, ReadError> {
        self.kind(path).and(Err(ReadError::Other("it is not a symbolic link".into())))
    }

    fn entries(&self, folder: &Utf8Path) -> Result<Vec<Entry>, ReadError> {
        let folder = self.absolute(folder);
        if self.kind(&folder)?.is_file() {
            return Err(ReadError::NotAFolder);
        }
        let names: BTreeSet<&str> = self.below(&folder).filter_map(|path| path.iter().next()).collect();
        let entry = |name: &str| Ok(Entry { name: Ok(name.to_owned()), kind: self.kind(&folder.join(name))? });
        names.into_iter().take(MOST_ENTRIES).map(entry).collect()
    }

    fn absolute(&self, path: &Utf8Path) -> Utf8PathBuf {
        let mut absolute = Utf8PathBuf::from("/");
        for part in path.components() {
            match part {
                Utf8Component::ParentDir => drop(absolute.pop()),
                Utf8Component::Normal(part) => absolute.push(part),
                _ => {}
            }
        }
        absolute
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::read;

    #[test]
    fn folders_exist_with_their_files() {
        let mut files = Memory::default();
        files.insert("films/a.yaml", *b"a");
        files.insert("films-old/b.yaml", *b"b");
        assert_eq!(files.kind("/films".into()), Ok(Kind::Folder));
        assert_eq!(files.kind("/film".into()), Err(ReadError::NotFound));
        let names =
            |folder: &str| files.entries(folder.into()).map(|all| all.into_iter().flat_map(|e| e.name).collect());
        assert_eq!(names("/"), Ok(vec!["films".to_owned(), "films-old".to_owned()]));
        assert_eq!(names("films"), Ok(vec!["a.yaml".to_owned()]));
        assert_eq!(read(&files, "films/../films/a.yaml".into(), 1), Ok(b"a".to_vec()));
        assert_eq!(read(&files, "films/a.yaml".into(), 0), Err(ReadError::TooLarge(0)));
        assert_eq!(read(&files, "films".into(), 9), Err(ReadError::Folder));
    }
}

//! The patterns of `.gitignore` and `.ignore`, read through `files`: a list that is a link, a pipe or too long is not read.

use std::sync::Arc;

use camino::Utf8Path;
use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder, gitconfig_excludes_path};

use crate::files::{Files, Kind, ReadError, read};

/// The most bytes of a list. The largest in use have some ten thousand.
const LONGEST_LIST: u64 = 256 * 1024;

/// The lists of a folder and of all folders above it.
#[derive(Debug, Default)]
pub(super) struct Lists {
    above: Option<Arc<Lists>>,
    dot_ignore: Option<Gitignore>,
    git: Option<Gitignore>,
    /// `.git/info/exclude`, in the repository's root.
    exclude: Option<Gitignore>,
    /// Whether a repository begins here: git's lists further up are another repository's.
    is_repository: bool,
}

impl Lists {
    /// The lists that hold in `folder`, from the lists of the folder that it is in. What is not read is reported to `skipped`.
    pub fn of(files: &dyn Files, folder: &Utf8Path, above: Option<Arc<Lists>>, skipped: &mut Vec<String>) -> Arc<Self> {
        let mut list = |name: &str| list(files, folder, name, skipped);
        Arc::new(Lists {
            dot_ignore: list(".ignore"),
            git: list(".gitignore"),
            exclude: list(".git/info/exclude"),
            is_repository: files.kind(&folder.join(".git")).is_ok(),
            above,
        })
    }

    /// The lists of all folders above `folder`, an absolute path, and the user's own.
    pub fn above(files: &dyn Files, folder: &Utf8Path, skipped: &mut Vec<String>) -> Arc<Self> {
        let own = gitconfig_excludes_path()
            .and_then(|path| camino::Utf8PathBuf::from_path_buf(path).ok())
            .and_then(|path| read(files, &path, LONGEST_LIST).ok());
        let mut lists = Arc::new(Lists { git: own.map(|bytes| parse(folder, &bytes)), ..Lists::default() });
        let mut folders: Vec<&Utf8Path> = folder.ancestors().skip(1).collect();
        folders.reverse();
        for folder in folders {
            lists = Lists::of(files, folder, Some(lists), skipped);
        }
        lists
    }

    /// Whether `path` is ignored: the nearest list of each sort that speaks of it decides, `.ignore` before git's.
    pub fn ignores(&self, path: &Utf8Path, is_folder: bool) -> bool {
        self.verdict(path, is_folder).is_some_and(|is_ignored| is_ignored)
    }

    fn verdict(&self, path: &Utf8Path, is_folder: bool) -> Option<bool> {
        let ask = |list: &Option<Gitignore>| match list.as_ref()?.matched(path, is_folder) {
            Match::None => None,
            Match::Ignore(_) => Some(true),
            Match::Whitelist(_) => Some(false),
        };
        let mut git = None;
        let mut exclude = None;
        let mut is_outside = false;
        let mut next = Some(self);
        while let Some(lists) = next {
            if let Some(verdict) = ask(&lists.dot_ignore) {
                return Some(verdict);
            }
            // The user's own list, which has nothing above it, holds in every repository.
            if !is_outside || lists.above.is_none() {
                git = git.or_else(|| ask(&lists.git));
                exclude = exclude.or_else(|| ask(&lists.exclude));
            }
            is_outside |= lists.is_repository;
            next = lists.above.as_deref();
        }
        git.or(exclude)
    }
}

fn list(files: &dyn Files, folder: &Utf8Path, name: &str, skipped: &mut Vec<String>) -> Option<Gitignore> {
    let path = folder.join(name);
    let bytes = match files.kind_of_link(&path) {
        Err(_) => return None,
        // As git does since 2.32: it follows no link there.
        Ok(Kind::Link) => Err(ReadError::Link),
        Ok(_) => read(files, &path, LONGEST_LIST),
    };
    match bytes {
        Ok(bytes) => Some(parse(folder, &bytes)),
        Err(why) => {
            skipped.push(format!("{path} is not read: {why}"));
            None
        }
    }
}

fn parse(folder: &Utf8Path, bytes: &[u8]) -> Gitignore {
    let mut builder = GitignoreBuilder::new(folder);
    let text = String::from_utf8_lossy(bytes);
    for line in text.trim_start_matches('\u{feff}').lines() {
        // A line that is not a pattern ignores nothing, as with git.
        let _ = builder.add_line(None, line);
    }
    builder.build().unwrap_or_else(|_| Gitignore::empty())
}

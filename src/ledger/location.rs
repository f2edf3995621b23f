//! Where a project's ledger and its second copy are.
//!
//! Git can take the ledger back in time: another branch, `git stash`, `git clean`, a second worktree. So every line is also
//! kept in a place that git leaves alone and that all branches and worktrees of a repository share.

use std::io::Read;
use std::path::{Path, PathBuf};

use super::sha256_hex;

/// The folder of second copies, inside git's common folder or the user's state folder.
const FOLDER: &str = "clapboard";

/// Where a project keeps what it bought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    /// The project root, where the ledger is.
    pub root: PathBuf,
    /// The folder of the second copy; `None` where there is neither a repository nor a state folder.
    pub second: Option<Second>,
}

/// The folder of a second copy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Second {
    /// In git's common folder, which all worktrees share.
    Git(PathBuf),
    /// In the user's state folder, by the project's path.
    State(PathBuf),
}

impl Second {
    /// The folder itself.
    pub fn folder(&self) -> &Path {
        match self {
            Second::Git(folder) | Second::State(folder) => folder,
        }
    }
}

impl Location {
    /// The ledger of the project at `root` (an absolute path) and its second copy. Looks at the disk and the environment,
    /// and makes nothing.
    pub fn of(root: &Path) -> Location {
        let state = || state_folder().map(|folder| Second::State(folder.join(FOLDER).join(name_of(root))));
        Location { root: root.to_owned(), second: in_git(root).map(Second::Git).or_else(state) }
    }

    /// The ledger alone, without a second copy.
    pub fn alone(root: &Path) -> Location {
        Location { root: root.to_owned(), second: None }
    }
}

/// The folder for `root` in the common folder of its repository. A project below the top of the repository has a folder of
/// its own, by its path from there.
fn in_git(root: &Path) -> Option<PathBuf> {
    root.ancestors().find_map(|top| {
        let common = common_folder(top)?;
        let below = root.strip_prefix(top).ok()?;
        Some(common.join(FOLDER).join(below))
    })
}

/// The result of `git rev-parse --git-common-dir` in the worktree `top`, read from the files that git reads: it must also work
/// where git is not installed.
fn common_folder(top: &Path) -> Option<PathBuf> {
    let dot_git = top.join(".git");
    let own = if dot_git.is_dir() {
        dot_git
    } else {
        let text = small_file(&dot_git)?;
        top.join(text.strip_prefix("gitdir:")?.trim())
    };
    let common = match small_file(&own.join("commondir")) {
        Some(text) => own.join(text.trim()),
        None => own.clone(),
    };
    // Any folder can be called `.git`; a repository has these.
    let is_repository = own.join("HEAD").exists() && common.join("objects").is_dir();
    is_repository.then(|| common.canonicalize().unwrap_or(common))
}

fn small_file(path: &Path) -> Option<String> {
    const MOST: u64 = 16 << 10;
    if !path.metadata().ok()?.is_file() {
        return None;
    }
    let mut text = String::new();
    std::fs::File::open(path).ok()?.take(MOST).read_to_string(&mut text).ok()?;
    Some(text)
}

/// Where programs keep what must survive a restart and belongs to no project, by the system's own convention.
fn state_folder() -> Option<PathBuf> {
    let variable = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    if cfg!(windows) {
        return variable("LOCALAPPDATA");
    }
    let home = || variable("HOME");
    if cfg!(target_os = "macos") {
        return home().map(|home| home.join("Library/Application Support"));
    }
    variable("XDG_STATE_HOME").or_else(|| home().map(|home| home.join(".local/state")))
}

/// A folder's name for a project: its own name, to be found by a person, and a digest of its path.
fn name_of(root: &Path) -> String {
    let name = root.file_name().unwrap_or_default().to_string_lossy();
    let plain: String = name.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).take(40).collect();
    let digest = sha256_hex(root.as_os_str().as_encoded_bytes());
    format!("{plain}-{}", &digest[..16])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn repository(at: &Path) {
        std::fs::create_dir_all(at.join("objects")).unwrap();
        std::fs::write(at.join("HEAD"), "ref: refs/heads/main\n").unwrap();
    }

    #[test]
    fn worktrees_and_folders_below_share_the_repositorys_common_folder() {
        let dir = tempfile::tempdir().unwrap();
        let dir = dir.path().canonicalize().unwrap();
        repository(&dir.join("main/.git"));
        let own = dir.join("main/.git/worktrees/take");
        std::fs::create_dir_all(&own).unwrap();
        std::fs::write(own.join("HEAD"), "ref: refs/heads/take\n").unwrap();
        std::fs::write(own.join("commondir"), "../..\n").unwrap();
        std::fs::create_dir_all(dir.join("take/films/ferry")).unwrap();
        std::fs::write(dir.join("take/.git"), format!("gitdir: {}\n", own.display())).unwrap();

        let shared = dir.join("main/.git/clapboard");
        for (root, folder) in
            [("main", shared.clone()), ("take", shared.clone()), ("take/films/ferry", shared.join("films/ferry"))]
        {
            assert_eq!(Location::of(&dir.join(root)).second, Some(Second::Git(folder)), "{root}");
        }
    }

    #[test]
    fn a_folder_that_is_only_called_dot_git_is_not_a_repository() {
        let dir = tempfile::tempdir().unwrap();
        for parts in [&[][..], &["objects"], &["HEAD"]] {
            for part in parts {
                std::fs::create_dir_all(dir.path().join(".git").join(part)).unwrap();
            }
            std::fs::create_dir_all(dir.path().join(".git")).unwrap();
            assert!(!matches!(Location::of(dir.path()).second, Some(Second::Git(_))), "{parts:?}");
            std::fs::remove_dir_all(dir.path().join(".git")).unwrap();
        }
        std::fs::write(dir.path().join(".git"), "gitdir: /nonexistent\n").unwrap();
        assert!(!matches!(Location::of(dir.path()).second, Some(Second::Git(_))));
    }

    #[test]
    fn projects_of_one_name_have_folders_of_their_own() {
        assert_ne!(name_of(Path::new("/a/film")), name_of(Path::new("/b/film")));
        assert!(name_of(Path::new("/a/my film ✨")).starts_with("myfilm-"));
    }
}

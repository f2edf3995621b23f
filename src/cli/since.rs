//! A project as git has it at another revision, for `plan --since`.

use std::io;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

/// The files of a revision, laid out in a folder of their own that goes when this is dropped.
pub struct Revision {
    dir: TempDir,
    /// The project root's path below the repository's.
    prefix: String,
}

impl Revision {
    /// Lays out revision `revision` of the repository that the project at `root` belongs to. The repository, its index and its files
    /// stay as they are.
    ///
    /// # Errors
    /// There is no repository, no such revision, or no git; the error is for the writer.
    pub fn lay_out(root: &Path, revision: &str) -> Result<Revision, String> {
        let at_root = |args: &[&str]| git(Command::new("git").arg("-C").arg(root).args(args));
        let prefix = at_root(&["rev-parse", "--show-prefix"])?;
        let commit =
            at_root(&["rev-parse", "--verify", "--quiet", "--end-of-options", &format!("{revision}^{{commit}}")])
                .map_err(|_| format!("git knows no revision `{revision}` here"))?;
        let plain = |error: io::Error| format!("no folder for the revision's files: {error}");
        let dir = tempfile::tempdir().map_err(plain)?;
        let files = dir.path().join("files");
        // The root as git has it, should it have no file of its own that marks it as one.
        std::fs::create_dir_all(files.join(&prefix).join(".git")).map_err(plain)?;
        let index = dir.path().join("index");
        let with_index =
            |args: &[&str]| git(Command::new("git").arg("-C").arg(root).env("GIT_INDEX_FILE", &index).args(args));
        with_index(&["read-tree", &commit])?;
        with_index(&["checkout-index", "--all", "--force", &format!("--prefix={}/", files.display())])?;
        Ok(Revision { dir, prefix })
    }

    /// The project root in the revision's files.
    pub fn root(&self) -> std::path::PathBuf {
        self.dir.path().join("files").join(&self.prefix)
    }
}

fn git(command: &mut Command) -> Result<String, String> {
    let output = command.output().map_err(|error| format!("git could not be run: {error}"))?;
    if !output.status.success() {
        let text = String::from_utf8_lossy(&output.stderr);
        return Err(format!("git: {}", text.lines().next().unwrap_or("it failed without a word")));
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim_end_matches('\n').to_owned())
}

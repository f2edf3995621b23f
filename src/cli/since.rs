//! A project as git has it at another revision, for `plan --since`.

use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use super::failure::Failure;

/// The files of a revision, laid out in a folder of their own that goes when this is dropped.
pub struct Revision {
    dir: TempDir,
    /// The project root's path below the repository's.
    prefix: String,
}

/// A repository, and what git must not see of the environment.
struct Git<'g> {
    root: &'g Path,
    secret: &'g [&'g str],
}

impl Revision {
    /// Lays out revision `revision` of the repository that the project at `root` belongs to. The repository, its index and its
    /// files stay as they are, and git is not given the variables in `secret`.
    ///
    /// # Errors
    /// There is no repository, no such revision, or no git.
    pub fn lay_out(root: &Path, revision: &str, secret: &[&str]) -> Result<Revision, Failure> {
        let git = Git { root, secret };
        let prefix = git.run(&["rev-parse", "--show-prefix"], None).map_err(Failure::cannot)?;
        let commit = git.commit(revision)?;
        let plain = |error: io::Error| Failure::cannot(format!("no folder for the files of the revision: {error}"));
        let dir = tempfile::tempdir().map_err(plain)?;
        let files = dir.path().join("files");
        // The root as git has it, should it have no file of its own that marks it as one.
        std::fs::create_dir_all(files.join(&prefix).join(".git")).map_err(plain)?;
        let index = dir.path().join("index");
        git.run(&["read-tree", &commit], Some(&index)).map_err(Failure::cannot)?;
        let to = format!("--prefix={}/", files.display());
        git.run(&["checkout-index", "--all", "--force", &to], Some(&index)).map_err(Failure::cannot)?;
        Ok(Revision { dir, prefix })
    }

    /// The project root in the revision's files.
    pub fn root(&self) -> PathBuf {
        let root = self.dir.path().join("files").join(&self.prefix);
        root.canonicalize().unwrap_or(root)
    }
}

impl Git<'_> {
    /// The commit that a person means by `revision`.
    fn commit(&self, revision: &str) -> Result<String, Failure> {
        let wanted = format!("{revision}^{{commit}}");
        let found = self.run(&["rev-parse", "--verify", "--quiet", "--end-of-options", &wanted], None);
        found.map_err(|_| {
            let failure = Failure::cannot(format!("git does not know the revision `{revision}` here"));
            match self.run(&["rev-parse", "--is-shallow-repository"], None).as_deref() {
                Ok("true") => failure.hint(
                    "this is a shallow checkout, without the history: in GitHub Actions write fetch-depth: 0 for \
                     actions/checkout; elsewhere run git fetch --unshallow",
                ),
                _ => failure.hint("git branch --all shows the branches; git fetch gets those of the remote"),
            }
        })
    }

    fn run(&self, arguments: &[&str], index: Option<&Path>) -> Result<String, String> {
        let mut command = Command::new("git");
        command.arg("-C").arg(self.root).args(arguments);
        self.secret.iter().for_each(|name| _ = command.env_remove(name));
        if let Some(index) = index {
            command.env("GIT_INDEX_FILE", index);
        }
        let output = command.output().map_err(|error| format!("git could not be run: {error}"))?;
        if !output.status.success() {
            let text = String::from_utf8_lossy(&output.stderr);
            return Err(format!("git: {}", text.lines().next().unwrap_or("it failed without a message")));
        }
        Ok(String::from_utf8_lossy(&output.stdout).trim_end_matches('\n').to_owned())
    }
}

use std::path::{Path, PathBuf};

/// The config's file name, at the project root.
pub const CONFIG: &str = "clapboard.toml";

/// The project root of a storyboard in `folder`: the nearest folder upwards with `clapboard.toml` or `.git`, else `folder`.
pub fn root_of(folder: &Path) -> PathBuf {
    let is_root = |folder: &&Path| folder.join(CONFIG).is_file() || folder.join(".git").exists();
    folder.ancestors().find(is_root).unwrap_or(folder).to_owned()
}

use camino::{Utf8Path, Utf8PathBuf};

use crate::files::{Files, Kind};

/// The config's file name, at the project root.
pub const CONFIG: &str = "clapboard.toml";

/// The project root of a storyboard in `folder`: the nearest folder upwards with `clapboard.toml` or `.git`, else `folder`.
pub fn root_of(files: &dyn Files, folder: &Utf8Path) -> Utf8PathBuf {
    let has_config = |folder: &Utf8Path| {
        let kind = files.kind_of_link(&folder.join(CONFIG));
        // Whatever is there in the config's place marks the root; reading it says what is wrong with it.
        kind.is_ok_and(|kind| kind != Kind::Folder)
    };
    let is_root = |folder: &&Utf8Path| has_config(folder) || files.kind(&folder.join(".git")).is_ok();
    folder.ancestors().find(is_root).unwrap_or(folder).to_owned()
}

//! The project around a storyboard: its root, its config, its pictures, and which files of a folder are storyboards.

mod config;
mod find;
mod root;

pub use config::{Auth, Config, ConfigFile, SCHEMA, TargetSettings, schema};
pub use find::{Found, find};
pub use root::{CONFIG, root_of};

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::assets::Library;
use crate::syntax::Document;

/// A project.
#[derive(Debug)]
pub struct Project {
    /// Its root: no path may leave it.
    pub root: PathBuf,
    /// Its config; the default where there is no file.
    pub config: Config,
    /// The config's file, for what is told about it.
    pub config_document: Option<Arc<Document>>,
    /// Its pictures.
    pub library: Library,
}

impl Project {
    /// The project of a storyboard in `folder`, an absolute path. `display` is how the folder is named in messages.
    pub fn of(folder: &Path, display: &dyn Fn(&Path) -> String) -> Self {
        let root = root_of(folder);
        let file = root.join(CONFIG);
        let read = std::fs::metadata(&file).is_ok_and(|metadata| metadata.is_file());
        let (config, config_document) =
            if read { config::read(&file, &display(&file)) } else { (Config::default(), None) };
        let config_document = config_document.map(Arc::new);
        Self { library: Library::new(&root), root, config, config_document }
    }

    /// The film's name: its path from the root without `.storyboard.yaml` or its other extensions, `/`-separated. It names
    /// the folders of its requests and its clips, and its rows in the ledger.
    pub fn film_name(&self, path: &Path) -> String {
        let below = path.strip_prefix(&self.root).unwrap_or(path);
        let mut name = below.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/");
        for ending in [".yaml", ".yml", ".toml", ".storyboard"] {
            if let Some(stem) = name.strip_suffix(ending)
                && !stem.is_empty()
                && !stem.ends_with('/')
            {
                name.truncate(stem.len());
            }
        }
        name
    }
}

//! The project around a storyboard: its root, its config, its pictures, and which files of a folder are storyboards.

mod config;
mod find;
mod ignored;
mod root;

pub use config::{Auth, Config, ConfigFile, OtherTarget, SCHEMA, TargetSettings, schema};
pub use find::{Found, find, is_excluded, is_storyboard};
pub use root::{CONFIG, root_of};

use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};

use crate::assets::Library;
use crate::files::{Files, ReadError};
use crate::syntax::Document;
use crate::text::FileId;

/// A project.
#[derive(Debug)]
pub struct Project {
    /// Its root: no path may leave it.
    pub root: Utf8PathBuf,
    /// Its config; the default where there is no file.
    pub config: Config,
    /// The config's file, to report findings in.
    pub config_document: Option<Arc<Document>>,
    /// Its pictures.
    pub library: Library,
}

impl Project {
    /// The project with the root `root`, an absolute path without links. `shown` is how its config is named in messages.
    pub fn at(files: Arc<dyn Files>, root: Utf8PathBuf, shown: String) -> Self {
        let file = root.join(CONFIG);
        let (config, config_document) = match files.kind_of_link(&file) {
            Err(ReadError::NotFound) => (Config::default(), None),
            _ => {
                let (config, document) = config::read(&*files, &root, &FileId::new(shown, file));
                (config, Some(Arc::new(document)))
            }
        };
        Self { library: Library::new(files, root.clone()), root, config, config_document }
    }

    /// The film's name: its path from the root without `.storyboard.yaml` or its other extensions, `/`-separated. It names
    /// the folders of its requests and its clips, and its rows in the ledger.
    pub fn film_name(&self, path: &Utf8Path) -> String {
        let below = path.strip_prefix(&self.root).unwrap_or(path);
        let name = below.components().map(|part| part.as_str()).collect::<Vec<_>>().join("/");
        without_extensions(&name).to_owned()
    }
}

/// A storyboard's `/`-separated path without `.storyboard.yaml` or its other extensions.
pub fn without_extensions(path: &str) -> &str {
    let mut name = path;
    for ending in [".yaml", ".yml", ".toml", ".storyboard"] {
        if let Some(stem) = name.strip_suffix(ending)
            && !stem.is_empty()
            && !stem.ends_with('/')
        {
            name = stem;
        }
    }
    name
}

use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};

use super::{Bible, Workspace, display_beside};
use crate::assets::Missing;
use crate::files::{ReadError, read};
use crate::language::film::{ExtendsFault, ExtendsFaultKind};
use crate::language::{At, Checked, Text};
use crate::project::Project;
use crate::syntax::Document;
use crate::syntax::limits::{MAX_BIBLES, MAX_BYTES};
use crate::text::FileId;

impl Workspace {
    /// The bibles of a storyboard, the nearest first, and what went wrong on the way to them.
    pub(super) fn bibles(&self, file: &Arc<Checked>, project: &Project) -> (Vec<Arc<Checked>>, Vec<ExtendsFault>) {
        let mut bibles: Vec<Arc<Checked>> = Vec::new();
        let mut on_the_way: Vec<Utf8PathBuf> = vec![file.document.source.path.clone()];
        let mut names = vec![file.document.source.name.clone()];
        let first = extends(file);
        let mut next = first.clone();
        let mut fault = None;
        while let Some(wanted) = next.take() {
            let source = &wanted.at.document.source;
            if bibles.len() == MAX_BIBLES {
                let why = format!("it would be the film's bible number {}, and {MAX_BIBLES} are read", MAX_BIBLES + 1);
                fault = Some((wanted, ExtendsFaultKind::NotFound(why)));
                break;
            }
            let path = match project.library.resolve(source.folder(), &wanted.value) {
                Ok(real) => self.in_its_folder(source.folder(), &wanted.value).unwrap_or(real),
                Err(missing) => {
                    fault = Some((wanted, kind_of(missing)));
                    break;
                }
            };
            names.push(display_beside(&source.name, source.folder(), &path));
            if on_the_way.contains(&path) {
                // A circle is reported where the checked file enters it.
                fault = first.map(|first| (first, ExtendsFaultKind::Cycle(names)));
                break;
            }
            match self.bible(&FileId::new(names.last().cloned().unwrap_or_default(), path.clone()), project) {
                Ok(bible) => {
                    next = extends(&bible);
                    on_the_way.push(path);
                    bibles.push(bible);
                }
                Err(why) => {
                    fault = Some((wanted, ExtendsFaultKind::NotFound(why.to_string())));
                    break;
                }
            }
        }
        (bibles, fault.map(|(at, kind)| ExtendsFault { at, kind }).into_iter().collect())
    }

    fn bible(&self, file: &FileId, project: &Project) -> Bible {
        let cell = self.bibles.lock().entry(file.path.clone()).or_default().clone();
        cell.get_or_init(|| self.read_bible(file, project)).clone()
    }

    fn read_bible(&self, file: &FileId, project: &Project) -> Bible {
        if file.format.is_none() {
            return Err(ReadError::Other("its name ends neither in .yaml or .yml nor in .toml".into()));
        }
        let document = match read(&*self.files, &file.path, MAX_BYTES as u64) {
            Ok(bytes) => Document::from_bytes(file, bytes),
            Err(ReadError::TooLarge(_)) => Document::too_large(file),
            Err(why) => return Err(why),
        };
        let shape = self.shape(&document, project);
        Ok(Arc::new(Checked::new(document, shape)))
    }

    /// The file under its own name in its folder, the folder's links resolved: one name for one file.
    fn in_its_folder(&self, folder: &Utf8Path, path: &str) -> Option<Utf8PathBuf> {
        let path = folder.join(path);
        Some(self.files.real(path.parent()?).ok()?.join(path.file_name()?))
    }
}

/// The `extends` of a storyboard, if it is a text.
fn extends(file: &Checked) -> Option<Text> {
    let tree = &file.document.tree;
    let node = tree.get(tree.root()?, "extends")?;
    Some(Text::new(tree.text(node)?.into(), At { document: file.document.clone(), node }))
}

fn kind_of(missing: Missing) -> ExtendsFaultKind {
    match missing {
        Missing::Outside { link } => ExtendsFaultKind::Outside(link),
        Missing::NotFound { nearest: Some(near) } => {
            ExtendsFaultKind::NotFound(format!("there is no such file; did you mean `{near}`?"))
        }
        Missing::NotFound { nearest: None } => ExtendsFaultKind::NotFound("there is no such file".into()),
        Missing::Unreadable(why) => ExtendsFaultKind::NotFound(why.to_string()),
    }
}

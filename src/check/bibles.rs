use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{Session, display_beside, read};
use crate::assets::Missing;
use crate::language::film::{ExtendsFault, ExtendsFaultKind};
use crate::language::{At, Checked, Text};
use crate::project::Project;
use crate::syntax::Document;
use crate::text::Format;

impl Session {
    /// The bibles of a storyboard, the nearest first, and what went wrong on the way to them.
    pub(super) fn bibles(&self, file: &Arc<Checked>, project: &Project) -> (Vec<Arc<Checked>>, Vec<ExtendsFault>) {
        let mut bibles: Vec<Arc<Checked>> = Vec::new();
        let mut faults = Vec::new();
        let mut on_the_way: Vec<PathBuf> = vec![file.document.source.path.clone()];
        let mut names = vec![file.document.source.name.clone()];
        let first = extends(file);
        let mut next = first.clone();
        while let Some(wanted) = next.take() {
            let source = &wanted.at.document.source;
            let path = match project.library.resolve(source.folder(), &wanted.value) {
                Ok(real) => in_its_folder(source.folder(), &wanted.value).unwrap_or(real),
                Err(missing) => {
                    faults.push(ExtendsFault { at: wanted, kind: fault(missing) });
                    break;
                }
            };
            let name = display_beside(&source.name, source.folder(), &path);
            if on_the_way.contains(&path) {
                names.push(name);
                // The circle is told where the checked file enters it.
                let at = first.expect("there is one, or nothing was wanted");
                faults.push(ExtendsFault { at, kind: ExtendsFaultKind::Cycle(names) });
                break;
            }
            match self.bible(&name, &path) {
                Ok(bible) => {
                    next = extends(&bible);
                    on_the_way.push(path);
                    names.push(name);
                    bibles.push(bible);
                }
                Err(why) => {
                    faults.push(ExtendsFault { at: wanted, kind: ExtendsFaultKind::NotFound(why) });
                    break;
                }
            }
        }
        (bibles, faults)
    }

    fn bible(&self, name: &str, path: &Path) -> Result<Arc<Checked>, String> {
        if let Some(known) = self.bibles.lock().expect("no panic while it was held").get(path) {
            return Ok(known.clone());
        }
        let format = Format::of(path).ok_or("its name ends neither in .yaml or .yml nor in .toml")?;
        if !path.is_file() {
            return Err("it is not an ordinary file".into());
        }
        let document = Document::from_bytes(name, path, read(path)?, format);
        let shape = self.form().check(&document);
        let bible = Arc::new(Checked { document: Arc::new(document), shape });
        self.bibles.lock().expect("no panic while it was held").insert(path.to_owned(), bible.clone());
        Ok(bible)
    }
}

/// What a storyboard extends, if it says so in text.
fn extends(file: &Checked) -> Option<Text> {
    let tree = &file.document.tree;
    let node = tree.get(tree.root()?, "extends")?;
    Some(Text::new(tree.text(node)?, At { document: file.document.clone(), node }))
}

/// The file under its own name in its folder, the folder's links resolved: one name for one file.
fn in_its_folder(folder: &Path, path: &str) -> Option<PathBuf> {
    let path = folder.join(path);
    Some(path.parent()?.canonicalize().ok()?.join(path.file_name()?))
}

fn fault(missing: Missing) -> ExtendsFaultKind {
    match missing {
        Missing::Outside => ExtendsFaultKind::Outside,
        Missing::NotFound { nearest: Some(near) } => {
            ExtendsFaultKind::NotFound(format!("there is no such file; did you mean `{near}`?"))
        }
        Missing::NotFound { nearest: None } => ExtendsFaultKind::NotFound("there is no such file".into()),
        Missing::Unreadable(why) => ExtendsFaultKind::NotFound(why),
    }
}

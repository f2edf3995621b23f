//! A project in one text: the storyboard, and behind each line `-- NAME --` another file next to it.

use std::sync::Arc;

use clapboard::check::{CheckedFilm, Workspace};
use clapboard::diagnostic::Report;
use clapboard::files::Memory;
use clapboard::judge::Levels;
use clapboard::text::FileId;

/// The storyboard's folder.
const FOLDER: &str = "/films";
/// A frame that each project has: the header of a picture of 1280 × 720 pixels, which is all that is read of it.
const FRAME: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\x05\0\0\0\x02\xd0\x08\x02\0\0\0";

pub struct Project {
    pub workspace: Workspace,
    pub file: FileId,
    pub film: Vec<u8>,
}

impl Project {
    pub fn new(bytes: &[u8]) -> Self {
        let mut files = Memory::default();
        files.insert(format!("{FOLDER}/frames/wide.png"), FRAME);
        let mut parts = parts(bytes);
        let (_, film) = parts.remove(0);
        for (name, part) in parts {
            files.insert(format!("{FOLDER}/{name}"), part);
        }
        // The name does not say whether it is YAML or TOML: the text does.
        let file = FileId::new("film.storyboard", format!("{FOLDER}/film.storyboard"));
        let workspace = Workspace::new(Arc::new(files), None, Levels::default());
        Self { workspace, file, film: film.to_vec() }
    }

    /// The film and the report on it.
    pub fn check(&self, film: &[u8]) -> (CheckedFilm, Report) {
        let checked = self.workspace.check_bytes(&self.file, film.to_vec());
        let again = self.workspace.check_bytes(&self.file, film.to_vec());
        let report = self.workspace.report(&[again]);
        (checked, report)
    }
}

/// The parts of a text, each with its name: the first has none.
fn parts(bytes: &[u8]) -> Vec<(&str, &[u8])> {
    let mut parts = vec![("", bytes)];
    let mut at = 0;
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        let name =
            std::str::from_utf8(line).ok().and_then(|line| line.trim_end().strip_prefix("-- ")?.strip_suffix(" --"));
        if let Some(name) = name {
            let (_, last) = parts.last_mut().expect("there is a first part");
            let begun = bytes.len() - last.len();
            *last = &bytes[begun..at];
            parts.push((name, &bytes[at + line.len()..]));
        }
        at += line.len();
    }
    parts
}

//! Which files of a folder are storyboards.

use std::io::{self, BufRead, BufReader, Read};
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use ignore::Match;
use ignore::overrides::{Override, OverrideBuilder};

use crate::files::{Entry, Files, Kind, ReadError};
use crate::syntax::limits::MAX_BYTES;
use crate::text::Format;

use super::ignored::Lists;
use super::{CONFIG, Project};

/// The contents of a folder.
#[derive(Debug, Default)]
pub struct Found {
    /// The storyboards, sorted.
    pub files: Vec<Utf8PathBuf>,
    /// The folders that were walked.
    pub folders: Vec<Utf8PathBuf>,
    /// The paths that could not be read, with reasons.
    pub problems: Vec<String>,
    /// Ignore lists that were not read, in words: more is found than they would leave.
    pub skipped: Vec<String>,
}

/// Finds the storyboards below `folder`: `*.storyboard.{yaml,yml,toml}`, and other YAML and TOML files with a top-level key
/// `storyboard`. What git ignores is left out, and so are hidden files; symbolic links are not followed.
pub fn find(files: &dyn Files, folder: &Utf8Path, project: &Project) -> Found {
    let mut found = Found::default();
    let mut overrides = OverrideBuilder::new(&project.root);
    let excluded = project.config.exclude.iter().map(|pattern| format!("!{pattern}"));
    for pattern in project.config.include.iter().cloned().chain(excluded) {
        // Invalid patterns were reported by the config's own check.
        let _ = overrides.add(&pattern);
    }
    let overrides = overrides.build().unwrap_or_else(|error| {
        found.problems.push(error.to_string());
        Override::empty()
    });
    match files.real(folder) {
        Ok(real) => {
            let above = Lists::above(files, &real, &mut found.skipped);
            let mut walk = Walk { files, overrides, found, rest: vec![(folder.to_owned(), real, above)] };
            while let Some((folder, real, above)) = walk.rest.pop() {
                walk.folder(folder, &real, above);
            }
            found = walk.found;
        }
        Err(why) => found.problems.push(format!("{folder}: {why}")),
    }
    found.files.sort();
    found
}

/// Whether the config excludes the file at `path`, which is absolute with its folder's links resolved.
pub fn is_excluded(path: &Utf8Path, project: &Project) -> bool {
    let mut overrides = OverrideBuilder::new(&project.root);
    for pattern in &project.config.exclude {
        let _ = overrides.add(&format!("!{pattern}"));
    }
    let Ok(overrides) = overrides.build() else { return false };
    // A pattern that names a folder excludes all that is in it.
    let inside = |part: &&Utf8Path| part.starts_with(&project.root) && **part != project.root;
    path.ancestors().take_while(inside).any(|part| overrides.matched(part, part != path).is_ignore())
}

struct Walk<'w> {
    files: &'w dyn Files,
    overrides: Override,
    found: Found,
    /// The folders that are still to be walked: as found, as they really are, and the lists of what they are in.
    rest: Vec<(Utf8PathBuf, Utf8PathBuf, Arc<Lists>)>,
}

impl Walk<'_> {
    fn folder(&mut self, folder: Utf8PathBuf, real: &Utf8Path, above: Arc<Lists>) {
        let entries = match self.files.entries(&folder) {
            Ok(entries) => entries,
            Err(why) => return self.found.problems.push(format!("{folder}: {why}")),
        };
        let lists = Lists::of(self.files, real, Some(above), &mut self.found.skipped);
        for Entry { name, kind } in entries {
            match name {
                Ok(name) if self.is_taken(&real.join(&name), &name, kind, &lists) => match kind {
                    Kind::Folder => self.rest.push((folder.join(&name), real.join(name), lists.clone())),
                    Kind::File(_) => self.file(folder.join(name)),
                    Kind::Link | Kind::Other => {}
                },
                Err(name) if kind.is_file() && Format::of(Utf8Path::new(&name)).is_some() => {
                    self.found.problems.push(format!("{}: {}", folder.join(name), ReadError::NotUtf8));
                }
                _ => {}
            }
        }
        self.found.folders.push(folder);
    }

    /// The config's patterns come first; then what is ignored or hidden is left out.
    fn is_taken(&self, path: &Utf8Path, name: &str, kind: Kind, lists: &Lists) -> bool {
        let is_folder = kind == Kind::Folder;
        match self.overrides.matched(path, is_folder) {
            Match::Whitelist(_) => true,
            Match::Ignore(_) => false,
            Match::None => !name.starts_with('.') && !lists.ignores(path, is_folder),
        }
    }

    fn file(&mut self, path: Utf8PathBuf) {
        match is_storyboard(self.files, &path) {
            Ok(true) => self.found.files.push(path),
            Ok(false) => {}
            Err(why) => self.found.problems.push(format!("{path}: {why}")),
        }
    }
}

/// Whether the file at `path` is a storyboard: by its name, or by a top-level key `storyboard`.
///
/// # Errors
/// Its name does not say, and it cannot be read.
pub fn is_storyboard(files: &dyn Files, path: &Utf8Path) -> Result<bool, ReadError> {
    let name = path.file_name().unwrap_or_default();
    if Format::of(path).is_none() || name == CONFIG {
        return Ok(false);
    }
    if [".storyboard.yaml", ".storyboard.yml", ".storyboard.toml"].iter().any(|ending| name.ends_with(ending)) {
        return Ok(true);
    }
    Ok(has_storyboard_key(BufReader::new(files.open(path)?.take(MAX_BYTES as u64)))?)
}

/// Whether a line begins with the key `storyboard`. A storyboard's top-level keys begin their lines, but for `{ … }`.
fn has_storyboard_key(reader: impl BufRead) -> io::Result<bool> {
    for (number, line) in reader.split(b'\n').enumerate() {
        let line = line?;
        let mut line = line.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&line);
        if number == 0 {
            line = line.strip_prefix(b"{").unwrap_or(line).trim_ascii_start();
        }
        let rest =
            [&b"storyboard"[..], b"\"storyboard\"", b"'storyboard'"].iter().find_map(|key| line.strip_prefix(*key));
        if rest.is_some_and(|rest| matches!(rest.trim_ascii_start().first(), Some(b':' | b'='))) {
            return Ok(true);
        }
    }
    Ok(false)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::Memory;

    #[test]
    fn a_storyboard_has_the_key_at_its_top() {
        let has = |text: &str| has_storyboard_key(text.as_bytes()).unwrap();
        assert!(
            has("# a film\nstoryboard: 1\n")
                && has("storyboard = 1\n")
                && has("\u{feff}\"storyboard\": 1\n")
                && has("{ storyboard: 1 }")
        );
        assert!(!has("a:\n  storyboard: 1\n") && !has("storyboards: 1\n") && !has(""));
    }

    /// The storyboards that are found in `/p/films` of a repository at `/p`.
    fn found(texts: &[(&str, &str)]) -> Vec<String> {
        let mut files = Memory::default();
        files.insert("/p/.git/HEAD", *b"");
        for (path, text) in texts {
            files.insert(format!("/p/{path}"), text.as_bytes());
        }
        let project = Project::at(Arc::new(files.clone()), "/p".into(), "clapboard.toml".into());
        let found = find(&files, "/p/films".into(), &project);
        assert_eq!(found.problems, [""; 0]);
        found.files.iter().map(|path| path.as_str().trim_start_matches("/p/films/").to_owned()).collect()
    }

    #[test]
    fn the_nearest_ignore_list_decides() {
        let film = "storyboard: 1\n";
        let all = [
            ("films/a.yaml", film),
            ("films/b.yaml", film),
            ("films/c.yaml", film),
            ("films/old/d.yaml", film),
            ("films/old/e.yaml", film),
            ("films/.hidden/f.yaml", film),
            ("films/notes.yaml", "a: 1\n"),
        ];
        let with = |lists: &[(&str, &str)]| {
            let texts: Vec<_> = all.iter().chain(lists).copied().collect();
            found(&texts.iter().map(|(path, text)| (*path, *text)).collect::<Vec<_>>())
        };
        assert_eq!(with(&[]), ["a.yaml", "b.yaml", "c.yaml", "old/d.yaml", "old/e.yaml"]);
        assert_eq!(with(&[(".gitignore", "b.yaml\nold/\n/films/c.yaml\n")]), ["a.yaml"]);
        assert_eq!(with(&[(".gitignore", "*.yaml\n"), ("films/.gitignore", "!b.yaml\n")]), ["b.yaml"]);
        assert_eq!(with(&[(".gitignore", "*\n!films\n!b.yaml\n")]), ["b.yaml"]);
        assert_eq!(with(&[("films/.ignore", "!a.yaml\n"), ("films/.gitignore", "[a-e].yaml\n")]), ["a.yaml"]);
        assert_eq!(with(&[(".git/info/exclude", "old\n")]), ["a.yaml", "b.yaml", "c.yaml"]);
        // The lists of a repository around this one are another's.
        assert_eq!(with(&[("films/.git/HEAD", ""), (".gitignore", "a.yaml")]).len(), 5);
        // The config's own patterns come first.
        let include = ("clapboard.toml", "[files]\ninclude = [\"films/old/**\"]\nexclude = [\"**/e.yaml\"]\n");
        assert_eq!(with(&[include, (".gitignore", "d.yaml\n")]), ["old/d.yaml"]);
    }

    #[test]
    fn a_list_that_is_too_long_is_not_read() {
        let mut files = Memory::default();
        files.insert("/p/a.storyboard.yaml", *b"storyboard: 1\n");
        files.insert("/p/.gitignore", b"*\n".repeat(1 << 18));
        let project = Project::at(Arc::new(files.clone()), "/p".into(), "clapboard.toml".into());
        let found = find(&files, "/p".into(), &project);
        assert_eq!(found.files, ["/p/a.storyboard.yaml"]);
        assert_eq!(found.skipped, ["/p/.gitignore is not read: it is larger than 256 KiB"]);
    }
}

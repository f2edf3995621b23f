//! Which files of a folder are storyboards.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use ignore::WalkBuilder;
use ignore::overrides::OverrideBuilder;

use crate::syntax::limits::MAX_BYTES;
use crate::text::Format;

use super::{CONFIG, Config};

/// What a folder has.
#[derive(Debug, Default)]
pub struct Found {
    /// The storyboards, sorted.
    pub files: Vec<PathBuf>,
    /// The folders that were walked.
    pub folders: Vec<PathBuf>,
    /// What could not be looked at, in words.
    pub problems: Vec<String>,
}

/// Finds the storyboards below `folder`: `*.storyboard.{yaml,yml,toml}`, and other YAML and TOML files with a top-level key
/// `storyboard`. What git ignores is left out, and so are hidden files; symbolic links are not followed.
pub fn find(folder: &Path, root: &Path, config: &Config) -> Found {
    let mut found = Found::default();
    let mut walker = WalkBuilder::new(folder);
    walker.require_git(false).follow_links(false);
    let mut overrides = OverrideBuilder::new(root);
    for pattern in config.include.iter().cloned().chain(config.exclude.iter().map(|pattern| format!("!{pattern}"))) {
        // The config's own check has said that it is no pattern.
        let _ = overrides.add(&pattern);
    }
    match overrides.build() {
        Ok(overrides) => _ = walker.overrides(overrides),
        Err(error) => found.problems.push(error.to_string()),
    }
    for entry in walker.build() {
        match entry {
            Ok(entry) if entry.file_type().is_some_and(|kind| kind.is_file()) => {
                let path = entry.into_path();
                match is_storyboard(&path) {
                    Ok(true) => found.files.push(path),
                    Ok(false) => {}
                    Err(error) => {
                        found.problems.push(format!("{}: {}", path.display(), crate::assets::plain_error(&error)))
                    }
                }
            }
            Ok(entry) if entry.file_type().is_some_and(|kind| kind.is_dir()) => found.folders.push(entry.into_path()),
            Ok(_) => {}
            Err(error) => found.problems.push(in_words(&error)),
        }
    }
    found.files.sort();
    found
}

fn in_words(error: &ignore::Error) -> String {
    match error {
        ignore::Error::WithDepth { err, .. } => in_words(err),
        ignore::Error::WithPath { path, err } => match err.io_error() {
            Some(error) => format!("{}: {}", path.display(), crate::assets::plain_error(error)),
            None => error.to_string(),
        },
        _ => error.to_string(),
    }
}

fn is_storyboard(path: &Path) -> io::Result<bool> {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    if Format::of(path).is_none() || name == CONFIG {
        return Ok(false);
    }
    if [".storyboard.yaml", ".storyboard.yml", ".storyboard.toml"].iter().any(|ending| name.ends_with(ending)) {
        return Ok(true);
    }
    has_storyboard_key(BufReader::new(File::open(path)?.take(MAX_BYTES as u64)))
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
}

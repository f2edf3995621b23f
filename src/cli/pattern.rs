//! Patterns such as `films/*.yaml`, for shells that leave them to the program.

use camino::{Utf8Component, Utf8Path, Utf8PathBuf};

use globset::GlobBuilder;
use ignore::WalkBuilder;

use clapboard::text::{Format, shown};

/// Whether a path has a wildcard.
pub fn is_pattern(path: &Utf8Path) -> bool {
    path.as_str().contains(['*', '?', '[', '{'])
}

/// The folders, and the YAML and TOML files, that match a pattern, sorted.
///
/// # Errors
/// There is none, or it is not a pattern; says so in plain words.
pub fn matches(pattern: &Utf8Path) -> Result<Vec<Utf8PathBuf>, String> {
    let is_literal = |part: &Utf8Component<'_>| !is_pattern(part.as_str().into());
    let base: Utf8PathBuf = pattern.components().take_while(is_literal).collect();
    let rest: Utf8PathBuf = pattern.components().skip_while(is_literal).collect();
    let (shown, rest) = (shown::line(pattern.as_str()), rest.as_str());
    let glob = GlobBuilder::new(rest).literal_separator(true).build();
    let matcher = glob.map_err(|_| format!("`{shown}` is not a pattern"))?.compile_matcher();
    let base = if base.as_os_str().is_empty() { Utf8PathBuf::from(".") } else { base };
    let depth = if rest.contains("**") { None } else { Some(Utf8Path::new(rest).components().count()) };
    let mut found: Vec<Utf8PathBuf> = WalkBuilder::new(&base)
        .standard_filters(false)
        .max_depth(depth)
        .build()
        .flatten()
        .filter_map(|entry| Utf8PathBuf::from_path_buf(entry.into_path()).ok())
        .filter(|path| path.strip_prefix(&base).is_ok_and(|path| matcher.is_match(path)))
        .filter(|path| path.is_dir() || Format::of(path).is_some())
        .collect();
    found.sort();
    if found.is_empty() { Err(format!("nothing matches `{shown}`")) } else { Ok(found) }
}

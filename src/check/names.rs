//! How the files of a film are named in messages: relative to the storyboard, in the way that it was named.

use camino::Utf8Path;

/// How `file` is named in messages about a storyboard in `folder` that is named `name`.
pub(super) fn display_beside(name: &str, folder: &Utf8Path, file: &Utf8Path) -> String {
    let mut up = String::new();
    let prefix = name.rsplit_once('/').map(|(prefix, _)| format!("{prefix}/")).unwrap_or_default();
    for ancestor in folder.ancestors() {
        if let Ok(below) = file.strip_prefix(ancestor) {
            let below = below.components().map(|part| part.as_str()).collect::<Vec<_>>().join("/");
            return tidy(&format!("{prefix}{up}{below}"));
        }
        up.push_str("../");
    }
    file.to_string()
}

/// A path without `x/..` and `./`, by its words alone.
fn tidy(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "." => {}
            ".." if parts.last().is_some_and(|last| !last.is_empty() && *last != "..") => _ = parts.pop(),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bible_is_named_as_seen_from_where_the_storyboard_was_named() {
        let beside = |name: &str, file: &str| display_beside(name, "/p/films".into(), file.into());
        assert_eq!(beside("films/a.yaml", "/p/films/b/c.yaml"), "films/b/c.yaml");
        assert_eq!(beside("a.yaml", "/p/bible.yaml"), "../bible.yaml");
        assert_eq!(beside("films/a.yaml", "/p/bible.yaml"), "bible.yaml");
        assert_eq!(beside("/p/films/a.yaml", "/p/bible.yaml"), "/p/bible.yaml");
        assert_eq!(beside("../films/a.yaml", "/p/bible.yaml"), "../bible.yaml");
    }
}

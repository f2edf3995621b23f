//! Paths as CI services want them: from the repository's root, wherever in it the program runs.

use std::borrow::Cow;
use std::path::{Component, Path, PathBuf};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// Where the program runs.
#[derive(Clone, Debug, Default)]
pub struct Surroundings {
    /// The root of the repository, if it is known. Absolute, links resolved.
    pub root: Option<PathBuf>,
    /// The current folder. Absolute, links resolved.
    pub here: PathBuf,
}

impl Surroundings {
    /// `name`, a file's name in a report, from the repository's root; unchanged if it is outside.
    pub fn path<'n>(&self, name: &'n str) -> Cow<'n, str> {
        match self.root.as_deref().and_then(|root| self.from(root, name)) {
            Some(path) => Cow::Owned(path),
            None => Cow::Borrowed(name),
        }
    }

    fn from(&self, root: &Path, name: &str) -> Option<String> {
        let mut path = PathBuf::new();
        for component in self.here.join(name).components() {
            match component {
                Component::CurDir => {}
                Component::ParentDir => drop(path.pop()),
                component => path.push(component),
            }
        }
        let parts: Option<Vec<&str>> = path.strip_prefix(root).ok()?.iter().map(|part| part.to_str()).collect();
        Some(parts?.join("/"))
    }
}

/// `path` as a URI reference: percent-encoded, `/` kept.
pub(super) fn uri(path: &str) -> String {
    const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'.').remove(b'_').remove(b'~');
    let encoded = utf8_percent_encode(path, ENCODED).to_string();
    if Path::new(path).is_absolute() { format!("file:///{}", encoded.trim_start_matches('/')) } else { encoded }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_begin_at_the_repositorys_root() {
        let repository = Surroundings { root: Some("/work".into()), here: "/work/films".into() };
        assert_eq!(repository.path("a.storyboard.yaml"), "films/a.storyboard.yaml");
        assert_eq!(repository.path("./b/a.storyboard.yaml"), "films/b/a.storyboard.yaml");
        assert_eq!(repository.path("../a.storyboard.yaml"), "a.storyboard.yaml");
        assert_eq!(repository.path("/work/a.storyboard.yaml"), "a.storyboard.yaml");
        assert_eq!(repository.path("../../a.storyboard.yaml"), "../../a.storyboard.yaml");
        assert_eq!(repository.path("/elsewhere/a.yaml"), "/elsewhere/a.yaml");
        assert_eq!(Surroundings::default().path("../a.yaml"), "../a.yaml");
    }

    #[test]
    fn a_uri_holds_nothing_that_a_uri_reads_otherwise() {
        assert_eq!(uri("films/Das Boot #1?.yaml"), "films/Das%20Boot%20%231%3F.yaml");
        assert_eq!(uri("c:100%.yaml"), "c%3A100%25.yaml");
        assert_eq!(uri("渡轮.yaml"), "%E6%B8%A1%E8%BD%AE.yaml");
        assert_eq!(uri("/tmp/a b.yaml"), "file:///tmp/a%20b.yaml");
    }
}

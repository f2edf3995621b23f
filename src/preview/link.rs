//! How a page in one folder names a file in another.

use camino::Utf8Path;
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use sha2::{Digest, Sha256};

/// The server's name for a clip: it does not reveal where the clip is, and leads to no other file.
pub fn clip_key(path: &Utf8Path) -> String {
    hex::encode(&Sha256::digest(path.as_str())[..12])
}

/// The characters that must be encoded in the path of a URL, or would end it in HTML or Markdown.
const SPECIAL: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'&')
    .add(b'\'')
    .add(b'(')
    .add(b')')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'\\')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// The address of `path` in a page in `folder`, both absolute: relative where there is a way.
pub(super) fn link(folder: &Utf8Path, path: &Utf8Path) -> String {
    let relative = pathdiff::diff_utf8_paths(path, folder).unwrap_or_else(|| path.to_owned());
    let slashed = relative.components().map(|part| part.as_str()).collect::<Vec<_>>().join("/");
    // `a:b.png` would be taken for an address of the scheme `a`.
    let start = if slashed.split('/').next().is_some_and(|first| first.contains(':')) { "./" } else { "" };
    format!("{start}{}", utf8_percent_encode(&slashed, SPECIAL))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_leads_from_the_pages_folder_to_the_file() {
        let from = |folder: &str, path: &str| link(folder.into(), path.into());
        assert_eq!(from("/p", "/p/frames/a b.png"), "frames/a%20b.png");
        assert_eq!(from("/p/out", "/p/frames/#1.png"), "../frames/%231.png");
        assert_eq!(from("/p", "/p/a:b(\"<'.png"), "./a:b%28%22%3C%27.png");
    }
}

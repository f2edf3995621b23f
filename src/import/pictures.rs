//! Pictures that bodies carry as base64, to files.

use std::collections::{HashMap, HashSet};

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use sha2::{Digest, Sha256};

use super::FRAMES;
use crate::assets::{Format, Reference, sniff};

/// A picture that is to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PictureFile {
    /// Its path from the storyboard's folder, `/`-separated.
    pub path: String,
    /// Its content.
    pub bytes: Vec<u8>,
    /// Whether it is there already.
    pub exists: bool,
}

/// The pictures of an import.
pub(super) struct Pictures<'e> {
    pub files: Vec<PictureFile>,
    by_digest: HashMap<[u8; 32], String>,
    /// In small letters: some file systems do not tell `A.png` from `a.png`.
    taken: HashSet<String>,
    /// For each name the number to try next behind it.
    next: HashMap<String, usize>,
    existing: &'e dyn Fn(&str) -> Option<Vec<u8>>,
}

/// A frame or mask as the storyboard names it, and what is to be said of it.
pub(super) struct Named {
    pub reference: String,
    pub note: Option<&'static str>,
}

impl<'e> Pictures<'e> {
    pub fn new(existing: &'e dyn Fn(&str) -> Option<Vec<u8>>) -> Self {
        Self { files: Vec::new(), by_digest: HashMap::new(), taken: HashSet::new(), next: HashMap::new(), existing }
    }

    /// The storyboard's value for `text`: a URL or a path as it is; inline data becomes a file named `name`.
    pub fn reference(&mut self, text: &str, name: &str) -> Result<Named, String> {
        if let Some(path) = summarised(text) {
            let note = "this is a picture's description, not the picture: its path is taken";
            return Ok(Named { reference: path.to_owned(), note: Some(note) });
        }
        let packed: String;
        let mut note = None;
        let mut data = text;
        if let Some((head, rest)) = text.split_once(',')
            && head.get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case("data:"))
        {
            if !head.to_ascii_lowercase().ends_with(";base64") {
                return Err("only base64 can be read after `data:`".into());
            }
            note = Some("Kling refuses the `data:` prefix: bare base64 is sent");
            data = rest;
        }
        if data.bytes().any(|byte| byte.is_ascii_whitespace()) && looks_inline(data) {
            note = Some("Kling refuses white space in base64: it is sent without");
            packed = data.split_ascii_whitespace().collect();
            data = &packed;
        }
        let is_data = data.len() != text.len() && note.is_some();
        if !is_data {
            match Reference::of(text) {
                Reference::Url(_) => return Ok(Named { reference: text.to_owned(), note: None }),
                Reference::Path(_) => {
                    let note = "this is neither an address nor a picture's data: it is taken as a file's path";
                    return Ok(Named { reference: text.to_owned(), note: Some(note) });
                }
                Reference::Inline => {}
            }
        }
        let engine = GeneralPurpose::new(
            &STANDARD,
            GeneralPurposeConfig::new()
                .with_decode_padding_mode(DecodePaddingMode::Indifferent)
                .with_decode_allow_trailing_bits(true),
        );
        let bytes = engine.decode(data).map_err(|_| "this is not valid base64".to_owned())?;
        if bytes.is_empty() {
            return Err("there is no picture in it".into());
        }
        let tail = engine.encode(&bytes[bytes.len() - bytes.len().min(3 + bytes.len() % 3)..]);
        if note.is_none() && !data.ends_with(&tail) {
            note = Some("the base64 does not end as it should: it is sent with the right end");
        }
        Ok(Named { reference: self.add(bytes, name), note })
    }

    fn add(&mut self, bytes: Vec<u8>, name: &str) -> String {
        let digest: [u8; 32] = Sha256::digest(&bytes).into();
        if let Some(path) = self.by_digest.get(&digest) {
            return path.clone();
        }
        let extension = match sniff(&bytes[..bytes.len().min(512)]) {
            Format::Png => "png",
            Format::Jpeg => "jpg",
            Format::Other(_) => "bin",
        };
        let mut path = format!("{FRAMES}/{name}.{extension}");
        let mut number = self.next.get(&path).copied().unwrap_or(2);
        let first = path.clone();
        let exists = loop {
            if self.taken.insert(path.to_ascii_lowercase()) {
                match (self.existing)(&path) {
                    None => break false,
                    Some(there) if there == bytes => break true,
                    Some(_) => {}
                }
            }
            path = format!("{FRAMES}/{name}-{number}.{extension}");
            number += 1;
        };
        self.next.insert(first, number);
        self.by_digest.insert(digest, path.clone());
        self.files.push(PictureFile { path: path.clone(), bytes, exists });
        path
    }
}

/// Whether a text with white space in it is base64 in lines, rather than a path with spaces.
fn looks_inline(text: &str) -> bool {
    let packed: String = text.chars().filter(|c| !c.is_ascii_whitespace()).take(200).collect();
    Reference::of(&packed) == Reference::Inline
}

/// The path in what `compile --images summary` prints: `<frames/a.png 1.2 MB 1280x720 sha256:…>`.
fn summarised(text: &str) -> Option<&str> {
    let inner = text.strip_prefix('<')?.strip_suffix('>')?;
    let (before, digest) = inner.rsplit_once(" sha256:")?;
    if !digest.bytes().all(|byte| byte.is_ascii_hexdigit() || !byte.is_ascii()) {
        return None;
    }
    let words: Vec<&str> = before.split(' ').collect();
    let unit = words.iter().rposition(|word| matches!(*word, "B" | "kB" | "MB"))?;
    let length: usize = words[..unit.checked_sub(1)?].iter().map(|word| word.len() + 1).sum();
    before.get(..length.checked_sub(1)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_one_file_and_never_written_over() {
        let there = |path: &str| (path == "frames/a.png").then(|| b"another".to_vec());
        let mut pictures = Pictures::new(&there);
        let png = "iVBORw0KGgoAAAAN";
        let first = pictures.reference(png, "a").unwrap();
        assert_eq!((&*first.reference, first.note), ("frames/a-2.png", None));
        let again = pictures.reference(&format!("data:image/png;base64,{png}"), "b").unwrap();
        assert_eq!(again.reference, "frames/a-2.png");
        assert!(again.note.unwrap().contains("data:"));
        assert_eq!(pictures.files.len(), 1);
        let wrapped = pictures.reference("/9j/4AAQ\nSkZJRg==", "c").unwrap();
        assert_eq!(wrapped.reference, "frames/c.jpg");
    }

    #[test]
    fn what_is_no_picture_is_told_apart() {
        let none = |_: &str| None;
        let mut pictures = Pictures::new(&none);
        let mut reference = |text: &str| pictures.reference(text, "x").map(|named| named.reference);
        assert_eq!(reference("https://a.example/b c.png").unwrap(), "https://a.example/b c.png");
        assert_eq!(reference("frames/my film.png").unwrap(), "frames/my film.png");
        assert_eq!(reference("<frames/my film.png 1.2 MB 1280x720 sha256:0123abcd>").unwrap(), "frames/my film.png");
        assert_eq!(reference("<a.png 12 B sha256:0123abcd>").unwrap(), "a.png");
        assert!(reference("data:image/svg+xml,<svg/>").is_err());
        assert!(reference("iVBORw0KGgo*").is_err());
    }
}

//! A request's body: written as JSON in one pass, pictures encoded from disk as they go by, so that memory stays bounded
//! however many and large they are.

use std::io::{self, Read, Write};
use std::sync::Arc;

use base64_simd::{Out, STANDARD};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::assets::Picture;

/// A part of a body.
#[derive(Clone, Debug)]
pub enum Content {
    /// Plain JSON.
    Json(Value),
    /// A local picture, sent as bare base64.
    Picture {
        /// The picture.
        picture: Arc<Picture>,
        /// Its path as the writer wrote it.
        path: String,
    },
    /// A list that may have pictures in it.
    List(Vec<Content>),
    /// A group of fields that may have pictures in it.
    Object(Vec<(String, Content)>),
}

/// How pictures are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pictures {
    /// As base64, ready to post.
    Inline,
    /// As the path of the file between two U+0001, which no JSON holds as it is: for a command that reads the file itself.
    Files,
    /// As a short description for people: `<frames/a.png 1.2 MB 1280x720 sha256:…>`.
    Summary,
}

/// The field that `submit` adds where the target knows it.
pub(super) const EXTERNAL_TASK_ID: &str = "external_task_id";

/// Kling's field for elements in its legacy form, which `kling` may name too.
pub(super) const ELEMENT_LIST: &str = "element_list";

/// A request's body.
#[derive(Clone, Debug, Default)]
pub struct Body {
    fields: Vec<(String, Content)>,
    /// The group of fields that the `external_task_id` belongs to; at the top without one.
    external_in: Option<&'static str>,
}

impl Body {
    /// A body whose `external_task_id` belongs to the group of fields `group`, which is its last one.
    pub(super) fn with_external_in(group: &'static str) -> Self {
        Self { fields: Vec::new(), external_in: Some(group) }
    }

    pub(crate) fn push(&mut self, name: &str, content: Content) {
        self.fields.push((name.to_owned(), content));
    }

    /// The fields, in the order in which they are sent.
    pub fn fields(&self) -> &[(String, Content)] {
        &self.fields
    }

    /// The pictures in the body, in order.
    pub fn pictures(&self) -> Vec<&Arc<Picture>> {
        fn collect<'c>(content: &'c Content, found: &mut Vec<&'c Arc<Picture>>) {
            match content {
                Content::Json(_) => {}
                Content::Picture { picture, .. } => found.push(picture),
                Content::List(items) => items.iter().for_each(|item| collect(item, found)),
                Content::Object(fields) => fields.iter().for_each(|(_, content)| collect(content, found)),
            }
        }
        let mut found = Vec::new();
        self.fields.iter().for_each(|(_, content)| collect(content, &mut found));
        found
    }

    /// Writes the body as one line of JSON. `external_task_id` is added at the end of the fields that it
    /// belongs to, where there is one.
    ///
    /// # Errors
    /// A picture cannot be read any more, or has changed since it was measured or digested; or `out` fails.
    pub fn write(&self, out: &mut impl Write, pictures: Pictures, external_task_id: Option<&str>) -> io::Result<()> {
        self.write_with(out, Style::Compact, pictures, external_task_id)
    }

    /// Writes the body as indented JSON, `depth` levels deep.
    ///
    /// # Errors
    /// As [`Body::write`].
    pub fn write_pretty(&self, out: &mut impl Write, pictures: Pictures, depth: usize) -> io::Result<()> {
        self.write_with(out, Style::Pretty(depth), pictures, None)
    }

    fn write_with(
        &self,
        out: &mut impl Write,
        style: Style,
        pictures: Pictures,
        external: Option<&str>,
    ) -> io::Result<()> {
        let external = external.map(|id| (EXTERNAL_TASK_ID.to_owned(), Content::Json(id.into())));
        match (external, self.external_in) {
            (Some(external), Some(group)) => {
                let (fields, group) = self.with_field(group, external);
                write_object(out, fields.chain([&group]), style, pictures)
            }
            (external, _) => write_object(out, self.fields.iter().chain(&external), style, pictures),
        }
    }

    /// The fields without a group, and that group with one field more.
    fn with_field(
        &self,
        group: &'static str,
        field: (String, Content),
    ) -> (impl Iterator<Item = &(String, Content)>, (String, Content)) {
        let mut inner = match self.fields.iter().find(|(name, _)| name == group) {
            Some((_, Content::Object(fields))) => fields.clone(),
            _ => Vec::new(),
        };
        inner.push(field);
        (self.fields.iter().filter(move |(name, _)| name != group), (group.to_owned(), Content::Object(inner)))
    }
}

#[derive(Clone, Copy)]
enum Style {
    Compact,
    /// Indented; so many levels deep.
    Pretty(usize),
}

impl Style {
    fn deeper(self) -> Self {
        match self {
            Style::Compact => Style::Compact,
            Style::Pretty(depth) => Style::Pretty(depth + 1),
        }
    }

    fn line(self, out: &mut impl Write) -> io::Result<()> {
        match self {
            Style::Compact => Ok(()),
            Style::Pretty(depth) => write!(out, "\n{}", "  ".repeat(depth)),
        }
    }
}

fn write_object<'c>(
    out: &mut impl Write,
    fields: impl Iterator<Item = &'c (String, Content)>,
    style: Style,
    pictures: Pictures,
) -> io::Result<()> {
    out.write_all(b"{")?;
    let inner = style.deeper();
    let mut is_empty = true;
    for (name, content) in fields {
        if !is_empty {
            out.write_all(b",")?;
        }
        is_empty = false;
        inner.line(out)?;
        serde_json::to_writer(&mut *out, name)?;
        out.write_all(if matches!(style, Style::Compact) { b":" } else { b": " })?;
        write_content(out, content, inner, pictures)?;
    }
    if !is_empty {
        style.line(out)?;
    }
    out.write_all(b"}")
}

fn write_content(out: &mut impl Write, content: &Content, style: Style, pictures: Pictures) -> io::Result<()> {
    match content {
        Content::Json(Value::Object(fields)) => {
            let fields: Vec<_> =
                fields.iter().map(|(name, value)| (name.clone(), Content::Json(value.clone()))).collect();
            write_object(out, fields.iter(), style, pictures)
        }
        Content::Json(Value::Array(items)) => {
            let items: Vec<_> = items.iter().map(|value| Content::Json(value.clone())).collect();
            write_list(out, &items, style, pictures)
        }
        Content::Json(value) => Ok(serde_json::to_writer(out, value)?),
        Content::Picture { picture, path } => match pictures {
            Pictures::Inline => write_base64(out, picture),
            Pictures::Files => write!(out, "\"\u{1}{}\u{1}\"", picture.path),
            Pictures::Summary => Ok(serde_json::to_writer(out, &summary(picture, path)?)?),
        },
        Content::List(items) => write_list(out, items, style, pictures),
        Content::Object(fields) => write_object(out, fields.iter(), style, pictures),
    }
}

fn write_list(out: &mut impl Write, items: &[Content], style: Style, pictures: Pictures) -> io::Result<()> {
    out.write_all(b"[")?;
    let inner = style.deeper();
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            out.write_all(b",")?;
        }
        inner.line(out)?;
        write_content(out, item, inner, pictures)?;
    }
    if !items.is_empty() {
        style.line(out)?;
    }
    out.write_all(b"]")
}

fn write_base64(out: &mut impl Write, picture: &Picture) -> io::Result<()> {
    // A multiple of 3, so that each piece encodes without padding but the last.
    const PIECE: usize = 3 * 16 * 1024;
    let mut file = picture.open()?;
    let mut piece = vec![0; PIECE];
    let mut encoded = vec![0; PIECE / 3 * 4];
    let mut total = 0;
    // A clip is known by its pictures' digests: what is sent must be what was digested, even if the file is replaced meanwhile.
    let mut digest = picture.known_digest().map(|known| (known, Sha256::new()));
    out.write_all(b"\"")?;
    loop {
        let mut filled = 0;
        while filled < PIECE {
            match file.read(&mut piece[filled..])? {
                0 => break,
                read => filled += read,
            }
        }
        total += filled as u64;
        if total > picture.bytes {
            break;
        }
        if let Some((_, hasher)) = &mut digest {
            hasher.update(&piece[..filled]);
        }
        out.write_all(STANDARD.encode(&piece[..filled], Out::from_slice(&mut encoded)))?;
        if filled < PIECE {
            break;
        }
    }
    let is_same = digest.is_none_or(|(known, hasher)| hex::encode(hasher.finalize()) == known);
    if total != picture.bytes || !is_same {
        return Err(io::Error::other("the picture changed while it was read"));
    }
    out.write_all(b"\"")
}

fn summary(picture: &Picture, path: &str) -> io::Result<String> {
    let size = match picture.bytes {
        bytes if bytes < 1_000 => format!("{bytes} B"),
        bytes if bytes < 1_000_000 => format!("{:.1} kB", bytes as f64 / 1e3),
        bytes => format!("{:.1} MB", bytes as f64 / 1e6),
    };
    let pixels = picture.pixels.map(|(width, height)| format!(" {width}x{height}")).unwrap_or_default();
    Ok(format!("<{path} {size}{pixels} sha256:{}>", &picture.digest()?[..12]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assets::Library;
    use crate::files::Disk;

    /// A picture of so many bytes: their text is all that counts.
    fn picture(folder: &std::path::Path, bytes: usize) -> Arc<Picture> {
        let content: Vec<u8> = (0..bytes).map(|index| (index * 7 % 251) as u8).collect();
        std::fs::write(folder.join("a.png"), content).unwrap();
        let root: camino::Utf8PathBuf = folder.to_path_buf().try_into().unwrap();
        Library::new(Arc::new(Disk), root.clone()).picture(&root, "a.png").unwrap()
    }

    fn written(picture: &Arc<Picture>) -> io::Result<String> {
        let mut body = Body::default();
        body.push("image", Content::Picture { picture: Arc::clone(picture), path: "a.png".into() });
        let mut out = Vec::new();
        body.write(&mut out, Pictures::Inline, None)?;
        Ok(String::from_utf8(out).unwrap())
    }

    #[test]
    fn a_picture_is_sent_whole_whatever_its_length() {
        let dir = tempfile::tempdir().unwrap();
        for bytes in [0, 1, 49_151, 49_152, 49_153, 98_304, 100_000] {
            let picture = picture(dir.path(), bytes);
            let encoded = STANDARD.encode_to_string(std::fs::read(dir.path().join("a.png")).unwrap());
            assert_eq!(written(&picture).unwrap(), format!("{{\"image\":\"{encoded}\"}}"), "{bytes}");
        }
    }

    #[test]
    fn a_picture_that_changed_is_not_sent() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.png");
        for is_digested in [false, true] {
            for (bytes, now) in [(100, 99), (100, 101), (100_000, 50_000), (100_000, 150_000), (49_152, 98_304)] {
                let picture = picture(dir.path(), bytes);
                if is_digested {
                    picture.digest().unwrap();
                }
                std::fs::write(&path, vec![1; now]).unwrap();
                assert!(written(&picture).is_err(), "{bytes} {now} {is_digested}");
            }
        }
        let picture = picture(dir.path(), 100);
        picture.digest().unwrap();
        std::fs::write(&path, [1; 100]).unwrap();
        assert!(written(&picture).is_err(), "as long, and another one");
    }

    #[test]
    fn a_picture_is_described_by_its_size() {
        let dir = tempfile::tempdir().unwrap();
        for (bytes, size) in
            [(999, "999 B"), (1_000, "1.0 kB"), (1_500, "1.5 kB"), (1_000_000, "1.0 MB"), (1_250_000, "1.2 MB")]
        {
            let said = summary(&picture(dir.path(), bytes), "a.png").unwrap();
            assert!(said.starts_with(&format!("<a.png {size} sha256:")), "{said}");
        }
    }

    #[test]
    fn pictures_are_found_however_deep_they_are() {
        let dir = tempfile::tempdir().unwrap();
        let picture = picture(dir.path(), 1);
        let content = || Content::Picture { picture: Arc::clone(&picture), path: "a.png".into() };
        let mut body = Body::default();
        body.push("image", content());
        body.push("prompt", Content::Json("a.png".into()));
        body.push("list", Content::List(vec![content(), Content::Object(vec![("url".into(), content())])]));
        assert_eq!(body.pictures().len(), 3);
    }

    #[test]
    fn the_id_of_an_attempt_joins_its_group_and_leaves_the_others() {
        let group = |fields: Vec<(String, Content)>| Content::Object(fields);
        let one = |name: &str| vec![(name.to_owned(), Content::Json(1.into()))];
        for (external_in, options, expected) in [
            (Some("options"), Some("a"), r#"{"settings":{"b":1},"options":{"a":1,"external_task_id":"x"}}"#),
            (Some("options"), None, r#"{"settings":{"b":1},"options":{"external_task_id":"x"}}"#),
            (None, Some("a"), r#"{"settings":{"b":1},"options":{"a":1},"external_task_id":"x"}"#),
        ] {
            let mut body = Body { external_in, ..Body::default() };
            body.push("settings", group(one("b")));
            if let Some(name) = options {
                body.push("options", group(one(name)));
            }
            let mut out = Vec::new();
            body.write(&mut out, Pictures::Inline, Some("x")).unwrap();
            assert_eq!(String::from_utf8(out).unwrap(), expected);
        }
    }
}

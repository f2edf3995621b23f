//! The format of a picture by its content, whatever its name says.

/// A file's format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// PNG.
    Png,
    /// JPEG.
    Jpeg,
    /// Something else, by name, with an article: "a WebP picture".
    Other(&'static str),
}

/// The format of a file, by its first bytes.
pub fn sniff(start: &[u8]) -> Format {
    const OTHERS: &[(usize, &[u8], &str)] = &[
        (0, b"GIF8", "a GIF"),
        (0, b"BM", "a BMP picture"),
        (0, b"II*\0", "a TIFF picture"),
        (0, b"MM\0*", "a TIFF picture"),
        (0, b"8BPS", "a Photoshop file"),
        (0, b"gimp xcf", "a GIMP file"),
        (0, b"%PDF", "a PDF"),
        (0, b"PK\x03\x04", "a ZIP archive"),
        (0, b"\0\0\x01\0", "an icon file"),
        (0, b"\x76\x2f\x31\x01", "an OpenEXR picture"),
        (0, b"version https://git-lfs", "a Git LFS pointer, not the picture itself: run `git lfs pull`"),
        (4, b"ftypavif", "an AVIF picture"),
        (4, b"ftypheic", "a HEIC picture"),
        (4, b"ftypmif1", "a HEIF picture"),
        (4, b"ftypqt", "a QuickTime film"),
        (4, b"ftyp", "an MP4 film"),
        (8, b"WEBP", "a WebP picture"),
    ];
    if start.is_empty() {
        return Format::Other("an empty file");
    }
    if start.starts_with(b"\x89PNG\r\n\x1a\n") {
        return Format::Png;
    }
    if start.starts_with(b"\xff\xd8\xff") {
        return Format::Jpeg;
    }
    if let Some((_, _, name)) =
        OTHERS.iter().find(|(at, magic, _)| start.get(*at..).is_some_and(|rest| rest.starts_with(magic)))
    {
        return Format::Other(name);
    }
    let text = String::from_utf8_lossy(start);
    let text = text.trim_start_matches('\u{feff}').trim_start().to_ascii_lowercase();
    if text.starts_with("<svg") || text.starts_with("<?xml") && text.contains("<svg") {
        return Format::Other("an SVG drawing");
    }
    if text.starts_with("<!doctype html") || text.starts_with("<html") {
        return Format::Other("a web page");
    }
    if start.iter().all(|byte| byte.is_ascii_graphic() || byte.is_ascii_whitespace()) {
        return Format::Other("a text file");
    }
    Format::Other("a file of an unknown kind")
}

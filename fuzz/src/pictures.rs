//! Pictures: what a file is, and how large.

use std::io::Cursor;
use std::sync::Arc;

use clapboard::assets::{Format, Library, Picture};
use clapboard::files::Memory;
use image::{ImageFormat, ImageReader};

/// A file is measured as everybody's decoder measures it, whatever is behind its header.
pub fn holds(bytes: &[u8]) {
    let picture = picture(bytes);
    assert_eq!(picture.bytes, bytes.len() as u64);
    let format = match picture.format {
        Format::Png => ImageFormat::Png,
        Format::Jpeg => ImageFormat::Jpeg,
        Format::Other(name) => {
            assert!(!name.is_empty() && picture.pixels.is_none() && !picture.is_damaged);
            return;
        }
    };
    if let Some((width, height)) = picture.pixels {
        assert!(width > 0 && height > 0 && !picture.is_damaged);
        let longer = self::picture(&[bytes, b"\xff\xd9"].concat());
        assert_eq!(longer.pixels, picture.pixels);
    }
    let theirs = ImageReader::with_format(Cursor::new(bytes), format).into_dimensions();
    if let Ok((width, height)) = theirs {
        // This decoder passes over markers of a JPEG that others refuse.
        let may_refuse = format == ImageFormat::Jpeg;
        assert!(!picture.is_damaged || may_refuse, "{width} × {height} in what is said to be damaged");
        let theirs = (width as usize, height as usize);
        let is_same = picture.pixels.is_none_or(|ours| ours == theirs);
        // Of two frames in one JPEG the first counts here, and this decoder may take a later one.
        assert!(is_same || frames(bytes) > 1, "{:?} and {theirs:?}", picture.pixels);
    }
}

/// How many frames of a JPEG there may be.
fn frames(bytes: &[u8]) -> usize {
    let is_frame =
        |pair: &&[u8]| pair[0] == 0xff && matches!(pair[1], 0xc0..=0xcf) && ![0xc4, 0xc8, 0xcc].contains(&pair[1]);
    bytes.windows(2).filter(is_frame).count()
}

fn picture(bytes: &[u8]) -> Arc<Picture> {
    let mut files = Memory::default();
    files.insert("/films/a.png", bytes);
    Library::new(Arc::new(files), "/films".into()).picture("/films".into(), "a.png").expect("the picture is there")
}

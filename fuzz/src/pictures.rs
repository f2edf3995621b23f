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
        assert!(picture.pixels.is_none_or(|ours| ours == theirs), "{:?} and {theirs:?}", picture.pixels);
    }
}

fn picture(bytes: &[u8]) -> Arc<Picture> {
    let mut files = Memory::default();
    files.insert("/films/a.png", bytes);
    Library::new(Arc::new(files), "/films".into()).picture("/films".into(), "a.png").expect("the picture is there")
}

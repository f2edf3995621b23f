//! Width and height of a picture, read from its header as it streams by: no more than that is read, and never twice.

use std::io::{self, BufReader, ErrorKind, Read};

/// The values of a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Header {
    /// Width and height in pixels as stored.
    Pixels(usize, usize),
    /// The picture may be whole, but its size cannot be read from the header.
    Unknown,
    /// The file is cut off, or not what its first bytes say.
    Damaged,
}

/// How many segments of a JPEG are looked at. Those of cameras and editors have at most some hundred.
const MOST_SEGMENTS: usize = 10_000;

/// Measures a PNG, `from` its first byte.
pub(super) fn png(mut from: impl Read) -> io::Result<Header> {
    let mut start = [0; 24];
    if !is_filled(&mut from, &mut start)? {
        return Ok(Header::Damaged);
    }
    // A PNG's first chunk is its header, of 13 bytes; each side is a number of four bytes, and not 0.
    let [.., w0, w1, w2, w3, h0, h1, h2, h3] = start;
    let (width, height) = (u32::from_be_bytes([w0, w1, w2, w3]), u32::from_be_bytes([h0, h1, h2, h3]));
    if &start[8..16] != b"\0\0\0\x0dIHDR" || width == 0 || height == 0 {
        return Ok(Header::Damaged);
    }
    Ok(Header::Pixels(width as usize, height as usize))
}

/// Measures a JPEG, `from` its first byte.
pub(super) fn jpeg(from: impl Read) -> io::Result<Header> {
    let mut from = BufReader::with_capacity(16 * 1024, from);
    let mut start = [0; 2];
    if !is_filled(&mut from, &mut start)? {
        return Ok(Header::Damaged);
    }
    for _ in 0..MOST_SEGMENTS {
        let Some(marker) = marker(&mut from)? else { return Ok(Header::Damaged) };
        match marker {
            // A marker alone: TEM, or a restart.
            0x01 | 0xd0..=0xd7 => {}
            // The picture ends or its pixels begin, and no frame has said how many.
            0xd9 | 0xda => return Ok(Header::Damaged),
            // A frame; DHT, JPG and DAC are not.
            0xc0..=0xcf if !matches!(marker, 0xc4 | 0xc8 | 0xcc) => {
                let mut frame = [0; 8];
                if !is_filled(&mut from, &mut frame)? {
                    return Ok(Header::Damaged);
                }
                let [l0, l1, _, h0, h1, w0, w1, components] = frame;
                // Decoders refuse a frame whose length is not that of its components, or find another one behind it.
                if u16::from_be_bytes([l0, l1]) != 8 + 3 * u16::from(components) || components == 0 {
                    return Ok(Header::Damaged);
                }
                let (height, width) = (u16::from_be_bytes([h0, h1]), u16::from_be_bytes([w0, w1]));
                // A height of 0 comes later, in DNL, after the first scan.
                let is_known = width > 0 && height > 0;
                return Ok(if is_known { Header::Pixels(width.into(), height.into()) } else { Header::Unknown });
            }
            _ => {
                let mut length = [0; 2];
                if !is_filled(&mut from, &mut length)? {
                    return Ok(Header::Damaged);
                }
                let Some(rest) = u16::from_be_bytes(length).checked_sub(2) else { return Ok(Header::Damaged) };
                io::copy(&mut from.by_ref().take(rest.into()), &mut io::sink())?;
            }
        }
    }
    Ok(Header::Unknown)
}

/// The next marker's code. Fill bytes before it are part of it; like decoders do, anything else before it is passed over.
fn marker(from: &mut impl Read) -> io::Result<Option<u8>> {
    let mut byte = [0];
    let mut is_in_marker = false;
    while is_filled(from, &mut byte)? {
        match byte[0] {
            0xff => is_in_marker = true,
            0x00 => is_in_marker = false,
            code if is_in_marker => return Ok(Some(code)),
            _ => {}
        }
    }
    Ok(None)
}

/// Fills `bytes`; `false` where the file ends before.
fn is_filled(from: &mut impl Read, bytes: &mut [u8]) -> io::Result<bool> {
    match from.read_exact(bytes) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => Ok(false),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sof(height: u16, width: u16) -> Vec<u8> {
        [&[0xff, 0xc0, 0, 11, 8][..], &height.to_be_bytes(), &width.to_be_bytes(), &[1, 1, 0x11, 0]].concat()
    }

    fn measured(parts: &[&[u8]]) -> Header {
        jpeg(&parts.concat()[..]).unwrap()
    }

    #[test]
    fn a_jpeg_is_measured_behind_segments_and_fill_bytes() {
        let frame = sof(720, 1280);
        let app = [&[0xff, 0xe0, 0, 4, 0xff, 0xc0][..], &[0xff; 9], &[0xfe, 0, 2]].concat();
        assert_eq!(measured(&[b"\xff\xd8", &frame]), Header::Pixels(1280, 720));
        assert_eq!(measured(&[b"\xff\xd8", &app, b"\xff\xff\xff", &frame]), Header::Pixels(1280, 720));
        assert_eq!(measured(&[b"\xff\xd8\xff\x01\xff\xd0", &frame]), Header::Pixels(1280, 720));
        assert_eq!(measured(&[b"\xff\xd8", &sof(0, 1280)]), Header::Unknown);
        assert_eq!(measured(&[b"\xff\xd8", &b"\xff\xfe\0\x02".repeat(20_000), &frame]), Header::Unknown);
    }

    #[test]
    fn a_jpeg_without_a_frame_is_damaged() {
        let frame = sof(720, 1280);
        for cut in 0..10 {
            assert_eq!(measured(&[b"\xff\xd8", &frame[..cut]]), Header::Damaged, "{cut}");
        }
        for parts in [
            &b"\xff\xd8\xff\xd9"[..],
            b"\xff\xd8\xff\xda\0\x02",
            b"\xff\xd8\xff\xe0\0\x01",
            b"\xff\xd8\xff\xe0\xff\xff",
            // A length of 11 bytes has one component, not 16, and there is no frame without one.
            b"\xff\xd8\xff\xc0\0\x0b\x08\xd8\xd8\x10\x10\x10\x10\x10\x10",
            b"\xff\xd8\xff\xc0\0\x08\x08\x01\0\x01\0\0",
        ] {
            assert_eq!(measured(&[parts]), Header::Damaged);
        }
    }

    #[test]
    fn a_png_begins_with_its_header() {
        let of = |chunk: &[u8], width: u32, height: u32| {
            let bytes = [b"\x89PNG\r\n\x1a\n", chunk, &width.to_be_bytes(), &height.to_be_bytes()].concat();
            png(&bytes[..]).unwrap()
        };
        assert_eq!(of(b"\0\0\0\x0dIHDR", 1280, 720), Header::Pixels(1280, 720));
        for (chunk, width) in [(b"\0\0\0\x04CgBI", 1280), (b"\0\0\0\x0cIHDR", 1280), (b"\0\0\0\x0dIHDR", 0)] {
            assert_eq!(of(chunk, width, 720), Header::Damaged);
        }
        assert_eq!(png(&b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0"[..]).unwrap(), Header::Damaged);
    }
}

//! The boxes of an MP4 file (ISO/IEC 14496-12): enough to tell a whole clip from a part of one, how long and how large it is and
//! whether it has sound, without reading pictures or sound.

use std::io::{self, Read, Seek, SeekFrom};

/// The beginning of an MP4: `size ftyp`.
pub const HEAD: usize = 8;
/// A clip has a handful of boxes, a streamed one some hundred.
const MOST_BOXES: usize = 10_000;
/// A description of a clip of some seconds has some kilobytes.
const MOST_DESCRIPTION: u64 = 16_000_000;

/// A clip's metadata.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Footage {
    /// Its length in seconds; `None` where it does not say.
    pub seconds: Option<f64>,
    /// Width and height in pixels of its largest track.
    pub pixels: Option<(u32, u32)>,
    /// Whether it has a sound track; `None` where it describes no track at all.
    pub has_sound: Option<bool>,
}

/// Whether a file that begins with these bytes may be an MP4.
pub fn is_head(head: &[u8]) -> bool {
    head.get(4..HEAD) == Some(b"ftyp")
}

/// The fault of a file's boxes, if there is one: they must add up to its `length`, and description and media must be among them.
///
/// # Errors
/// The file cannot be read.
pub fn flaw(file: &mut (impl Read + Seek), length: u64) -> io::Result<Option<&'static str>> {
    const CUT: Option<&str> = Some("the clip is cut off: its parts do not add up to the file");
    let (mut at, mut has_moov, mut has_mdat) = (0, false, false);
    for _ in 0..MOST_BOXES {
        if at == length {
            return Ok(match (has_moov, has_mdat) {
                (true, true) => None,
                (false, _) => Some("the clip is cut off: it has no description of its pictures"),
                (_, false) => Some("the clip has no pictures"),
            });
        }
        let Some((kind, size)) = read_box(file, at, length)? else { return Ok(CUT) };
        has_moov |= &kind == b"moov";
        has_mdat |= &kind == b"mdat";
        at = match at.checked_add(size) {
            Some(end) if end <= length => end,
            _ => return Ok(CUT),
        };
    }
    Ok(Some("what came has too many parts for a clip"))
}

/// The metadata of a file of this `length`. Missing and wrong values are left out.
///
/// # Errors
/// The file cannot be read.
pub fn footage(file: &mut (impl Read + Seek), length: u64) -> io::Result<Footage> {
    let mut at = 0;
    for _ in 0..MOST_BOXES {
        let Some((kind, size)) = read_box(file, at, length)? else { break };
        if &kind == b"moov" && size <= MOST_DESCRIPTION {
            let mut description = Vec::new();
            file.seek(SeekFrom::Start(at))?;
            file.take(size).read_to_end(&mut description)?;
            return Ok(described(description.get(8..).unwrap_or_default()));
        }
        at = match at.checked_add(size) {
            Some(end) if end < length => end,
            _ => break,
        };
    }
    Ok(Footage::default())
}

fn described(moov: &[u8]) -> Footage {
    let mut footage = Footage::default();
    for (kind, content) in boxes(moov) {
        match &kind {
            b"mvhd" => footage.seconds = seconds(content),
            b"trak" => {
                let has_sound = boxes(content).filter(|(kind, _)| kind == b"mdia").any(|(_, media)| is_sound(media));
                footage.has_sound = Some(footage.has_sound.unwrap_or(false) || has_sound);
                let pixels = boxes(content).find(|(kind, _)| kind == b"tkhd").and_then(|(_, head)| pixels(head));
                footage.pixels = footage.pixels.max(pixels);
            }
            _ => {}
        }
    }
    footage
}

/// The boxes in another one.
fn boxes(mut rest: &[u8]) -> impl Iterator<Item = ([u8; 4], &[u8])> {
    std::iter::from_fn(move || {
        let (head, after) = rest.split_first_chunk::<8>()?;
        let [a, b, c, d, kind @ ..] = *head;
        let size = (u32::from_be_bytes([a, b, c, d]) as usize).checked_sub(8)?;
        let content = after.get(..size)?;
        rest = &after[size..];
        Some((kind, content))
    })
    .take(MOST_BOXES)
}

/// `mvhd`: ticks in a second, and how many ticks there are. Version 1 has numbers of eight bytes.
fn seconds(mvhd: &[u8]) -> Option<f64> {
    let (scale, ticks) = match mvhd.first()? {
        1 => (number(mvhd, 20)?, u64::from_be_bytes(mvhd.get(24..32)?.try_into().ok()?) as f64),
        _ => (number(mvhd, 12)?, number(mvhd, 16)?),
    };
    (scale > 0.0 && ticks > 0.0).then_some(ticks / scale)
}

/// `tkhd`: its last eight bytes are width and height, in 65,536ths of a pixel.
fn pixels(tkhd: &[u8]) -> Option<(u32, u32)> {
    let at = if *tkhd.first()? == 1 { 88 } else { 76 };
    let (width, height) = ((number(tkhd, at)? / 65_536.0) as u32, (number(tkhd, at + 4)? / 65_536.0) as u32);
    (width > 0 && height > 0).then_some((width, height))
}

/// `mdia`: its `hdlr` says what kind of track it is.
fn is_sound(mdia: &[u8]) -> bool {
    boxes(mdia).any(|(kind, content)| &kind == b"hdlr" && content.get(8..12) == Some(b"soun"))
}

fn number(bytes: &[u8], at: usize) -> Option<f64> {
    Some(f64::from(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?)))
}

/// A box's kind and whole size. A size of 0 means up to the end, a size of 1 that a longer number follows.
fn read_box(file: &mut (impl Read + Seek), at: u64, length: u64) -> io::Result<Option<([u8; 4], u64)>> {
    let left = length - at;
    if left < 8 {
        return Ok(None);
    }
    let mut head = [0; 8];
    file.seek(SeekFrom::Start(at))?;
    file.read_exact(&mut head)?;
    let [a, b, c, d, kind @ ..] = head;
    let (size, least) = match u32::from_be_bytes([a, b, c, d]) {
        0 => (left, 8),
        1 if left >= 16 => {
            let mut large = [0; 8];
            file.read_exact(&mut large)?;
            (u64::from_be_bytes(large), 16)
        }
        size => (u64::from(size), 8),
    };
    Ok((size >= least).then_some((kind, size)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    fn one(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
        [&(8 + content.len() as u32).to_be_bytes()[..], kind, content].concat()
    }

    fn check(bytes: &[u8]) -> Option<&'static str> {
        flaw(&mut Cursor::new(bytes), bytes.len() as u64).unwrap()
    }

    #[test]
    fn a_whole_clip_has_no_flaw_and_every_part_of_it_has_one() {
        let clip = [one(b"ftyp", b"isom"), one(b"moov", &[0; 40]), one(b"mdat", &[7; 100]), one(b"free", b"")].concat();
        assert_eq!(check(&clip), None);
        for end in 0..clip.len() {
            // Cut off right behind the media, all is there but a box that players skip.
            assert_eq!(check(&clip[..end]).is_none(), end == clip.len() - 8, "{end}");
        }
        assert!(check(&[clip.clone(), vec![0]].concat()).is_some());
        assert!(check(&[one(b"ftyp", b""), one(b"mdat", b"x")].concat()).is_some());
        assert!(check(&[one(b"ftyp", b""), one(b"moov", b"x")].concat()).is_some());
    }

    fn track(kind: &[u8; 4], width: u32, height: u32) -> Vec<u8> {
        let mut head = vec![0; 84];
        head[76..80].copy_from_slice(&(width << 16).to_be_bytes());
        head[80..84].copy_from_slice(&(height << 16).to_be_bytes());
        let handler = one(b"hdlr", &[&[0; 8][..], kind, &[0; 12]].concat());
        one(b"trak", &[one(b"tkhd", &head), one(b"mdia", &handler)].concat())
    }

    fn said(moov: &[u8]) -> Footage {
        // The description is last, as cameras write it.
        let clip = [one(b"ftyp", b"isom"), one(b"mdat", &[7; 100]), one(b"moov", moov)].concat();
        footage(&mut Cursor::new(&clip), clip.len() as u64).unwrap()
    }

    #[test]
    fn a_clip_says_how_long_and_how_large_it_is_and_whether_it_has_sound() {
        let head = |seconds: u32| {
            let mut head = vec![0; 100];
            head[12..16].copy_from_slice(&600_u32.to_be_bytes());
            head[16..20].copy_from_slice(&(seconds * 600).to_be_bytes());
            one(b"mvhd", &head)
        };
        let silent = said(&[head(5), track(b"vide", 1280, 720)].concat());
        assert_eq!(silent, Footage { seconds: Some(5.0), pixels: Some((1280, 720)), has_sound: Some(false) });
        let loud = said(&[head(10), track(b"soun", 0, 0), track(b"vide", 720, 1280)].concat());
        assert_eq!(loud, Footage { seconds: Some(10.0), pixels: Some((720, 1280)), has_sound: Some(true) });
        let mut long = vec![0; 112];
        long[0] = 1;
        long[20..24].copy_from_slice(&1000_u32.to_be_bytes());
        long[24..32].copy_from_slice(&7_500_u64.to_be_bytes());
        assert_eq!(said(&one(b"mvhd", &long)).seconds, Some(7.5));
    }

    #[test]
    fn a_clip_that_says_nothing_or_lies_is_no_panic() {
        assert_eq!(said(&one(b"mvhd", &[0; 100])), Footage::default());
        assert_eq!(said(b""), Footage::default());
        let whole = [one(b"mvhd", &[1; 20]), track(b"soun", 1, 1)].concat();
        for end in 0..whole.len() {
            said(&whole[..end]);
            let mut wrong = whole.clone();
            wrong[end] = 0xff;
            said(&wrong);
        }
    }

    #[test]
    fn large_open_and_wrong_sizes_are_read_with_care() {
        let head = [one(b"ftyp", b"isom"), one(b"moov", &[0; 40])].concat();
        let large = [&1u32.to_be_bytes()[..], b"mdat", &24u64.to_be_bytes(), &[7; 8]].concat();
        assert_eq!(check(&[head.clone(), large].concat()), None);
        let open = [&0u32.to_be_bytes()[..], b"mdat", &[7; 8]].concat();
        assert_eq!(check(&[head.clone(), open].concat()), None);
        for size in [1u64, 15, 23, u64::MAX] {
            let wrong = [&1u32.to_be_bytes()[..], b"mdat", &size.to_be_bytes(), &[7; 8]].concat();
            assert!(check(&[head.clone(), wrong].concat()).is_some(), "{size}");
        }
        assert!(check(&[head.clone(), vec![0, 0, 0, 7, b'm', b'd', b'a', b't']].concat()).is_some());
        assert!(check(&[head, one(b"free", b"").repeat(MOST_BOXES), one(b"mdat", b"x")].concat()).is_some());
    }
}

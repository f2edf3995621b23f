//! The boxes of an MP4 file: enough to tell a whole clip from a part of one, without reading pictures or sound.

use std::io::{self, Read, Seek, SeekFrom};

/// What begins an MP4: `size ftyp`.
pub(super) const HEAD: usize = 8;
/// A clip has a handful of boxes, a streamed one some hundred.
const MOST_BOXES: usize = 10_000;

/// Whether a file that begins with these bytes may be an MP4.
pub(super) fn is_head(head: &[u8]) -> bool {
    head.get(4..HEAD) == Some(b"ftyp")
}

/// What is wrong with a file's boxes, if anything: they must add up to its `length`, and description and media must be among them.
pub(super) fn flaw(file: &mut (impl Read + Seek), length: u64) -> io::Result<Option<&'static str>> {
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

//! The boxes of an MP4.

use std::io::Cursor;

use clapboard::assets::mp4::{flaw, footage};

/// What a clip says of itself makes sense; a whole one that has lost its end is not whole, unless its last box says that it goes
/// on to wherever the file ends.
pub fn holds(bytes: &[u8]) {
    let length = bytes.len() as u64;
    let said = footage(&mut Cursor::new(bytes), length).expect("memory can be read");
    assert!(said.seconds.is_none_or(|seconds| seconds.is_finite() && seconds > 0.0), "{said:?}");
    assert!(said.pixels.is_none_or(|(width, height)| width > 0 && height > 0), "{said:?}");
    // A file that became shorter while it was read is an error, and no more.
    for told in [length + 1, u64::MAX] {
        drop(footage(&mut Cursor::new(bytes), told));
        drop(flaw(&mut Cursor::new(bytes), told));
    }
    let is_whole =
        |bytes: &[u8]| flaw(&mut Cursor::new(bytes), bytes.len() as u64).expect("memory can be read").is_none();
    if let Some((_, cut)) = bytes.split_last()
        && is_whole(bytes)
        && is_whole(cut)
    {
        let is_open = |head: &[u8]| head[..4] == [0; 4];
        assert!(bytes.windows(8).any(is_open), "cut off, and nothing says so");
    }
}

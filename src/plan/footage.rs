//! Compares the clips that came back with what was bought: a clip's own boxes say how long and how large it is, and whether it has sound.

use crate::assets::mp4::Footage;
use crate::ledger::{Attempt, Standing};
use crate::select::{Books, Item};

/// A clip may be longer or shorter than what was bought by so much, in seconds.
const SECONDS_OFF: f64 = 1.0;
/// A clip's sides are multiples of some pixels: its shape may differ from the frame's by this share.
const SHAPE_OFF: f64 = 0.04;
/// A clip of an odd shape has about the pixels of a wide one; fewer than this share are too few.
const FEWEST_PIXELS: f64 = 0.75;

/// How the clips of a shot differ from what was bought. With several takes, each note names its take.
pub(super) fn notes(item: &Item, books: &Books<'_>) -> Vec<String> {
    let clip = &item.clip;
    let takes = books.ledger.takes(&clip.film, &clip.shot);
    let is_meant = |take: &Attempt| take.counts_for(clip) && take.standing() == Standing::Done;
    let numbered = takes.iter().enumerate().filter(|(_, take)| is_meant(take));
    let notes = numbered.flat_map(|(index, take)| {
        let found = books.footage(take).map(|footage| differences(item, &footage)).unwrap_or_default();
        let which = if takes.len() > 1 { format!("take {}: ", index + 1) } else { String::new() };
        found.into_iter().map(move |note| format!("{which}{note}"))
    });
    notes.collect()
}

/// How a clip differs from what was bought.
pub fn differences(item: &Item, footage: &Footage) -> Vec<String> {
    let mut found = Vec::new();
    if let Some(seconds) = footage.seconds
        && item.seconds > 0
        && (seconds - f64::from(item.seconds)).abs() > SECONDS_OFF
    {
        found.push(format!("the clip is {seconds:.1} s long, and {} s were bought", item.seconds));
    }
    if item.expected.sound && footage.has_sound == Some(false) {
        found.push("the clip has no sound track, and sound was bought".to_owned());
    }
    if let Some((width, height)) = footage.pixels {
        let ratio = |width: f64, height: f64| width / height;
        let size = (f64::from(width), f64::from(height));
        let frame = item.expected.frame.filter(|(width, height)| *width > 0 && *height > 0);
        let is_other = |frame: (usize, usize)| {
            (ratio(size.0, size.1) / ratio(frame.0 as f64, frame.1 as f64) - 1.0).abs() > SHAPE_OFF
        };
        if let Some(frame) = frame.filter(|frame| is_other(*frame)) {
            let (across, down) = frame;
            found.push(format!("the clip is {width}x{height}, another shape than its first frame of {across}x{down}"));
        }
        if let Some(lines) = item.expected.lines {
            let wide = f64::from(lines) * f64::from(lines) * 16.0 / 9.0;
            if size.0 * size.1 < FEWEST_PIXELS * wide {
                found.push(format!("the clip is {width}x{height}, smaller than the {lines}p that were bought"));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::select::Expected;

    fn differences_of(footage: Footage) -> String {
        let expected = Expected { sound: true, frame: Some((1280, 720)), lines: Some(1080) };
        differences(&Item { seconds: 5, expected, ..Item::default() }, &footage).join("; ")
    }

    #[test]
    fn a_clip_that_is_what_was_bought_has_no_note() {
        let good = |seconds, pixels| Footage { seconds: Some(seconds), pixels: Some(pixels), has_sound: Some(true) };
        assert_eq!(differences_of(good(5.04, (1920, 1080))), "");
        // Sides come in multiples of some pixels, and clips a little short.
        assert_eq!(differences_of(good(4.2, (1924, 1076))), "");
        assert_eq!(differences_of(Footage::default()), "", "a clip that says nothing is not wrong");
    }

    #[test]
    fn each_difference_has_its_note() {
        let bad = Footage { seconds: Some(3.0), pixels: Some((720, 720)), has_sound: Some(false) };
        assert_eq!(
            differences_of(bad),
            "the clip is 3.0 s long, and 5 s were bought; the clip has no sound track, and sound was bought; \
             the clip is 720x720, another shape than its first frame of 1280x720; \
             the clip is 720x720, smaller than the 1080p that were bought"
        );
    }
}

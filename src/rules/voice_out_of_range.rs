use crate::clip::Clip;
use crate::diagnostic::{Code, Finding};
use crate::language::Field;

use super::Context;

pub(super) fn check(_: &Context, clip: &Clip, out: &mut Vec<Finding>) {
    // Beside `lines` the markers themselves are wrong: `lines-with-markers`.
    if !clip.shot.spoken().is_empty() {
        return;
    }
    let voices = match &clip.shot.voices {
        Field::Absent => 0,
        Field::Valid(voices) if !voices.value.partial => voices.value.items.len(),
        _ => return,
    };
    for (text, _, marker) in clip.markers() {
        let Some(number) = marker.voice.filter(|number| *number as usize > voices) else { continue };
        let written = &marker.digits;
        let message = match voices {
            0 => format!("`<<<voice_{written}>>>` needs `voices`, and the shot has none"),
            1 => format!("`<<<voice_{written}>>>` is beyond `voices`, which has one name"),
            _ => format!("`<<<voice_{written}>>>` is beyond `voices`, which has {voices} names"),
        };
        let finding = Finding::new(Code::VoiceOutOfRange, text.part(marker.range), message);
        let finding = match clip.shot.voices.at() {
            Some(at) => finding.label(at.place(), "the voices"),
            None => finding,
        };
        let help =
            format!("add the cast member as the {} name in `voices`, or write the words as `lines`", ordinal(number));
        out.push(finding.help(help));
    }
}

fn ordinal(number: u32) -> String {
    match number {
        1 => "first".into(),
        2 => "second".into(),
        number => format!("{number}th"),
    }
}

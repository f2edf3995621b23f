use crate::clip::Clip;
use crate::diagnostic::{Code, Finding};

use super::Context;

pub(super) fn check(_: &Context, clip: &Clip, out: &mut Vec<Finding>) {
    for (text, cut, marker) in clip.markers() {
        let in_range = marker.voice.is_some_and(|number| number as usize <= clip.shot.voices().len());
        if cut.is_some() && in_range {
            let message = "Kling's pages do not say whether a voice speaks inside a cut";
            let finding = Finding::new(Code::VoiceInCut, text.part(marker.range), message);
            out.push(finding.help("try one clip first, or make a shot of its own where the voice speaks"));
        }
    }
}

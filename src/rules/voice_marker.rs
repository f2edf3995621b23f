use crate::clip::Clip;
use crate::diagnostic::{Code, Edit, Finding, Safety};
use crate::text::shown;

use super::Context;

pub(super) fn check(_: &Context, clip: &Clip, out: &mut Vec<Finding>) {
    for (text, _, marker) in clip.markers().filter(|(_, _, marker)| marker.voice.is_none()) {
        let place = text.part(marker.range.clone());
        let written = shown::words(&text.value[marker.range.clone()]);
        let message = format!("`{written}` is not a voice marker: Kling would read it as words");
        let finding = Finding::new(Code::VoiceMarker, place.clone(), message);
        out.push(match marker.meant() {
            Some(meant) => finding.help(format!("write `{meant}`")).fix(
                Safety::Safe,
                format!("write `{meant}`"),
                vec![Edit { span: place.span, text: meant }],
            ),
            None => finding.help("write `<<<voice_1>>>` for the first voice, `<<<voice_2>>>` for the second"),
        });
    }
}

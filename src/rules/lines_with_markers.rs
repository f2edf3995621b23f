use crate::clip::Clip;
use crate::diagnostic::{Code, Finding};

use super::Context;

pub(super) fn check(_: &Context, clip: &Clip, out: &mut Vec<Finding>) {
    if clip.shot.spoken().is_empty() {
        return;
    }
    let lines = clip.shot.lines.at().map(|at| at.place());
    let mut tell = |place, message: &str| {
        let help = "keep `lines`, which sets the markers itself, or write `voices` and markers without `lines`";
        let mut finding = Finding::new(Code::LinesWithMarkers, place, message).help(help);
        if let Some(lines) = &lines {
            finding = finding.label(lines.clone(), "the lines");
        }
        out.push(finding);
    };
    for (text, _, marker) in clip.markers().filter(|(_, _, marker)| marker.voice.is_some()) {
        tell(text.part(marker.range), "a voice marker next to `lines`: the voices would get mixed up");
    }
    if !clip.shot.voices().is_empty()
        && let Some(at) = clip.shot.voices.at()
    {
        tell(at.place(), "`voices` next to `lines`: the lines already say who speaks");
    }
}

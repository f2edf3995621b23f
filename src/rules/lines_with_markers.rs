use crate::diagnostic::{Code, Finding};
use crate::language::Shot;

use super::Context;
use super::context::sent_markers;

pub(super) fn check(_: &Context, shot: &Shot, out: &mut Vec<Finding>) {
    if shot.spoken().is_empty() {
        return;
    }
    let lines = shot.lines.at().map(|at| at.place());
    let mut tell = |place, message: &str| {
        let help = "keep `lines`, which sets the markers itself, or write `voices` and markers without `lines`";
        let mut finding = Finding::new(Code::LinesWithMarkers, place, message).help(help);
        if let Some(lines) = &lines {
            finding = finding.label(lines.clone(), "the lines");
        }
        out.push(finding);
    };
    for (text, _, marker) in sent_markers(shot).filter(|(_, _, marker)| marker.voice.is_some()) {
        tell(text.part(marker.range), "a voice marker beside `lines`: the voices would get mixed up");
    }
    if !shot.voices().is_empty()
        && let Some(at) = shot.voices.at()
    {
        tell(at.place(), "`voices` beside `lines`: the lines already say who speaks");
    }
}

use crate::clip::Clip;
use crate::diagnostic::{Code, Finding};

use super::Context;

pub(super) fn check(context: &Context, clip: &Clip, out: &mut Vec<Finding>) {
    let (Some(brush), Some((frame, at))) = (clip.shot.brush.valid(), clip.first_frame.written()) else { return };
    let Some((width, height)) = context.pixels(frame) else { return };
    let moves = brush.value.r#move.valid().map(|moves| &moves.value.items[..]).unwrap_or_default();
    for point in moves.iter().filter_map(|moved| moved.path.valid()).flat_map(|path| &path.value.items) {
        if !(0..width as i64).contains(&point.x) || !(0..height as i64).contains(&point.y) {
            let message = format!(
                "the point [{}, {}] is outside the first frame, which is {width} by {height} pixels",
                point.x, point.y
            );
            let finding =
                Finding::new(Code::BrushPointOutside, point.at.place(), message).label(at.place(), "the first frame");
            let help =
                format!("x goes from 0 to {}, y from 0 to {}", width.saturating_sub(1), height.saturating_sub(1));
            out.push(finding.help(help));
        }
    }
}

use crate::assets::Reference;
use crate::clip::Clip;
use crate::diagnostic::{Code, Finding};
use crate::language::storyboard::Origin;
use crate::language::{Brush, Field};

use super::Context;

pub(super) fn check(_: &Context, clip: &Clip, out: &mut Vec<Finding>) {
    let (Some(brush), Some((frame, at))) = (clip.shot.brush.valid(), clip.first_frame.written()) else { return };
    let from_top = match &brush.value.origin {
        Field::Absent => true,
        Field::Invalid(_) | Field::Lost => false,
        Field::Valid(origin) => origin.value == Origin::TopLeft,
    };
    if from_top && has_points(&brush.value) && matches!(Reference::of(&frame.value), Reference::Url(_)) {
        let finding = Finding::new(
            Code::BrushNeedsLocalFrame,
            at.place(),
            "the brush's points are counted from the top and Kling's from the bottom: converting them needs a local first frame, and this one is a URL",
        );
        let help =
            "save the frame in the project and give its path, or write `origin: bottom_left` and count from the bottom";
        out.push(finding.help(help));
    }
}

fn has_points(brush: &Brush) -> bool {
    let moves = brush.r#move.valid().map(|moves| &moves.value.items[..]).unwrap_or_default();
    moves.iter().any(|moved| moved.path.valid().is_some_and(|path| !path.value.items.is_empty()))
}

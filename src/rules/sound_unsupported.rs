use crate::clip::Clip;
use crate::diagnostic::{Code, Finding};
use crate::kling::Feature;

use super::Context;
use super::capability::unsupported;

pub(super) fn check(context: &Context, clip: &Clip, out: &mut Vec<Finding>) {
    let Some((true, at)) = clip.sound.written() else { return };
    let instead = "write `sound: off`";
    out.extend(unsupported(context.facts, clip, Code::SoundUnsupported, Feature::Sound, at.place(), instead));
}

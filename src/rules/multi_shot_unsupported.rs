use crate::diagnostic::{Code, Finding};
use crate::kling::capability::{Capability, models_that};
use crate::language::Shot;

use super::Context;
use super::context::{inherited, list};

pub(super) fn check(_: &Context, shot: &Shot, out: &mut Vec<Finding>) {
    let (Some(cuts), Some(model)) = (shot.cuts.valid(), shot.model()) else { return };
    if !Capability::of(model).cuts {
        let able = models_that(|row| row.cuts);
        let message = format!("`{model}` makes no cuts within a clip");
        let finding = Finding::new(Code::MultiShotUnsupported, cuts.at.place(), message);
        let finding = finding.help(format!("take {}, or make a shot of each cut", list(&able, "or")));
        out.push(inherited(finding, shot, "model", &shot.settings.model));
    }
}

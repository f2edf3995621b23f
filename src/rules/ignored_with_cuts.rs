use crate::clip::Clip;
use crate::diagnostic::{Code, Finding};
use crate::language::At;

use super::Context;

pub(super) fn check(_: &Context, clip: &Clip, out: &mut Vec<Finding>) {
    let shot = clip.shot;
    let (Some(_), Some(cuts)) = (shot.cut_list(), shot.cuts_at()) else { return };
    let fields: [(&str, Option<&At>); 2] = [
        ("prompt", shot.prompt.valid().map(|prompt| &prompt.at)),
        ("lines", shot.lines.valid().map(|lines| &lines.at)),
    ];
    for (name, at) in fields.into_iter().filter_map(|(name, at)| Some((name, at?))) {
        let finding = Finding::new(Code::IgnoredWithCuts, at.place(), format!("Kling ignores `{name}` next to `cuts`"));
        let help = format!("move what matters into the cuts, and remove `{name}`");
        out.push(finding.label(cuts.place(), "the cuts").help(help));
    }
}

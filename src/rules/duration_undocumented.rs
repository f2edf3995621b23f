use crate::clip::Clip;
use crate::diagnostic::{Code, Finding};
use crate::kling::Certainty;

use super::Context;
use super::context::inherited;
use super::duration_unsupported::place;

pub(super) fn check(_: &Context, clip: &Clip, out: &mut Vec<Finding>) {
    let (Some(model), Some(seconds), Some(place)) = (clip.model.value(), clip.seconds.value(), place(clip)) else {
        return;
    };
    let lengths = model.lengths(clip.target);
    if lengths.contains(&(seconds, Certainty::Undocumented)) {
        let sure: Vec<String> = lengths
            .iter()
            .filter(|(_, certainty)| *certainty == Certainty::Documented)
            .map(|(length, _)| length.to_string())
            .collect();
        let message = format!(
            "{} is documented for `{model}` at {} seconds only; {seconds} may be refused",
            clip.target.name(),
            sure.join(" and ")
        );
        let finding = Finding::new(Code::DurationUndocumented, place, message);
        let help = "try one shot first; many gateways pass on every length that Kling has";
        out.push(inherited(finding.help(help), "model", &clip.model));
    }
}

use crate::clip::{Clip, Seconds};
use crate::diagnostic::{Code, Finding};

use super::Context;
use super::context::inherited;

pub(super) fn check(_: &Context, clip: &Clip, out: &mut Vec<Finding>) {
    let Some(written) = clip.shot.r#use.valid() else { return };
    let (from, to) = (written.value.from, written.value.to);
    let finding = |message, help| Finding::new(Code::UseOutsideClip, written.at.place(), message).help(help);
    if from >= to {
        let message = format!("`use` ends at {to} s, and it begins at {from} s");
        out.push(finding(message, "write the begin first, then the end: `use: [1, 3.5]`".to_owned()));
        return;
    }
    // A length that the model does not make is reported as such.
    let seconds = if clip.model.value().is_some() { clip.made_seconds() } else { clip.seconds.value() };
    let Some(seconds) = seconds.filter(|seconds| from < 0.0 || to > *seconds as f64) else { return };
    let message = if from < 0.0 {
        format!("`use` begins at {from} s, before the clip does")
    } else {
        format!("`use` ends at {to} s, and the clip is {seconds} s long")
    };
    let longer = clip.model.value().into_iter().flat_map(|model| model.lengths(clip.target));
    let longer = longer.map(|(length, _)| length).find(|length| *length as f64 >= to);
    let help = match (longer, &clip.seconds) {
        (Some(longer), Seconds::Length(_)) if longer > seconds => {
            format!("stay within 0 and {seconds}, or write `duration: {longer}`")
        }
        _ => format!("stay within 0 and {seconds}"),
    };
    out.push(match &clip.seconds {
        Seconds::Length(length) => inherited(finding(message, help), "duration", length),
        Seconds::Cuts(_, cuts) => finding(message, help).label(cuts.place(), format!("{seconds} s together")),
    });
}

use crate::diagnostic::{Code, Finding};
use crate::language::film::ExtendsFaultKind;

use super::Context;

pub(super) fn check(context: &Context, out: &mut Vec<Finding>) {
    let film = context.film;
    for fault in &film.extends_faults {
        if let ExtendsFaultKind::Cycle(files) = &fault.kind {
            let message = format!("bibles extend each other in a circle: {}", files.join(" → "));
            let help = "remove `extends` from one of them";
            out.push(Finding::new(Code::ExtendsCycle, fault.at.place(), message).help(help));
        }
    }
}

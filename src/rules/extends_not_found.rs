use crate::diagnostic::{Code, Finding};
use crate::language::film::ExtendsFaultKind;
use crate::text::shown;

use super::Context;

pub(super) fn check(context: &Context, out: &mut Vec<Finding>) {
    let film = context.film;
    for fault in &film.extends_faults {
        if let ExtendsFaultKind::NotFound(why) = &fault.kind {
            let message = format!("the bible `{}` cannot be read: {why}", shown::words(&fault.at.value));
            let finding = Finding::new(Code::ExtendsNotFound, fault.at.place(), message);
            let help =
                "give the path of a storyboard file, relative to the folder of this file, with `/` between folders";
            out.push(finding.help(help));
        }
    }
}

use crate::assets::{Link, Missing};
use crate::diagnostic::{Code, Finding};
use crate::language::Text;
use crate::language::film::ExtendsFaultKind;
use crate::text::Place;
use crate::text::shown;

use super::Context;
use super::context::assets;

pub(super) fn check(context: &Context, out: &mut Vec<Finding>) {
    let film = context.film;
    for fault in &film.extends_faults {
        if let ExtendsFaultKind::Outside(link) = &fault.kind {
            out.push(outside(fault.at.place(), &fault.at, link.as_ref(), "the bible"));
        }
    }
    for clip in context.made() {
        for (_, path) in assets(clip) {
            if let Some(Err(Missing::Outside { link })) = context.picture(path) {
                out.push(outside(path.place(), path, link.as_ref(), "the picture").shot(clip.shot.name()));
            }
        }
    }
}

fn outside(place: Place, path: &Text, link: Option<&Link>, what: &str) -> Finding {
    let mut message = format!("`{}` leads out of the project", shown::words(&path.value));
    if let Some(link) = link {
        let which = if link.path == *path.value { "it".into() } else { format!("`{}`", shown::words(&link.path)) };
        message.push_str(&format!(": {which} is a symbolic link to `{}`", shown::words(&link.to)));
    }
    Finding::new(Code::AssetOutsideProject, place, message)
        .help(format!("copy {what} into the project and give its path relative to this file, such as `frames/a.png`"))
}

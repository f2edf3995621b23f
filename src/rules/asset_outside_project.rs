use crate::assets::Missing;
use crate::diagnostic::{Code, Finding};
use crate::language::Text;
use crate::language::film::ExtendsFaultKind;
use crate::text::Place;
use crate::text::shown::shorten;

use super::Context;
use super::context::assets;

pub(super) fn check(context: &Context, out: &mut Vec<Finding>) {
    let film = context.film;
    for fault in &film.extends_faults {
        if matches!(fault.kind, ExtendsFaultKind::Outside) {
            out.push(outside(fault.at.place(), &fault.at, "the bible"));
        }
    }
    for clip in context.made() {
        for (_, path) in assets(clip) {
            if matches!(context.picture(path), Some(Err(Missing::Outside))) {
                out.push(outside(path.place(), path, "the picture").shot(clip.shot.name()));
            }
        }
    }
}

fn outside(place: Place, path: &Text, what: &str) -> Finding {
    let message = format!("`{}` leads out of the project", shorten(&path.value));
    Finding::new(Code::AssetOutsideProject, place, message)
        .help(format!("copy {what} into the project and give its path relative to this file, such as `frames/a.png`"))
}

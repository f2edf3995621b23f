use std::collections::HashSet;

use crate::diagnostic::{Code, Finding};
use crate::language::Film;

use super::Context;
use super::context::style_names;

pub(super) fn check(context: &Context, out: &mut Vec<Finding>) {
    let film = context.film;
    if film.shots.is_empty() || film.is_incomplete() {
        return;
    }
    let used = used_styles(film);
    for style in film.styles().own().filter(|style| !used.contains(&*style.name.value)) {
        let message = format!("no shot has the style `{}`", style.name.value);
        let finding = Finding::new(Code::UnusedStyle, style.name.place(), message);
        out.push(finding.help("use it in a `style`, or remove it; styles for several films belong in a bible"));
    }
}

/// The names of the styles that some `style` of the film or its bibles names.
pub(super) fn used_styles(film: &Film) -> HashSet<&str> {
    let own = film.shots.iter().map(|shot| &shot.settings);
    let of_cuts = film.shots.iter().flat_map(|shot| shot.cuts()).flat_map(|cut| [&cut.style, &cut.add_style]);
    let of_levels = film.all_defaults().chain(own).flat_map(|level| [&level.style, &level.add_style]);
    of_levels.chain(of_cuts).flat_map(style_names).map(|name| &*name.value).collect()
}

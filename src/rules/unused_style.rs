use std::collections::HashSet;

use crate::diagnostic::{Code, Finding};
use crate::language::Film;

use super::Context;
use super::context::style_names;

pub(super) fn check(_: &Context, film: &Film, out: &mut Vec<Finding>) {
    if film.shots.is_empty() {
        return;
    }
    let used = used_styles(film);
    for style in film.styles.values().filter(|style| style.own && !used.contains(&*style.name.value)) {
        let message = format!("no shot has the style `{}`", style.name.value);
        let finding = Finding::new(Code::UnusedStyle, style.name.place(), message);
        out.push(finding.help("use it in a `style`, or remove it; styles for several films belong in a bible"));
    }
}

/// The names of the styles that some `style` of the film or its bibles names.
pub(super) fn used_styles(film: &Film) -> HashSet<&str> {
    let defaults =
        film.defaults.iter().chain(film.scenes.iter().map(|scene| &scene.defaults)).map(|settings| &settings.style);
    let shots = film
        .shots
        .iter()
        .flat_map(|shot| std::iter::once(&shot.own.style).chain(shot.cuts().iter().map(|cut| &cut.style)));
    defaults.chain(shots).flat_map(style_names).map(|name| &*name.value).collect()
}

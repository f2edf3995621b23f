use std::collections::HashSet;

use crate::diagnostic::{Code, Finding};
use crate::language::lent::Named;
use crate::language::{Film, Text};
use crate::text::near::Candidates;

use super::Context;
use super::context::style_names;
use super::unknown_style::OTHER_COMMAS;

pub(super) fn check(context: &Context, out: &mut Vec<Finding>) {
    let film = context.film;
    if film.shots.is_empty() || film.is_incomplete() {
        return;
    }
    let used = used_styles(film);
    let unused: Vec<&Text> =
        film.styles().own().map(|style| &style.name).filter(|name| !used.contains(&*name.value)).collect();
    for name in not_meant(unused, &used, film.styles()) {
        let message = format!("no shot has the style `{}`", name.value);
        let finding = Finding::new(Code::UnusedStyle, name.place(), message);
        out.push(finding.help("use it in a `style`, or remove it; styles for several films belong in a bible"));
    }
}

/// Those of the `unused` names that no name was meant for that is `used` and unknown: where a prompt says `$mara`, `Mara` is not unused.
pub(super) fn not_meant<'f, T>(unused: Vec<&'f Text>, used: &HashSet<&str>, all: Named<'f, T>) -> Vec<&'f Text> {
    if unused.is_empty() {
        return unused;
    }
    let mut unknown: Vec<&str> = used.iter().copied().filter(|name| !all.contains_key(name)).collect();
    unknown.sort_unstable();
    let names = Candidates::new(unused.iter().map(|name| &*name.value));
    let unknown = unknown.into_iter().flat_map(|name| name.split(OTHER_COMMAS)).map(str::trim);
    let meant: HashSet<&str> = unknown.flat_map(|name| names.near(name).into_iter().chain([name])).collect();
    unused.into_iter().filter(|name| !meant.contains(&*name.value)).collect()
}

/// The names of the styles that some `style` of the film or its bibles names.
pub(super) fn used_styles(film: &Film) -> HashSet<&str> {
    let own = film.shots.iter().map(|shot| &shot.settings);
    let of_cuts = film.shots.iter().flat_map(|shot| shot.cuts()).flat_map(|cut| [&cut.style, &cut.add_style]);
    let of_levels = film.all_defaults().chain(own).flat_map(|level| [&level.style, &level.add_style]);
    of_levels.chain(of_cuts).flat_map(style_names).map(|name| &*name.value).collect()
}

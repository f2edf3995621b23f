use indexmap::IndexMap;

use crate::diagnostic::{Code, Finding, Safety};
use crate::language::Text;
use crate::language::names::is_style_name;
use crate::text::near::Candidates;
use crate::text::shown;

use super::Context;
use super::context::{list, style_names};

pub(super) fn check<'c>(context: &Context<'c>, out: &mut Vec<Finding>) {
    let film = context.film;
    if film.styles_unknown() {
        return;
    }
    // Each unknown name where it is written, with the shots that use it: one in `defaults` is one finding.
    let mut unknown: IndexMap<*const Text, (&'c Text, Vec<String>)> = IndexMap::new();
    let mut add = |name: &'c Text, shot: Option<String>| {
        if !film.styles().contains_key(&name.value) {
            let name = unknown.entry(std::ptr::from_ref(name)).or_insert((name, Vec::new()));
            name.1.extend(shot);
        }
    };
    for level in film.all_defaults() {
        style_names(&level.style).chain(style_names(&level.add_style)).for_each(|name| add(name, None));
    }
    for clip in context.clips {
        let own = style_names(&clip.shot.settings.style).chain(style_names(&clip.shot.settings.add_style));
        own.for_each(|name| add(name, None));
        clip.styles.iter().for_each(|name| add(name, Some(clip.shot.name())));
        for cut in clip.shot.cuts() {
            style_names(&cut.style).chain(style_names(&cut.add_style)).for_each(|name| add(name, None));
        }
    }
    if unknown.is_empty() {
        return;
    }
    let names = || film.styles().keys();
    let first: Vec<&str> = names().take(8).collect();
    let near = Candidates::new(names().filter(|name| is_style_name(name)));
    out.extend(unknown.into_values().map(|(name, shots)| {
        let message = format!("there is no style `{}`", shown::words(&name.value));
        let finding = help(Finding::new(Code::UnknownStyle, name.place(), message), name, &near, &first);
        shots.into_iter().fold(finding, Finding::shot)
    }));
}

/// What separates the items of a list on other keyboards and in other languages.
pub(super) const OTHER_COMMAS: [char; 4] = ['，', '、', '；', ';'];

fn help(finding: Finding, name: &Text, near: &Candidates, first: &[&str]) -> Finding {
    if let Some(sign) = name.value.chars().find(|sign| OTHER_COMMAS.contains(sign)) {
        let names: Vec<_> = name.value.split(OTHER_COMMAS).map(str::trim).collect();
        return finding.help(format!(
            "names are separated by a plain `,`, not by `{sign}`: write `{}`",
            shown::words(&names.join(", "))
        ));
    }
    let near = near.near(&name.value);
    match near[..] {
        [only] => {
            let edits = vec![name.rewritten(only)];
            finding.help(format!("did you mean `{only}`?")).fix(Safety::Safe, format!("write `{only}`"), edits)
        }
        [_, ..] => finding.help(format!("did you mean {}?", list(&near, "or"))),
        [] if first.is_empty() => finding.help("add it under `styles`, which has none yet"),
        [] => finding.help(format!("add it under `styles`, or use {}", list(first, "or"))),
    }
}

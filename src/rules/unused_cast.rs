use std::collections::HashSet;

use crate::diagnostic::{Code, Finding};
use crate::language::names::mentions;
use crate::language::{Camera, Film, Text};

use super::Context;
use super::unused_style::{not_meant, used_styles};

pub(super) fn check(context: &Context, out: &mut Vec<Finding>) {
    let film = context.film;
    if film.shots.is_empty() || film.is_incomplete() {
        return;
    }
    let used = used_cast(film);
    let unused: Vec<&Text> =
        film.cast().own().map(|member| &member.key).filter(|key| !used.contains(&*key.value)).collect();
    for key in not_meant(unused, &used, film.cast()) {
        let finding = Finding::new(Code::UnusedCast, key.place(), format!("`{}` is in no shot", key.value));
        let help = format!(
            "name them as `${}` in a prompt, or remove the entry; people of several films belong in a bible",
            key.value
        );
        out.push(finding.help(help));
    }
}

/// The people that a shot's texts, a style in use, a speaker or a voice name. Texts next to cuts count too, ignored as they
/// are.
fn used_cast(film: &Film) -> HashSet<&str> {
    let mut used = HashSet::new();
    let mut texts: Vec<&Text> = Vec::new();
    for level in film.all_defaults().chain(film.shots.iter().map(|shot| &shot.settings)) {
        texts.extend(level.negative_prompt.value());
        if let Some(Camera::Words(words)) = level.camera.value() {
            texts.push(words);
        }
    }
    for shot in &film.shots {
        texts.extend(shot.prompt.value());
        texts.extend(shot.cuts().iter().filter_map(|cut| Some(&cut.prompt.valid()?.value)));
        for line in shot.lines.valid().into_iter().flat_map(|lines| &lines.value.items) {
            used.insert(&*line.speaker.value);
            texts.extend(line.text.iter().chain(&line.manner));
        }
        used.extend(shot.voices().iter().map(|name| &*name.value));
    }
    let styles = used_styles(film);
    texts.extend(
        film.styles()
            .values()
            .filter(|style| styles.contains(&*style.name.value))
            .filter_map(|style| style.text.as_ref()),
    );
    used.extend(texts.into_iter().flat_map(|text| mentions(&text.value)).map(|(_, name)| name));
    used
}

use std::ops::Range;

use crate::diagnostic::{Code, Edit, Finding, Safety};
use crate::language::names::{is_cast_name, mentions};
use crate::language::{Film, Text};
use crate::text::Format;
use crate::text::near::Candidates;
use crate::text::shown;

use super::Context;
use super::context::list;
use super::run::tag;

pub(super) fn check(context: &Context, out: &mut Vec<Finding>) {
    let film = context.film;
    if film.cast_unknown() {
        return;
    }
    let cast = Cast::of(film);
    for (text, clips) in &*context.written_texts() {
        let before = out.len();
        in_text(&cast, text, out);
        tag(&mut out[before..], clips);
    }
    for clip in context.clips {
        let before = out.len();
        for line in clip.shot.spoken() {
            match speaker_with_manner(film, &line.speaker) {
                Some(finding) => out.push(finding),
                None => whole(&cast, &line.speaker, out),
            }
        }
        clip.shot.voices().iter().for_each(|name| whole(&cast, name, out));
        tag(&mut out[before..], &[clip]);
    }
    // A negative prompt that every shot overrides must still be right.
    let defaults = film.all_defaults().filter_map(|level| level.negative_prompt.valid());
    defaults.for_each(|text| in_text(&cast, &text.value, out));
}

/// The names that could have been meant, made ready once for all that are unknown.
struct Cast<'f> {
    film: &'f Film,
    near: Candidates<'f>,
    /// The first of them, for a help.
    first: Vec<&'f str>,
}

impl<'f> Cast<'f> {
    fn of(film: &'f Film) -> Self {
        let names = || film.cast().keys();
        Self {
            film,
            near: Candidates::new(names().filter(|name| is_cast_name(name))),
            first: names().take(8).collect(),
        }
    }

    fn has(&self, name: &str) -> bool {
        self.film.cast().contains_key(name)
    }
}

fn in_text(cast: &Cast, text: &Text, out: &mut Vec<Finding>) {
    for (range, name) in mentions(&text.value).filter(|(_, name)| !cast.has(name)) {
        let message = format!("`${}` is not in `cast`", shown::words(name));
        let finding = Finding::new(Code::UnknownCast, text.part(range.clone()), message);
        out.push(help(cast, finding, name, "; a dollar sign before a word is written `$$`", |near| {
            edit_in(text, range, near)
        }));
    }
}

/// The edit that puts `near` in place of the name at `range`, its `$` left alone.
fn edit_in(text: &Text, range: Range<usize>, near: &str) -> Edit {
    Edit { span: text.part(range.start + 1..range.end).span, text: near.to_owned() }
}

/// A speaker as screenplays write it, `mara (whispering)`: somebody of the cast, and how they speak.
fn speaker_with_manner(film: &Film, speaker: &Text) -> Option<Finding> {
    let (name, manner) = speaker.value.strip_suffix(')')?.split_once('(')?;
    let (name, manner) = (name.trim(), manner.trim());
    let member = film
        .cast()
        .values()
        .find(|member| member.key.value.eq_ignore_ascii_case(name) || member.name.eq_ignore_ascii_case(name))?;
    let key = &member.key.value;
    let message =
        format!("a speaker is one name of `cast`, and `{}` says how they speak too", shown::words(&speaker.value));
    let finding = Finding::new(Code::UnknownCast, speaker.place(), message);
    Some(finding.help(match speaker.at.document.source.format {
        Format::Yaml => format!("write `{key}: {{ text: …, manner: {} }}`", shown::words(manner)),
        Format::Toml => format!("write `{key} = {{ text = \"…\", manner = \"{}\" }}`", shown::words(manner)),
    }))
}

/// A value that is only a name: a speaker or a voice.
fn whole(cast: &Cast, name: &Text, out: &mut Vec<Finding>) {
    if cast.has(&name.value) {
        return;
    }
    let message = format!("no one in `cast` is called `{}`", shown::words(&name.value));
    let finding = Finding::new(Code::UnknownCast, name.place(), message);
    out.push(help(cast, finding, &name.value, "", |near| name.rewritten(near)));
}

fn help(cast: &Cast, finding: Finding, name: &str, dollar: &str, edit: impl FnOnce(&str) -> Edit) -> Finding {
    let near = cast.near.near(name);
    match near[..] {
        [only] => {
            let edit = edit(only);
            finding.help(format!("did you mean `{only}`?")).fix(Safety::Safe, format!("write `{only}`"), vec![edit])
        }
        [_, ..] => finding.help(format!("did you mean {}?", list(&near, "or"))),
        [] if cast.first.is_empty() => {
            finding.help(format!("add the person under `cast`, which is still empty{dollar}"))
        }
        [] => finding.help(format!("add the person under `cast`, or name {}{dollar}", list(&cast.first, "or"))),
    }
}

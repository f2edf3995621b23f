use crate::clip::Clip;
use crate::diagnostic::{Code, Edit, Finding, Safety};
use crate::kling::Model;
use crate::language::{At, Shot};
use crate::text::{Format, Span};

use super::Context;
use super::context::{inherited, speech};
use super::voice_unsupported::is_unsupported;

pub(super) fn check(_: &Context, clip: &Clip, out: &mut Vec<Finding>) {
    let uses_voice = !clip.shot.spoken().is_empty() || clip.used_voices().next().is_some();
    let Some(place) = speech(clip.shot).filter(|_| uses_voice) else { return };
    let always_sounds = clip.model.value().is_some_and(Model::always_sounds);
    if clip.sound.value() != Some(false) || always_sounds || is_unsupported(clip) {
        return;
    }
    let finding = Finding::new(
        Code::VoiceNeedsSound,
        place.clone(),
        format!("{} speaks, and its sound is not on", clip.shot.title()),
    )
    .help("write `sound: on` (it costs more), or remove what is spoken");
    let finding = inherited(finding, "sound", &clip.sound);
    out.push(match sound_on(clip.shot, place.span) {
        Some(edit) => finding.fix(Safety::Unsafe, "turn the sound on", vec![edit]),
        None => finding,
    });
}

/// The edit that turns the sound of the shot on: its own `sound`, or a new one before the key at `before`.
fn sound_on(shot: &Shot, before: Span) -> Option<Edit> {
    let source = &shot.at.document.source;
    let written = if source.format == Format::Toml { "\"on\"" } else { "on" };
    if let Some(own) = shot.own.sound.at() {
        let span = own.document.tree.node(own.node).span;
        return Some(Edit { span, text: written.into() });
    }
    let line = source.line_span(source.line_index(before.start as usize));
    let indent = &source.text[line.start as usize..before.start as usize];
    let field = match source.format {
        Format::Toml => format!("sound = {written}"),
        Format::Yaml => format!("sound: {written}"),
    };
    // A key that begins its line gets a line before it; one within `{ … }` a field. A TOML header begins another table.
    let is_first_on_line = indent.trim_start_matches(['-', ' ']).is_empty();
    let text = match is_first_on_line {
        true if indent.contains('-') => format!("{field}{}{}", line_end(shot), " ".repeat(indent.len())),
        true => format!("{field}{}{indent}", line_end(shot)),
        false if indent.contains('{') => format!("{field}, "),
        false => return None,
    };
    Some(Edit { span: Span::empty(before.start as usize), text })
}

fn line_end(shot: &Shot) -> &'static str {
    let At { document, .. } = &shot.at;
    if document.source.text.contains("\r\n") { "\r\n" } else { "\n" }
}

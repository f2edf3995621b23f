//! The one text of a request: a prompt as it is, cuts in Kling's wording of shots, and people by the names that the request gives to
//! their voices and elements.

use serde_json::Value;

use super::models::endpoint;
use crate::api::body::ELEMENT_LIST;
use crate::api::{Note, Overlong};
use crate::clip::{Clip, Prompt, TooLong, thousands};
use crate::kling::Feature;
use crate::language::length::Length;
use crate::language::lent::CastMember;
use crate::language::markers::markers;

/// The character that ends a shot's words, in half width and in full width.
const END_OF_SHOT: [char; 2] = [';', '；'];

/// The text, and what it names.
#[derive(Debug, Default)]
pub(super) struct Words {
    /// As it is sent.
    pub text: String,
    /// The cuts in it, where it is written in shots: each one's length.
    cuts: Vec<usize>,
    /// The voices, each once.
    pub voices: Vec<Named>,
    /// The elements.
    pub elements: Vec<Named>,
}

/// Something with a name that the text can use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Named {
    /// The name: `@alias` in the text.
    pub alias: String,
    /// Kling's id.
    pub id: String,
}

/// Whether the text is written in shots: one cut alone is a plain text, and so is one that Kling cuts itself.
pub(super) fn is_cut(clip: &Clip<'_>) -> bool {
    clip.shot.cuts().len() > 1
}

/// The parts of the writer's text that are not sent as they are, or would be read as shots.
pub(super) fn notes(clip: &Clip<'_>) -> Vec<Note> {
    let text = |prompt: &Prompt<'_>| prompt.text().unwrap_or_default();
    if is_cut(clip) {
        let cuts = clip.shot.cuts().iter().zip(&clip.prompts);
        let ended = cuts.filter(|(_, prompt)| text(prompt).contains(END_OF_SHOT));
        return ended
            .filter_map(|(cut, _)| {
                Some(Note {
                    place: cut.prompt.at()?.place(),
                    message: "`;` ends a cut in the one text that Kling's new API takes: it is sent as `,`".into(),
                    help: "write a full stop or a comma",
                })
            })
            .collect();
    }
    let is_read_as_shots = clip.model.value().and_then(endpoint).is_some_and(|endpoint| endpoint.always_reads_shots);
    let begins_so = |prompt: &&Prompt<'_>| {
        let lower = text(prompt).trim_start().to_lowercase();
        lower.strip_prefix("shot 1,").or(lower.strip_prefix("镜头1,")).or(lower.strip_prefix("镜头 1,")).is_some()
    };
    let at = clip.shot.prompt.at().filter(|_| is_read_as_shots && clip.prompts.first().filter(begins_so).is_some());
    let note = at.map(|at| Note {
        place: at.place(),
        message: "this begins as Kling's wording of cuts does: the model would cut the clip".into(),
        help: "begin with other words, or write `cuts`",
    });
    note.into_iter().collect()
}

impl Words {
    /// The text of a clip.
    ///
    /// # Errors
    /// It would be too long to be built.
    pub fn of(clip: &Clip<'_>) -> Result<Words, TooLong> {
        let texts = clip.prompts.iter().map(|prompt| prompt.text_with(clip.sent_elements()));
        let texts = texts.collect::<Result<Vec<_>, _>>()?;
        let members = voices(clip);
        let whole = texts.concat();
        let mut words = Words { elements: elements(clip, &whole), ..Words::default() };
        for (index, member) in members.iter().enumerate() {
            let voice = member.voice.valid().map(|voice| voice.value.value.to_string()).unwrap_or_default();
            let taken = words.voices.iter().chain(&words.elements).map(|named| &*named.alias);
            let alias = alias(&member.key.value, &format!("voice_{}", index + 1), &whole, &taken.collect::<Vec<_>>());
            words.voices.push(Named { alias, id: voice });
        }
        let texts: Vec<String> = texts.iter().map(|text| words.named(clip, &members, text)).collect();
        match is_cut(clip) {
            false => words.text = texts.concat(),
            true => words.write_shots(clip, &texts),
        }
        Ok(words)
    }

    /// The text with `@name` for the numbers of voices and elements. A number that nothing has is a mistake that is reported
    /// elsewhere, and stays.
    fn named(&self, clip: &Clip<'_>, members: &[&CastMember], text: &str) -> String {
        let mut named = String::with_capacity(text.len());
        let mut copied = 0;
        for marker in markers(text) {
            let Some(number) = marker.voice else { continue };
            let before = &text[copied..marker.range.start];
            let member = (number as usize).checked_sub(1).and_then(|index| clip.voices.get(index));
            let known = member.and_then(|member| members.iter().position(|known| std::ptr::eq(*known, *member)));
            match known {
                Some(index) => {
                    named.push_str(before);
                    named.push('@');
                    named.push_str(&self.voices[index].alias);
                }
                // The model chooses the voice itself: there is nothing to be named.
                None if member.is_some() => named.push_str(before.trim_end_matches(' ')),
                None => continue,
            }
            copied = marker.range.end;
        }
        named.push_str(&text[copied..]);
        for (index, element) in self.elements.iter().enumerate() {
            named = named.replace(&format!("<<<element_{}>>>", index + 1), &format!("@{}", element.alias));
        }
        named
    }

    /// `shot 1, 3, …; shot 2, 4, …;`. Source: Kling's page of 3.0 image-to-video, and two programs that write the same. There is no
    /// escape for the sign that ends a shot, nor for a line's end.
    fn write_shots(&mut self, clip: &Clip<'_>, texts: &[String]) {
        for (index, (cut, text)) in clip.shot.cuts().iter().zip(texts).enumerate() {
            let seconds = cut.duration.valid().map_or(0, |seconds| seconds.value.0);
            let text = text.replace(END_OF_SHOT, ",").replace(['\r', '\n'], " ");
            let separator = if self.text.is_empty() { "" } else { " " };
            self.text += &format!("{separator}shot {}, {seconds}, {text};", index + 1);
            self.cuts.push(Length::of(&text).units);
        }
    }

    /// Its length, and how it is made up, where it has more than `most` UTF-16 units.
    pub fn overlong(&self, clip: &Clip<'_>, most: usize) -> Option<Overlong> {
        let units = Length::of(&self.text).units;
        if units <= most {
            return None;
        }
        let made_of = match &self.cuts[..] {
            [] => clip.prompts.first().map(|prompt| prompt.made_of()).unwrap_or_default(),
            cuts => {
                let parts =
                    cuts.iter().enumerate().map(|(index, cut)| format!("cut {} {}", index + 1, thousands(*cut)));
                let wording = units - cuts.iter().sum::<usize>();
                format!("{}, wording {wording}", parts.collect::<Vec<_>>().join(", "))
            }
        };
        Some(Overlong { units, made_of })
    }
}

/// The speakers whose voices are sent, each once; none where the model chooses them itself.
fn voices<'f>(clip: &Clip<'f>) -> Vec<&'f CastMember> {
    let mode = clip.mode.value();
    let has_voices = clip.model.value().is_some_and(|model| {
        endpoint(model).is_some() && model.supports_on(Feature::Voices, clip.target).has(mode, None)
    });
    let mut voices: Vec<&CastMember> = Vec::new();
    for member in clip.voices.iter().filter(|_| has_voices) {
        if !voices.iter().any(|known| std::ptr::eq(*known, *member)) {
            voices.push(member);
        }
    }
    voices
}

/// The elements of the cast; without these, those that `kling` names.
fn elements(clip: &Clip<'_>, text: &str) -> Vec<Named> {
    let mut elements: Vec<Named> = Vec::new();
    for (index, member) in clip.sent_elements().iter().enumerate() {
        let Some(element) = member.element.valid() else { continue };
        let taken: Vec<&str> = elements.iter().map(|named| &*named.alias).collect();
        let alias = alias(&member.key.value, &format!("element_{}", index + 1), text, &taken);
        elements.push(Named { alias, id: element.value.value.to_string() });
    }
    if elements.is_empty() { raw_elements(clip) } else { elements }
}

/// The elements that `kling` names by Kling's field of the other form.
fn raw_elements(clip: &Clip<'_>) -> Vec<Named> {
    let fields = clip.shot.kling.valid().into_iter().flat_map(|kling| &kling.value.fields);
    let list = fields.filter(|(name, _)| &*name.value == ELEMENT_LIST).find_map(|(_, value)| value.as_array());
    let ids = list.into_iter().flatten().filter_map(|element| match element.get("element_id")? {
        Value::String(id) => Some(id.clone()),
        Value::Number(id) => Some(id.to_string()),
        _ => None,
    });
    ids.enumerate().map(|(index, id)| Named { alias: format!("element_{}", index + 1), id }).collect()
}

/// A name for the text: the person's own key, unless Kling could take other words for it. Kling asks for names that are not part of
/// each other, nor of the text.
fn alias(key: &str, else_name: &str, text: &str, taken: &[&str]) -> String {
    let is_plain = key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let is_part = |other: &&str| other.contains(key) || key.contains(*other);
    let is_free = is_plain && !text.contains(key) && !taken.iter().any(is_part);
    if is_free { key.to_owned() } else { else_name.to_owned() }
}

use std::cell::LazyCell;
use std::collections::HashMap;
use std::ops::Range;

use crate::clip::Clip;
use crate::diagnostic::{Code, Edit, Finding, Safety};
use crate::language::lent::CastMember;
use crate::language::names::mentions;
use crate::language::placeholders::{Placeholder, placeholders};
use crate::language::{Film, Text};
use crate::text::shown;

use super::Context;
use super::context::has_elements;
use super::run::tag;

pub(super) fn check(context: &Context, out: &mut Vec<Finding>) {
    // Made for the first placeholder: most films have none, and their bibles have many names.
    let cast = LazyCell::new(|| Names::of(context.film));
    for (text, clips) in context.sent_texts() {
        // Shots with elements may use their markers.
        let without: Vec<&Clip> = clips
            .iter()
            .copied()
            .filter(|clip| !has_elements(clip.shot) && clip.shot.kling.invalid().is_none())
            .collect();
        for (range, placeholder) in placeholders(&text.value) {
            let clips = if placeholder == Placeholder::Marker { &without } else { clips };
            if let Some(finding) = look(context.film, &cast, text, range, placeholder).filter(|_| !clips.is_empty()) {
                out.push(finding);
                let last = out.len() - 1;
                tag(&mut out[last..], clips);
            }
        }
    }
}

/// The people that a placeholder may mean: the cast by key and by display name, in any case of letters.
struct Names<'f> {
    by_key: HashMap<String, &'f CastMember>,
    by_name: HashMap<String, &'f CastMember>,
    /// The most words that a display name has.
    words: usize,
}

impl<'f> Names<'f> {
    fn of(film: &'f Film) -> Self {
        const MOST_WORDS: usize = 6;
        let members = || film.cast().values();
        let words = members().map(|member| member.name.split(' ').count()).max().unwrap_or_default();
        Self {
            by_key: members().map(|member| (member.key.value.to_lowercase(), member)).collect(),
            by_name: members().map(|member| (member.name.to_lowercase(), member)).collect(),
            words: words.min(MOST_WORDS),
        }
    }

    fn get(&self, name: &str) -> Option<&'f CastMember> {
        let name = name.to_lowercase();
        self.by_key.get(&name).or_else(|| self.by_name.get(&name)).copied()
    }

    /// The member whose name `rest` begins with, and how many bytes of `rest` the name takes: the longest one.
    fn at_start(&self, rest: &str) -> Option<(&'f CastMember, usize)> {
        let is_end = |at: &usize| !rest[*at..].starts_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '-'));
        let ends = rest.char_indices().take(200).map(|(at, c)| at + c.len_utf8()).filter(is_end);
        let ends: Vec<usize> = ends.take(2 * self.words.max(1)).collect();
        ends.into_iter().rev().find_map(|end| Some((self.get(&rest[..end])?, end)))
    }
}

fn look(film: &Film, cast: &Names, text: &Text, range: Range<usize>, placeholder: Placeholder) -> Option<Finding> {
    let written = shown::words(&text.value[range.clone()]);
    let finding = |message: String| Finding::new(Code::UnresolvedPlaceholder, text.part(range.clone()), message);
    match placeholder {
        Placeholder::Braces(name) => {
            if let Some(member) = cast.get(name) {
                return Some(dollar(text, range, member));
            }
            if film.styles().contains_key(name) {
                let help = format!("name it in `style` or `add_style`, and remove `{written}` here");
                return Some(finding(format!("`{written}` is sent as it is: texts cannot name styles")).help(help));
            }
            is_word(name).then(|| {
                let help = "write the words that belong here; a cast member is written `$name`";
                finding(format!("`{written}` looks like a placeholder, and is sent to Kling as it is")).help(help)
            })
        }
        Placeholder::At(rest) => {
            let (member, length) = cast.at_start(rest)?;
            Some(dollar(text, range.start..range.start + 1 + length, member))
        }
        Placeholder::Numbered { element: true } => Some(
            finding(format!("`{written}` is another service's syntax: Kling's API would read it as words"))
                .help("write `<<<element_1>>>` with an `element_list` under `kling`, or name a cast member as `$name`"),
        ),
        Placeholder::Numbered { element: false } => Some(
            finding(format!("`{written}` is another service's syntax: Kling's API would read it as words"))
                .help("describe the picture in words; the one that the clip begins with is `first_frame`"),
        ),
        Placeholder::Marker => Some(
            finding(format!("`{written}` refers to nothing: the shot has no `element_list`"))
                .help("add `element_list` under `kling`, or describe in words what it should be"),
        ),
    }
}

/// The finding that a cast member is written `$name`, with the fix where the name would end where it should.
fn dollar(text: &Text, range: Range<usize>, member: &CastMember) -> Finding {
    let written = shown::words(&text.value[range.clone()]);
    let name = format!("${}", member.key.value);
    let message = format!("`{written}` is sent as it is: it is not replaced by the cast member");
    let place = text.part(range.clone());
    let finding = Finding::new(Code::UnresolvedPlaceholder, place.clone(), message).help(format!("write `{name}`"));
    let after: String = name.chars().chain(text.value[range.end..].chars().take(2)).collect();
    let reads_well = mentions(&after).next().is_some_and(|(read, _)| read == (0..name.len()));
    if !reads_well {
        return finding;
    }
    finding.fix(Safety::Safe, format!("write `{name}`"), vec![Edit { span: place.span, text: name }])
}

/// One word: letters and digits, with a letter among them.
fn is_word(name: &str) -> bool {
    name.contains(char::is_alphabetic) && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'))
}

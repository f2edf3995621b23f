//! The film's people: who speaks in a shot list, and the voices of request bodies.

use std::collections::{HashMap, HashSet};

use indexmap::IndexMap;

use super::find::Actor;
use super::node::{Data, Node};
use crate::language::storyboard::{CastMember, NAME_LENGTH};

/// The cast as it grows.
#[derive(Debug, Default)]
pub(super) struct Cast {
    pub members: IndexMap<String, CastMember>,
    by_voice: HashMap<String, String>,
    by_name: HashMap<String, String>,
}

impl Cast {
    /// Adds one of the people that a list describes.
    pub fn add(&mut self, actor: Actor) {
        let key = self.named(&actor.name);
        if let Some(member) = self.members.get_mut(&key) {
            member.look = member.look.take().or(actor.look.map(|look| super::shot::escape(&look)));
            member.voice = member.voice.take().or(actor.voice);
        }
    }

    /// The cast name of somebody who is called `name`, whatever its case.
    pub fn named(&mut self, name: &str) -> String {
        let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
        if let Some(key) = self.by_name.get(&name.to_lowercase()) {
            return key.clone();
        }
        let key = self.free(&key_of(&name));
        let shown = capitals_down(&name);
        let member = CastMember { name: (shown != default_name(&key)).then_some(shown), ..CastMember::default() };
        self.members.insert(key.clone(), member);
        self.by_name.insert(name.to_lowercase(), key.clone());
        key
    }

    /// The cast names for a `voice_list`, in its order, and what is to be said of it.
    pub fn voices(&mut self, list: &Node) -> Result<(Vec<String>, Option<&'static str>), String> {
        let mut note = None;
        let ids = match &list.data {
            Data::List(items) => items.iter().map(|item| voice_id(item, &mut note)).collect::<Result<Vec<_>, _>>()?,
            _ => vec![voice_id(list, &mut note)?],
        };
        Ok((ids.into_iter().map(|id| self.voice(id)).collect(), note))
    }

    /// Each voice id is one of the cast, whichever shots use it.
    fn voice(&mut self, id: String) -> String {
        if let Some(key) = self.by_voice.get(&id) {
            return key.clone();
        }
        let key = self.free("speaker");
        self.members.insert(key.clone(), CastMember { voice: Some(id.clone()), ..CastMember::default() });
        self.by_voice.insert(id, key.clone());
        key
    }

    /// A name like `key` that nobody has yet; `speaker` is always numbered.
    fn free(&self, key: &str) -> String {
        let count = self.members.len() + 1;
        let few = if key == "speaker" { 0..0 } else { 1..10 };
        few.chain(count..)
            .map(|number| match number {
                1 if key != "speaker" => key.to_owned(),
                number => format!("{}-{number}", &key[..key.len().min(NAME_LENGTH - 10)]),
            })
            .find(|key| !self.members.contains_key(key))
            .unwrap_or_default()
    }

    /// A text with the names of the cast, as its list or script writes them, turned into `$name`.
    pub fn mentioned(&self, text: &str) -> String {
        // More people than any film has: a file made to take time.
        const MOST: usize = 500;
        if self.by_name.len() > MOST {
            return text.to_owned();
        }
        let mut turned = String::with_capacity(text.len());
        let mut rest = text;
        let mut before = None;
        while let Some(first) = rest.chars().next() {
            let begins = !before.is_some_and(|c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '-'));
            let name = if begins && first.is_uppercase() { self.name_at(rest) } else { None };
            let length = match name {
                Some((length, key)) => {
                    turned.push('$');
                    turned.push_str(key);
                    length
                }
                None => {
                    turned.push(first);
                    first.len_utf8()
                }
            };
            before = rest[..length].chars().last();
            rest = &rest[length..];
        }
        turned
    }

    /// The longest name that a text begins with, written in capitals or with them first: its length, and whose it is.
    fn name_at(&self, text: &str) -> Option<(usize, &str)> {
        let fits = |name: &str| {
            let head = text.get(..name.len())?;
            let is_name = head.to_lowercase() == name
                && (head == head.to_uppercase() || head == capitals_down(&head.to_uppercase()));
            let next = text[name.len()..].chars().next();
            let ends = !next.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '-'));
            (is_name && ends).then_some(name.len())
        };
        let found = self.by_name.iter().filter_map(|(name, key)| Some((fits(name)?, key.as_str())));
        found.max()
    }

    /// Removes people that no shot uses: a script's cue without words, say.
    pub fn keep(&mut self, used: &HashSet<String>) {
        self.members.retain(|key, member| used.contains(key) || member.look.is_some() || member.voice.is_some());
    }
}

/// `OLD MAN` as `Old Man`; a name that has small letters stays.
fn capitals_down(name: &str) -> String {
    if name != name.to_uppercase() {
        return name.to_owned();
    }
    let mut lowered = String::with_capacity(name.len());
    for c in name.chars() {
        match lowered.ends_with(|before: char| before.is_alphanumeric() || before == '\'') {
            true => lowered.extend(c.to_lowercase()),
            false => lowered.push(c),
        }
    }
    lowered
}

/// A name as a key: small letters, digits and hyphens, first a letter.
fn key_of(name: &str) -> String {
    let mut key = String::new();
    for c in name.chars().flat_map(char::to_lowercase) {
        match c {
            'a'..='z' => key.push(c),
            '0'..='9' if !key.is_empty() => key.push(c),
            '\'' | '\u{2019}' | '.' => {}
            _ if !key.is_empty() && !key.ends_with('-') => key.push('-'),
            _ => {}
        }
    }
    key.truncate(NAME_LENGTH - 10);
    let key = key.trim_end_matches('-');
    if key.is_empty() { "speaker".into() } else { key.into() }
}

/// The name that the language makes for a key without a `name`.
fn default_name(key: &str) -> String {
    let words = key.replace(['-', '_'], " ");
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().collect::<String>() + letters.as_str()).unwrap_or_default()
}

fn voice_id(item: &Node, note: &mut Option<&'static str>) -> Result<String, String> {
    let wrong = || "each voice is `{\"voice_id\": \"…\"}` and nothing else".to_owned();
    let id = match &item.data {
        Data::Group(fields) if fields.len() == 1 => {
            let (name, id) = fields.iter().next().ok_or_else(wrong)?;
            match &**name {
                "voice_id" => {}
                "voiceId" => *note = Some("Kling's name for it is `voice_id`: that is sent"),
                _ => return Err(wrong()),
            }
            id
        }
        Data::Text(_) => {
            *note = Some("each voice is sent as `{\"voice_id\": \"…\"}`");
            item
        }
        _ => return Err(wrong()),
    };
    match &id.data {
        Data::Text(id) => Ok(id.clone()),
        Data::Number(number) if number.is_u64() => {
            *note = Some("a voice id is text, in quotes: its digits are sent so. Compare them with Kling's list");
            Ok(number.to_string())
        }
        Data::Number(_) | Data::Digits(_) => {
            Err("the voice id's digits did not survive as a number: look it up and write it in `cast`, in quotes"
                .into())
        }
        _ => Err(wrong()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_have_one_name_each_and_are_known_in_texts() {
        let mut cast = Cast::default();
        assert_eq!(
            [cast.named("OLD MAN"), cast.named("Old Man"), cast.named("Mara"), cast.named("小美")],
            ["old-man", "old-man", "mara", "speaker-3"]
        );
        assert_eq!(cast.members["old-man"].name.as_deref(), Some("Old Man"));
        assert_eq!(cast.members["mara"].name, None);
        assert_eq!(
            cast.mentioned("MARA's boat; the OLD MAN and Mara-like marauders, AMARA, $$MARA. Old Man"),
            "$mara's boat; the $old-man and Mara-like marauders, AMARA, $$MARA. $old-man"
        );
    }
}

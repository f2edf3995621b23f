//! Dialogue, as shot lists and scripts write it, to lines.

use super::node::{Data, Group, Node};
use super::words::{self, Place};
use crate::language::words::{Level, Meaning, meaning};

/// A spoken line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Spoken {
    /// The speaker, as written; `None` if nobody is named.
    pub speaker: Option<String>,
    pub manner: Option<String>,
    pub text: String,
}

/// The lines of a cell or field; `None` where it is nothing that somebody says.
pub(super) fn spoken(node: &Node) -> Option<Vec<Spoken>> {
    match &node.data {
        Data::Text(text) => Some(of_text(text)),
        Data::List(items) => {
            let lines: Option<Vec<_>> = items.iter().map(spoken).collect();
            Some(lines?.into_iter().flatten().collect())
        }
        Data::Group(fields) => of_group(fields),
        _ => None,
    }
}

/// `{speaker, text, manner}`, or `mara: …` for each speaker.
fn of_group(fields: &Group) -> Option<Vec<Spoken>> {
    let find = |place: Place| fields.iter().find(|(name, node)| words::place(name) == Some(place) && !node.is_blank());
    let find_text = |place: Place| find(place).and_then(|(_, node)| node.words());
    let text = find_text(Place::Lines).or_else(|| find_text(Place::Prompt));
    if let Some(text) = text {
        let speaker = find_text(Place::Speaker).or_else(|| find_text(Place::Id));
        let is_manner = |name: &str| meaning(Level::Line, name).and_then(Meaning::field) == Some("manner");
        let manner = fields.iter().find(|(name, _)| is_manner(name)).and_then(|(_, node)| node.words());
        return Some(vec![Spoken {
            speaker,
            manner: find_text(Place::Manner).or(manner),
            text: unquoted(&text).to_owned(),
        }]);
    }
    let each = fields.iter().map(|(name, node)| match &node.data {
        Data::Text(text) => Some(Spoken { speaker: Some(name.clone()), manner: None, text: text.trim().to_owned() }),
        Data::Group(said) => Some(Spoken {
            speaker: Some(name.clone()),
            manner: said.get("manner").and_then(Node::words),
            text: said.get("text")?.words()?,
        }),
        _ => None,
    });
    each.collect()
}

/// `MARA (quietly): I swore.`, a line of the text each; what has no name before it goes on.
fn of_text(text: &str) -> Vec<Spoken> {
    let mut lines: Vec<Spoken> = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let line = line.trim_start_matches(['-', '\u{2013}', '\u{2014}', '\u{2022}']).trim_start();
        match (speaker(line), lines.last_mut()) {
            (Some((speaker, manner, text)), _) => {
                lines.push(Spoken { speaker: Some(speaker), manner, text: unquoted(text).to_owned() });
            }
            (None, Some(last)) => {
                last.text.push(' ');
                last.text.push_str(unquoted(line));
            }
            (None, None) => lines.push(Spoken { speaker: None, manner: None, text: unquoted(line).to_owned() }),
        }
    }
    lines.retain(|line| !line.text.is_empty());
    lines
}

/// The name before a colon, what is in brackets after it, and the rest.
fn speaker(line: &str) -> Option<(String, Option<String>, &str)> {
    const LONGEST: usize = 40;
    let (head, text) = line.split_once([':', '\u{ff1a}'])?;
    let (name, manner) = match head.split_once('(') {
        Some((name, manner)) => (name.trim(), Some(manner.trim_end().trim_end_matches(')').trim().to_owned())),
        None => (head.trim(), None),
    };
    let is_name = name.chars().count() <= LONGEST
        && name.split_whitespace().count() <= 4
        && name.starts_with(char::is_alphabetic)
        && !name.contains(['.', ',', '?', '!', '"', '\u{201c}', '/']);
    (is_name && !text.trim().is_empty())
        .then(|| (name.to_owned(), manner.filter(|manner| !manner.is_empty()), text.trim()))
}

/// A text without the quotation marks that are around the whole of it.
fn unquoted(text: &str) -> &str {
    const PAIRS: &[(char, char)] =
        &[('"', '"'), ('\u{201c}', '\u{201d}'), ('\u{ab}', '\u{bb}'), ('\u{201e}', '\u{201c}')];
    let text = text.trim();
    for (open, close) in PAIRS {
        if let Some(inner) = text.strip_prefix(*open).and_then(|text| text.strip_suffix(*close))
            && !inner.contains([*open, *close])
        {
            return inner.trim();
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(Option<String>, Option<String>, String)> {
        let lines = spoken(&Node::text(1, text)).unwrap();
        lines.into_iter().map(|line| (line.speaker, line.manner, line.text)).collect()
    }

    #[test]
    fn a_name_before_a_colon_speaks() {
        let said = |speaker: &str, manner: &str, text: &str| {
            let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
            (some(speaker), some(manner), text.to_owned())
        };
        assert_eq!(
            read("MARA (quietly): \u{201c}I swore.\u{201d}\nA lot.\n- Old Tom: No: never."),
            [said("MARA", "quietly", "I swore. A lot."), said("Old Tom", "", "No: never.")]
        );
        assert_eq!(read("\"Mind the rope.\""), [said("", "", "Mind the rope.")]);
        assert_eq!(read("Listen, now: go."), [said("", "", "Listen, now: go.")]);
    }
}

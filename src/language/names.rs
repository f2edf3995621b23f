//! `$name` in a text: who is meant, and what the prompt says for it.

use std::ops::Range;

use super::lent::{CastMember, Named};

/// Something in a text that begins with `$`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Dollar<'t> {
    /// `$name`: its place, `$` included, and the name.
    Name(Range<usize>, &'t str),
    /// `$$`, which means `$`.
    Escaped(Range<usize>),
}

/// All `$name`s and `$$`s of a text, in order. A name is the longest run of `[A-Za-z0-9_-]` that begins with a letter, one
/// final `-` not counted; a `$` before anything else is an ordinary character.
pub fn dollars(text: &str) -> impl Iterator<Item = Dollar<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let start = at + text[at..].find('$')?;
            let rest = &text[start + 1..];
            at = start + 1;
            if rest.starts_with('$') {
                at += 1;
                return Some(Dollar::Escaped(start..at));
            }
            if !rest.starts_with(|first: char| first.is_ascii_alphabetic()) {
                continue;
            }
            let run = rest.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))).unwrap_or(rest.len());
            let name = rest[..run].strip_suffix('-').unwrap_or(&rest[..run]);
            at = start + 1 + name.len();
            return Some(Dollar::Name(start..at, name));
        }
    })
}

/// Whether `$name` can name it: a letter, then letters, digits, `_` and `-`, the last no `-`.
pub fn is_cast_name(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphabetic())
        && !name.ends_with('-')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
}

/// Whether a style can have this name: letters, digits, `_` and `-`, the first a letter or digit.
pub fn is_style_name(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphanumeric())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
}

/// The names that a text mentions, each with its place, `$` included.
pub fn mentions(text: &str) -> impl Iterator<Item = (Range<usize>, &str)> {
    dollars(text).filter_map(|dollar| match dollar {
        Dollar::Name(range, name) => Some((range, name)),
        Dollar::Escaped(_) => None,
    })
}

/// The pieces that make up a text as it is sent: trimmed, `$name` replaced by the display name, `$$` by `$`. A name that
/// nobody has stays as written.
pub fn pieces<'t>(text: &'t str, cast: Named<'t, CastMember>) -> impl Iterator<Item = &'t str> {
    pieces_with(text, cast, |member| &member.name)
}

/// As [`pieces`], with `said` for each name that somebody has.
pub fn pieces_with<'t>(
    text: &'t str,
    cast: Named<'t, CastMember>,
    said: impl Fn(&'t CastMember) -> &'t str,
) -> impl Iterator<Item = &'t str> {
    let text = text.trim();
    let mut copied = 0;
    let replaced = dollars(text).filter_map(move |dollar| match dollar {
        Dollar::Escaped(range) => Some((range, "$")),
        Dollar::Name(range, name) => cast.get(name).map(|member| (range, said(member))),
    });
    let mut replaced = replaced.fuse();
    let mut is_done = false;
    std::iter::from_fn(move || {
        if is_done {
            return None;
        }
        let (before, replacement) = match replaced.next() {
            Some((range, replacement)) => {
                let before = &text[copied..range.start];
                copied = range.end;
                (before, replacement)
            }
            None => {
                is_done = true;
                (&text[copied..], "")
            }
        };
        Some([before, replacement])
    })
    .flatten()
    .filter(|piece| !piece.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_the_longest_run_without_one_final_hyphen() {
        let names = |text: &'static str| mentions(text).map(|(_, name)| name).collect::<Vec<_>>();
        assert_eq!(names("$mara's $old-piet- $_x $1st $20 $ $"), ["mara", "old-piet"]);
        assert_eq!(names("$mara--"), ["mara-"]);
        assert_eq!(names("$$mara $$$tomas"), ["tomas"]);
    }
}

//! `$name` in a text: who is meant, and what the prompt says for it.

use std::ops::Range;
use std::sync::Arc;

use indexmap::IndexMap;

use super::film::CastMember;

/// Something in a text that begins with `$`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Dollar<'t> {
    /// `$name`: its place, `$` included, and the name.
    Name(Range<usize>, &'t str),
    /// `$$`, which stands for `$`.
    Escaped(Range<usize>),
}

/// All `$name`s and `$$`s of a text, in order. A name is the longest run of `[A-Za-z0-9_-]` that begins with a letter, one
/// final `-` not counted; a `$` before anything else stands for itself.
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

/// The names that a text mentions, each with its place, `$` included.
pub fn mentions(text: &str) -> impl Iterator<Item = (Range<usize>, &str)> {
    dollars(text).filter_map(|dollar| match dollar {
        Dollar::Name(range, name) => Some((range, name)),
        Dollar::Escaped(_) => None,
    })
}

/// A text as it is sent: trimmed, `$name` replaced by the display name, `$$` by `$`. A name that nobody has stays as written.
pub fn expand(text: &str, cast: &IndexMap<Arc<str>, CastMember>) -> String {
    let text = text.trim();
    let mut expanded = String::with_capacity(text.len());
    let mut copied = 0;
    for dollar in dollars(text) {
        let (range, replacement) = match &dollar {
            Dollar::Escaped(range) => (range, "$"),
            Dollar::Name(range, name) => match cast.get(*name) {
                Some(member) => (range, &*member.name),
                None => continue,
            },
        };
        expanded.push_str(&text[copied..range.start]);
        expanded.push_str(replacement);
        copied = range.end;
    }
    expanded.push_str(&text[copied..]);
    expanded
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

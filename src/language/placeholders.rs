//! Placeholders of other tools in a text: `{name}`, `{{name}}`, `${name}`, `@name`, `@Element1`, and Kling's own
//! `<<<element_1>>>`. This language replaces none of them.

use std::ops::Range;

/// The notation of a placeholder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Placeholder<'t> {
    /// Braces around this text, with or without a `$` in front.
    Braces(&'t str),
    /// `@` and what follows it, up to the end of the text: the name may have several words.
    At(&'t str),
    /// `@Element1`, `@Image1`: the syntax of resellers.
    Numbered {
        /// Whether it means an element or a picture.
        element: bool,
    },
    /// `<<<element_1>>>`, `<<<image_1>>>`: Kling's own, for shots with an `element_list`.
    Marker,
}

/// The longest name between braces that is looked at.
const LONGEST: usize = 100;

/// All placeholders of a text with their places, in order. An `@name` has the place of its first word.
pub fn placeholders(text: &str) -> impl Iterator<Item = (Range<usize>, Placeholder<'_>)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let start = at + text[at..].find(['{', '@', '<'])?;
            let found = match text.as_bytes()[start] {
                b'{' => braces(text, start),
                b'@' => mention(text, start),
                _ => marker(text, start),
            };
            if let Some((range, placeholder)) = found {
                at = range.end;
                return Some((range, placeholder));
            }
            at = start + 1;
        }
    })
}

fn braces(text: &str, start: usize) -> Option<(Range<usize>, Placeholder<'_>)> {
    let is_double = text[start + 1..].starts_with('{');
    let inner = start + if is_double { 2 } else { 1 };
    let rest = &text[inner..];
    let end = rest.bytes().take(LONGEST).position(|byte| matches!(byte, b'{' | b'}' | b'\n'))?;
    let closing = if is_double { "}}" } else { "}" };
    if !rest[end..].starts_with(closing) {
        return None;
    }
    // Of `$$` the second dollar is the first one's; an odd one more belongs to the braces.
    let dollars = text[..start].bytes().rev().take_while(|byte| *byte == b'$').count();
    let from = start - dollars % 2;
    Some((from..inner + end + closing.len(), Placeholder::Braces(rest[..end].trim())))
}

fn mention(text: &str, start: usize) -> Option<(Range<usize>, Placeholder<'_>)> {
    // `info@example.com` is an address.
    if text[..start].ends_with(|before: char| before.is_alphanumeric() || before == '@') {
        return None;
    }
    let rest = &text[start + 1..];
    let word = rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-'))).unwrap_or(rest.len());
    let word = &rest[..word];
    let range = start..start + 1 + word.len();
    let number = |kind: &str| {
        let head = word.get(..kind.len()).filter(|head| head.eq_ignore_ascii_case(kind))?;
        let digits = word[head.len()..].trim_start_matches(['_', '-']);
        (!digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())).then_some(())
    };
    if number("element").is_some() {
        Some((range, Placeholder::Numbered { element: true }))
    } else if number("image").is_some() {
        Some((range, Placeholder::Numbered { element: false }))
    } else {
        (!word.is_empty()).then_some((range, Placeholder::At(rest)))
    }
}

fn marker(text: &str, start: usize) -> Option<(Range<usize>, Placeholder<'_>)> {
    let inner = text[start..].strip_prefix("<<<")?;
    let number = inner.strip_prefix("element_").or_else(|| inner.strip_prefix("image_"))?;
    let digits = number.bytes().take_while(u8::is_ascii_digit).count();
    if digits == 0 || !number[digits..].starts_with(">>>") {
        return None;
    }
    let length = 3 + (inner.len() - number.len()) + digits + 3;
    Some((start..start + length, Placeholder::Marker))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_of_other_tools() {
        let found = |text: &'static str| placeholders(text).map(|(range, _)| &text[range]).collect::<Vec<_>>();
        assert_eq!(found("{mara}, {{ mara }} and ${mara}"), ["{mara}", "{{ mara }}", "${mara}"]);
        assert_eq!(found("$${mara} {{mara} {{{mara}}}"), ["{mara}", "{mara}", "{{mara}}"]);
        assert_eq!(found("@Element1 @image_2, info@example.com, @mara's"), ["@Element1", "@image_2", "@mara"]);
        assert_eq!(
            found("<<<element_1>>> <<<image_12>>> <<<voice_1>>> <<element_1>>"),
            ["<<<element_1>>>", "<<<image_12>>>"]
        );
        assert_eq!(found("{ @ {} {a\n} < 2 >"), ["{}"]);
    }
}

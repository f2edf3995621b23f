//! Text inside Markdown that a service renders: it stays text. Nothing in it is markup, ends its cell, links anywhere, or
//! notifies anybody.

use std::fmt::Write as _;

use super::shown;

/// Inline code: services look for neither markup nor mentions in it.
pub fn code(text: &str) -> String {
    format!("<code>{}</code>", escaped(text))
}

/// A message as a table's cell: what is between backticks is code, and so is every word that a service would turn into
/// a mention, a reference or a link.
pub fn cell(message: &str) -> String {
    let parts: Vec<&str> = message.split('`').collect();
    let is_paired = parts.len() % 2 == 1;
    let mut cell = String::new();
    for (index, part) in parts.iter().enumerate() {
        if is_paired && index % 2 == 1 {
            cell.push_str(&code(part));
            continue;
        }
        if !is_paired && index > 0 {
            cell.push_str("&#96;");
        }
        for word in part.split_inclusive(char::is_whitespace) {
            let bare = word.trim_end();
            let rest = &word[bare.len()..];
            cell.push_str(&if is_linked(bare) { code(bare) } else { escaped(bare) });
            cell.push_str(&escaped(rest));
        }
    }
    cell
}

/// Whether GitHub or GitLab might make more of a word than a word: `@user`, `#1`, `!1`, `GH-1`, `www.…`, `https://…`.
fn is_linked(word: &str) -> bool {
    let mut rest = word.char_indices().filter(|(_, character)| matches!(character, '@' | '#'));
    let names = |(at, _): (usize, char)| word[at + 1..].starts_with(char::is_alphanumeric);
    rest.any(names)
        || word.strip_prefix(['!', '%', '~']).is_some_and(|word| word.starts_with(char::is_alphanumeric))
        || word.contains("://")
        || word.contains("www.")
        || word.to_ascii_uppercase().contains("GH-")
}

/// With every character that Markdown or HTML could read otherwise as a character reference.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in shown::line(text).chars() {
        match character {
            ' ' | ',' | '/' | '-' | '\'' => escaped.push(character),
            character if character.is_ascii_punctuation() => {
                let _ = write!(escaped, "&#{};", character as u32);
            }
            character => escaped.push(character),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_text_whatever_is_in_it() {
        assert_eq!(cell("style `dock|x` is <b>"), "style <code>dock&#124;x</code> is &#60;b&#62;");
        assert_eq!(cell("one ` alone"), "one &#96; alone");
        assert_eq!(cell("a\n[x](y)"), "a &#91;x&#93;&#40;y&#41;");
    }

    #[test]
    fn nobody_is_mentioned_and_nothing_is_linked() {
        assert_eq!(cell("ask @you, see #1"), "ask <code>&#64;you,</code> see <code>&#35;1</code>");
        assert_eq!(cell("at https://x.example"), "at <code>https&#58;//x&#46;example</code>");
        assert_eq!(cell("50% of a"), "50&#37; of a");
    }
}

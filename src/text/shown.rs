//! Text made safe to show. Whatever comes from outside (a storyboard, a file name, a service's answer) goes through one of
//! these before it reaches a terminal, a log or a report: no character that a terminal obeys or that reorders words, no
//! command that a CI runner would take for its own, nothing that looks like a key.

use std::borrow::Cow;
use std::fmt::Write as _;

use super::secret;

/// Whether a character must not be shown as it is: a terminal acts on it, it changes the direction of the text around it,
/// or it cannot be seen at all. Joiners stay: emoji and several scripts are written with them.
pub fn is_unsafe(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{fffe}' | '\u{ffff}'
            | '\u{e0000}'..='\u{e007f}')
}

/// One line: line ends and tabs become spaces.
pub fn line(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in secret::masked(text).chars() {
        push(&mut shown, if matches!(character, '\n' | '\r' | '\t') { ' ' } else { character });
    }
    defused(shown)
}

/// Several lines, each of which may stand at the start of a line of a log.
pub fn lines(text: &str) -> String {
    let text = secret::masked(text);
    let mut shown = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\r' if characters.peek() == Some(&'\n') => {}
            '\n' | '\r' => shown.push('\n'),
            '\t' => shown.push(' '),
            character => push(&mut shown, character),
        }
    }
    if shown.contains('\n') {
        shown.split('\n').map(|line| defused(line.to_owned())).collect::<Vec<_>>().join("\n")
    } else {
        defused(shown)
    }
}

/// The writer's words inside a message: one line, and no longer than fits there.
pub fn words(text: &str) -> String {
    const MOST: usize = 60;
    // A key that begins within what is shown is recognised by far fewer bytes than these.
    const LOOKED_AT: usize = 8 * MOST;
    let end = text.floor_char_boundary(LOOKED_AT);
    let shown = line(&text[..end]);
    match shown.char_indices().nth(MOST) {
        Some((at, _)) => format!("{}…", &shown[..at]),
        None if end < text.len() => format!("{shown}…"),
        None => shown,
    }
}

/// How a character is spelled that is not shown as it is.
pub fn spelled(character: char) -> String {
    format!("U+{:04X}", character as u32)
}

fn push(shown: &mut String, character: char) {
    if is_unsafe(character) {
        let _ = write!(shown, "U+{:04X}", character as u32);
    } else {
        shown.push(character);
    }
}

/// A line that no CI runner takes for a command. GitHub's runner obeys `::name::` at the start of a line and `##[name]`
/// anywhere in it, Azure's `##vso[`, TeamCity's `##teamcity[`.
fn defused(line: String) -> String {
    let line = match line.trim_start().starts_with("::") {
        true => line.replacen("::", ": :", 1),
        false => line,
    };
    if line.contains("##") { without_log_commands(&line) } else { line }
}

fn without_log_commands(line: &str) -> String {
    let mut defused = String::with_capacity(line.len() + 8);
    let mut rest = line;
    while let Some(at) = rest.find("##") {
        let (before, from) = rest.split_at(at + 1);
        defused.push_str(before);
        let name_end = from[1..].find(|c: char| !c.is_ascii_alphanumeric()).map_or(from.len(), |end| end + 1);
        if from[name_end..].starts_with('[') {
            defused.push(' ');
        }
        rest = from;
    }
    defused.push_str(rest);
    defused
}

/// A JSON string's content whose text is `fragment`, already escaped as JSON demands it: with escapes too for the characters
/// that a terminal would act on and for the runners' commands. A reader gets the same text.
pub fn json_fragment(fragment: &str) -> Cow<'_, str> {
    let is_command = |at: usize| fragment.as_bytes()[at..].starts_with(b"##");
    if !fragment.contains(is_unsafe) && !fragment.contains("##") {
        return Cow::Borrowed(fragment);
    }
    let mut shown = String::with_capacity(fragment.len() + 16);
    for (at, character) in fragment.char_indices() {
        if is_unsafe(character) {
            for unit in character.encode_utf16(&mut [0; 2]) {
                let _ = write!(shown, "\\u{unit:04x}");
            }
        } else if character == '#' && is_command(at) {
            shown.push_str("\\u0023");
        } else {
            shown.push(character);
        }
    }
    Cow::Owned(shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unsafe_characters_are_spelled() {
        assert_eq!(line("a\u{1b}[31mb\r\nc\td"), "aU+001B[31mb  c d");
        assert_eq!(line("\u{202e}x\u{9b}\u{7f}\u{ffff}\u{200b}"), "U+202ExU+009BU+007FU+FFFFU+200B");
        assert_eq!(line("渡轮🚢 👩\u{200d}👧"), "渡轮🚢 👩\u{200d}👧");
        assert_eq!(lines("a\r\nb\rc\td\u{1b}"), "a\nb\nc dU+001B");
    }

    #[test]
    fn no_runner_finds_a_command() {
        assert_eq!(line("::error file=a::b"), ": :error file=a::b");
        assert_eq!(lines("a\n  ::stop-commands::x"), "a\n  : :stop-commands::x");
        assert_eq!(
            line("x ##[add-mask]a ##vso[task.setvariable]b ##teamcity[c"),
            "x # #[add-mask]a # #vso[task.setvariable]b # #teamcity[c"
        );
        assert_eq!(line("###[a] ## heading ##"), "## #[a] ## heading ##");
    }

    #[test]
    fn words_are_cut_after_the_keys_in_them_are_masked() {
        assert_eq!(words(&"a".repeat(60)), "a".repeat(60));
        assert_eq!(words(&"a".repeat(61)), format!("{}…", "a".repeat(60)));
        let key = format!("sk-{}", "k".repeat(40));
        assert_eq!(words(&format!("{} {key}", "a".repeat(50))), format!("{} sk-***", "a".repeat(50)));
    }

    #[test]
    fn json_keeps_the_text() {
        let text = "\u{9b}\u{202e}é🚢 ##[group] \u{e0041}";
        let json = json_fragment(text);
        assert_eq!(json, "\\u009b\\u202eé🚢 \\u0023#[group] \\udb40\\udc41");
        assert_eq!(serde_json::from_str::<String>(&format!("\"{json}\"")).unwrap(), text);
    }
}

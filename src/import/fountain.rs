//! Screenplays in Fountain (fountain.io), as far as they say what is seen and said.

use super::find::Finder;
use super::node::Node;
use super::script::{self, Part};

/// Whether a text reads like a screenplay: a scene heading with an empty line behind it.
pub(super) fn is_script(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim).peekable();
    while let Some(line) = lines.next() {
        if heading(line).is_some_and(|_| !line.starts_with('.')) && lines.peek().is_none_or(|next| next.is_empty()) {
            return true;
        }
    }
    false
}

/// Reads a screenplay.
pub(super) fn read(finder: &mut Finder, text: &str) {
    let (text, remarks) = without_remarks(text);
    let lines: Vec<&str> = text.lines().map(without_end).collect();
    let start = title_page(finder, &lines);
    let mut reader = Reader { lines: &lines, at: start, parts: Vec::new() };
    while reader.at < lines.len() {
        reader.part();
    }
    let mut parts = reader.parts;
    // A stable sort: a remark inside a paragraph comes behind its first line.
    parts.extend(remarks.into_iter().map(|(line, text)| (line, Part::Note(text))));
    parts.sort_by_key(|(line, part)| (*line, matches!(part, Part::Note(_))));
    script::shots(finder, parts);
}

/// A line without the white space at its end. Two spaces alone stay: they stand for an empty line inside of a speech.
fn without_end(line: &str) -> &str {
    if line.trim().is_empty() && line.len() >= 2 { "  " } else { line.trim_end() }
}

/// A text without `/* … */`, and without `[[ … ]]`, which come back with their lines. Line ends stay.
fn without_remarks(text: &str) -> (String, Vec<(usize, String)>) {
    let mut kept = String::with_capacity(text.len());
    let mut remarks = Vec::new();
    let mut rest = text;
    let mut line = 1;
    loop {
        let next = [("/*", "*/"), ("[[", "]]")].into_iter().filter_map(|pair| Some((rest.find(pair.0)?, pair))).min();
        let Some((at, (open, close))) = next else { break };
        let inside = &rest[at + open.len()..];
        let Some(length) = inside.find(close) else { break };
        let newlines = |text: &str| text.bytes().filter(|byte| *byte == b'\n').count();
        line += newlines(&rest[..at]);
        kept.push_str(&rest[..at]);
        if open == "[[" {
            remarks.push((line, inside[..length].split_whitespace().collect::<Vec<_>>().join(" ")));
        }
        kept.extend(std::iter::repeat_n('\n', newlines(&inside[..length])));
        line += newlines(&inside[..length]);
        rest = &inside[length + close.len()..];
    }
    kept.push_str(rest);
    (kept, remarks)
}

/// Reads the title page, if there is one, and gives the line behind it.
fn title_page(finder: &mut Finder, lines: &[&str]) -> usize {
    let key = |line: &str| {
        let (key, _) = line.split_once(':')?;
        (!line.starts_with(char::is_whitespace) && key.chars().all(|c| c.is_alphanumeric() || c == ' '))
            .then(|| key.to_owned())
    };
    let first = lines.iter().position(|line| !line.is_empty()).unwrap_or(0);
    if lines.get(first).and_then(|line| key(line)).is_none() || transition(lines[first]) {
        return first;
    }
    let end = lines[first..].iter().position(|line| line.is_empty()).map_or(lines.len(), |length| first + length);
    let mut current = String::new();
    for line in &lines[first..end] {
        let value = match key(line) {
            Some(key) => {
                current = key.to_lowercase();
                line.split_once(':').map_or("", |(_, value)| value)
            }
            None => line,
        };
        let value = plain(value.trim());
        if current == "title" && !value.is_empty() {
            let title = finder.found.title.get_or_insert_default();
            title.push_str(if title.is_empty() { "" } else { " " });
            title.push_str(&value);
        } else if matches!(&*current, "author" | "authors" | "source") && !value.is_empty() {
            finder.found.notes.entry(current.clone()).or_insert_with(|| Node::text(1, value));
        }
    }
    end
}

struct Reader<'l> {
    lines: &'l [&'l str],
    at: usize,
    parts: Vec<(usize, Part)>,
}

impl Reader<'_> {
    /// Reads what begins at the present line.
    fn part(&mut self) {
        let line = self.lines[self.at];
        let number = self.at + 1;
        let text = line.trim();
        let is_blank = |at: usize| self.lines.get(at).is_none_or(|line| line.trim().is_empty());
        let after_blank = self.at == 0 || is_blank(self.at - 1);
        let before_blank = is_blank(self.at + 1);
        self.at += 1;
        let part = match text {
            "" => return,
            _ if text.starts_with("===") => return,
            _ if text.starts_with('#') => Part::Note(plain(text.trim_start_matches('#').trim())),
            _ if text.starts_with('=') => Part::Note(plain(text[1..].trim())),
            _ if text.starts_with('~') => Part::Dialogue(plain(text[1..].trim())),
            _ if text.starts_with('>') && text.ends_with('<') => {
                Part::Title(plain(text.trim_matches(['>', '<']).trim()))
            }
            _ if text.starts_with('>') => Part::Note(plain(text[1..].trim())),
            _ if after_blank && heading(text).is_some() => Part::Heading(heading(text).unwrap_or_default()),
            _ if after_blank && before_blank && transition(text) => Part::Note(plain(text)),
            _ if after_blank && !before_blank && is_character(text) => return self.speech(number, text),
            _ => {
                self.at -= 1;
                return self.action(number);
            }
        };
        self.parts.push((number, part));
    }

    /// A paragraph, up to an empty line or a section.
    fn action(&mut self, number: usize) {
        let mut words = Vec::new();
        while let Some(line) = self.lines.get(self.at).map(|line| line.trim()).filter(|line| !line.is_empty()) {
            if !words.is_empty() && line.starts_with(['#', '=']) {
                break;
            }
            words.push(plain(line.strip_prefix('!').unwrap_or(line)));
            self.at += 1;
        }
        let words = words.join(" ");
        self.parts.push((number, Part::Action(words.split_whitespace().collect::<Vec<_>>().join(" "))));
    }

    fn speech(&mut self, number: usize, cue: &str) {
        self.parts.push((number, Part::Character(plain(cue.trim_start_matches('@')))));
        while let Some(line) = self.lines.get(self.at).filter(|line| !line.is_empty()) {
            let number = self.at + 1;
            let text = line.trim();
            self.at += 1;
            let is_direction = text.starts_with('(') && text.ends_with(')');
            match text {
                "" => {}
                _ if is_direction => self.parts.push((number, Part::Parenthetical(plain(text)))),
                _ => self.parts.push((number, Part::Dialogue(plain(text.trim_start_matches('~').trim())))),
            }
        }
    }
}

/// A scene heading, without the dot that forces it and without its number.
fn heading(line: &str) -> Option<String> {
    const BEGINNINGS: &[&str] = &["INT", "EXT", "EST", "I/E"];
    let forced = line.strip_prefix('.').filter(|rest| rest.starts_with(|first: char| first.is_alphanumeric()));
    let upper = line.get(..4).unwrap_or_default().to_ascii_uppercase();
    let is_heading =
        BEGINNINGS.iter().any(|word| upper.strip_prefix(word).is_some_and(|rest| rest.starts_with(['.', ' ', '/'])));
    let text = forced.or_else(|| is_heading.then_some(line))?;
    let text = match text.trim_end().strip_suffix('#').and_then(|text| text.rsplit_once('#')) {
        Some((text, number)) if !number.contains(' ') => text,
        _ => text,
    };
    Some(plain(text.trim()))
}

fn transition(text: &str) -> bool {
    text.ends_with("TO:") && text == text.to_uppercase()
}

/// A name in capitals, or one that a `@` forces.
fn is_character(text: &str) -> bool {
    if let Some(name) = text.strip_prefix('@') {
        return !name.trim().is_empty();
    }
    let name = text.split('(').next().unwrap_or(text);
    // A bang in capitals is not somebody's name, and `INTERCUT WITH:` begins something else.
    let is_sentence = text.ends_with(['!', '?', ':']);
    name.chars().any(char::is_alphabetic) && name == name.to_uppercase() && !text.starts_with('!') && !is_sentence
}

/// A text without the marks of emphasis.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' if chars.peek().is_some_and(|next| matches!(next, '*' | '_' | '\\')) => plain.extend(chars.next()),
            '*' => {}
            // An underscore inside of a word is a part of it.
            '_' if !(plain.ends_with(char::is_alphanumeric)
                && chars.peek().is_some_and(|next| next.is_alphanumeric())) => {}
            c => plain.push(c),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> Vec<(usize, Part)> {
        let lines: Vec<&str> = text.lines().map(without_end).collect();
        let mut reader = Reader { lines: &lines, at: 0, parts: Vec::new() };
        while reader.at < lines.len() {
            reader.part();
        }
        reader.parts
    }

    #[test]
    fn parts_are_told_apart_by_the_lines_around_them() {
        use Part as P;
        let text = "INT. HOUSE - DAY #1#\n\nMARA enters.\nShe *stops*.\n\nMARA (V.O.)\n(quietly)\nHello.\n\nCUT TO:\n\n.BINOCULARS\n\n!BANG\n\n@McAvoy\nHi.\n\n# Act\n= What happens.\n\n> THE END <\n";
        let text_of = |text: &str| text.to_owned();
        assert_eq!(
            parts(text),
            [
                (1, P::Heading(text_of("INT. HOUSE - DAY"))),
                (3, P::Action(text_of("MARA enters. She stops."))),
                (6, P::Character(text_of("MARA (V.O.)"))),
                (7, P::Parenthetical(text_of("(quietly)"))),
                (8, P::Dialogue(text_of("Hello."))),
                (10, P::Note(text_of("CUT TO:"))),
                (12, P::Heading(text_of("BINOCULARS"))),
                (14, P::Action(text_of("BANG"))),
                (16, P::Character(text_of("McAvoy"))),
                (17, P::Dialogue(text_of("Hi."))),
                (19, P::Note(text_of("Act"))),
                (20, P::Note(text_of("What happens."))),
                (22, P::Title(text_of("THE END"))),
            ]
        );
    }

    #[test]
    fn a_speech_goes_on_behind_a_line_of_two_spaces_and_a_bang_is_not_a_name() {
        use Part as P;
        let text_of = |text: &str| text.to_owned();
        assert_eq!(
            parts("MARA\nOne.\n  \nTwo.\n\nBOOM!\nThe  door flies open."),
            [
                (1, P::Character(text_of("MARA"))),
                (2, P::Dialogue(text_of("One."))),
                (4, P::Dialogue(text_of("Two."))),
                (6, P::Action(text_of("BOOM! The door flies open."))),
            ]
        );
    }

    #[test]
    fn remarks_are_taken_out_with_their_lines() {
        let (text, remarks) = without_remarks("A [[one\ntwo]] b\n/* gone\n*/c\n[[open");
        assert_eq!(text, "A \n b\n\nc\n[[open");
        assert_eq!(remarks, [(1, "one two".to_owned())]);
    }
}

//! A storyboard as YAML 1.2, in the layout of the language's own examples: lists indented, a blank line between shots, long texts
//! folded. The crates that write YAML know neither of these, nor the line ends of YAML 1.2; what needs quotes, a crate says.

use serde_json::{Map, Value};

/// The width at which texts are folded.
const WIDTH: usize = 100;

pub(super) fn write(film: &Map<String, Value>) -> String {
    let mut writer = Writer { out: String::new() };
    for (index, (name, value)) in film.iter().enumerate() {
        if index > 0 {
            writer.out.push('\n');
        }
        writer.field(name, value, 0);
    }
    writer.out
}

struct Writer {
    out: String,
}

impl Writer {
    fn fields(&mut self, fields: &Map<String, Value>, indent: usize) {
        fields.iter().for_each(|(name, value)| {
            self.indent(indent);
            self.field(name, value, indent);
        });
    }

    /// A field whose place on the line is reached already; what is nested in it is indented from `indent`.
    fn field(&mut self, name: &str, value: &Value, indent: usize) {
        self.key(name, indent);
        match value {
            Value::Object(fields) if !fields.is_empty() => {
                self.out.push('\n');
                self.fields(fields, indent + 2);
            }
            Value::Array(items) if !items.is_empty() && !is_short(items) => {
                self.out.push('\n');
                self.items(items, indent + 2, matches!(name, "shots" | "scenes"));
            }
            Value::String(text) if name == "sound" && matches!(&**text, "on" | "off") => self.line(text),
            Value::String(text) => self.text(text, indent + 2),
            value => self.line(&flow(value)),
        }
    }

    fn key(&mut self, name: &str, indent: usize) {
        // A longer key has to be marked, with its colon on a line of its own.
        const LONGEST: usize = 1_000;
        if name.len() > LONGEST {
            self.out.push_str("? ");
            self.out.push_str(&quoted(name));
            self.out.push('\n');
            self.indent(indent);
        } else {
            self.out.push_str(&scalar(name));
        }
        self.out.push(':');
    }

    fn items(&mut self, items: &[Value], indent: usize, are_apart: bool) {
        for (index, item) in items.iter().enumerate() {
            if are_apart && index > 0 {
                self.out.push('\n');
            }
            self.indent(indent);
            match item {
                Value::Object(fields) if !fields.is_empty() => {
                    self.out.push_str("- ");
                    for (place, (name, value)) in fields.iter().enumerate() {
                        if place > 0 {
                            self.indent(indent + 2);
                        }
                        self.field(name, value, indent + 2);
                    }
                }
                Value::Array(inner) if !inner.is_empty() && !is_short(inner) => {
                    self.out.push_str("-\n");
                    self.items(inner, indent + 2, false);
                }
                Value::String(text) => {
                    self.out.push('-');
                    self.text(text, indent + 2);
                }
                item => {
                    self.out.push('-');
                    self.line(&flow(item));
                }
            }
        }
    }

    fn indent(&mut self, indent: usize) {
        self.out.extend(std::iter::repeat_n(' ', indent));
    }

    /// The rest of a line.
    fn line(&mut self, text: &str) {
        self.out.push(' ');
        self.out.push_str(text);
        self.out.push('\n');
    }

    /// A text after its key: on the line, folded, or as a block of lines.
    fn text(&mut self, text: &str, indent: usize) {
        let fits = text.chars().count() + indent <= WIDTH;
        let lines: Vec<String> = match text.contains('\n') {
            true => text.split('\n').map(str::to_owned).collect(),
            false if fits => return self.line(&scalar(text)),
            false => folded(text, WIDTH.saturating_sub(indent).max(40)),
        };
        if !is_block(text, &lines) {
            return self.line(&scalar(text));
        }
        self.line(if text.contains('\n') { "|-" } else { ">-" });
        for line in lines {
            if !line.is_empty() {
                self.indent(indent);
                self.out.push_str(&line);
            }
            self.out.push('\n');
        }
    }
}

/// A text in lines that fold back into it: broken at single spaces only.
fn folded(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut length = 0;
    let words: Vec<&str> = text.split(' ').collect();
    for (index, word) in words.iter().enumerate() {
        let count = word.chars().count();
        // A line that would begin with a space, or a `#`, which looks like a comment, is not begun.
        let can_break = index > 0 && !word.is_empty() && !word.starts_with('#') && !words[index - 1].is_empty();
        match lines.last_mut() {
            Some(line) if index > 0 && !(can_break && length + 1 + count > width) => {
                line.push(' ');
                line.push_str(word);
                length += 1 + count;
            }
            Some(line) if index == 0 => {
                line.push_str(word);
                length = count;
            }
            _ => {
                lines.push((*word).to_owned());
                length = count;
            }
        }
    }
    lines
}

/// Whether a text can stand as a block of these lines: nothing in it that a block would change, or that looks like a comment.
fn is_block(text: &str, lines: &[String]) -> bool {
    let is_plain = text.chars().all(|c| c == '\n' || is_printable(c)) && !text.contains('\t');
    let edges = !text.starts_with([' ', '\n']) && !text.ends_with([' ', '\n']);
    let odd = |line: &String| {
        line.starts_with(['#', ' ']) || line.ends_with(' ') || line.starts_with("---") || line.starts_with("...")
    };
    is_plain && edges && lines.len() > 1 && !lines.iter().any(odd)
}

/// Characters that YAML takes as they are, and that every reader of it takes so.
fn is_printable(c: char) -> bool {
    !c.is_control() && !matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

/// A text on one line, in quotes where it would be read as something else without.
fn scalar(text: &str) -> String {
    if is_plain(text) { text.to_owned() } else { quoted(text) }
}

/// Whether a text is read as itself without quotes, in YAML 1.2 and in YAML 1.1.
fn is_plain(text: &str) -> bool {
    const WORDS_OF_1_1: &[&str] = &["y", "n", "yes", "no", "on", "off"];
    // What begins with a digit, a sign or a dot may be a number, a date or a time of day to one of the two.
    let begins = text.starts_with(|first: char| first.is_alphabetic() || matches!(first, '$' | '/' | '(' | '_'));
    let is_itself = || matches!(serde_yaml::from_str(text), Ok(Value::String(read)) if read == text);
    begins && text.chars().all(is_printable) && !WORDS_OF_1_1.contains(&&*text.to_lowercase()) && is_itself()
}

/// A text in double quotes.
fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    for character in Value::from(text).to_string().chars() {
        match character {
            character if is_printable(character) => quoted.push(character),
            character => quoted.push_str(&format!("\\u{:04x}", character as u32)),
        }
    }
    quoted
}

/// Whether a list reads well on one line: numbers, names, points.
fn is_short(items: &[Value]) -> bool {
    const MOST: usize = 60;
    let is_small = |item: &Value| match item {
        Value::Array(inner) => inner.len() <= 3 && inner.iter().all(|item| item.is_number()),
        Value::String(text) => text.len() <= 30 && !text.contains([',', '[', ']', '{', '}', '\n']),
        Value::Object(_) => false,
        _ => true,
    };
    let is_path = items.iter().all(|item| item.as_array().is_some_and(|inner| inner.len() == 2 && is_small(item)));
    is_path
        || (items.iter().all(is_small) && items.iter().map(|item| item.to_string().len() + 2).sum::<usize>() <= MOST)
}

/// A value on one line.
fn flow(value: &Value) -> String {
    match value {
        Value::String(text) if is_plain(text) && !text.contains([',', '[', ']', '{', '}', ':']) => text.clone(),
        Value::String(text) => quoted(text),
        Value::Array(items) => format!("[{}]", items.iter().map(flow).collect::<Vec<_>>().join(", ")),
        Value::Number(number) => self::number(number),
        // Empty groups only: those with fields are laid out over lines, or stand in a list that is.
        Value::Object(fields) => {
            let fields = fields.iter().map(|(name, value)| format!("{}: {}", quoted(name), flow(value)));
            format!("{{{}}}", fields.collect::<Vec<_>>().join(", "))
        }
        value => value.to_string(),
    }
}

/// A number as YAML knows it: `1e-7` has no dot in JSON, which YAML 1.1 takes for text.
fn number(number: &serde_json::Number) -> String {
    let text = number.to_string();
    match text.split_once('e') {
        Some((digits, exponent)) if !digits.contains('.') => format!("{digits}.0e{}", signed(exponent)),
        Some((digits, exponent)) => format!("{digits}e{}", signed(exponent)),
        None => text,
    }
}

fn signed(exponent: &str) -> String {
    if exponent.starts_with(['-', '+']) { exponent.to_owned() } else { format!("+{exponent}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_fold_back_into_themselves() {
        let words = "Fog lifts off the water  and the old ferry #7 slides into view, ropes creaking on the bollards of the harbour at dawn.";
        let lines = folded(words, 40);
        assert!(
            lines.len() > 2 && lines.iter().all(|line| !line.starts_with([' ', '#']) && !line.ends_with(' ')),
            "{lines:?}"
        );
        assert_eq!(lines.join(" "), words);
    }

    #[test]
    fn what_could_be_read_as_something_else_is_quoted() {
        for text in
            ["on", "12", "1:30", "a: b", "a #b", "- a", "", "~", "No", ".5", "a:", "x\u{85}", "'a'", "@a", "2026-01-01"]
        {
            assert!(scalar(text).starts_with('"'), "{text}");
        }
        for text in ["Fog lifts, slowly.", "frames/a.png", "https://a.example/b?c=d#e", "$mara waits"] {
            assert_eq!(scalar(text), text);
        }
    }
}

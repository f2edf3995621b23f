//! The lines that a finding is about, cut to the terminal's width so that the underlines stay below their words.

use miette::{LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use crate::text::{Source, Span, secret, shown};

/// A few lines of a source as they are shown, with the places to underline in them.
pub(super) struct Excerpt {
    text: String,
    first_line: usize,
    lines: usize,
    /// The labels that miette underlines.
    pub labels: Vec<LabeledSpan>,
    /// The indices of the related places that do not fit into the picture.
    pub left_out: Vec<usize>,
}

/// How many lines above and below a finding a related place is still drawn with it.
const NEAR_ABOVE: usize = 3;
const NEAR_BELOW: usize = 8;

impl Excerpt {
    /// The line of `primary` with one line around it, and with the `related` places that are near. `room` is how many columns
    /// a line may take; `hidden` are values that must not be shown, in order.
    pub fn new(source: &Source, hidden: &[Span], primary: Span, related: &[(Span, String)], room: usize) -> Self {
        let line_of = |span: Span| source.line_index(span.start());
        let line = line_of(primary);
        let near = (line.saturating_sub(NEAR_ABOVE), line + NEAR_BELOW);
        let is_near = |span: Span| (near.0..=near.1).contains(&line_of(span));
        let near_lines = || related.iter().filter(|(span, _)| is_near(*span)).map(|(span, _)| line_of(*span));
        let top = near_lines().min().unwrap_or(line).min(line.saturating_sub(1));
        let bottom = near_lines().max().unwrap_or(line).max(line + 1).min(source.line_count() - 1);
        let mut excerpt =
            Self { text: String::new(), first_line: top, lines: 0, labels: Vec::new(), left_out: Vec::new() };
        excerpt.left_out.extend((0..related.len()).filter(|&index| !is_near(related[index].0)));
        for index in top..=bottom {
            let here = |span: Span| line_of(span) == index;
            let focus = Some(primary).into_iter().chain(related.iter().map(|(span, _)| *span)).find(|span| here(*span));
            let clipped = Clipped::new(source, index, focus, hidden, room);
            let start = excerpt.text.len();
            if here(primary) {
                let (from, to) = clipped.shown(primary).unwrap_or((0, 0));
                excerpt.labels.push(LabeledSpan::new_primary_with_span(None, (start + from, to - from)));
            }
            for (number, (span, message)) in related.iter().enumerate().filter(|(_, (span, _))| here(*span)) {
                match clipped.shown(*span).filter(|&(from, to)| clipped.has_room_for(message, from, to, room)) {
                    Some((from, to)) => {
                        let at = SourceSpan::from((start + from, to - from));
                        excerpt.labels.push(LabeledSpan::new_with_span(Some(message.clone()), at));
                    }
                    None => excerpt.left_out.push(number),
                }
            }
            excerpt.text.push_str(&clipped.text);
            excerpt.text.push('\n');
            excerpt.lines += 1;
        }
        excerpt.text.pop();
        excerpt.left_out.sort_unstable();
        excerpt
    }
}

impl SourceCode for Excerpt {
    fn read_span<'a>(
        &'a self,
        _: &SourceSpan,
        _: usize,
        _: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let all = SourceSpan::from((0, self.text.len()));
        Ok(Box::new(MietteSpanContents::new(self.text.as_bytes(), all, self.first_line, 0, self.lines)))
    }
}

/// The part of a line that is shown.
struct Clipped<'s> {
    source: &'s Source,
    line: Span,
    /// The bytes of the source that are shown.
    from: usize,
    to: usize,
    /// Parts of it that are not shown.
    hidden: Vec<Span>,
    text: String,
}

const CUT: &str = "…";

impl<'s> Clipped<'s> {
    /// As much of the line as there is room for, around the place in focus.
    fn new(source: &'s Source, index: usize, focus: Option<Span>, hidden: &[Span], room: usize) -> Self {
        let mut line = source.line_span(index);
        if index == 0 {
            line = Span::new(source.mark_len().min(line.end()), line.end());
        }
        let start = focus.map_or(line.start(), |focus| focus.start()).clamp(line.start(), line.end());
        // In a text that is not UTF-8, a place may be inside of a replacement.
        let start = source.text.floor_char_boundary(start);
        let (from, to) = window(&source.text, line, start, room.max(8));
        let mut clipped = Self { source, line, from, to, hidden: Vec::new(), text: String::new() };
        clipped.hidden = clipped.secrets(hidden);
        if from > line.start() {
            clipped.text.push_str(CUT);
        }
        let shown = clipped.show(to);
        clipped.text.push_str(&shown);
        if to < line.end() {
            clipped.text.push_str(CUT);
        }
        clipped
    }

    /// The spans within the shown part that must be masked, in order.
    fn secrets(&self, hidden: &[Span]) -> Vec<Span> {
        // A key that is cut off by the window is found by what is around it.
        const AROUND: usize = 2048;
        let text = &self.source.text;
        let start = text.floor_char_boundary(self.from.saturating_sub(AROUND).max(self.line.start()));
        let end = text.floor_char_boundary((self.to + AROUND).min(self.line.end()));
        let keys = secret::find(&text[start..end]).map(|key| Span::new(start + key.start, start + key.end));
        let first = hidden.partition_point(|span| span.end() <= self.from);
        let values = hidden[first..].iter().take_while(|span| span.start() < self.to).copied();
        keys.chain(values).collect()
    }

    /// The source's text from where the shown part begins up to byte `to`, as it is shown.
    fn show(&self, to: usize) -> String {
        let mut shown = String::new();
        let mut before = None;
        for (at, character) in self.source.text[self.from..to].char_indices() {
            let at = self.from + at;
            let is_hidden = self.hidden.iter().any(|span| span.start() <= at && at < span.end());
            match character {
                _ if is_hidden => shown.push('*'),
                '\t' => shown.push_str(TAB),
                // Two `#` begin a command of a CI runner.
                '#' if before == Some('#') => shown.push('♯'),
                character if shown::is_unsafe(character) => shown.push_str(&shown::spelled(character)),
                character => shown.push(character),
            }
            before = Some(character);
        }
        shown
    }

    /// Where the part of `span` on this line is in the shown text; `None` where its beginning is cut off.
    fn shown(&self, span: Span) -> Option<(usize, usize)> {
        let (start, end) = (span.start().max(self.line.start()), span.end().max(span.start()));
        let is_cut = self.to < self.line.end();
        if start < self.from || start > self.to || is_cut && start == self.to {
            return None;
        }
        let lead = if self.from > self.line.start() { CUT.len() } else { 0 };
        let at = |byte: usize| lead + self.show(self.source.text.floor_char_boundary(byte)).len();
        Some((at(start), at(end.clamp(start, self.to))))
    }

    /// Whether a few words fit next to the underline of a related place.
    fn has_room_for(&self, message: &str, from: usize, to: usize, room: usize) -> bool {
        let middle = self.text[..from].width() + self.text[from..to].width() / 2;
        middle + "╰── ".width() + message.width() <= room
    }
}

const TAB: &str = "    ";

fn columns(character: char) -> usize {
    match character {
        '\t' => TAB.len(),
        character if shown::is_unsafe(character) => shown::spelled(character).len(),
        character => character.width().unwrap_or(0),
    }
}

/// The bytes of a line that fit into `room` columns with marks where it is cut, so that `start` is among them and a third of
/// the room is left for what is before it.
fn window(text: &str, line: Span, start: usize, room: usize) -> (usize, usize) {
    let (line_start, line_end) = (line.start(), line.end());
    let ahead = fitting(text[start..line_end].chars(), room).1;
    let allowed = (room / 3).max(room - ahead);
    let before = || text[line_start..start].chars().rev();
    let (mut back, _) = fitting(before(), allowed);
    if start - back > line_start {
        back = fitting(before(), allowed - 1).0;
    }
    let from = start - back;
    let room = room - usize::from(from > line_start);
    let (length, _) = fitting(text[from..line_end].chars(), room);
    if from + length == line_end {
        return (from, line_end);
    }
    (from, from + fitting(text[from..line_end].chars(), room - 1).0)
}

/// How many bytes of these characters fit into `room` columns, and the columns they take.
fn fitting(characters: impl Iterator<Item = char>, room: usize) -> (usize, usize) {
    let (mut bytes, mut taken) = (0, 0);
    for character in characters {
        let width = columns(character);
        if taken + width > room {
            break;
        }
        taken += width;
        bytes += character.len_utf8();
    }
    (bytes, taken)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Format;

    /// The first line as it is shown around `words`, with what is underlined in brackets.
    fn line(text: &str, words: &str, room: usize) -> String {
        let source = Source::new("t", "t", text.into(), Format::Yaml);
        let start = text.find(words).unwrap();
        let clipped = Clipped::new(&source, 0, Some(Span::at(start, words.len())), &[], room);
        let (from, to) = clipped.shown(Span::at(start, words.len())).unwrap();
        assert!(clipped.text.width() <= room, "{}", clipped.text);
        format!("{}[{}]{}", &clipped.text[..from], &clipped.text[from..to], &clipped.text[to..])
    }

    #[test]
    fn a_long_line_is_cut_around_its_place() {
        let text = "prompt: The ferry leaves the dock before $mara comes aboard with her lamp and her dog.";
        assert_eq!(line(text, "prompt", 30), "[prompt]: The ferry leaves the …");
        assert_eq!(line(text, "$mara", 30), "…k before [$mara] comes aboard …");
        assert_eq!(line(text, "dog", 30), "…rd with her lamp and her [dog].");
        assert_eq!(line(text, "dog", 200), format!("{}[dog].", &text[..text.len() - 4]));
    }

    #[test]
    fn columns_are_what_a_terminal_shows() {
        assert_eq!(line("渡轮渡轮渡轮渡轮渡轮 x 渡轮渡轮渡轮渡轮", "x", 16), "…轮 [x] 渡轮渡轮…");
        assert_eq!(line("\ta\u{202e}b", "b", 40), "    aU+202E[b]");
        assert_eq!(line("t: ##[group]", "t", 40), "[t]: #♯[group]");
    }

    #[test]
    fn a_place_inside_of_a_character_begins_with_it() {
        let source = Source::new("t", "t", "\u{fffd}b".into(), Format::Yaml);
        let excerpt = Excerpt::new(&source, &[], Span::new(1, 2), &[(Span::new(2, 4), "here".into())], 40);
        assert_eq!((excerpt.labels[0].offset(), excerpt.labels[0].len()), (0, 0));
    }

    #[test]
    fn keys_are_not_shown_even_where_they_are_cut() {
        let key = "sk-0123456789012345678901234567890123456789";
        assert_eq!(line(&format!("k: {key} x"), "k:", 20), format!("[k:] {}…", "*".repeat(16)));
        assert_eq!(line(&format!("k: {key} x"), "x", 16), format!("…{} [x]", "*".repeat(13)));
    }
}

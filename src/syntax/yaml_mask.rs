//! Several syntax errors in one run: the broken list item is blanked out, byte for byte, and the rest read again.

use std::borrow::Cow;
use std::ops::Range;

/// A text of which parts may be hidden. Offsets stay what they are.
pub(super) struct Mask<'t> {
    text: Cow<'t, str>,
    rounds_left: usize,
    hidden: Vec<Range<usize>>,
}

/// Spaces before a line's text; a tab is taken for eight.
pub(super) fn indent(line: &str) -> usize {
    line.chars().take_while(|c| matches!(c, ' ' | '\t')).map(|c| if c == '\t' { 8 } else { 1 }).sum()
}

pub(super) fn is_blank(line: &str) -> bool {
    let text = line.trim();
    text.is_empty() || text.starts_with('#')
}

pub(super) fn is_item(line: &str) -> bool {
    let text = line.trim();
    // Without its space or with another sign too: that slip is an item's own.
    text.starts_with('-') && !text.starts_with("---") || list_marker(text).is_some()
}

/// What begins a list item in Markdown, and the item: the name of a field and its value.
pub(super) fn list_marker(words: &str) -> Option<(&str, &str)> {
    let (marker, item) = words.split_once(' ')?;
    let is_number = |marker: &str| !marker.is_empty() && marker.bytes().all(|byte| byte.is_ascii_digit());
    let is_marker = matches!(marker, "*" | "+") || marker.strip_suffix(['.', ')']).is_some_and(is_number);
    let name = name_of(item);
    (is_marker && name.is_some()).then_some((marker, item))
}

/// The name of the field that a line begins with, where it can be read: `defaults:` has one.
pub(super) fn name_of(line: &str) -> Option<&str> {
    let (name, value) = line.trim().split_once(':')?;
    let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.chars().all(is_word);
    (is_name && (value.is_empty() || value.starts_with([' ', '\t']))).then_some(name)
}

impl<'t> Mask<'t> {
    /// Each round reads the whole text again, so a large file gets fewer.
    const MOST_ROUNDS: usize = 50;
    const MOST_BYTES: usize = 32 * 1024 * 1024;

    pub fn new(text: &'t str) -> Self {
        let rounds_left = (Self::MOST_BYTES / text.len().max(1)).min(Self::MOST_ROUNDS);
        Self { text: Cow::Borrowed(text), rounds_left, hidden: Vec::new() }
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    /// The parts that are hidden: whole lines.
    pub fn into_hidden(self) -> Vec<Range<usize>> {
        self.hidden
    }

    /// Hides the innermost list item around byte `at`, or the top-level field where there is none (not where the slip there
    /// `swallows_rest`: what follows was read as part of it). `false`: there is nothing left to hide, or it was tried often
    /// enough.
    pub fn hide_item_at(&mut self, at: usize, swallows_rest: bool) -> bool {
        if self.rounds_left == 0 {
            return false;
        }
        self.rounds_left -= 1;
        let lines: Vec<&str> = self.text.split_inclusive('\n').collect();
        let mut start_of = Vec::with_capacity(lines.len() + 1);
        let mut offset = 0;
        for line in &lines {
            start_of.push(offset);
            offset += line.len();
        }
        start_of.push(offset);
        let line = start_of.partition_point(|&start| start <= at).saturating_sub(1).min(lines.len().saturating_sub(1));
        if lines.is_empty() {
            return false;
        }
        let first = item_around(&lines, line);
        if swallows_rest && !is_item(lines[first]) {
            return false;
        }
        let level = level_of_item(&lines[first..]);
        let length = lines[first + 1..].iter().take_while(|line| is_blank(line) || indent(line) > level).count();
        let end = (first + 1 + length).max(line + 1);
        self.blank(start_of[first], start_of[end])
    }

    fn blank(&mut self, start: usize, end: usize) -> bool {
        let hidden = &self.text[start..end];
        if hidden.trim().is_empty() {
            return false;
        }
        let blank: String =
            hidden.bytes().map(|byte| if matches!(byte, b'\n' | b'\r') { byte as char } else { ' ' }).collect();
        self.text.to_mut().replace_range(start..end, &blank);
        self.hidden.push(start..end);
        true
    }
}

/// How deep the first line is meant to be. An item that a tab indents is not as deep as its own fields.
fn level_of_item(lines: &[&str]) -> usize {
    let level = indent(lines[0]);
    let below = lines[1..].iter().find(|line| !is_blank(line));
    match below.filter(|below| is_item(lines[0]) && !is_item(below)).map(|below| indent(below)) {
        Some(below) if lines[0].starts_with('\t') => level.min(below.saturating_sub(1)),
        _ => level,
    }
}

/// The line on which the innermost list item around `line` begins, or its top-level field.
fn item_around(lines: &[&str], line: usize) -> usize {
    let mut level = usize::MAX;
    let mut first = line;
    for candidate in (0..=line).rev() {
        let text = lines[candidate];
        if is_blank(text) || indent(text) >= level {
            continue;
        }
        first = candidate;
        level = indent(text);
        if is_item(text) {
            return candidate;
        }
        if level == 0 {
            break;
        }
    }
    first
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hides_the_innermost_item_and_keeps_every_offset() {
        let text = "shots:\n  - id: a\n    lines:\n      - m: x: y\n      - m: z\n  - id: b\n";
        let mut mask = Mask::new(text);
        assert!(mask.hide_item_at(text.find("x: y").unwrap(), false));
        assert_eq!(mask.text().len(), text.len());
        assert!(!mask.text().contains("x: y"));
        assert!(mask.text().contains("- m: z") && mask.text().contains("- id: a"));
    }

    #[test]
    fn hides_a_top_level_field_where_there_is_no_item() {
        let mut mask = Mask::new("title: a: b\nshots: []\n");
        assert!(mask.hide_item_at(8, false));
        assert_eq!(mask.text(), "           \nshots: []\n");
        assert!(!mask.hide_item_at(8, false));
    }
}

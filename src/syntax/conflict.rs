//! Merge conflicts that git left in the file: each is reported once and hidden from the reader, so
//! that all else is still checked.

use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;

use super::limits::MAX_DEPTH;
use super::yaml_mask;
use crate::diagnostic::{Code, Finding};
use crate::text::{Format, Place, Source};

/// The text with its conflicts blanked out, byte for byte, what is reported of them, and where they are.
pub(super) fn hide(source: &Arc<Source>) -> (Cow<'_, str>, Vec<Finding>, Vec<Range<usize>>) {
    let text = &source.text;
    if !["<<<<<<<", ">>>>>>>"].iter().any(|marker| text.contains(marker)) {
        return (Cow::Borrowed(text), Vec::new(), Vec::new());
    }
    let mut hidden = text.clone();
    let mut findings = Vec::new();
    let mut regions = Vec::new();
    let mut line = 0;
    while line < source.line_count() {
        let first = line;
        line += 1;
        let marker = marker(source, first);
        if !matches!(marker, Some('<' | '>')) {
            continue;
        }
        let mut last = first;
        if marker == Some('<') {
            let rest = first + 1..source.line_count();
            let end = rest.into_iter().find(|&line| matches!(self::marker(source, line), Some('<' | '>')));
            // A conflict whose end was deleted by hand hides its first line only.
            if let Some(end) = end.filter(|&end| self::marker(source, end) == Some('>')) {
                last = end;
            }
        }
        findings.push(finding(source, first, last));
        last += belongs(source, first, last);
        regions.push(source.line_span(first).start()..source.line_span(last).end());
        for line in first..=last {
            let span = source.line_span(line);
            let text = source.slice(span);
            // What it allows is allowed on either side.
            if text.trim_start().starts_with("# clapboard:") || text.contains("# clapboard: allow-file") {
                let before = text.find('#').unwrap_or(0);
                hidden.replace_range(span.start()..span.start() + before, &" ".repeat(before));
                continue;
            }
            hidden.replace_range(span.range(), &" ".repeat(span.len()));
        }
        line = last + 1;
    }
    match findings.is_empty() {
        true => (Cow::Borrowed(text), findings, regions),
        false => (Cow::Owned(hidden), findings, regions),
    }
}

/// How many lines below a conflict belong to what is in it: to an item of a list, a field with more below it, or a table, of which
/// nobody knows which side is meant.
fn belongs(source: &Source, first: usize, last: usize) -> usize {
    let lines = |range: Range<usize>| range.map(|line| source.slice(source.line_span(line)));
    let inside = lines(first..last + 1).filter(|line| !yaml_mask::is_blank(line) && !is_sign(line));
    let below = lines(last + 1..source.line_count());
    match source.format {
        Format::Yaml => {
            let Some(level) = inside.map(yaml_mask::indent).min() else { return 0 };
            below.take_while(|line| yaml_mask::is_blank(line) || yaml_mask::indent(line) > level).count()
        }
        Format::Toml => {
            let headers: HashSet<&str> = inside.filter_map(header).collect();
            if headers.is_empty() {
                return 0;
            }
            let is_below =
                |name: &str| name.match_indices('.').take(MAX_DEPTH).any(|(at, _)| headers.contains(&name[..at]));
            below.take_while(|line| header(line).is_none_or(is_below)).count()
        }
    }
}

/// The name in a TOML table's header.
fn header(line: &str) -> Option<&str> {
    let line = line.trim();
    line.starts_with('[').then(|| line.trim_matches(['[', ']', ' ']))
}

/// Whether a line is one of a conflict's own.
pub(super) fn is_sign(line: &str) -> bool {
    ["<<<<<<<", "=======", ">>>>>>>", "|||||||"].iter().any(|sign| line.starts_with(sign))
}

/// The sign of a conflict marker: seven of it at the start of a line, alone or before a space.
fn marker(source: &Source, line: usize) -> Option<char> {
    let text = source.slice(source.line_span(line));
    let sign = text.chars().next().filter(|sign| matches!(sign, '<' | '>'))?;
    let rest = text.trim_start_matches(sign);
    (text.len() - rest.len() == 7 && (rest.is_empty() || rest.starts_with(' '))).then_some(sign)
}

fn finding(source: &Arc<Source>, first: usize, last: usize) -> Finding {
    let place = |line| Place { source: source.clone(), span: source.line_span(line) };
    let finding = Finding::new(Code::Syntax, place(first), "git left a merge conflict here");
    if last == first {
        return finding.help(
            "decide which lines to keep, and delete the lines that begin with `<<<<<<<`, `=======` or `>>>>>>>`",
        );
    }
    finding
        .label(place(last), "it ends here")
        .help("keep the lines of one side, and delete the others and the lines that begin with `<<<<<<<`, `=======` and `>>>>>>>`")
}

//! Merge conflicts that git left in the file: each is reported once and hidden from the reader, so
//! that all else is still checked.

use std::borrow::Cow;
use std::sync::Arc;

use crate::diagnostic::{Code, Finding};
use crate::text::{Place, Source};

/// The text with its conflicts blanked out, byte for byte, and what is reported of them.
pub(super) fn hide(source: &Arc<Source>) -> (Cow<'_, str>, Vec<Finding>) {
    let text = &source.text;
    if !["<<<<<<<", ">>>>>>>"].iter().any(|marker| text.contains(marker)) {
        return (Cow::Borrowed(text), Vec::new());
    }
    let mut hidden = text.clone();
    let mut findings = Vec::new();
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
        for line in first..=last {
            let span = source.line_span(line);
            hidden.replace_range(span.range(), &" ".repeat(span.len()));
        }
        line = last + 1;
    }
    match findings.is_empty() {
        true => (Cow::Borrowed(text), findings),
        false => (Cow::Owned(hidden), findings),
    }
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

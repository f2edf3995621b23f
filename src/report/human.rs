//! For people: miette draws each finding with the lines that it is about.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;
use std::io::{self, Write};
use std::sync::Arc;

use miette::{
    GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents, Severity as MietteSeverity,
    SourceCode, SourceSpan, SpanContents, ThemeCharacters, ThemeStyles,
};
use rayon::prelude::*;

use super::{plain, summary};
use crate::diagnostic::{Diagnostic, Report, Severity};
use crate::text::shown::is_unprintable;
use crate::text::{Place, secret};
use crate::text::{Source, Span};

/// What the output can show.
#[derive(Clone, Debug)]
pub struct Terminal {
    /// Whether colours are shown.
    pub color: bool,
    /// Whether lines are drawn, rather than made of ASCII.
    pub unicode: bool,
    /// Columns.
    pub width: usize,
}

/// Each finding with its lines, then a summary line. Nothing where there is nothing to say.
pub fn render(report: &Report, terminal: &Terminal, out: &mut dyn Write) -> io::Result<()> {
    if report.diagnostics.is_empty() {
        return Ok(());
    }
    let handler = handler(terminal);
    let texts = Texts::of(report);
    // Drawing is most of the work of a long report.
    let drawn: Vec<String> =
        report.diagnostics.par_iter().map(|diagnostic| draw(&handler, diagnostic, &texts)).collect();
    for text in drawn {
        writeln!(out, "{}", text.trim_end())?;
        writeln!(out)?;
    }
    writeln!(out, "{}", summary(report))
}

fn draw(handler: &GraphicalReportHandler, diagnostic: &Diagnostic, texts: &Texts<'_>) -> String {
    let mut text = String::new();
    let shown = Shown::new(diagnostic, texts);
    for part in std::iter::once(&shown).chain(&shown.elsewhere) {
        if handler.render_report(&mut text, part).is_err() {
            text.push_str(&part.message);
        }
    }
    text
}

fn handler(terminal: &Terminal) -> GraphicalReportHandler {
    let characters = if terminal.unicode { ThemeCharacters::unicode() } else { ThemeCharacters::ascii() };
    let styles = if terminal.color { ThemeStyles::ansi() } else { ThemeStyles::none() };
    GraphicalReportHandler::new_themed(GraphicalTheme { characters, styles })
        .with_width(terminal.width)
        .with_links(false)
        .with_context_lines(1)
        .tab_width(4)
        // A code or a model's name is not torn at its hyphens.
        .with_word_splitter(textwrap::WordSplitter::NoHyphenation)
        .without_syntax_highlighting()
}

/// The texts of the sources as they may be shown: what a terminal would obey, and keys, are replaced byte for byte, so that
/// all places stay what they are.
struct Texts<'r>(HashMap<usize, Cow<'r, str>>);

impl<'r> Texts<'r> {
    fn of(report: &'r Report) -> Self {
        let mut texts = HashMap::new();
        for diagnostic in &report.diagnostics {
            for place in std::iter::once(&diagnostic.place).chain(diagnostic.labels.iter().map(|label| &label.place)) {
                texts.entry(address(&place.source)).or_insert_with(|| showable(&place.source.text));
            }
        }
        Self(texts)
    }

    fn get(&self, source: &Arc<Source>) -> &str {
        self.0.get(&address(source)).map_or("", |text| text)
    }
}

fn address(source: &Arc<Source>) -> usize {
    Arc::as_ptr(source) as usize
}

fn showable(text: &str) -> Cow<'_, str> {
    let is_plain = |c: char| matches!(c, '\n' | '\t') || !is_unprintable(c);
    if text.chars().all(is_plain) && secret::find(text).next().is_none() {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        // A carriage return alone ends a line; before a line feed it is part of the line's end.
        let same_length = match character {
            '\r' if characters.peek() == Some(&'\n') => " ",
            '\r' => "\n",
            character if is_plain(character) => {
                shown.push(character);
                continue;
            }
            character => match character.len_utf8() {
                1 => "?",
                2 => "¿",
                _ => "\u{fffd}",
            },
        };
        shown.push_str(same_length);
    }
    for key in secret::find(text) {
        shown.replace_range(key.clone(), &"*".repeat(key.len()));
    }
    Cow::Owned(shown)
}

/// A finding, or a place of it in another file, as miette takes it.
struct Shown<'s> {
    message: String,
    code: Option<&'static str>,
    severity: MietteSeverity,
    help: Option<String>,
    labels: Vec<LabeledSpan>,
    window: Window<'s>,
    /// Related places in other files or far away: drawn below, so that the finding itself comes first.
    elsewhere: Vec<Shown<'s>>,
}

impl<'s> Shown<'s> {
    fn new(diagnostic: &'s Diagnostic, texts: &'s Texts<'_>) -> Self {
        let primary = &diagnostic.place;
        let window = Window { source: &primary.source, text: texts.get(&primary.source) };
        let at = window.visible(primary.span);
        let mut labels = vec![LabeledSpan::new_primary_with_span(None, at)];
        let mut elsewhere: Vec<Shown<'s>> = Vec::new();
        for label in &diagnostic.labels {
            let message = plain(&label.message);
            let is_same_file = Arc::ptr_eq(&label.place.source, &primary.source);
            if is_same_file && window.is_near(primary.span, label.place.span) {
                labels.push(LabeledSpan::new_with_span(Some(message), window.visible(label.place.span)));
            } else {
                elsewhere.push(Self::elsewhere(message, &label.place, texts));
            }
        }
        let fix = diagnostic.fix.as_ref().map(|fix| match fix.safety {
            crate::diagnostic::Safety::Safe => "\n`--fix` does it".to_owned(),
            crate::diagnostic::Safety::Unsafe => format!("\n`--unsafe-fixes` does it: {}", plain(&fix.message)),
        });
        let mut help = diagnostic.help.as_ref().map(|help| plain(help) + fix.as_deref().unwrap_or_default());
        // The help comes last, below all pictures.
        if let Some(last) = elsewhere.last_mut() {
            last.help = help.take();
        }
        Self {
            message: plain(&diagnostic.message),
            code: Some(diagnostic.code.as_str()),
            severity: match diagnostic.severity {
                Severity::Error => MietteSeverity::Error,
                Severity::Warning => MietteSeverity::Warning,
            },
            help,
            labels,
            window,
            elsewhere,
        }
    }

    fn elsewhere(message: String, place: &'s Place, texts: &'s Texts<'_>) -> Self {
        let window = Window { source: &place.source, text: texts.get(&place.source) };
        let labels = vec![LabeledSpan::new_primary_with_span(None, window.visible(place.span))];
        Self {
            message,
            code: None,
            severity: MietteSeverity::Advice,
            help: None,
            labels,
            window,
            elsewhere: Vec::new(),
        }
    }
}

impl fmt::Debug for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Shown<'_> {}

impl miette::Diagnostic for Shown<'_> {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.code.map(|code| Box::new(code) as Box<dyn fmt::Display>)
    }

    fn severity(&self) -> Option<MietteSeverity> {
        Some(self.severity)
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.window)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
    }
}

/// A source through which miette looks at single lines: it would scan the whole text for each finding otherwise.
struct Window<'s> {
    source: &'s Source,
    text: &'s str,
}

impl Window<'_> {
    /// The longest line that is shown whole, in bytes.
    const LONG_LINE: usize = 240;
    /// How much of a long line is shown on either side of a label, in bytes.
    const AROUND: usize = 60;
    /// How many lines above and below the finding another place is still drawn with it.
    const NEAR_ABOVE: usize = 3;
    const NEAR_BELOW: usize = 8;
    /// The longest underline, in bytes.
    const LONG_SPAN: usize = 100;

    /// The part of a span that is underlined: no more than its first line, and not too long a piece of that.
    fn visible(&self, span: Span) -> SourceSpan {
        let line_end = self.source.line_span(self.source.line_index(span.start as usize)).end as usize;
        let end = (span.end as usize).min(line_end.max(span.start as usize)).min(span.start as usize + Self::LONG_SPAN);
        let end = self.floor(end).max(span.start as usize);
        SourceSpan::new((span.start as usize).into(), end - span.start as usize)
    }

    /// Whether `other` can be shown in one picture with `primary`: near on the same line, a few lines below, or so close above
    /// that the picture still begins with one piece. What is farther above would push the finding itself down.
    fn is_near(&self, primary: Span, other: Span) -> bool {
        let line = |span: Span| self.source.line_index(span.start as usize);
        let (primary_line, line) = (line(primary), line(other));
        if line == primary_line {
            return primary.start.abs_diff(other.start) < Self::LONG_LINE as u32;
        }
        line.abs_diff(primary_line) <= if line < primary_line { Self::NEAR_ABOVE } else { Self::NEAR_BELOW }
    }

    fn floor(&self, mut at: usize) -> usize {
        at = at.min(self.text.len());
        while !self.text.is_char_boundary(at) {
            at -= 1;
        }
        at
    }
}

impl SourceCode for Window<'_> {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let (start, end) = (span.offset(), span.offset() + span.len());
        if end > self.text.len() {
            return Err(MietteError::OutOfBounds);
        }
        let first = self.source.line_index(start);
        let last = self.source.line_index(if end > start { end - 1 } else { end });
        let is_short = |line: &usize| self.source.line_span(*line).len() <= Self::LONG_LINE;
        // Around the label only lines that are no walls of text.
        let top = (first.saturating_sub(before)..first).rev().take_while(is_short).last().unwrap_or(first);
        let most = (last + after).min(self.source.line_count() - 1);
        let bottom = (last + 1..=most).take_while(is_short).last().unwrap_or(last);
        let mut from = self.source.line_span(top).start as usize;
        let mut to = (self.source.line_span(bottom).end as usize + 1).min(self.text.len());
        if !is_short(&first) {
            from = self.floor(start.saturating_sub(Self::AROUND)).max(self.source.line_span(first).start as usize);
        }
        if !is_short(&last) {
            to = self.floor(end + Self::AROUND).min(self.source.line_span(last).end as usize);
        }
        let line = if is_short(&first) { top } else { first };
        // Asked for no context, miette wants the place that it writes above the lines: in characters, as an editor counts.
        let column = if before == 0 && after == 0 { self.source.position(start).column - 1 } else { 0 };
        let from = if before == 0 && after == 0 { start } else { from };
        let (from, to) = (self.floor(from), self.floor(to.max(end)));
        let line = if before == 0 && after == 0 { first } else { line };
        Ok(Box::new(MietteSpanContents::new_named(
            plain(&self.source.name),
            &self.text.as_bytes()[from..to],
            (from, to - from).into(),
            line,
            column,
            bottom - line + 1,
        )))
    }
}

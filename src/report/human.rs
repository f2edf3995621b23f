//! For people: what is wrong and where in the first line, then the lines that it is about, drawn by miette.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::io::{self, Write};

use camino::Utf8Path;
use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan, SourceCode, ThemeCharacters, ThemeStyles};
use rayon::prelude::*;

use super::Terminal;
use super::excerpt::Excerpt;
use super::words::{message, summary};
use crate::diagnostic::{Diagnostic, Label, Report, Safety, Severity, Totals};
use crate::text::{Place, Span, counted, shown};

/// Each problem with its lines, then a line that counts them. Where there is none, what the films come to.
pub fn render(report: &Report, terminal: &Terminal, out: &mut dyn Write) -> io::Result<()> {
    if report.diagnostics.is_empty() {
        return report.totals.map_or(Ok(()), |totals| writeln!(out, "{}", all_good(report, &totals)));
    }
    let page = Page { handler: handler(terminal), terminal, hidden: hidden(report) };
    let groups = groups(report);
    // Drawing is most of the work of a long report.
    let drawn: Vec<String> = groups.par_iter().map(|group| page.draw(group)).collect();
    for text in drawn {
        writeln!(out, "{text}")?;
    }
    let first = report.diagnostics[0].code;
    page.write(out, "", &format!("What a rule means: `clapboard explain {first}`"))?;
    page.write(out, "", &format!("{}{}", summary(report), fixable(report)))
}

fn all_good(report: &Report, totals: &Totals) -> String {
    let Totals { films, shots, seconds, units, usd, unpriced, skipped } = *totals;
    if films == 0 {
        return format!("All good: {}.", counted(report.files.len(), "file"));
    }
    let (films, skipped) = (counted(films, "film"), (skipped > 0).then(|| counted(skipped, "skipped shot")));
    if let (0, Some(skipped)) = (shots, &skipped) {
        return format!("All good: {films}, {skipped}, nothing to buy. Next: take `skip: true` out of what is ready");
    }
    // Units come in tenths.
    let (shots, units) = (counted(shots, "shot"), counted((units * 10.0).round() / 10.0, "unit"));
    let unpriced = (unpriced > 0).then(|| format!("{} without a known price", counted(unpriced, "shot")));
    let more: String = unpriced.into_iter().chain(skipped).map(|part| format!(", and {part}")).collect();
    format!("All good: {films}, {shots}, {seconds} s, {units} (${usd:.2}){more}. Next: `clapboard plan`")
}

fn fixable(report: &Report) -> String {
    match (report.fixable(Safety::Safe), report.fixable(Safety::Unsafe)) {
        (0, 0) => ".".into(),
        (safe, 0) => format!(", {safe} fixable with `--fix`."),
        (0, more) => format!(", {more} fixable with `--unsafe-fixes`."),
        (safe, more) => format!(", {safe} fixable with `--fix` and {more} more with `--unsafe-fixes`."),
    }
}

/// The same problem in one file, wherever it is: shown once, with its places counted.
struct Group<'r> {
    first: &'r Diagnostic,
    others: Vec<&'r Diagnostic>,
    /// Which of the first one's related places were drawn with an earlier group.
    drawn: Vec<bool>,
}

fn groups(report: &Report) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    let mut known = HashMap::new();
    let mut drawn: HashSet<(&Utf8Path, Span)> = HashSet::new();
    for diagnostic in &report.diagnostics {
        // What differs only in the shot's name is the same problem.
        let common = |text: &str| match &diagnostic.shot {
            Some(shot) => text.replace(&format!("`{}`", shown::words(shot)), "``"),
            None => text.to_owned(),
        };
        let labels: Vec<String> = diagnostic.labels.iter().map(|label| common(&label.message)).collect();
        let help = diagnostic.help.as_deref().map(common);
        let file = &*diagnostic.place.source.path;
        let key = (file, diagnostic.code, diagnostic.severity, common(&diagnostic.message), help, labels);
        if let Some(&group) = known.get(&key) {
            let group: &mut Group<'_> = &mut groups[group];
            group.others.push(diagnostic);
            continue;
        }
        known.insert(key, groups.len());
        let places = diagnostic.labels.iter().map(|label| (&*label.place.source.path, label.place.span));
        let labels = places.map(|place| !drawn.insert(place)).collect();
        groups.push(Group { first: diagnostic, others: Vec::new(), drawn: labels });
    }
    groups
}

/// Values that must not be shown, by file and in order.
fn hidden(report: &Report) -> HashMap<&Utf8Path, Vec<Span>> {
    let mut hidden: HashMap<&Utf8Path, Vec<Span>> = HashMap::new();
    for place in &report.hidden {
        hidden.entry(&place.source.path).or_default().push(place.span);
    }
    hidden.values_mut().for_each(|spans| spans.sort());
    hidden
}

fn handler(terminal: &Terminal) -> GraphicalReportHandler {
    let characters = if terminal.unicode { ThemeCharacters::unicode() } else { ThemeCharacters::ascii() };
    let styles = if terminal.color { ThemeStyles::ansi() } else { ThemeStyles::none() };
    GraphicalReportHandler::new_themed(GraphicalTheme { characters, styles })
        .with_links(false)
        .with_wrap_lines(false)
        .without_syntax_highlighting()
}

struct Page<'r> {
    handler: GraphicalReportHandler,
    terminal: &'r Terminal,
    hidden: HashMap<&'r Utf8Path, Vec<Span>>,
}

impl Page<'_> {
    fn draw(&self, group: &Group<'_>) -> String {
        /// A finding with more related places than this is not read to its end.
        const MOST_RELATED: usize = 8;
        let mut text = String::new();
        let Diagnostic { place, severity, code, help, labels, .. } = group.first;
        let same_file = |label: &Label| label.place.source.path == place.source.path;
        let near: Vec<&Label> = labels.iter().take(MOST_RELATED).filter(|label| same_file(label)).collect();
        let related: Vec<(Span, String)> = near.iter().map(|label| (label.place.span, label.message.clone())).collect();
        let excerpt = self.excerpt(place, &related);
        let in_picture = |label: &Label| {
            near.iter()
                .position(|one| std::ptr::eq(*one, label))
                .is_some_and(|index| !excerpt.left_out.contains(&index))
        };
        let kind = format!("{}[{code}]", severity.as_str());
        self.head(&mut text, "", place, (&kind, severity_color(*severity)), &message(group.first));
        text.push_str(&self.picture(&excerpt));
        if let Some(help) = help {
            self.paragraph(&mut text, "  ", ("help", CYAN), &format!("{help}{}", fix(group.first)));
        }
        for (label, was_drawn) in labels.iter().zip(&group.drawn).take(MOST_RELATED) {
            if !in_picture(label) {
                self.head(&mut text, "  ", &label.place, ("note", CYAN), &label.message);
                if !was_drawn {
                    text.push_str(&self.picture(&self.excerpt(&label.place, &[])));
                }
            }
        }
        if !group.others.is_empty() {
            self.paragraph(&mut text, "  ", ("also", CYAN), &others(&group.others));
        }
        text
    }

    fn excerpt(&self, place: &Place, related: &[(Span, String)]) -> Excerpt {
        let last_line = place.source.line_index(place.span.start()) + 10;
        let gutter = last_line.min(place.source.line_count()).to_string().len() + " │ ".chars().count() + 1;
        let hidden = self.hidden.get(&*place.source.path).map_or(&[][..], |spans| spans);
        Excerpt::new(&place.source, hidden, place.span, related, self.terminal.width.saturating_sub(gutter))
    }

    /// The lines that miette draws, without the frame around them.
    fn picture(&self, excerpt: &Excerpt) -> String {
        let mut drawn = String::new();
        if self.handler.render_report(&mut drawn, &Picture(excerpt)).is_err() {
            return String::new();
        }
        let lines: Vec<&str> = drawn.lines().collect();
        let inside = lines.get(2..lines.len().saturating_sub(1)).unwrap_or_default();
        inside.iter().map(|line| format!("{}\n", line.trim_end())).collect()
    }

    /// `film.storyboard.yaml:6:17: error[code]: what is wrong`, wrapped.
    fn head(&self, text: &mut String, indent: &str, place: &Place, (kind, color): (&str, &str), message: &str) {
        let position = place.position();
        let name = shown::line(&place.source.name);
        let place = format!("{name}:{}:{}", position.line, position.column);
        let plain = format!("{indent}{place}: {kind}: ");
        let styled = format!("{indent}{}: {}: ", self.styled(&place, BOLD), self.styled(kind, color));
        self.wrapped(text, &plain, &styled, &format!("{indent}  "), message);
    }

    /// `  help: what to do`, wrapped.
    fn paragraph(&self, text: &mut String, indent: &str, (kind, color): (&str, &str), message: &str) {
        let plain = format!("{indent}{kind}: ");
        let styled = format!("{indent}{}: ", self.styled(kind, color));
        self.wrapped(text, &plain, &styled, &" ".repeat(plain.len()), message);
    }

    fn wrapped(&self, text: &mut String, plain: &str, styled: &str, indent: &str, message: &str) {
        // Words in backticks are not torn: lines break at spaces only.
        let options = textwrap::Options::new(self.terminal.width)
            .subsequent_indent(indent)
            .word_separator(textwrap::WordSeparator::AsciiSpace)
            .word_splitter(textwrap::WordSplitter::NoHyphenation);
        let wrapped = textwrap::fill(&format!("{plain}{message}"), options);
        for (index, line) in wrapped.lines().enumerate() {
            match line.strip_prefix(plain.trim_end()).filter(|_| index == 0) {
                Some(rest) => text.push_str(&format!("{}{rest}", styled.trim_end())),
                // A line that begins with `::` is a command to GitHub's runner.
                None if line.trim_start().starts_with("::") => text.push_str(&line.replacen("::", ": :", 1)),
                None => text.push_str(line),
            }
            text.push('\n');
        }
    }

    fn write(&self, out: &mut dyn Write, indent: &str, line: &str) -> io::Result<()> {
        let mut text = String::new();
        self.wrapped(&mut text, "", "", indent, line);
        out.write_all(text.as_bytes())
    }

    fn styled(&self, text: &str, style: &str) -> String {
        if self.terminal.color { format!("\x1b[{style}m{text}\x1b[0m") } else { text.to_owned() }
    }
}

const BOLD: &str = "1";
const CYAN: &str = "36";

fn severity_color(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "1;31",
        Severity::Warning => "1;33",
    }
}

fn fix(diagnostic: &Diagnostic) -> String {
    match &diagnostic.fix {
        None => String::new(),
        Some(fix) if fix.safety == Safety::Safe => " (`--fix` does this)".into(),
        Some(fix) => format!(" (`--unsafe-fixes` does this: {})", fix.message),
    }
}

/// `7 other places: line 9 (shot `b`), line 14, … and 1 more`.
fn others(others: &[&Diagnostic]) -> String {
    const MOST: usize = 6;
    let place = |diagnostic: &&Diagnostic| {
        let line = diagnostic.place.source.line_index(diagnostic.place.span.start()) + 1;
        match &diagnostic.shot {
            Some(shot) => format!("line {line} (shot `{}`)", shown::words(shot)),
            None => format!("line {line}"),
        }
    };
    let places: Vec<String> = others.iter().take(MOST).map(place).collect();
    let more = match others.len().saturating_sub(MOST) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!("{}: {}{more}", counted(others.len(), "other place"), places.join(", "))
}

/// An excerpt as miette takes it: with no words of its own.
struct Picture<'e>(&'e Excerpt);

impl fmt::Debug for Picture<'_> {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}

impl fmt::Display for Picture<'_> {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}

impl std::error::Error for Picture<'_> {}

impl miette::Diagnostic for Picture<'_> {
    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(self.0)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.0.labels.iter().cloned()))
    }
}

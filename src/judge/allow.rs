//! `# clapboard: allow(code)` in a storyboard: what it covers, and whether it silenced anything.

use std::collections::{HashMap, HashSet};

use crate::diagnostic::Code;
use crate::syntax::{Document, Kind, NodeId};
use crate::text::{Nested, Source, Span};

/// A code named in an allow comment.
#[derive(Debug)]
pub(super) struct Allow {
    /// As written.
    pub name: String,
    /// The code, if there is one of that name.
    code: Option<Code>,
    /// The name's place in the comment.
    pub span: Span,
    scope: Scope,
}

/// The scope of an allow comment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Scope {
    /// Findings that begin on the line with this index.
    Line(usize),
    /// Findings that begin within a value.
    Value(Span),
    /// The whole file.
    File,
    /// Nothing: no value follows.
    Nothing,
}

/// A document's allow comments, found by what they cover.
#[derive(Debug)]
pub(super) struct Allows {
    allows: Vec<Allow>,
    /// What is covered, however many comments say so.
    covered: HashSet<(Code, Scope)>,
    values: HashMap<Code, Nested<Scope>>,
}

/// The allow comments that silenced something.
#[derive(Debug, Default)]
pub(super) struct Used(HashSet<(Code, Scope)>);

impl Allows {
    pub fn of(document: &Document) -> Self {
        let allows = allows(document);
        let covered: HashSet<(Code, Scope)> =
            allows.iter().filter_map(|allow| Some((allow.code?, allow.scope))).collect();
        let mut values: HashMap<Code, Vec<(Span, Scope)>> = HashMap::new();
        for &(code, scope) in &covered {
            if let Scope::Value(span) = scope {
                values.entry(code).or_default().push((span, scope));
            }
        }
        let values = values.into_iter().map(|(code, scopes)| (code, Nested::new(scopes))).collect();
        Self { allows, covered, values }
    }

    /// Those that name no rule that exists.
    pub fn unknown(&self) -> impl Iterator<Item = &Allow> {
        self.allows.iter().filter(|allow| allow.code.is_none())
    }

    /// Whether a finding of `code` that begins at byte `start` is covered; all comments that cover it count as used.
    pub fn silence(&self, code: Code, source: &Source, start: usize, used: &mut Used) -> bool {
        self.covering(code, source, start).map(|covering| used.0.insert(covering)).count() > 0
    }

    /// The same, and no comment counts as used.
    pub fn would_silence(&self, code: Code, source: &Source, start: usize) -> bool {
        self.covering(code, source, start).next().is_some()
    }

    /// What covers a finding of `code` that begins at byte `start`.
    fn covering(&self, code: Code, source: &Source, start: usize) -> impl Iterator<Item = (Code, Scope)> {
        let line = Scope::Line(source.line_index(start));
        let values = self.values.get(&code).into_iter().flat_map(move |values| values.around(Span::empty(start)));
        let scopes = values.copied().chain([line, Scope::File]).map(move |scope| (code, scope));
        scopes.filter(|covering| self.covered.contains(covering))
    }

    /// The codes that silenced nothing, with their places.
    pub fn unused(&self, used: &Used) -> impl Iterator<Item = (Code, Span)> {
        let unused = |allow: &Allow| {
            let code = allow.code?;
            (!used.0.contains(&(code, allow.scope))).then_some((code, allow.span))
        };
        self.allows.iter().filter_map(unused)
    }
}

/// All allow comments of a document.
fn allows(document: &Document) -> Vec<Allow> {
    let mut found = Vec::new();
    let mut following: Option<Following> = None;
    for &comment in &document.tree.comments {
        let Some((is_file, names, names_start)) = parse(document.source.slice(comment)) else { continue };
        let scope = if is_file {
            Scope::File
        } else {
            let line = document.source.line_index(comment.start());
            let start = document.source.line_span(line).start();
            let before = document.source.text[start..comment.start()].trim_start_matches('\u{feff}');
            if before.trim().is_empty() {
                match following.get_or_insert_with(|| Following::of(document)).value(line) {
                    Scope::Value(span) => Scope::Value(with_comment(document, span)),
                    scope => scope,
                }
            } else {
                Scope::Line(line)
            }
        };
        let mut at = comment.start() + names_start;
        for part in names.split(',') {
            let name = part.trim();
            let start = at + part.len() - part.trim_start().len();
            at += part.len() + 1;
            if !name.is_empty() {
                let span = Span::at(start, name.len());
                found.push(Allow { name: name.into(), code: Code::parse(name), span, scope });
            }
        }
    }
    found
}

/// Of `# clapboard: allow(a, b)`: whether it is for the whole file, what is in the brackets, and where that begins.
pub(super) fn parse(comment: &str) -> Option<(bool, &str, usize)> {
    let rest = comment.trim_start_matches('#').trim_start().strip_prefix("clapboard:")?.trim_start();
    let (is_file, rest) = match rest.strip_prefix("allow-file") {
        Some(rest) => (true, rest),
        None => (false, rest.strip_prefix("allow")?),
    };
    let inner = rest.trim_start().strip_prefix('(')?;
    let end = inner.find(')')?;
    Some((is_file, &inner[..end], comment.len() - inner.len()))
}

/// For each line what comes next, worked out once however many comments stand above each other.
struct Following {
    /// For each line the next one that is neither blank nor a comment, itself included.
    text_lines: Vec<Option<usize>>,
    values: Vec<(usize, Span)>,
}

impl Following {
    fn of(document: &Document) -> Self {
        let mut text_lines = vec![None; document.source.line_count() + 1];
        for line in (0..document.source.line_count()).rev() {
            let text = document.source.slice(document.source.line_span(line)).trim();
            let is_text = !text.is_empty() && !text.starts_with('#');
            text_lines[line] = if is_text { Some(line) } else { text_lines[line + 1] };
        }
        Self { text_lines, values: values_by_line(document) }
    }

    /// The value that begins on the next line after `line` that is neither blank nor a comment.
    fn value(&self, line: usize) -> Scope {
        let Some(next) = self.text_lines[line + 1] else { return Scope::Nothing };
        match self.values.get(self.values.partition_point(|&(line, _)| line < next)) {
            Some(&(_, span)) => Scope::Value(span),
            None => Scope::Nothing,
        }
    }
}

/// The value with the comment behind it on its last line: what that took from the value is the value's.
fn with_comment(document: &Document, span: Span) -> Span {
    let source = &document.source;
    let line = source.line_around(span.end().saturating_sub(1));
    let rest = source.text.get(span.end()..line.end()).unwrap_or_default().trim_start();
    // Where all of the value is lost to the comment, it ends at its key.
    let is_comment = rest.strip_prefix(':').unwrap_or(rest).trim_start().starts_with('#');
    if is_comment { span.join(line) } else { span }
}

/// For each line on which a field or a list item begins, the outermost of them with all that belongs to it.
fn values_by_line(document: &Document) -> Vec<(usize, Span)> {
    let tree = &document.tree;
    let mut outermost: HashMap<usize, Span> = HashMap::new();
    let mut add = |span: Span| {
        let line = document.source.line_index(span.start());
        let known = outermost.entry(line).or_insert(span);
        if (span.start(), std::cmp::Reverse(span.end())) < (known.start(), std::cmp::Reverse(known.end())) {
            *known = span;
        }
    };
    for (index, node) in tree.nodes.iter().enumerate() {
        match &node.kind {
            Kind::Mapping(mapping) => {
                for entry in mapping.entries.iter().filter(|entry| !entry.merged) {
                    let value = tree.node(entry.value);
                    let is_alias = value.key != Some(entry.key_span);
                    // A table that is only named on the way in a dotted key or header, and a TOML list of tables, of which
                    // each header begins an item.
                    let is_on_the_way = value.span == entry.key_span
                        || matches!(value.kind, Kind::Sequence(_)) && value.span.contains(entry.key_span);
                    if is_alias {
                        add(entry.key_span);
                    } else if !is_on_the_way {
                        add(entry.key_span.join(value.extent));
                    }
                }
            }
            Kind::Sequence(items) => {
                let inside =
                    |item: &&NodeId| item.0 < index as u32 || tree.node(**item).span.start() >= node.span.start();
                for item in items.iter().filter(inside) {
                    add(tree.node(*item).extent);
                }
            }
            _ => {}
        }
    }
    let mut values: Vec<_> = outermost.into_iter().collect();
    values.sort_unstable_by_key(|(line, _)| *line);
    values
}

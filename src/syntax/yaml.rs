//! YAML 1.2 (core schema) to the spanned tree, over granit-parser's events. Aliases, merge keys, doubled keys, tags and the
//! limits are ours: no parser does them the way a linter needs.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

use granit_parser::{Event, Parser, ScalarStyle, ScanError, StructureStyle, Tag, options};

use super::limits::{MAX_ALIAS_NODES, MAX_DEPTH};
use super::tree::{Anchor, DuplicateKey, Entry, Keys, Kind, Mapping, Node, NodeId, Style, Tree};
use super::{lost, yaml_mask, yaml_slip};
use crate::diagnostic::{Code, Finding};
use crate::text::shown;
use crate::text::{Place, Source, Span};

/// Reads a text as YAML. Where it is broken, the broken list item is masked and the rest is read on.
///
/// `text` is the source's text, of which the lines of `blanked` are blanked out.
pub(super) fn read(source: &Arc<Source>, text: &str, blanked: Vec<Range<usize>>) -> (Tree, Vec<Finding>) {
    let mut mask = yaml_mask::Mask::new(text);
    let mut broken = Vec::new();
    loop {
        match Builder::new(source, mask.text()).build() {
            Ok((mut tree, mut findings)) => {
                let hidden = [blanked, mask.into_hidden()].concat();
                lost::mark(&mut tree, source, &hidden);
                findings.append(&mut broken);
                return (tree, findings);
            }
            Err(stop) => {
                let at = stop.error.marker().byte_offset().unwrap_or(0).min(source.text.len());
                let slip = yaml_slip::explain(source, mask.text(), &stop.error, at, stop.last);
                if !broken.iter().any(|earlier: &Finding| earlier.place.span == slip.finding.place.span) {
                    broken.push(slip.finding);
                }
                if !mask.hide_item_at(slip.culprit, slip.swallows_rest) {
                    return (Tree { incomplete: true, ..Tree::default() }, broken);
                }
            }
        }
    }
}

/// Where and why the parser gave up.
struct Stop {
    error: ScanError,
    /// The last thing that it understood.
    last: Span,
}

/// A key that waits for its value.
enum Pending {
    Named {
        key: Box<str>,
        span: Span,
        style: Style,
    },
    Merge,
    /// Reported already: the value is read and dropped.
    Dropped,
}

enum Open {
    Sequence(Vec<NodeId>),
    Mapping { mapping: Mapping, keys: Keys, pending: Option<Pending>, merges: Vec<NodeId>, merge_key: Option<Span> },
}

struct Frame {
    node: NodeId,
    open: Open,
    flow: bool,
    /// The collection is in the place of a key.
    as_key: bool,
    /// The collection has a tag that says something else: what is in it is not looked at.
    misnamed: bool,
    size: u64,
    end: usize,
}

struct Builder<'t> {
    source: &'t Arc<Source>,
    text: &'t str,
    tree: Tree,
    findings: Vec<Finding>,
    stack: Vec<Frame>,
    /// Nodes in each node's subtree, aliases expanded.
    sizes: Vec<u64>,
    /// From the parser's anchor number to ours.
    anchors: HashMap<usize, usize>,
    alias_nodes: u64,
    /// How many collections deep we are inside something too deep to be kept.
    too_deep: usize,
    /// The last thing read: a block scalar's indicator comes after it, and where the text is broken it shows why.
    last: Span,
    /// The last plain scalar, for text that was lost to a comment.
    last_plain: Option<NodeId>,
    /// Names that were reported as unknown aliases.
    unknown: HashSet<String>,
}

impl<'t> Builder<'t> {
    fn new(source: &'t Arc<Source>, text: &'t str) -> Self {
        Self {
            source,
            text,
            tree: Tree::default(),
            findings: Vec::new(),
            stack: Vec::new(),
            sizes: Vec::new(),
            anchors: HashMap::new(),
            alias_nodes: 0,
            too_deep: 0,
            last: Span::empty(0),
            last_plain: None,
            unknown: HashSet::new(),
        }
    }

    fn build(mut self) -> Result<(Tree, Vec<Finding>), Stop> {
        // Deeper than our own limit, so that ours is the one that speaks.
        let nesting = MAX_DEPTH + 16;
        let options = options! {
            emit_anchor_events: true,
            emit_unresolved_aliases: true,
            flow_nesting_limit: nesting,
            block_nesting_limit: nesting,
            max_buffered_comment_events: usize::MAX,
        };
        let mut documents = 0;
        for event in Parser::new_from_str_with_options(self.text, options) {
            let (event, span) = event.map_err(|error| Stop { error, last: self.last })?;
            let range = span.byte_range().unwrap_or_default();
            let at = Span::new(range.start, range.end.max(range.start));
            if matches!(event, Event::DocumentStart(..)) {
                documents += 1;
                if documents > 1 {
                    self.second_document(at);
                    // What follows the `---` may be what seems to be missing.
                    if let Some(root) = self.tree.root() {
                        lost::partial(&mut self.tree, root);
                    }
                    break;
                }
            }
            let tag_start = span.tag_start.and_then(|marker| marker.byte_offset());
            self.event(event, at, tag_start);
        }
        Ok((self.tree, self.findings))
    }

    fn event(&mut self, event: Event<'t>, at: Span, tag_start: Option<usize>) {
        match event {
            Event::Comment(..) => {
                if let Some(scalar) = self.last_plain.take() {
                    self.note_comment(scalar, at);
                }
                self.tree.comments.push(at);
                return;
            }
            Event::Anchor(id, name) => {
                // The event follows its node's, which is the newest.
                if let Some(&number) = self.anchors.get(&id) {
                    self.tree.anchors[number].name = name.into();
                }
                self.last = self.last.up_to(self.last.end().max(at.end()));
                return;
            }
            Event::Scalar(text, style, anchor, tag) if self.too_deep == 0 => {
                self.scalar(&text, style, anchor, tag.as_deref(), at, tag_start);
            }
            Event::SequenceStart(..) | Event::MappingStart(..) if self.too_deep > 0 => {
                self.too_deep += 1;
            }
            Event::SequenceEnd | Event::MappingEnd if self.too_deep > 1 => self.too_deep -= 1,
            Event::SequenceEnd | Event::MappingEnd if self.too_deep == 1 => {
                self.too_deep = 0;
                let broken = self.leaf(Kind::Broken, at, Style::Plain);
                self.add(broken, at);
            }
            Event::SequenceStart(style, anchor, tag) => {
                self.open(Open::Sequence(Vec::new()), "seq", style, anchor, tag.as_deref(), at, tag_start);
            }
            Event::MappingStart(style, anchor, tag) => {
                let open = Open::Mapping {
                    mapping: Mapping::default(),
                    keys: Keys::default(),
                    pending: None,
                    merges: Vec::new(),
                    merge_key: None,
                };
                self.open(open, "map", style, anchor, tag.as_deref(), at, tag_start);
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(at),
            Event::Alias(id) if self.too_deep == 0 => self.alias(id, at),
            Event::UnresolvedAlias(name) if self.too_deep == 0 => self.unresolved(&name, at),
            _ => {}
        }
        if at.end() >= self.last.end() {
            self.last = at;
        }
    }

    fn scalar(
        &mut self,
        text: &str,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<&Tag>,
        at: Span,
        tag_start: Option<usize>,
    ) {
        let (span, style) = match style {
            ScalarStyle::Plain => (at, Style::Plain),
            ScalarStyle::SingleQuoted => (at, Style::Single),
            ScalarStyle::DoubleQuoted => (at, Style::Double),
            _ => (self.block_scalar_span(at), Style::Block),
        };
        let kind = match tag {
            None if style == Style::Plain => plain(text),
            None => Kind::String(text.into()),
            Some(tag) => self.tagged(text, tag, span, tag_start),
        };
        let id = self.leaf(kind, span, style);
        self.define(anchor, id);
        self.add(id, span);
        match style {
            Style::Plain => self.last_plain = Some(id),
            Style::Block => {}
            _ => self.continuation(span),
        }
    }

    /// The further lines of a text in quotes or of a `[ … ]` or `{ … }` are indented deeper than the block around it: the parser
    /// lets others pass. So do we for a line of closing brackets alone, which everybody writes below the field's name.
    fn continuation(&mut self, span: Span) {
        let source = self.source.clone();
        let (first, last) = (source.line_index(span.start()), source.line_index(span.end()));
        if first == last || self.stack.iter().any(|frame| frame.flow) {
            return;
        }
        let Some(block) = self.stack.last().map(|frame| self.tree.node(frame.node).span.start()) else { return };
        let line_start = source.line_around(block).start();
        let least = source.text[line_start..block].chars().count() + 1;
        for line in first + 1..=last {
            let at = source.line_span(line);
            let text = &self.text[at.range()];
            let spaces = text.len() - text.trim_start_matches(' ').len();
            let words = text.trim_start();
            if words.is_empty() || spaces >= least || words.trim_end().chars().all(|c| matches!(c, ']' | '}' | ',')) {
                continue;
            }
            let begins = at.start() + text.len() - words.len();
            let (at, message) = match text.trim_start_matches(' ').starts_with('\t') {
                true => (
                    Span::new(at.start() + spaces, begins),
                    "a tab is used for indentation, and YAML takes only spaces",
                ),
                false => (
                    Span::at(begins, words.trim_end().len()),
                    "this line goes on with the value above, so it has to be indented deeper than the value's field",
                ),
            };
            self.problem(at, message, "indent it by two spaces more than the field");
            return;
        }
    }

    /// The parser's span begins at a block scalar's text and runs on to the next token; the value begins at its `|` or `>`
    /// and ends with its text.
    fn block_scalar_span(&self, at: Span) -> Span {
        let header = &self.text[self.last.end().min(at.start())..at.start()];
        let mut start = at.start();
        let mut word_start = true;
        for (index, character) in header.char_indices() {
            if word_start && matches!(character, '|' | '>') {
                start = at.start() - header.len() + index;
                break;
            }
            word_start = character.is_whitespace();
        }
        let text = &self.text[start..at.end()];
        // Other white space is part of the text.
        Span::at(start, text.trim_end_matches([' ', '\t', '\n', '\r']).len())
    }

    fn tagged(&mut self, text: &str, tag: &Tag, span: Span, tag_start: Option<usize>) -> Kind {
        let as_core = match tag.core_suffix() {
            Some("str") => Some(Kind::String(text.into())),
            Some("null") => Some(plain(text)).filter(|kind| matches!(kind, Kind::Null)),
            Some("bool") => Some(plain(text)).filter(|kind| matches!(kind, Kind::Bool(_))),
            Some("int") => Some(plain(text)).filter(|kind| matches!(kind, Kind::Int(_))),
            Some("float") => match plain(text) {
                Kind::Int(number) => Some(Kind::Float(number as f64)),
                kind => Some(kind).filter(|kind| matches!(kind, Kind::Float(_))),
            },
            // The bare `!` says "a text, whatever it looks like".
            None if tag.original() == "!" => Some(Kind::String(text.into())),
            _ => None,
        };
        as_core.unwrap_or_else(|| {
            self.bad_tag(tag, span, tag_start);
            Kind::Broken
        })
    }

    fn bad_tag(&mut self, tag: &Tag, span: Span, tag_start: Option<usize>) {
        let written = tag.original();
        let at = match tag_start {
            Some(start) => Span::new(start, (start + written.len()).min(self.text.len())),
            None => span,
        };
        self.problem(
            at,
            format!("`{}` is a YAML tag, and a storyboard has none", shown::words(&written)),
            "remove it; if the text itself begins with `!`, put the whole text in quotes",
        );
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "the parser's event has as many parts, and this is their only reader"
    )]
    fn open(
        &mut self,
        open: Open,
        core: &str,
        style: StructureStyle,
        anchor: usize,
        tag: Option<&Tag>,
        at: Span,
        tag_start: Option<usize>,
    ) {
        if self.stack.len() >= MAX_DEPTH {
            self.problem(
                at,
                format!("this is nested more than {MAX_DEPTH} levels deep"),
                "a storyboard needs five or six levels; write it flatter",
            );
            self.too_deep = 1;
            return;
        }
        let bad_tag = tag.filter(|tag| tag.core_suffix() != Some(core) && tag.original() != "!");
        if let Some(tag) = bad_tag {
            self.bad_tag(tag, at, tag_start);
        }
        let flow = style == StructureStyle::Flow;
        // Where the frame is closed the node gets its kind and span.
        let node = self.leaf(Kind::Broken, at, Style::Plain);
        self.define(anchor, node);
        let as_key = self.key_expected();
        if as_key {
            self.key_is_no_text(at, "a list or `name: value` fields");
        }
        self.stack.push(Frame { node, open, flow, as_key, misnamed: bad_tag.is_some(), size: 1, end: at.end() });
    }

    fn close(&mut self, at: Span) {
        let Some(frame) = self.stack.pop() else { return };
        let start = self.tree.node(frame.node).span.start();
        // The parser ends a block collection at the next token; its real end is that of its last member.
        let end = if frame.flow { at.end() } else { frame.end };
        let span = Span::new(start, end.max(start));
        let kind = match frame.open {
            _ if frame.misnamed => Kind::Broken,
            Open::Sequence(items) => Kind::Sequence(items),
            Open::Mapping { mut mapping, mut keys, merges, .. } => {
                for merged in merges {
                    mapping.partial |= self.tree.is_partial(merged);
                    self.tree.merges.push((frame.node, merged));
                    for entry in self.tree.entries(merged) {
                        if keys.position(&mapping.entries, &entry.key).is_none() {
                            mapping.entries.push(Entry { merged: true, ..entry.clone() });
                        }
                    }
                }
                Kind::Mapping(mapping)
            }
        };
        let node = &mut self.tree.nodes[frame.node.0 as usize];
        node.kind = kind;
        node.span = span;
        node.extent = span;
        if frame.flow {
            self.continuation(span);
        }
        self.sizes[frame.node.0 as usize] = frame.size;
        if frame.as_key {
            if let Some(Frame { open: Open::Mapping { mapping, pending, .. }, .. }) = self.stack.last_mut() {
                mapping.partial = true;
                *pending = Some(Pending::Dropped);
            }
        } else {
            self.add(frame.node, span);
        }
    }

    fn alias(&mut self, id: usize, at: Span) {
        let Some(&number) = self.anchors.get(&id) else { return self.broken(at) };
        let target = self.tree.anchors[number].node;
        if self.stack.iter().any(|frame| frame.node == target) {
            let name = shown::words(self.source.slice(at).trim_start_matches('*'));
            self.problem(
                at,
                format!("`*{name}` is inside the very value that `&{name}` names"),
                "it would never end: write the value out here",
            );
            return self.broken(at);
        }
        let size = self.sizes[target.0 as usize];
        let within = self.alias_nodes <= MAX_ALIAS_NODES;
        self.alias_nodes = self.alias_nodes.saturating_add(size);
        if self.alias_nodes > MAX_ALIAS_NODES {
            if within {
                self.problem(
                    at,
                    format!("with this alias, aliases add more than {MAX_ALIAS_NODES} values to the file"),
                    "aliases of aliases multiply; write some of them out, or use `defaults` or a bible",
                );
            }
            return self.broken(at);
        }
        self.tree.anchors[number].uses.push(at);
        self.add(target, at);
    }

    fn unresolved(&mut self, name: &str, at: Span) {
        // What is named may be in a part that is hidden because of an error of its own.
        let is_hidden = self.text != self.source.text && self.source.text.contains(&format!("&{name}"));
        if !is_hidden && self.unknown.insert(name.to_owned()) {
            self.findings.push(yaml_slip::unknown_alias(self.source, name, at));
        }
        self.broken(at);
    }

    fn broken(&mut self, at: Span) {
        let node = self.leaf(Kind::Broken, at, Style::Plain);
        self.add(node, at);
    }

    /// Hands a finished node to the collection that is open.
    fn add(&mut self, id: NodeId, at: Span) {
        let size = self.sizes[id.0 as usize];
        let Some(frame) = self.stack.last_mut() else {
            self.tree.root.get_or_insert(id);
            return;
        };
        frame.size = frame.size.saturating_add(size);
        frame.end = frame.end.max(at.end());
        let Open::Mapping { mapping, pending, .. } = &mut frame.open else {
            if let Open::Sequence(items) = &mut frame.open {
                items.push(id);
            }
            return;
        };
        match pending.take() {
            None => self.add_key(id, at),
            Some(Pending::Named { key, span, style }) => {
                // An anchored value keeps the key under which it is written, not those of its uses.
                if at == self.tree.nodes[id.0 as usize].span {
                    self.tree.nodes[id.0 as usize].key = Some(span);
                }
                mapping.entries.push(Entry { key, key_span: span, key_style: style, value: id, merged: false });
            }
            Some(Pending::Merge) => self.merge(id, at),
            Some(Pending::Dropped) => {}
        }
    }

    /// A node where a mapping wants a key.
    fn add_key(&mut self, id: NodeId, at: Span) {
        let Some(frame) = self.stack.last_mut() else { return };
        let Open::Mapping { mapping, keys, pending, merge_key, .. } = &mut frame.open else { return };
        mapping.first_key.get_or_insert(at);
        let node = &self.tree.nodes[id.0 as usize];
        match &node.kind {
            // Only a bare `<<` merges; in quotes it is a key like any other.
            Kind::String(key) if &**key == "<<" && node.style == Style::Plain => match merge_key {
                Some(first) => {
                    self.tree.duplicates.push(DuplicateKey {
                        key: "<<".into(),
                        mapping: frame.node,
                        first: *first,
                        second: at,
                    });
                    *pending = Some(Pending::Dropped);
                }
                None => {
                    *merge_key = Some(at);
                    *pending = Some(Pending::Merge);
                }
            },
            Kind::String(key) => match keys.position(&mapping.entries, key) {
                Some(first) => {
                    let first = mapping.entries[first].key_span;
                    let mapping = frame.node;
                    self.tree.duplicates.push(DuplicateKey { key: (**key).into(), mapping, first, second: at });
                    *pending = Some(Pending::Dropped);
                }
                None => *pending = Some(Pending::Named { key: (**key).into(), span: at, style: node.style }),
            },
            kind => {
                let noun = kind.noun();
                mapping.partial = true;
                *pending = Some(Pending::Dropped);
                if *kind != Kind::Broken {
                    self.key_is_no_text(at, noun);
                }
            }
        }
    }

    fn merge(&mut self, id: NodeId, at: Span) {
        let sources = match &self.tree.node(id).kind {
            Kind::Mapping(_) => vec![id],
            Kind::Sequence(items) => items.clone(),
            Kind::Null => return,
            Kind::Broken => return self.loses_fields(),
            _ => {
                self.problem(
                    at,
                    "`<<` takes over the fields of another part, and this has none",
                    "write `<<: *name`, with `&name` before the fields to take over",
                );
                return self.loses_fields();
            }
        };
        for source in sources {
            if !matches!(self.tree.node(source).kind, Kind::Mapping(_)) {
                let at = self.tree.place(source);
                self.problem(
                    at,
                    "`<<` takes over the fields of other parts, and this has none",
                    "write `<<: [*one, *two]`, each the name of fields that are written elsewhere",
                );
                self.loses_fields();
                continue;
            }
            if let Some(Frame { open: Open::Mapping { merges, .. }, .. }) = self.stack.last_mut() {
                merges.push(source);
            }
        }
    }

    /// The mapping that is open lacks fields that the writer gave it.
    fn loses_fields(&mut self) {
        if let Some(Frame { open: Open::Mapping { mapping, .. }, .. }) = self.stack.last_mut() {
            mapping.partial = true;
        }
    }

    fn key_expected(&self) -> bool {
        matches!(self.stack.last(), Some(Frame { open: Open::Mapping { pending: None, .. }, .. }))
    }

    fn key_is_no_text(&mut self, at: Span, noun: &str) {
        self.problem(
            at,
            format!("the name of a field must be text, and this is {noun}"),
            "put the name in quotes, or correct the indentation if it was not meant as a name",
        );
    }

    fn second_document(&mut self, at: Span) {
        self.problem(
            at,
            "`---` begins a second storyboard in this file, and a file holds one",
            "move what follows into a file of its own; it was not checked",
        );
    }

    fn define(&mut self, anchor: usize, node: NodeId) {
        if anchor > 0 {
            self.anchors.insert(anchor, self.tree.anchors.len());
            self.tree.anchors.push(Anchor { name: "".into(), node, uses: Vec::new() });
        }
    }

    fn leaf(&mut self, kind: Kind, span: Span, style: Style) -> NodeId {
        self.sizes.push(1);
        self.tree.push(Node { kind, span, style, key: None, extent: span })
    }

    /// A comment on the line of a plain text: the rest of the text, or a remark. Behind a field that is empty (`prompt: #1 beam`)
    /// it may be all of the field's text.
    fn note_comment(&mut self, scalar: NodeId, comment: Span) {
        let node = self.tree.node(scalar);
        let between = self.text.get(node.span.end()..comment.start()).unwrap_or_default();
        let is_empty = node.span.is_empty();
        let blank = if is_empty { between.trim_start().strip_prefix(':').unwrap_or("x") } else { between };
        if between.is_empty() || !blank.chars().all(|c| matches!(c, ' ' | '\t')) {
            return;
        }
        match self.is_text(comment) {
            true => self.tree.lost_texts.push((scalar, comment)),
            false if is_empty => {}
            false => self.tree.remarks.push((scalar, comment)),
        }
    }

    /// Whether a comment looks like text that was cut off: no space behind the `#`.
    fn is_text(&self, comment: Span) -> bool {
        self.text[comment.range()].chars().nth(1).is_some_and(|next| !next.is_whitespace())
    }

    fn problem(&mut self, at: Span, message: impl Into<String>, help: &str) {
        let place = Place { source: self.source.clone(), span: at };
        self.findings.push(Finding::new(Code::Syntax, place, message).help(help));
    }
}

/// A plain scalar by YAML's core schema.
fn plain(text: &str) -> Kind {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Kind::Null,
        "true" | "True" | "TRUE" => return Kind::Bool(true),
        "false" | "False" | "FALSE" => return Kind::Bool(false),
        ".nan" | ".NaN" | ".NAN" => return Kind::Float(f64::NAN),
        _ => {}
    }
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") {
        return Kind::Float(if text.starts_with('-') { f64::NEG_INFINITY } else { f64::INFINITY });
    }
    for (prefix, radix) in [("0o", 8), ("0x", 16)] {
        if let Some(digits) = text.strip_prefix(prefix)
            && !digits.is_empty()
            && digits.chars().all(|digit| digit.is_digit(radix))
        {
            return i64::from_str_radix(digits, radix).map_or(Kind::Float(f64::INFINITY), Kind::Int);
        }
    }
    if !unsigned.is_empty() && unsigned.bytes().all(|byte| byte.is_ascii_digit()) {
        return match text.parse() {
            Ok(number) => Kind::Int(number),
            Err(_) => text.parse().map_or(Kind::Float(f64::INFINITY), Kind::Float),
        };
    }
    match is_float(unsigned).then(|| text.parse()) {
        Some(Ok(number)) => Kind::Float(number),
        _ => Kind::String(text.into()),
    }
}

/// The core schema's `( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?`.
fn is_float(unsigned: &str) -> bool {
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent.strip_prefix(['-', '+']).unwrap_or(exponent))),
        None => (unsigned, None),
    };
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let mantissa_fits = match mantissa.split_once('.') {
        Some((whole, fraction)) => digits(whole) && digits(fraction) && !(whole.is_empty() && fraction.is_empty()),
        None => !mantissa.is_empty() && digits(mantissa),
    };
    mantissa_fits && exponent.is_none_or(|exponent| !exponent.is_empty() && digits(exponent))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_scalars_follow_the_core_schema() {
        for text in ["yes", "no", "on", "off", "4k", "1_000", "0b1", "1:30", ".", "-", "1e", "+", "0x", "nULL"] {
            assert_eq!(plain(text), Kind::String(text.into()), "{text}");
        }
        assert_eq!(plain("017"), Kind::Int(17));
        assert_eq!(plain("0o17"), Kind::Int(15));
        assert_eq!(plain("0x1F"), Kind::Int(31));
        assert_eq!(plain("-5"), Kind::Int(-5));
        assert_eq!(plain("1."), Kind::Float(1.0));
        assert_eq!(plain(".5"), Kind::Float(0.5));
        assert_eq!(plain("1e3"), Kind::Float(1000.0));
        assert_eq!(plain("99999999999999999999"), Kind::Float(1e20));
        assert_eq!(plain("-.inf"), Kind::Float(f64::NEG_INFINITY));
        assert_eq!(plain("~"), Kind::Null);
    }
}

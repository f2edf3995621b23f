//! A storyboard's parts: scenes and shots, what can be folded, and what a selection grows to.

use lsp_types::{
    DocumentSymbol, DocumentSymbolParams, DocumentSymbolResponse, FoldingRange, FoldingRangeKind, FoldingRangeParams,
    SelectionRange, SelectionRangeParams, SymbolKind,
};

use super::cursor::Cursor;
use super::dispatch::Failure;
use super::position::Positions;
use super::session::Session;
use crate::check::CheckedFilm;
use crate::clip::Clip;
use crate::language::Scene;
use crate::language::Shot;
use crate::syntax::{Document, Kind, NodeId};
use crate::text::{Source, Span, shown};

/// The scenes and shots of an open text, and the styles and people that it gives names to.
///
/// # Errors
/// None.
pub fn symbols(session: &mut Session, params: DocumentSymbolParams) -> Result<Option<DocumentSymbolResponse>, Failure> {
    let Some(analysis) = session.analysis(&params.text_document.uri) else { return Ok(None) };
    let Some(checked) = analysis.film() else { return Ok(None) };
    let outline = Outline { checked, positions: session.positions(&checked.film.file.document.source) };
    Ok(Some(outline.symbols().into()))
}

struct Outline<'c> {
    checked: &'c CheckedFilm,
    positions: Positions<'c>,
}

impl Outline<'_> {
    fn symbols(&self) -> Vec<DocumentSymbol> {
        let film = &self.checked.film;
        let document = &film.file.document;
        let own_styles = film.styles().own();
        let styles =
            own_styles.filter_map(|style| Some((&style.name, style.text.as_ref()?.at.node, SymbolKind::String)));
        let own_cast = film.cast().own();
        let cast = own_cast.filter_map(|member| {
            let entry =
                document.tree.entries(member.key.at.node).iter().find(|entry| *entry.key == *member.key.value)?;
            Some((&member.key, entry.value, SymbolKind::Class))
        });
        let mut symbols: Vec<DocumentSymbol> = styles
            .chain(cast)
            .map(|(name, node, kind)| {
                let key = name.place().span;
                self.symbol(name.value.to_string(), None, kind, key.join(extent(document, node)), key)
            })
            .collect();
        let nodes = scene_nodes(document);
        for (index, (scene, node)) in film.scenes.iter().zip(nodes).enumerate() {
            let shots =
                film.shots.iter().filter(|shot| shot.scene == Some(index)).map(|shot| self.shot(shot)).collect();
            symbols.push(DocumentSymbol { children: Some(shots), ..self.scene(scene, node) });
        }
        symbols.extend(film.shots.iter().filter(|shot| shot.scene.is_none()).map(|shot| self.shot(shot)));
        symbols.sort_by_key(|symbol| symbol.range.start);
        symbols
    }

    fn scene(&self, scene: &Scene, node: NodeId) -> DocumentSymbol {
        let document = &self.checked.film.file.document;
        let heading = scene.heading.valid().map(|heading| shown::words(&heading.value.value));
        let name = scene.id.valid().map_or_else(|| "scene".to_owned(), |id| id.value.value.to_string());
        let place = scene.id.valid().map_or_else(|| document.tree.first_key(node), |id| id.value.place().span);
        self.symbol(name, heading, SymbolKind::Namespace, extent(document, node), place)
    }

    fn shot(&self, shot: &Shot) -> DocumentSymbol {
        let clip = Clip::new(&self.checked.film, shot, self.checked.facts, self.checked.target);
        let seconds = clip.seconds.value().map(|seconds| format!("{seconds} s"));
        let detail = if shot.is_skipped() { Some("skipped".to_owned()) } else { seconds };
        let name = Some(shot.name()).filter(|name| !name.is_empty()).unwrap_or_else(|| "shot".into());
        let range = extent(&self.checked.film.file.document, shot.at.node);
        self.symbol(name, detail, SymbolKind::Event, range, shot.place().span)
    }

    fn symbol(
        &self,
        name: String,
        detail: Option<String>,
        kind: SymbolKind,
        range: Span,
        selection: Span,
    ) -> DocumentSymbol {
        #[expect(deprecated, reason = "the type has the field")]
        DocumentSymbol {
            name: shown::words(&name),
            detail,
            kind,
            tags: None,
            deprecated: None,
            // The protocol wants the name inside of the whole.
            range: self.positions.range(range.join(selection)),
            selection_range: self.positions.range(selection),
            children: None,
        }
    }
}

/// The scenes that are mappings, as the film has them.
fn scene_nodes(document: &Document) -> Vec<NodeId> {
    let tree = &document.tree;
    let Some(root) = tree.root() else { return Vec::new() };
    let lists = tree.entries(root).iter().filter(|entry| &*entry.key == "scenes");
    let scenes = lists.flat_map(|entry| tree.items(entry.value)).copied();
    scenes.filter(|&scene| matches!(tree.node(scene).kind, Kind::Mapping(_))).collect()
}

/// All that belongs to a value, without the line ends behind it.
fn extent(document: &Document, node: NodeId) -> Span {
    trimmed(&document.source, document.tree.node(node).extent)
}

fn trimmed(source: &Source, span: Span) -> Span {
    let text = source.slice(span);
    Span::at(span.start(), text.trim_end().len())
}

/// The ranges that can be folded: each field or item of more than one line, and comments that follow one another.
///
/// # Errors
/// None.
pub fn folds(session: &mut Session, params: FoldingRangeParams) -> Result<Option<Vec<FoldingRange>>, Failure> {
    let Some(analysis) = session.analysis(&params.text_document.uri) else { return Ok(None) };
    let Some(document) = analysis.document() else { return Ok(None) };
    let source = &document.source;
    let lines = |span: Span| {
        let span = trimmed(source, span);
        let last = span.end().saturating_sub(1).max(span.start());
        (source.line_index(span.start()) as u32, source.line_index(last) as u32)
    };
    let tree = &document.tree;
    let mut found: Vec<(u32, u32, Option<FoldingRangeKind>)> = Vec::new();
    for node in &tree.nodes {
        let whole = node.key.map_or(node.extent, |key| key.join(node.extent));
        let (first, last) = lines(whole);
        let is_root = matches!(node.kind, Kind::Mapping(_)) && node.key.is_none() && first == 0;
        if first < last && !is_root {
            found.push((first, last, None));
        }
    }
    let mut comments: Option<(u32, u32)> = None;
    for &comment in &tree.comments {
        let line = source.line_index(comment.start());
        let before = source.text[source.line_span(line).start()..comment.start()].trim();
        let line = line as u32;
        match &mut comments {
            Some((_, last)) if before.is_empty() && *last + 1 == line => *last = line,
            earlier => {
                found.extend(
                    earlier
                        .filter(|(first, last)| first < last)
                        .map(|(first, last)| (first, last, Some(FoldingRangeKind::Comment))),
                );
                *earlier = before.is_empty().then_some((line, line));
            }
        }
    }
    found.extend(
        comments
            .filter(|(first, last)| first < last)
            .map(|(first, last)| (first, last, Some(FoldingRangeKind::Comment))),
    );
    found.sort_by_key(|(first, last, _)| (*first, *last));
    found.dedup_by_key(|(first, last, _)| (*first, *last));
    let fold = |(start_line, end_line, kind)| FoldingRange { start_line, end_line, kind, ..FoldingRange::default() };
    Ok(Some(found.into_iter().map(fold).collect()))
}

/// The steps by which the selection at each position grows: the value, the field, its parent, up to the whole text.
///
/// # Errors
/// None.
pub fn selections(session: &mut Session, params: SelectionRangeParams) -> Result<Option<Vec<SelectionRange>>, Failure> {
    let Some(analysis) = session.analysis(&params.text_document.uri) else { return Ok(None) };
    let Some(document) = analysis.document() else { return Ok(None) };
    let positions = session.positions(&document.source);
    let grow = |position| {
        let offset = positions.offset(position);
        let mut parents: Option<Box<SelectionRange>> = None;
        for span in around(document, offset) {
            parents = Some(Box::new(SelectionRange { range: positions.range(span), parent: parents }));
        }
        let here = Span::empty(offset);
        parents.map_or_else(|| SelectionRange { range: positions.range(here), parent: None }, |innermost| *innermost)
    };
    Ok(Some(params.positions.into_iter().map(grow).collect()))
}

/// The spans around a place, the widest first, each inside the one before.
fn around(document: &Document, offset: usize) -> Vec<Span> {
    let mut spans = vec![Span::new(0, document.source.text.len())];
    let Some(cursor) = Cursor::at(document, offset) else { return spans };
    let mut push = |span: Span| {
        let span = trimmed(&document.source, span);
        let has_place = span.touches(offset);
        if has_place && spans.last().is_some_and(|outer| outer.contains(span) && *outer != span) {
            spans.push(span);
        }
    };
    for &id in &cursor.nodes {
        let node = document.tree.node(id);
        node.key.into_iter().for_each(|key| push(key.join(node.extent)));
        push(node.extent);
        push(node.span);
    }
    cursor.key.into_iter().for_each(push);
    spans
}

//! The files and addresses that a storyboard names.

use camino::Utf8PathBuf;
use lsp_types::{DocumentLink, DocumentLinkParams};

use super::dispatch::Failure;
use super::session::Session;
use crate::assets::Reference;
use crate::check::CheckedFilm;
use crate::language::{Film, Text};
use crate::text::{Place, Span};

/// The files and addresses in an open text that can be opened.
///
/// # Errors
/// None.
pub fn links(session: &mut Session, params: DocumentLinkParams) -> Result<Option<Vec<DocumentLink>>, Failure> {
    let Some(analysis) = session.analysis(&params.text_document.uri) else { return Ok(None) };
    let Some(checked) = analysis.film() else { return Ok(None) };
    let positions = session.positions(&checked.film.file.document.source);
    let named = pictures_of(&checked.film).into_iter().filter_map(|text| {
        let target = match Reference::of(&text.value) {
            Reference::Path(_) => session.uri_of(&picture(checked, text)?)?,
            _ => text
                .value
                .trim()
                .parse()
                .ok()
                .filter(|uri: &lsp_types::Uri| matches!(uri.scheme(), "http" | "https"))?,
        };
        Some((inside_quotes(text), target))
    });
    let bible = bible_of(checked).and_then(|(span, path)| Some((span, session.uri_of(&path)?)));
    let links = bible.into_iter().chain(named).map(|(span, target)| DocumentLink {
        range: positions.range(span),
        target: Some(target),
        ..DocumentLink::default()
    });
    Ok(Some(links.collect()))
}

/// The file that is named at byte `offset` of the film's own file.
pub fn file_at(checked: &CheckedFilm, offset: usize) -> Option<Utf8PathBuf> {
    let has = |span: Span| span.touches(offset);
    if let Some((_, path)) = bible_of(checked).filter(|(span, _)| has(*span)) {
        return Some(path);
    }
    picture(checked, picture_at(&checked.film, offset)?)
}

/// The files that a film's own file names, each with the words that name it.
pub fn files_of(checked: &CheckedFilm) -> Vec<(Place, Utf8PathBuf)> {
    let source = &checked.film.file.document.source;
    let bible = bible_of(checked).map(|(span, path)| (Place { source: source.clone(), span }, path));
    let pictures = pictures_of(&checked.film).into_iter();
    bible.into_iter().chain(pictures.filter_map(|text| Some((text.place(), picture(checked, text)?)))).collect()
}

/// The frame or mask that is named at byte `offset` of the film's own file.
pub fn picture_at(film: &Film, offset: usize) -> Option<&Text> {
    pictures_of(film).into_iter().find(|text| {
        let span = text.place().span;
        span.touches(offset)
    })
}

/// The local picture that a text names, if it is there and in the project.
fn picture(checked: &CheckedFilm, text: &Text) -> Option<Utf8PathBuf> {
    let folder = text.at.document.source.folder();
    Some(checked.project.library.picture(folder, &text.value).ok()?.path.clone())
}

/// The frames and masks that the film's own file names.
fn pictures_of(film: &Film) -> Vec<&Text> {
    let mut found: Vec<&Text> = Vec::new();
    found.extend(film.all_defaults().filter_map(|settings| settings.first_frame.value()));
    for shot in &film.shots {
        found.extend(shot.settings.first_frame.value().into_iter().chain(shot.last_frame.value()));
        if let Some(brush) = shot.brush.value() {
            let moves = brush.r#move.valid().into_iter().flat_map(|moves| &moves.value.items);
            found.extend(brush.still.value().into_iter().chain(moves.filter_map(|moved| moved.mask.value())));
        }
    }
    let own = &film.file.document.source.path;
    found.retain(|text| text.at.document.source.path == *own);
    found
}

/// `extends` of the film's own file, and the bible that it leads to.
fn bible_of(checked: &CheckedFilm) -> Option<(Span, Utf8PathBuf)> {
    let document = &checked.film.file.document;
    let node = document.tree.get(document.tree.root()?, "extends")?;
    let path = checked.film.bibles.first()?.document.source.path.clone();
    Some((document.tree.node(node).span, path))
}

/// A text's place without its quotes.
fn inside_quotes(text: &Text) -> Span {
    let place = text.place();
    let written = place.source.slice(place.span);
    match written.find(&*text.value) {
        Some(at) => {
            let start = place.span.start() + at;
            Span::at(start, text.value.len())
        }
        None => place.span,
    }
}

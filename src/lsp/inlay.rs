//! Seconds and units behind each shot's id, and what the film comes to behind its first line.

use lsp_types::{InlayHint, InlayHintParams, Position};

use super::card;
use super::dispatch::Failure;
use super::session::Session;
use crate::clip::{Clip, Price};
use crate::language::At;
use crate::text::counted;

/// The hints in a range of an open text.
///
/// # Errors
/// None.
pub fn hints(session: &mut Session, params: InlayHintParams) -> Result<Option<Vec<InlayHint>>, Failure> {
    let Some(analysis) = session.analysis(&params.text_document.uri) else { return Ok(None) };
    let Some(checked) = analysis.film().filter(|checked| !checked.film.is_bible()) else { return Ok(None) };
    let film = &checked.film;
    let source = &film.file.document.source;
    let positions = session.positions(source);
    let wanted = positions.span(params.range);
    let end_of_line = |at: &At| {
        let line = source.line_index(at.place().span.start());
        source.line_span(line).end()
    };
    let is_wanted = |offset: &usize| wanted.touches(*offset);
    let mut hints = Vec::new();
    let tree = &film.file.document.tree;
    if let Some(at) = tree.root().and_then(|root| tree.get(root, "storyboard"))
        && let offset = end_of_line(&At { document: film.file.document.clone(), node: at })
        && is_wanted(&offset)
        && !film.shots.is_empty()
    {
        hints.push(hint(positions.position(offset), card::sum(checked)));
    }
    for shot in film.shots.iter().filter(|shot| !shot.is_skipped()) {
        let Some(id) = shot.id.valid() else { continue };
        let offset = end_of_line(&id.at);
        if is_wanted(&offset) {
            let clip = Clip::new(film, shot, checked.facts, checked.target);
            hints.extend(label(&clip).map(|label| hint(positions.position(offset), label)));
        }
    }
    Ok(Some(hints))
}

/// "5 s · 2.5 units", as far as it is known.
fn label(clip: &Clip<'_>) -> Option<String> {
    let seconds = clip.seconds.value().map(|seconds| format!("{seconds} s"));
    let units = match clip.price() {
        Price::Known(units) => Some(counted(units, "unit")),
        Price::NotListed | Price::RawFields => None,
    };
    let parts: Vec<String> = seconds.into_iter().chain(units).collect();
    (!parts.is_empty()).then(|| parts.join(" · "))
}

fn hint(position: Position, label: String) -> InlayHint {
    InlayHint {
        position,
        label: label.into(),
        padding_left: Some(true),
        ..InlayHint::new(position, String::new().into(), None, None, None, None, None, None)
    }
}

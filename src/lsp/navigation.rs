//! From a name to where it is given, to where it is used, and to another name.

use std::collections::HashMap;
use std::rc::Rc;

use camino::Utf8Path;
use lsp_types::{
    Definition, DefinitionParams, DefinitionResponse, Location, Position, PrepareRenameParams,
    PrepareRenamePlaceholder, PrepareRenameResult, Range, ReferenceParams, RenameParams, TextDocumentPositionParams,
    TextEdit, WorkspaceEdit,
};

use super::analysis::Analysis;
use super::dispatch::Failure;
use super::links::{file_at, files_of};
use super::names::{Mention, given, name_at, names_of};
use super::session::Session;
use crate::check::CheckedFilm;
use crate::text::Place;

/// Where a name is given, or the file that is named.
///
/// # Errors
/// None.
pub fn definition(session: &mut Session, params: DefinitionParams) -> Result<Option<DefinitionResponse>, Failure> {
    let Some((analysis, offset)) = film_at(session, &params.text_document_position_params) else { return Ok(None) };
    let Some(checked) = analysis.film() else { return Ok(None) };
    let location = match name_at(&checked.film, offset) {
        Some(wanted) => given(&names_of(&checked.film), &wanted).and_then(|name| location(session, &name.place)),
        None => file_at(checked, offset)
            .and_then(|path| Some(Location { uri: session.uri_of(&path)?, range: Range::default() })),
    };
    Ok(location.map(|location| Definition::from(location).into()))
}

/// All places of a name.
///
/// # Errors
/// None.
pub fn references(session: &mut Session, params: ReferenceParams) -> Result<Option<Vec<Location>>, Failure> {
    let Some((analysis, offset)) = film_at(session, &params.text_document_position_params) else { return Ok(None) };
    let Some(checked) = analysis.film() else { return Ok(None) };
    let Some(wanted) = name_at(&checked.film, offset) else {
        return Ok(file_at(checked, offset).map(|path| uses(session, checked, &path)));
    };
    let mentions = everywhere(session, checked, &wanted).mentions;
    let shown = mentions.iter().filter(|mention| params.context.include_declaration || !mention.is_given);
    Ok(Some(shown.filter_map(|mention| location(session, &mention.place)).collect()))
}

/// The places where the storyboards of a film's project name a file.
fn uses(session: &Session, checked: &CheckedFilm, path: &Utf8Path) -> Vec<Location> {
    let others = others(session, checked);
    let named = others.iter().chain([checked]).flat_map(files_of).filter(|(_, named)| named == path);
    named.filter_map(|(place, _)| location(session, &place)).collect()
}

/// The name that a rename would change.
///
/// # Errors
/// None.
pub fn prepare_rename(
    session: &mut Session,
    params: PrepareRenameParams,
) -> Result<Option<PrepareRenameResult>, Failure> {
    let Some((analysis, offset)) = film_at(session, &params.text_document_position_params) else { return Ok(None) };
    let name = analysis.film().and_then(|checked| name_at(&checked.film, offset));
    Ok(name.map(|name| {
        let range = session.positions(&name.place.source).range(name.place.span);
        PrepareRenamePlaceholder { range, placeholder: name.name }.into()
    }))
}

/// The edits that give a name to something, in all films of the project that use it.
///
/// # Errors
/// Nothing at the place has a name, the new one is not of the right form, or it is taken.
pub fn rename(session: &mut Session, params: RenameParams) -> Result<Option<WorkspaceEdit>, Failure> {
    let nothing = || Failure::refused("there is nothing here that can be renamed: a style, a cast member, or an id");
    let (analysis, offset) = film_at(session, &params.text_document_position_params).ok_or_else(nothing)?;
    let checked = analysis.film().ok_or_else(nothing)?;
    let wanted = name_at(&checked.film, offset).ok_or_else(nothing)?;
    let new = params.new_name;
    if let Some(fault) = wanted.kind.fault(&new) {
        return Err(Failure::refused(fault));
    }
    let found = everywhere(session, checked, &wanted);
    if new != wanted.name && found.taken.iter().any(|(kind, name)| (*kind, &**name) == (wanted.kind, &new)) {
        return Err(Failure::refused(format!("there is a {} `{new}` already", wanted.kind.noun())));
    }
    let mut changes: HashMap<_, Vec<TextEdit>> = HashMap::new();
    for mention in &found.mentions {
        if let Some(Location { uri, range }) = location(session, &mention.place) {
            changes.entry(uri).or_default().push(TextEdit { range, new_text: new.clone() });
        }
    }
    Ok(Some(WorkspaceEdit { changes: Some(changes), ..WorkspaceEdit::default() }))
}

/// The film of an open text, and the byte of a position in it.
pub fn film_at(session: &mut Session, params: &TextDocumentPositionParams) -> Option<(Rc<Analysis>, usize)> {
    let analysis = session.analysis(&params.text_document.uri)?;
    let offset = offset_in(session, analysis.film()?, params.position);
    Some((analysis, offset))
}

/// The byte of a position in a film's own file.
fn offset_in(session: &Session, checked: &CheckedFilm, position: Position) -> usize {
    session.positions(&checked.film.file.document.source).offset(position)
}

/// A place, as clients have it.
pub fn location(session: &Session, place: &Place) -> Option<Location> {
    let range = session.positions(&place.source).range(place.span);
    Some(Location { uri: session.uri_of(&place.source.path)?, range })
}

/// Every place of a name, and the names that are taken where it holds.
#[derive(Default)]
struct Everywhere {
    mentions: Vec<Mention>,
    taken: Vec<(super::names::Kind, String)>,
}

/// The places of a name in a film, and, where a bible gives it or the film is one, in all films of the project that have it from
/// there.
fn everywhere(session: &mut Session, checked: &CheckedFilm, wanted: &Mention) -> Everywhere {
    let own = names_of(&checked.film);
    let home = given(&own, wanted).map_or(&wanted.place, |given| &given.place).clone();
    let mut found = Everywhere::default();
    found.add(own, wanted, &home);
    let is_shared = checked.film.is_bible() || home.source.path != checked.film.file.document.source.path;
    if is_shared && matches!(wanted.kind, super::names::Kind::Style | super::names::Kind::Cast) {
        for film in others(session, checked) {
            found.add(names_of(&film.film), wanted, &home);
        }
    }
    found.mentions.sort_by(|one, other| {
        let key = |mention: &Mention| (mention.place.source.path.clone(), mention.place.span);
        key(one).cmp(&key(other))
    });
    found
}

impl Everywhere {
    /// Takes a film in, if it has the name from `home`.
    fn add(&mut self, names: Vec<Mention>, wanted: &Mention, home: &Place) {
        let same = |one: &Place, other: &Place| one.source.path == other.source.path && one.span == other.span;
        let is_elsewhere = given(&names, wanted).is_some_and(|given| !same(&given.place, home));
        let has = names.iter().any(|mention| mention.means(wanted));
        if is_elsewhere || !has {
            return;
        }
        for mention in names {
            if mention.is_given {
                self.taken.push((mention.kind, mention.name.clone()));
            }
            if mention.means(wanted) && !self.mentions.iter().any(|known| same(&known.place, &mention.place)) {
                self.mentions.push(mention);
            }
        }
    }
}

/// The other storyboards of a film's project.
fn others(session: &Session, checked: &CheckedFilm) -> Vec<CheckedFilm> {
    let own = &checked.film.file.document.source.path;
    let mut films = session.films(&checked.project);
    films.retain(|film| film.film.file.document.source.path != *own);
    films
}

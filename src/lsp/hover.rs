//! Hover: what a shot sends and costs, a picture, a name, a model, a rule, or the meaning of a field.

use lsp_types::{Hover, HoverParams, MarkupContent, MarkupKind, Uri};

use super::analysis::{Analysis, Subject};
use super::card;
use super::cursor::{Cursor, Step, comment_at};
use super::dispatch::Failure;
use super::form::Form;
use super::links::picture_at;
use super::names::{Kind, Mention, name_at};
use super::session::Session;
use crate::check::CheckedFilm;
use crate::clip::Clip;
use crate::diagnostic::Code;
use crate::kling::Facts;
use crate::models;
use crate::rules::Rule;
use crate::syntax::Document;
use crate::text::{Span, counted};

/// The hover at a place of an open text.
///
/// # Errors
/// None.
pub fn hover(session: &mut Session, params: HoverParams) -> Result<Option<Hover>, Failure> {
    let at = params.text_document_position_params;
    let Some(analysis) = session.analysis(&at.text_document.uri) else { return Ok(None) };
    let Some(document) = analysis.document() else { return Ok(None) };
    let positions = session.positions(&document.source);
    let offset = positions.offset(at.position);
    let found = rule_at(document, offset).or_else(|| match &analysis.subject {
        Subject::Film(checked) => in_film(checked, offset, &|path| session.uri_of(path)),
        Subject::Config(_) => field_at(document, Form::config(), offset),
    });
    Ok(found.map(|(span, value)| Hover {
        contents: MarkupContent { kind: MarkupKind::Markdown, value }.into(),
        range: Some(positions.range(span)),
    }))
}

type Found = Option<(Span, String)>;

/// A rule whose code is named in a comment or a config.
fn rule_at(document: &Document, offset: usize) -> Found {
    let is_quoted = |c: char| !(c.is_ascii_alphanumeric() || c == '-');
    let in_comment = comment_at(document, offset).is_some();
    let node = Cursor::at(document, offset).filter(|cursor| cursor.fields().any(|field| field == "lint"));
    if !in_comment && node.is_none() {
        return None;
    }
    let text = &document.source.text;
    let start =
        text[..offset].rfind(is_quoted).map_or(0, |at| at + text[at..].chars().next().map_or(1, char::len_utf8));
    let end = text[offset..].find(is_quoted).map_or(text.len(), |at| offset + at);
    let code = Code::parse(&text[start..end])?;
    Some((Span::new(start, end), rule(code)))
}

/// A rule's document, for the eye.
pub fn rule(code: Code) -> String {
    Rule::of(code).markdown.to_owned()
}

fn in_film(checked: &CheckedFilm, offset: usize, uri: &dyn Fn(&camino::Utf8Path) -> Option<Uri>) -> Found {
    let document = &checked.film.file.document;
    if let Some(name) = name_at(&checked.film, offset) {
        return Some((name.place.span, named(checked, &name)?));
    }
    if let Some(text) = picture_at(&checked.film, offset) {
        let shown = card::picture(checked, text, |picture| uri(&picture.path).map(String::from))?;
        return Some((text.place().span, shown));
    }
    let cursor = Cursor::at(document, offset)?;
    if cursor.key.is_some() {
        return field_at(document, Form::storyboard(), offset);
    }
    let span = document.tree.node(cursor.node()).span;
    let field = cursor.fields().next()?;
    let shown = match field {
        "model" => models::card(Facts::kling().model(document.tree.text(cursor.node())?)?),
        "prompt" => card::prompts(&clip_at(checked, &cursor)?),
        "duration" | "mode" | "sound" => {
            let clip = clip_at(checked, &cursor)?;
            format!("This shot costs {}.", card::price(&clip, checked.project.config.usd_per_unit))
        }
        "title" | "storyboard" => card::sum(checked),
        _ => return None,
    };
    (!shown.is_empty()).then_some((span, shown))
}

/// The kind of thing that has the name.
fn named(checked: &CheckedFilm, name: &Mention) -> Option<String> {
    let film = &checked.film;
    Some(match name.kind {
        Kind::Style => card::style(film, film.styles().get(&name.name)?),
        Kind::Cast => card::cast(film, film.cast().get(&name.name)?),
        Kind::Shot => {
            let here = |id: &crate::language::Text| {
                let place = id.place();
                place.span.contains(name.place.span)
            };
            let shot = film.shots.iter().find(|shot| shot.id.valid().is_some_and(|id| here(&id.value)))?;
            let clip = Clip::new(film, shot, checked.facts, checked.target);
            card::shot(&clip, checked.project.config.usd_per_unit)
        }
        Kind::Scene => {
            let scene = film
                .scenes
                .iter()
                .position(|scene| scene.id.valid().is_some_and(|id| id.value.place().span.contains(name.place.span)))?;
            let shots = film.shots.iter().filter(|shot| shot.scene == Some(scene) && !shot.is_skipped());
            let clips: Vec<Clip<'_>> = shots.map(|shot| Clip::new(film, shot, checked.facts, checked.target)).collect();
            let seconds: i64 = clips.iter().filter_map(|clip| clip.seconds.value()).fold(0, i64::saturating_add);
            let units = clips.iter().filter_map(|clip| clip.price().units()).map(|units| units.as_f64()).sum::<f64>();
            format!(
                "**{}**: {} · {seconds} s · {}",
                card::code(&name.name),
                counted(clips.len(), "shot"),
                counted((units * 10.0).round() / 10.0, "unit")
            )
        }
    })
}

/// The meaning of the field whose name is at a place.
fn field_at(document: &Document, form: Form, offset: usize) -> Found {
    let cursor = Cursor::at(document, offset)?;
    let key = cursor.key?;
    let field = form.at(&cursor.way)?;
    let default = field.choices().into_iter().filter_map(|choice| Some((choice.value.as_str()?, choice.about?)));
    let choices: String = default.map(|(value, about)| format!("\n- `{value}`: {about}")).collect();
    Some((key, format!("{}\n{choices}", field.about()?)))
}

/// The shot that a cursor is in, settled.
pub fn clip_at<'f>(checked: &'f CheckedFilm, cursor: &Cursor) -> Option<Clip<'f>> {
    let index = cursor.way.iter().position(|step| *step == Step::Field("shots".into()))?;
    let node = *cursor.nodes.get(index + 2)?;
    let shot = checked.film.shots.iter().find(|shot| shot.at.node == node)?;
    Some(Clip::new(&checked.film, shot, checked.facts, checked.target))
}

impl Analysis {
    /// The document of what is open.
    pub fn document(&self) -> Option<&std::sync::Arc<Document>> {
        match &self.subject {
            Subject::Film(checked) => Some(&checked.film.file.document),
            Subject::Config(project) => project.config_document.as_ref(),
        }
    }
}

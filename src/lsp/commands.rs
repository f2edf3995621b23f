//! Commands: the request of a shot, a rule explained, what a film comes to.

use lsp_types::{ExecuteCommandParams, LspAny, Uri};
use serde_json::{Value, json};

use super::card;
use super::cursor::Cursor;
use super::dispatch::Failure;
use super::hover::{clip_at, rule};
use super::session::Session;
use crate::api::{Pictures, request};
use crate::check::CheckedFilm;
use crate::clip::Clip;
use crate::diagnostic::{Code, Totals};
use crate::text::shown;

type Work = fn(&mut Session, &[Value]) -> Result<Value, Failure>;

/// The commands by name. Each answers `{ title, language, text }`, which a client shows as it likes, or numbers.
pub const COMMANDS: &[(&str, Work)] =
    &[("clapboard.explain", explain), ("clapboard.request", show_request), ("clapboard.totals", show_totals)];

/// Does what a command says.
///
/// # Errors
/// There is no such command, or it cannot be done.
pub fn execute(session: &mut Session, params: ExecuteCommandParams) -> Result<Option<LspAny>, Failure> {
    let known = COMMANDS.iter().find(|(name, _)| *name == params.command);
    let (_, work) = known.ok_or_else(|| Failure::refused(format!("there is no command `{}`", params.command)))?;
    let answer = work(session, &params.arguments.unwrap_or_default())?;
    if let Some(text) = answer.get("text").and_then(Value::as_str)
        && !session.client.shows_answers
    {
        session.say(text.to_owned());
    }
    Ok(Some(answer))
}

/// `[code]`: the rule's document.
fn explain(_: &mut Session, arguments: &[Value]) -> Result<Value, Failure> {
    let code = arguments.first().and_then(Value::as_str).and_then(Code::parse);
    let code = code.ok_or_else(|| Failure::refused("`clapboard.explain` needs the name of a rule"))?;
    Ok(json!({ "title": code.as_str(), "language": "markdown", "text": rule(code) }))
}

/// `[uri, shot]`, or `[uri, position]` with a place in the shot: its request, pictures as a short description.
fn show_request(session: &mut Session, arguments: &[Value]) -> Result<Value, Failure> {
    let analysis = film_of(session, arguments)?;
    let checked = analysis.film().ok_or_else(no_film)?;
    let clip = match arguments.get(1) {
        Some(Value::String(id)) => clip_of(checked, id),
        Some(place) => {
            let position =
                serde_json::from_value(place.clone()).map_err(|error| Failure::refused(error.to_string()))?;
            let document = &checked.film.file.document;
            let offset = session.positions(&document.source).offset(position);
            Cursor::at(document, offset).and_then(|cursor| clip_at(checked, &cursor))
        }
        None => None,
    };
    let clip = clip.ok_or_else(|| Failure::refused("there is no shot there"))?;
    let refused = |why: String| Failure::refused(format!("{} has no request: {why}", clip.shot.title()));
    let request = request(&clip, &checked.project.library).map_err(|why| refused(why.to_string()))?;
    let mut body = Vec::new();
    request.body.write_pretty(&mut body, Pictures::Summary, 0).map_err(|why| refused(why.to_string()))?;
    let body: Vec<String> =
        String::from_utf8_lossy(&body).lines().map(|line| shown::json_fragment(line).into_owned()).collect();
    let price = card::price(&clip, checked.project.config.usd_per_unit);
    let text = format!("// POST {}\n// {price}\n{}\n", request.path, body.join("\n"));
    Ok(json!({ "title": clip.shot.name(), "language": "jsonc", "text": text }))
}

fn clip_of<'f>(checked: &'f CheckedFilm, id: &str) -> Option<Clip<'f>> {
    let shot = checked.film.shots.iter().find(|shot| shot.name() == id)?;
    Some(Clip::new(&checked.film, shot, checked.facts, checked.target))
}

/// `[uri]`: what a film comes to.
fn show_totals(session: &mut Session, arguments: &[Value]) -> Result<Value, Failure> {
    let analysis = film_of(session, arguments)?;
    let checked = analysis.film().ok_or_else(no_film)?;
    let Totals { films, shots, seconds, units, usd, unpriced, skipped } = checked.verdict.totals;
    Ok(json!({
        "films": films, "shots": shots, "seconds": seconds, "units": units, "usd": usd, "unpriced": unpriced, "skipped": skipped,
        "line": card::sum(checked),
    }))
}

fn film_of(session: &mut Session, arguments: &[Value]) -> Result<std::rc::Rc<super::analysis::Analysis>, Failure> {
    let uri: Option<Uri> = arguments.first().and_then(|uri| serde_json::from_value(uri.clone()).ok());
    uri.and_then(|uri| session.analysis(&uri)).ok_or_else(no_film)
}

fn no_film() -> Failure {
    Failure::refused("no storyboard is open at that address")
}

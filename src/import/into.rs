//! A cut into the storyboard that it was made of: which `use` of which shot is rewritten, and what else the cut says.

use std::collections::{HashMap, HashSet};

use super::cut::{Cut, Used, number, seconds_of};
use crate::clip::{Clip, DEFAULT_SECONDS};
use crate::kling::{Facts, Target};
use crate::language::frames;
use crate::language::{Excerpt, Field, Film, Shot};
use crate::syntax::Kind;
use crate::text::Format;

/// The changes of a cut in a storyboard.
#[derive(Debug, Default)]
pub struct Plan {
    /// The shots whose `use` becomes another.
    pub changes: Vec<Change>,
    /// Shots of the cut that the film does not have, with their lines in the cut.
    pub unknown: Vec<(usize, String)>,
    /// Shots of the film that the cut does not use.
    pub unused: Vec<String>,
    /// Shots that are used in several pieces; `use` then is all from the first to the last.
    pub in_pieces: Vec<String>,
    /// Whether the cut has the shots in another order than the film.
    pub is_reordered: bool,
    /// The take of each shot that the cut uses, where it is known.
    pub takes: Vec<(String, usize)>,
    /// The storyboard with its changes.
    pub text: String,
}

/// Another `use` of a shot.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The shot's id.
    pub shot: String,
    /// The current text, exactly as in the file.
    pub before: Option<String>,
    /// The new text.
    pub after: String,
}

/// The changes of `cut` in `film`, which is called `name` in the ledger.
///
/// # Errors
/// The storyboard is written in a way that it cannot be changed in: says which shot needs which `use`.
pub fn plan(cut: &Cut, film: &Film, name: &str) -> Result<Plan, String> {
    let mut plan = Plan::default();
    let shots: HashMap<String, usize> =
        film.shots.iter().enumerate().rev().map(|(at, shot)| (shot.name(), at)).collect();
    let mut pieces: Vec<Vec<&Used>> = vec![Vec::new(); film.shots.len()];
    let mut last = 0;
    for used in cut.used.iter().filter(|used| used.film.as_deref().is_none_or(|film| film == name)) {
        match shots.get(&used.shot) {
            Some(&at) => {
                plan.is_reordered |= at < last;
                last = at;
                pieces[at].push(used);
            }
            None => plan.unknown.push((used.line, used.shot.clone())),
        }
    }
    let mut edits = Vec::new();
    for (shot, pieces) in film.shots.iter().zip(&pieces) {
        let id = shot.name();
        let Some(first) = pieces.first() else {
            plan.unused.push(id);
            continue;
        };
        if pieces.len() > 1 {
            plan.in_pieces.push(id.clone());
        }
        plan.takes.extend(pieces.iter().find_map(|used| used.take).map(|take| (id.clone(), take)));
        let all = pieces.iter().fold((**first).clone(), |all, used| Used {
            from: all.from.min(used.from),
            to: all.to.max(used.to),
            ..all
        });
        if let Some(after) = changed(film, shot, &all) {
            let before = shot.r#use.at().map(|at| at.written().to_owned());
            edits.push(edit(shot, &after).ok_or_else(|| by_hand(&id, &after))?);
            plan.changes.push(Change { shot: id, before, after });
        }
    }
    let source = &film.file.document.source;
    plan.text = applied(&source.text, edits)
        .ok_or_else(|| plan.changes.first().map_or_else(String::new, |change| by_hand(&change.shot, &change.after)))?;
    Ok(plan)
}

fn by_hand(shot: &str, after: &str) -> String {
    format!("shot `{shot}` is written in a way that it cannot be changed in: give it `use: {after}` by hand")
}

/// The new `use`; `None` if it already agrees with the cut.
fn changed(film: &Film, shot: &Shot, used: &Used) -> Option<String> {
    let seconds = seconds(film, shot);
    let whole = used.rate.frame(seconds as f64).max(1);
    let piece = (used.from.min(whole - 1), used.to.min(whole));
    let now = match &shot.r#use {
        Field::Valid(excerpt) => Some(excerpt.value),
        _ => None,
    };
    if frames::used(now, used.rate, whole) == piece && !matches!(shot.r#use, Field::Invalid(_)) {
        return None;
    }
    let [from, to] = seconds_of(&Used { from: piece.0, to: piece.1, ..used.clone() });
    // The last frame ends with the clip, however its moment is rounded.
    let to = if piece.1 == whole { seconds as f64 } else { to };
    Some(match from == 0.0 {
        true => number(to).to_string(),
        false => format!("[{}, {}]", number(from), number(to)),
    })
}

/// A clip's length, as the export has it.
fn seconds(film: &Film, shot: &Shot) -> i64 {
    let clip = Clip::new(film, shot, Facts::kling(), Target::Gateway);
    clip.seconds.value().unwrap_or(DEFAULT_SECONDS).max(0)
}

/// A range of bytes and what comes in its place.
type Edit = (std::ops::Range<usize>, String);

/// How `use` is written into a shot: over the one that is there, or behind the shot's `id`.
fn edit(shot: &Shot, after: &str) -> Option<Edit> {
    let document = &shot.at.document;
    let (tree, source) = (&document.tree, &document.source);
    if let Some(at) = shot.r#use.at() {
        let span = tree.node(at.node).span;
        // The end of a list over several lines cannot be told from what follows it.
        let is_plain = !matches!(tree.node(at.node).kind, Kind::Sequence(_)) || at.written().ends_with(']');
        return is_plain.then(|| (span.range(), after.to_owned()));
    }
    let id = tree.get(shot.at.node, "id")?;
    let (key, end) = (tree.node(id).key?, tree.node(id).span.end());
    let field = if source.format == Format::Yaml { format!("use: {after}") } else { format!("use = {after}") };
    if source.slice(tree.node(shot.at.node).span).starts_with('{') {
        return Some((end..end, format!(", {field}")));
    }
    let text = &source.text;
    let begin = text[..key.start()].rfind(['\n', '\r']).map_or(source.mark_len(), |at| at + 1);
    let indent: String = text[begin..key.start()].chars().map(|c| if c == '\t' { '\t' } else { ' ' }).collect();
    let line_end = text[end..].find(['\n', '\r']).map_or(text.len(), |at| end + at);
    let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
    Some((line_end..line_end, format!("{newline}{indent}{field}")))
}

/// The text with these edits; `None` where two of them are in one place.
fn applied(text: &str, mut edits: Vec<Edit>) -> Option<String> {
    edits.sort_by_key(|(range, _)| (range.start, range.end));
    let mut out = String::with_capacity(text.len());
    let (mut copied, mut starts) = (0, HashSet::new());
    for (range, new) in edits {
        if range.start < copied || !starts.insert(range.start) {
            return None;
        }
        out.push_str(text.get(copied..range.start)?);
        out.push_str(&new);
        copied = range.end;
    }
    out.push_str(text.get(copied..)?);
    Some(out)
}

impl Plan {
    /// Whether `after` is `before` with these changes: the same shots in the same order, and each `use` as it is to be.
    pub fn holds(&self, before: &Film, after: &Film) -> bool {
        let changes: HashMap<&str, &str> = self.changes.iter().map(|change| (&*change.shot, &*change.after)).collect();
        let written = |excerpt: &Field<Excerpt>| excerpt.valid().map(|excerpt| excerpt.value);
        before.shots.len() == after.shots.len()
            && before.shots.iter().zip(&after.shots).all(|(before, after)| {
                let (id, is) = (before.name(), written(&after.r#use));
                let wanted = match changes.get(&*id) {
                    None => written(&before.r#use),
                    Some(text) => match serde_json::from_str(text) {
                        Ok(serde_json::Value::Array(pair)) => match &pair[..] {
                            [from, to] => from.as_f64().zip(to.as_f64()).map(|(from, to)| Excerpt { from, to }),
                            _ => None,
                        },
                        Ok(value) => value.as_f64().map(|to| Excerpt { from: 0.0, to }),
                        Err(_) => None,
                    },
                };
                id == after.name() && is == wanted
            })
    }
}

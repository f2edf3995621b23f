//! The cut of an editing program: which shots are in it, of which take, from where to where.

use super::find::Finder;
use super::ids;
use super::node::{Data, Node};
use super::record::{Kind, Record};
use crate::language::frames::Rate;

/// A cut, in its order.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Cut {
    /// The parts that are used, piece by piece.
    pub used: Vec<Used>,
}

/// A piece of a clip.
#[derive(Debug, Clone, PartialEq)]
pub struct Used {
    /// The line on which the cut has it, from 1.
    pub line: usize,
    /// The film's name in the ledger, where the cut says it.
    pub film: Option<String>,
    /// The shot's id, as far as the cut says it.
    pub shot: String,
    /// The take, from 1, where it is known.
    pub take: Option<usize>,
    /// Frames a second.
    pub rate: Rate,
    /// The first frame of the clip that is used.
    pub from: u64,
    /// The frame behind the last one.
    pub to: u64,
}

/// The shot and the take that a clip's file is of: `harbour-010.2.mp4` is take 2 of `harbour-010`.
pub(super) fn of_file(path: &str) -> Option<(String, Option<usize>)> {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    let (stem, _) = name.rsplit_once('.')?;
    let (shot, take) = match stem.rsplit_once('.') {
        Some((shot, number)) if number.bytes().all(|byte| byte.is_ascii_digit()) => (shot, number.parse().ok()?),
        _ => (stem, 1),
    };
    ids::is_id(shot).then(|| (shot.to_owned(), Some(take)))
}

/// The details of a shot besides its place in the cut, for a storyboard of its own.
#[derive(Debug, Default)]
pub(super) struct Known {
    pub scene: Option<String>,
    pub prompt: Option<String>,
    pub notes: Option<String>,
    pub seconds: Option<u64>,
    /// `use` as it was written, where it still says what the cut does.
    pub written: Option<[f64; 2]>,
}

/// Takes a piece in, as part of the cut and as a shot.
pub(super) fn add(finder: &mut Finder, used: Used, known: Known) {
    let mut record = Record::new(&finder.file, used.line, Kind::Row);
    record.name = ids::named(&used.shot);
    record.scene = known.scene;
    let line = used.line;
    let seconds = known.seconds.unwrap_or_else(|| used.rate.seconds(used.to).ceil() as u64).max(1);
    let mut text = |name: &str, value: String| record.add(name, Node::text(line, value));
    if let Some(prompt) = known.prompt {
        text("prompt", prompt);
    }
    text("duration", seconds.to_string());
    if let Some(notes) = known.notes {
        text("notes", notes);
    }
    let whole = used.rate.frame(seconds as f64);
    if (used.from, used.to) != (0, whole) {
        let [from, to] = known.written.unwrap_or_else(|| seconds_of(&used));
        let number = |seconds: f64| Node::new(line, Data::Number(number(seconds)));
        let value = if from == 0.0 { number(to) } else { Node::new(line, Data::List(vec![number(from), number(to)])) };
        record.add("use", value);
    }
    finder.found.cut.get_or_insert_default().used.push(used);
    finder.found.records.push(record);
}

/// A piece's beginning and end, in seconds, as exact as a frame needs it.
pub(super) fn seconds_of(used: &Used) -> [f64; 2] {
    [used.from, used.to].map(|frame| (used.rate.seconds(frame) * 1000.0).round() / 1000.0)
}

/// Seconds as a person writes them: whole where they are.
pub(super) fn number(seconds: f64) -> serde_json::Number {
    match seconds.fract() == 0.0 && seconds >= 0.0 {
        true => (seconds as u64).into(),
        false => serde_json::Number::from_f64(seconds).unwrap_or(0.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clips_file_names_its_shot_and_its_take() {
        let of = |path| of_file(path).map(|(shot, take)| (shot, take.unwrap_or(0)));
        assert_eq!(of("clips/ferry/harbour-010.mp4"), Some(("harbour-010".into(), 1)));
        assert_eq!(of("C:\\film\\harbour-010.12.mp4"), Some(("harbour-010".into(), 12)));
        assert_eq!(of("music.final.wav"), None);
        assert_eq!(of("no ending"), None);
    }
}

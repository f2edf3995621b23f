//! Request bodies, as people have them today, to a storyboard: `compile` turned round. What `compile` makes of the storyboard
//! is what the bodies say; where that cannot be, a [`Remark`] says so.

mod camera;
mod cuts;
mod defaults;
mod pictures;
mod read;
mod shot;
mod voices;
mod write;

use std::collections::HashSet;

use crate::language::storyboard::{ID, NAME_LENGTH, Storyboard};
use crate::text::Format;

pub use pictures::PictureFile;
pub use read::{Body, Fault, bodies};
pub use write::write;

use pictures::Pictures;
use voices::Voices;

/// The folder of the pictures, beside the storyboard.
pub const FRAMES: &str = "frames";

/// What bodies became.
#[derive(Debug)]
pub struct Imported {
    /// The storyboard, ready to be written.
    pub storyboard: Storyboard,
    /// The pictures that the bodies carried, each once.
    pub pictures: Vec<PictureFile>,
    /// Where what is sent will not be what was read.
    pub remarks: Vec<Remark>,
}

/// Something that is not taken over just as it stood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// The file that the body was read from.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The id of the shot that the body became.
    pub shot: String,
    /// The body's field.
    pub field: String,
    /// What became of it, and what to do about it.
    pub message: String,
    /// Whether Kling would make another clip of it.
    pub weight: Weight,
}

/// How much a [`Remark`] matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// What was meant is plain, and stays.
    Note,
    /// A part of the request is not in the storyboard.
    Lost,
}

/// Makes a storyboard of request bodies, in their order. `existing` gives the bytes of a file that is there already, by its
/// path from the storyboard's folder: such a file is taken where it is the same picture, and never written over.
pub fn storyboard(bodies: Vec<Body>, format: Format, existing: &dyn Fn(&str) -> Option<Vec<u8>>) -> Imported {
    let mut ids = Ids::new(&bodies);
    let mut pictures = Pictures::new(existing);
    let mut voices = Voices::default();
    let mut remarks = Vec::new();
    let mut shots = Vec::new();
    for body in bodies {
        let id = ids.take(&body, &mut remarks);
        shots.push(shot::shot(body, id, format, &mut pictures, &mut voices, &mut remarks));
    }
    let defaults = defaults::take_common(&mut shots);
    let storyboard = Storyboard { storyboard: 1, defaults, cast: voices.cast, shots, ..Storyboard::default() };
    Imported { storyboard, pictures: pictures.files, remarks }
}

/// Hands out shot ids, each once.
struct Ids {
    taken: HashSet<String>,
    next: usize,
}

impl Ids {
    /// Ids that bodies bring along are not handed out to others.
    fn new(bodies: &[Body]) -> Self {
        Self { taken: bodies.iter().filter_map(|body| body.name.as_deref()).map(str::to_owned).collect(), next: 10 }
    }

    fn take(&mut self, body: &Body, remarks: &mut Vec<Remark>) -> String {
        let Some(name) = &body.name else {
            loop {
                let id = format!("shot-{:03}", self.next);
                self.next += 10;
                if self.taken.insert(id.clone()) {
                    return id;
                }
            }
        };
        // The first that brings a name along has it.
        if !body.is_namesake && is_id(name) {
            return name.clone();
        }
        let plain = plain_id(name);
        let mut id = plain.clone();
        let mut number = 2;
        while !self.taken.insert(id.clone()) {
            let suffix = format!("-{number}");
            id = format!("{}{suffix}", &plain[..plain.len().min(NAME_LENGTH - suffix.len())]);
            number += 1;
        }
        if !body.is_file_name || body.is_namesake {
            let why = if body.is_namesake { "another shot has this id" } else { "an id has letters, digits, - and _" };
            remarks.push(Remark {
                file: body.file.to_string(),
                line: body.line,
                shot: id.clone(),
                field: "shot".into(),
                message: format!("{why}: the shot is `{id}`"),
                weight: Weight::Note,
            });
        }
        id
    }
}

fn is_id(text: &str) -> bool {
    debug_assert_eq!(ID, "^[A-Za-z0-9][A-Za-z0-9_-]*$");
    text.len() <= NAME_LENGTH
        && text.starts_with(|first: char| first.is_ascii_alphanumeric())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

/// A text made fit to be an id.
fn plain_id(text: &str) -> String {
    let mut id = String::new();
    for character in text.chars() {
        if character.is_ascii_alphanumeric() || character == '_' {
            id.push(character);
        } else if !id.ends_with('-') {
            id.push('-');
        }
    }
    let id: String = id.trim_matches(['-', '_']).chars().take(NAME_LENGTH).collect();
    if id.is_empty() { "shot".into() } else { id }
}

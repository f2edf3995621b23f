//! Turns request bodies in any wrapping, lists of shots, scripts and cuts into a storyboard: `compile` in reverse.
//!
//! Each form has a file of its own, which makes records of it: a shot's fields under the names that they came with. From
//! there on there is one way: `words` says what a name is about, `shot` makes the shot, [`write()`] the text. What `compile`
//! makes of the storyboard is what the bodies say; where that cannot be, a [`Remark`] says so.

mod call;
mod camera;
mod cast;
mod code;
mod comfyui;
mod curl;
mod cut;
mod cuts;
mod defaults;
mod edl;
mod fdx;
mod find;
mod form;
mod fountain;
mod har;
mod http;
mod ids;
mod into;
mod json;
mod lines;
mod markdown;
mod model;
mod n8n;
mod new_api;
mod node;
mod openapi;
mod otio;
mod own_table;
mod pictures;
mod postman;
mod record;
mod script;
mod seconds;
mod shot;
mod syntax;
mod table;
mod words;
mod write;

use std::collections::HashMap;
use std::sync::Arc;

use indexmap::IndexMap;
use serde_json::{Map, Value};

use crate::language::storyboard::{Notes, Scene, Shot, Storyboard};
use crate::text::Format;
use crate::text::shown;

pub use cut::{Cut, Used};
pub use find::{Found, read, read_at};
pub use into::{Change, Plan, plan};
pub use pictures::PictureFile;
pub use write::write;

use cast::Cast;
use ids::Ids;
use own_table::OwnTable;
use pictures::Pictures;
use record::{Kind, Record};
use shot::Studio;

/// The folder of the pictures, next to the storyboard.
pub const FRAMES: &str = "frames";

/// The imported storyboard.
#[derive(Debug)]
pub struct Imported {
    /// The storyboard, ready to be written.
    pub storyboard: Storyboard,
    /// The pictures that the bodies carried, each once.
    pub pictures: Vec<PictureFile>,
    /// Where what is sent will not be what was read, and what became of columns.
    pub remarks: Vec<Remark>,
}

impl Imported {
    /// The shots, whichever scene they are in.
    pub fn shots(&self) -> impl Iterator<Item = &Shot> {
        self.storyboard.shots.iter().chain(self.storyboard.scenes.iter().flat_map(|scene| &scene.shots))
    }
}

/// Why a file cannot be imported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1, in characters.
    pub column: usize,
    /// The message.
    pub message: String,
}

/// Something that is not taken over just as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The shot; `None` for a remark about the whole file.
    pub shot: Option<String>,
    /// How many more shots the same is to be said of.
    pub more: usize,
    /// The field, by the name that the file has for it; empty for a remark about a whole table.
    pub field: String,
    /// The effect on the import, and what to do about it.
    pub message: String,
    /// Whether Kling would make another clip of it.
    pub weight: Weight,
}

/// How much a [`Remark`] matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Weight {
    /// The meaning is clear and is kept.
    Note,
    /// A part of the request is not in the storyboard.
    Lost,
}

/// Makes a storyboard of what was found, in its order. `existing` gives the bytes of a file that is there already, by its path
/// from the storyboard's folder: such a file is taken where it is the same picture, and never written over.
pub fn storyboard(found: Vec<Found>, format: Format, existing: &dyn Fn(&str) -> Option<Vec<u8>>) -> Imported {
    let mut studio = Studio {
        format,
        pictures: Pictures::new(existing),
        cast: Cast::default(),
        styles: IndexMap::new(),
        style_names: HashMap::new(),
        remarks: columns(&found),
    };
    studio.remarks.extend(found.iter().flat_map(|file| &file.empty).map(|(file, line)| Remark {
        file: file.to_string(),
        line: *line,
        shot: None,
        more: 0,
        field: String::new(),
        message: "there is no request and no shot in this item: it is left out".into(),
        weight: Weight::Lost,
    }));
    let mut title = None;
    let mut notes = Map::new();
    let mut records = Vec::new();
    let mut own = Vec::new();
    for mut file in found {
        title = title.or(file.title).or_else(|| file.own.as_mut().and_then(OwnTable::title));
        notes.extend(file.notes.into_iter().map(|(name, node)| (name, node.into_json())));
        file.cast.into_iter().for_each(|actor| studio.cast.add(actor));
        records.extend(file.records);
        own.extend(file.own);
    }
    let (kinds, mut scenes, mut shots) = shots(records, &mut studio);
    mention(&mut shots, &kinds, &studio.cast);
    let used = shots.iter().flat_map(speakers).collect();
    studio.cast.keep(&used);
    own.into_iter().for_each(|table| table.add_to(&mut studio, &mut scenes, &mut shots));
    let defaults = defaults::take_common(&mut shots);
    let notes: Map<String, Value> =
        notes.into_iter().map(|(name, value)| (name, shot::remembered(value, format, 1))).collect();
    let storyboard = Storyboard {
        storyboard: 1,
        title,
        notes: (!notes.is_empty()).then(|| Notes(Value::Object(notes))),
        defaults,
        styles: studio.styles,
        cast: studio.cast.members,
        ..in_scenes(scenes, shots)
    };
    Imported { storyboard, pictures: studio.pictures.files, remarks: gathered(studio.remarks) }
}

/// How the columns of tables were used, one remark per table.
fn columns(found: &[Found]) -> Vec<Remark> {
    let mut remarks: Vec<Remark> = Vec::new();
    for column in found.iter().flat_map(|file| &file.columns) {
        let became = format!("`{}` → `{}`", shown::words(&shot::masked(&column.name)), column.field);
        match remarks.last_mut().filter(|last| *last.file == *column.file && last.line == column.line) {
            Some(last) => last.message = format!("{}, {became}", last.message),
            None => remarks.push(Remark {
                file: column.file.to_string(),
                line: column.line,
                shot: None,
                more: 0,
                field: String::new(),
                message: format!("columns: {became}"),
                weight: Weight::Note,
            }),
        }
    }
    remarks
}

/// A scene's id and heading.
type SceneName = Arc<(String, String)>;

/// The shots of all records, each with its kind and its scene.
fn shots(records: Vec<Record>, studio: &mut Studio<'_>) -> (Vec<Kind>, Vec<Option<SceneName>>, Vec<Shot>) {
    let mut ids = Ids::new(records.iter().filter_map(|record| record.name.as_ref()).map(|name| name.text.as_str()));
    let mut scene_ids = Ids::default();
    let mut scene: Option<SceneName> = None;
    let (mut kinds, mut scenes, mut shots) = (Vec::new(), Vec::new(), Vec::new());
    for record in records {
        if scene.as_ref().map(|scene| &scene.1) != record.scene.as_ref() {
            scene =
                record.scene.as_ref().map(|heading| Arc::new((scene_ids.take(&scene_key(heading)), heading.clone())));
        }
        let id = shot_id(&record, scene.as_ref().map(|scene| &*scene.0), &mut ids, &mut studio.remarks);
        kinds.push(record.kind);
        scenes.push(scene.clone());
        shots.push(shot::shot(record, id, studio));
    }
    (kinds, scenes, shots)
}

/// A record's id: the one that it came with, or one like it, or the next of a series.
fn shot_id(record: &Record, scene: Option<&str>, ids: &mut Ids, remarks: &mut Vec<Remark>) -> String {
    let Some(name) = &record.name else { return ids.next(scene.unwrap_or("shot")) };
    let is_number = name.text.len() < 8 && name.text.starts_with(|first: char| first.is_ascii_digit());
    if record.kind == Kind::Row && is_number {
        return ids.take(&format!("{}-{}", scene.unwrap_or("shot"), name.text));
    }
    let id = ids.take(&name.text);
    let is_meant = !name.is_file_name || ids::is_id(&name.text);
    if id != name.text && is_meant && record.kind != Kind::Row {
        let name = shown::words(&shot::masked(&name.text));
        let why = match ids::is_id(&name) {
            true => format!("another shot is called `{name}`"),
            false => format!("`{name}` is not an id: those have letters, digits, `-` and `_`"),
        };
        remarks.push(Remark {
            file: record.file.to_string(),
            line: record.line,
            shot: Some(id.clone()),
            more: 0,
            field: "shot".into(),
            message: format!("{why}. The shot is `{id}`"),
            weight: Weight::Note,
        });
    }
    id
}

/// The source of a scene's id: the place of `EXT. HARBOUR - DAWN`.
fn scene_key(heading: &str) -> String {
    let upper = heading.to_uppercase();
    let is_slug = ["INT", "EXT", "EST", "I/E"].iter().any(|word| upper.starts_with(word));
    let mut key = heading.to_lowercase();
    if is_slug {
        let place = heading.split_once(['.', ' ']).map_or(heading, |(_, place)| place);
        let place = place.trim_start_matches(|c: char| !c.is_alphanumeric());
        let place = place.strip_prefix("EXT").filter(|_| upper.starts_with("INT")).unwrap_or(place);
        let place = place.rsplit_once(" - ").map_or(place, |(place, _)| place);
        key = place.to_lowercase();
    }
    let words: Vec<&str> =
        key.split(|c: char| !c.is_alphanumeric() && c != '\'').filter(|word| !word.is_empty()).collect();
    let key = words.join("-");
    match key.bytes().all(|byte| byte.is_ascii_digit()) || !key.is_ascii() {
        true => format!("scene-{key}"),
        false => key,
    }
}

/// Puts `$name` for the names of the cast into what lists and scripts say.
fn mention(shots: &mut [Shot], kinds: &[Kind], cast: &Cast) {
    for (shot, _) in shots.iter_mut().zip(kinds).filter(|(_, kind)| **kind == Kind::Row) {
        if let Some(prompt) = &mut shot.prompt {
            *prompt = cast.mentioned(prompt);
        }
    }
}

/// The cast members that a shot uses.
fn speakers(shot: &Shot) -> Vec<String> {
    let mut used: Vec<String> = shot.lines.iter().flat_map(|line| line.0.keys().cloned()).collect();
    used.extend(shot.voices.iter().cloned());
    let texts = shot.prompt.iter().chain(shot.cuts.iter().map(|cut| &cut.prompt));
    used.extend(
        texts.flat_map(|text| {
            crate::language::names::mentions(text).map(|(_, name)| name.to_owned()).collect::<Vec<_>>()
        }),
    );
    used
}

/// The shots in their scenes, or alone where there are none.
fn in_scenes(names: Vec<Option<SceneName>>, shots: Vec<Shot>) -> Storyboard {
    if names.iter().all(Option::is_none) {
        return Storyboard { shots, ..Storyboard::default() };
    }
    let mut scenes: Vec<Scene> = Vec::new();
    for (name, shot) in names.into_iter().zip(shots) {
        let (id, heading) = match &name {
            Some(name) => (name.0.clone(), Some(name.1.clone())),
            None => ("shots".to_owned(), None),
        };
        match scenes.last_mut().filter(|scene| scene.id == id) {
            Some(scene) => scene.shots.push(shot),
            None => scenes.push(Scene {
                heading: heading.filter(|heading| *heading != id),
                id,
                shots: vec![shot],
                ..Scene::default()
            }),
        }
    }
    Storyboard { scenes, ..Storyboard::default() }
}

/// Remarks that are the same but for their shot, as one.
fn gathered(remarks: Vec<Remark>) -> Vec<Remark> {
    let mut gathered: Vec<Remark> = Vec::new();
    let mut places: HashMap<(String, String, String, Weight), usize> = HashMap::new();
    for remark in remarks {
        let key = (remark.file.clone(), remark.field.clone(), remark.message.clone(), remark.weight);
        match places.get(&key) {
            Some(place) if remark.shot.is_some() => gathered[*place].more += 1,
            Some(place) if gathered[*place].line == remark.line || !remark.field.is_empty() => {}
            _ => {
                places.insert(key, gathered.len());
                gathered.push(remark);
            }
        }
    }
    gathered
}

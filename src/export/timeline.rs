//! A film as it is edited: its shots one behind the other, what is shown for each, and what is known of it.

use std::collections::HashMap;

use camino::{Utf8Path, Utf8PathBuf};
use serde_json::{Map, Value, json};

use super::settled;
use crate::check::CheckedFilm;
use crate::clip::{Clip as Settled, SentText, clips};
use crate::files::Kind;
use crate::language::Field;
use crate::language::frames::{self, Rate};
use crate::language::storyboard;
use crate::ledger::{Attempt, Clip, Standing, State};
use crate::select::Books;
use crate::text::shown;

/// The way in which a film is exported.
#[derive(Debug, Clone, Copy)]
pub struct Options<'o> {
    /// The frames of the timeline.
    pub rate: Rate,
    /// Whether a shot without a clip shows its first frame.
    pub stills: bool,
    /// The folder that paths are relative to: absolute, links resolved.
    pub folder: &'o Utf8Path,
    /// US dollars for a unit.
    pub usd_per_unit: f64,
}

/// A film on a timeline.
#[derive(Debug)]
pub struct Timeline {
    /// The film's title, or its file's name.
    pub title: String,
    /// The film's name in the ledger.
    pub film: String,
    /// How many frames a second has.
    pub rate: Rate,
    /// The scenes, in order.
    pub scenes: Vec<Scene>,
    /// The shots, in order, without gaps between them.
    pub shots: Vec<Shot>,
    /// The film with nothing inherited, for a table of it.
    pub written: storyboard::Storyboard,
    /// Width and height of the first picture that could be measured.
    pub pixels: Option<(usize, usize)>,
}

/// A scene on the timeline.
#[derive(Debug, Clone)]
pub struct Scene {
    /// Its heading, or its id.
    pub name: String,
    /// The place of its first shot among the film's shots.
    pub first: usize,
}

/// A shot on the timeline. Lengths are in frames.
#[derive(Debug, Clone)]
pub struct Shot {
    /// Its id.
    pub id: String,
    /// Its picture.
    pub picture: Picture,
    /// Where it begins on the timeline.
    pub start: u64,
    /// Where in the clip the used part begins.
    pub from: u64,
    /// How long the used part is: at least 1.
    pub length: u64,
    /// How long the clip is.
    pub whole: u64,
    /// Whether the clip has sound.
    pub has_sound: bool,
    /// Its spoken lines, in order.
    pub lines: Vec<Line>,
    /// The writer's remarks.
    pub notes: Option<String>,
    /// All that is known of it, for people and programs behind the edit.
    pub facts: Map<String, Value>,
}

/// The picture of a shot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Picture {
    /// A bought take; the path is relative, `/`-separated. `is_here` is false where the ledger has it and the disk does not.
    Take {
        /// Where it is.
        path: String,
        /// Whether the file is on this disk.
        is_here: bool,
    },
    /// The first frame, as a still: a path or an address.
    Still(String),
    /// Nothing.
    Missing,
}

impl Picture {
    /// The word for it in tables and metadata.
    pub fn word(&self) -> &'static str {
        match self {
            Picture::Take { .. } => "take",
            Picture::Still(_) => "still",
            Picture::Missing => "missing",
        }
    }

    /// Where the file is.
    pub fn path(&self) -> Option<&str> {
        match self {
            Picture::Take { path, .. } | Picture::Still(path) => Some(path),
            Picture::Missing => None,
        }
    }
}

/// A spoken line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The speaker's name, as the prompt says it.
    pub speaker: String,
    /// The words, on one line.
    pub text: String,
}

impl Timeline {
    /// How long it is, in frames.
    pub fn length(&self) -> u64 {
        self.shots.last().map_or(0, |shot| shot.start + shot.length)
    }

    /// The film `take` on a timeline, with what `books` say was bought of it.
    pub fn new(take: &CheckedFilm, books: &Books<'_>, options: Options<'_>) -> Timeline {
        let film = take.name();
        let clips = clips(&take.film, take.facts, take.target);
        let mut maker = Maker { take, books, options, film: &film, pixels: None, names: HashMap::new() };
        let mut shots = Vec::with_capacity(clips.len());
        let mut scenes: Vec<Scene> = Vec::new();
        let (mut at, mut scene) = (0, None);
        for (index, clip) in clips.iter().enumerate() {
            if clip.shot.scene != scene {
                scene = clip.shot.scene;
                let name = maker.scene(clip).map(|(id, heading)| heading.unwrap_or(id));
                scenes.extend(name.map(|name| Scene { name: shown::line(&name), first: index }));
            }
            let shot = maker.shot(clip, at);
            at += shot.length;
            shots.push(shot);
        }
        let written = settled::storyboard(take, &clips, |path| maker.picture_path(path.0, path.1));
        let title = written.title.as_deref().map_or_else(|| film.clone(), shown::line);
        let pixels = maker.pixels;
        Timeline { title, rate: options.rate, scenes, shots, written, pixels, film }
    }
}

struct Maker<'m> {
    take: &'m CheckedFilm,
    books: &'m Books<'m>,
    options: Options<'m>,
    film: &'m str,
    pixels: Option<(usize, usize)>,
    /// Pictures that were looked up, by folder and name.
    names: HashMap<(Utf8PathBuf, String), String>,
}

/// A take of a shot that counts for the edit.
struct Bought<'b> {
    attempt: &'b Attempt,
    number: usize,
    of: usize,
    path: &'b str,
}

impl<'m> Maker<'m> {
    fn scene(&self, clip: &Settled<'_>) -> Option<(String, Option<String>)> {
        let scene = self.take.film.scenes.get(clip.shot.scene?)?;
        let text = |field: &Field<crate::language::Text>| field.valid().map(|text| text.value.value.to_string());
        Some((text(&scene.id).unwrap_or_default(), text(&scene.heading)))
    }

    fn shot(&mut self, clip: &Settled<'_>, start: u64) -> Shot {
        let rate = self.options.rate;
        let id = clip.shot.name();
        let seconds = clip.seconds.value().unwrap_or(crate::clip::DEFAULT_SECONDS).max(0) as f64;
        let whole = rate.frame(seconds).max(1);
        let used = clip.shot.r#use.valid().map(|used| used.value);
        let (from, to) = frames::used(used, rate, whole);
        let bought = self.bought(&id);
        let picture = self.picture(clip, bought.as_ref());
        let facts = self.facts(clip, &id, bought.as_ref(), &picture);
        let said = clip.shot.spoken().iter().filter_map(|line| self.line(clip, line));
        Shot {
            picture,
            start,
            from,
            length: to - from,
            whole,
            has_sound: clip.sound.value().unwrap_or(false),
            lines: said.collect(),
            notes: notes(clip),
            facts,
            id,
        }
    }

    fn line(&self, clip: &Settled<'_>, line: &crate::language::Line) -> Option<Line> {
        let name = self.take.film.cast().get(&line.speaker.value).map_or(&*line.speaker.value, |member| &member.name);
        let text = SentText::new(line.text.as_ref()?, clip.film).build().ok()?;
        let text = one_line(&text);
        (!text.is_empty()).then(|| Line { speaker: one_line(name), text })
    }

    /// The take that counts: the one that was chosen, else the newest that is done.
    fn bought(&self, id: &str) -> Option<Bought<'m>> {
        let ledger: &'m State = self.books.ledger;
        let takes = ledger.takes(self.film, id);
        let chosen = ledger.chosen_take(self.film, id).map(|number| number - 1);
        let is_done = |index: &usize| takes.get(*index).is_some_and(|take| take.standing() == Standing::Done);
        let index = chosen.filter(is_done).or_else(|| (0..takes.len()).rev().find(is_done))?;
        let attempt = takes[index];
        Some(Bought { attempt, number: index + 1, of: takes.len(), path: self.books.path_of(attempt)? })
    }

    fn picture(&mut self, clip: &Settled<'_>, bought: Option<&Bought<'_>>) -> Picture {
        let first_frame = clip.first_frame.value().map(|text| (text.at.document.source.folder(), &*text.value));
        let name = first_frame.map(|(folder, path)| self.picture_path(folder, path));
        let still = name.filter(|name| self.options.stills && !name.is_empty());
        let take = bought.map(|bought| {
            let path = self.take.project.root.join(bought.path);
            let is_here = self.take.project.library.files().kind(&path).is_ok_and(Kind::is_file);
            Picture::Take { path: relative(self.options.folder, &path), is_here }
        });
        match (take, still) {
            (Some(take @ Picture::Take { is_here: true, .. }), _) | (Some(take), None) => take,
            (_, Some(still)) => Picture::Still(still),
            (None, None) => Picture::Missing,
        }
    }

    /// A picture's path from the folder of the export; an address as it is; one that cannot be found as it is written.
    fn picture_path(&mut self, folder: &Utf8Path, path: &str) -> String {
        use crate::assets::Reference;
        let Reference::Path(_) = Reference::of(path) else { return path.to_owned() };
        let key = (folder.to_owned(), path.to_owned());
        if let Some(known) = self.names.get(&key) {
            return known.clone();
        }
        let found = self.take.project.library.picture(folder, path);
        let name = match found {
            Ok(picture) => {
                self.pixels = self.pixels.or(picture.pixels);
                relative(self.options.folder, &picture.path)
            }
            Err(_) => path.to_owned(),
        };
        self.names.insert(key, name.clone());
        name
    }

    fn facts(
        &self,
        clip: &Settled<'_>,
        id: &str,
        bought: Option<&Bought<'_>>,
        picture: &Picture,
    ) -> Map<String, Value> {
        let mut facts = Map::new();
        let mut add = |name: &str, value: Value| {
            if !value.is_null() {
                facts.insert(name.into(), value);
            }
        };
        let scene = self.scene(clip);
        add("film", shown::line(self.film).into());
        add("shot", shown::line(id).into());
        add("scene", scene.as_ref().map(|(id, _)| shown::line(id)).into());
        add("heading", scene.and_then(|(_, heading)| heading).map(|heading| shown::line(&heading)).into());
        add("shown", picture.word().into());
        let prompts: Vec<String> = clip.prompts.iter().filter_map(|prompt| prompt.text().ok()).collect();
        add("prompt", Some(shown::lines(&prompts.join("\n"))).filter(|text| !text.is_empty()).into());
        add("model", clip.model.value().map(|model| model.as_str()).into());
        add("mode", clip.mode.value().map(|mode| mode.as_str()).into());
        add("seconds", clip.seconds.value().into());
        add("use", used(clip));
        if let Some(Bought { attempt, number, of, path }) = bought {
            let task = attempt.tasks.iter().find(|(_, task)| task.standing() == Standing::Done);
            let units = attempt.charged().or(attempt.intent.as_ref().and_then(|intent| intent.units));
            add("take", (*number).into());
            add("takes", (*of).into());
            add("file", shown::line(path).into());
            add("task_id", task.map(|(id, _)| shown::line(id)).into());
            add("units", units.map(|units| (units * 1e4).round() / 1e4).into());
            add("usd", units.map(|units| (units * self.options.usd_per_unit * 1e4).round() / 1e4).into());
            add("is_of_this_text", self.is_of_this_text(clip, id, attempt).into());
        }
        facts
    }

    /// Whether a take was bought for the shot as it is written now; `None` where that cannot be worked out.
    fn is_of_this_text(&self, clip: &Settled<'_>, id: &str, attempt: &Attempt) -> Option<bool> {
        let identity = clip.identity(&self.take.project.library).ok()?.sha256;
        Some(attempt.counts_for(&Clip { film: self.film.to_owned(), shot: id.to_owned(), identity }))
    }
}

/// `use` as it is written, always as two numbers: nothing where the whole clip is used.
fn used(clip: &Settled<'_>) -> Value {
    clip.shot.r#use.valid().map_or(Value::Null, |used| json!([used.value.from, used.value.to]))
}

fn notes(clip: &Settled<'_>) -> Option<String> {
    let tree = &clip.shot.at.document.tree;
    let node = tree.get(clip.shot.at.node, "notes")?;
    let notes = match (crate::language::At { document: clip.shot.at.document.clone(), node }).json() {
        Value::String(text) => text,
        other => other.to_string(),
    };
    Some(shown::lines(notes.trim())).filter(|notes| !notes.is_empty())
}

/// A text on one line, without anything that a reader of subtitles or cut lists would obey.
fn one_line(text: &str) -> String {
    shown::line(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The way from one folder to a file, both absolute, with `/` between its parts.
pub fn relative(folder: &Utf8Path, file: &Utf8Path) -> String {
    let (from, to): (Vec<_>, Vec<_>) = (folder.components().collect(), file.components().collect());
    let shared = from.iter().zip(&to).take_while(|(one, other)| one == other).count();
    // On Windows nothing leads from one drive to another.
    if shared == 0 {
        return file.as_str().replace('\\', "/");
    }
    let up = std::iter::repeat_n("..", from.len() - shared);
    up.chain(to[shared..].iter().map(|part| part.as_str())).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_from_a_folder_to_a_file() {
        for (folder, file, way) in [
            ("/p", "/p/clips/a.mp4", "clips/a.mp4"),
            ("/p/cut", "/p/clips/a.mp4", "../clips/a.mp4"),
            ("/q/r", "/p/a.mp4", "../../p/a.mp4"),
            ("/", "/p/a.mp4", "p/a.mp4"),
        ] {
            assert_eq!(relative(folder.into(), file.into()), way);
        }
    }
}

//! One record to one shot.

use std::borrow::Cow;
use std::collections::HashMap;

use indexmap::IndexMap;
use serde_json::{Map, Value, json};

use super::cast::Cast;
use super::node::{Data, Node};
use super::pictures::Pictures;
use super::record::{Kind, Record};
use super::seconds::{length, seconds};
use super::words::{self, Place};
use super::{Remark, Weight, camera, cuts, lines, model};
use crate::api::legacy::BODY_FIELDS;
use crate::kling::{Facts, Feature, Model, Support};
use crate::language::names::{Dollar, dollars};
use crate::language::storyboard::{Brush, Camera, Cuts, Excerpt, Line, Notes, Origin, Seconds, Shot, Sound, Spoken};
use crate::text::Format;
use crate::text::near::nearest;
use crate::text::secret;
use crate::text::shown;

/// The result of reading a field: a note if the meaning is clear enough, or why the value cannot be used.
type Read = Result<Option<&'static str>, String>;

/// The state that the shots of an import share.
pub(super) struct Studio<'e> {
    pub format: Format,
    pub pictures: Pictures<'e>,
    pub cast: Cast,
    pub styles: IndexMap<String, String>,
    /// The name of each style's text.
    pub style_names: HashMap<String, String>,
    pub remarks: Vec<Remark>,
}

/// A field under the name that it came with.
#[derive(Debug, Clone)]
struct Field {
    name: String,
    node: Node,
}

/// Makes a shot of a record.
pub(super) fn shot(record: Record, id: String, studio: &mut Studio<'_>) -> Shot {
    let shot = Shot { id, ..Shot::default() };
    let mut reader = Reader {
        file: record.file.to_string(),
        line: record.line,
        kind: record.kind,
        slots: IndexMap::new(),
        rest: Vec::new(),
        shot,
        kept: Map::new(),
        studio,
    };
    for (field, line, message, weight) in record.remarks {
        reader.remark(&field, line, message, weight);
        // A key is the whole file's, not a shot's.
        if let Some(remark) = reader.studio.remarks.last_mut().filter(|_| words::is_secret(&field)) {
            remark.shot = None;
        }
    }
    reader.sort(record.fields);
    reader.model();
    reader.mode();
    reader.frames();
    reader.cuts();
    reader.prompt();
    reader.texts();
    reader.sound();
    reader.numbers();
    reader.brush();
    reader.camera();
    reader.rest();
    reader.finish()
}

struct Reader<'r, 'e> {
    file: String,
    line: usize,
    kind: Kind,
    /// The fields by what they are about.
    slots: IndexMap<Place, Vec<Field>>,
    /// Fields that no word is known for.
    rest: Vec<Field>,
    shot: Shot,
    /// Values that are not sent, for the writer to see.
    kept: Map<String, Value>,
    studio: &'r mut Studio<'e>,
}

impl Reader<'_, '_> {
    /// Lays the fields out by what they are about. Keys stay behind, and what says nothing.
    fn sort(&mut self, fields: Vec<(String, Node)>) {
        let mut blank = Vec::new();
        for (name, node) in fields {
            let field = Field { name, node };
            if words::is_secret(&field.name) || has_secret(&field.node) {
                let message = LEFT_OUT;
                self.remark(&field.name, field.node.line, message, Weight::Note);
                continue;
            }
            let place = words::place(&field.name);
            // What Kling makes of an empty field that nobody knows is not known.
            if field.node.is_blank() && (place.is_some() || self.kind != Kind::Request) {
                blank.push(field);
                continue;
            }
            match place {
                Some(place) if !self.is_mere_note(place) => self.slots.entry(place).or_default().push(field),
                Some(Place::Notes) | Some(_) if self.kind == Kind::Row => self.note(field),
                Some(_) => self.keep_aside(field, "Kling has no such field"),
                None => self.rest.push(field),
            }
        }
        if let (Some(first), false) = (blank.first(), self.kind == Kind::Row) {
            let names: Vec<_> = blank.iter().map(|field| format!("`{}`", shown::words(&field.name))).collect();
            if blank.iter().any(|field| !matches!(field.node.data, Data::Null)) {
                let message = format!("empty, and left out{}", and_others(&names));
                self.remark(&first.name.clone(), first.node.line, message, Weight::Note);
            }
        }
    }

    /// Whether what is known of a place is of no use in such a record.
    fn is_mere_note(&self, place: Place) -> bool {
        let is_ours = matches!(
            place,
            Place::Style
                | Place::Lines
                | Place::Speaker
                | Place::Manner
                | Place::Skip
                | Place::Use
                | Place::Scene
                | Place::Id
        );
        place == Place::Notes || (self.kind == Kind::Request && (is_ours || place == Place::Camera))
    }

    /// Takes the field for a place. Kling's own name counts before others; of the others what says something else is kept.
    fn pick(&mut self, place: Place) -> Option<Field> {
        let mut fields = self.slots.shift_remove(&place)?;
        let own = fields.iter().position(|field| words::own(&field.name) == Some(place)).unwrap_or(0);
        let field = fields.remove(own);
        if words::own(&field.name).is_none() && self.kind != Kind::Row {
            let message = format!("read as `{}`", place.field());
            self.remark(&field.name, field.node.line, message, Weight::Note);
        }
        for other in fields {
            if other.node.data != field.node.data {
                let message =
                    format!("`{}` says it already; this one is in the shot's `notes` and is not sent", field.name);
                self.remark(&other.name, other.node.line, message, Weight::Note);
                self.kept.insert(other.name, other.node.into_json());
            }
        }
        Some(field)
    }

    /// Reads the field for a place, if it is there.
    fn take(&mut self, place: Place, read: impl FnOnce(&mut Self, &Node) -> Read) {
        let Some(field) = self.pick(place) else { return };
        match read(self, &field.node) {
            Ok(None) => {}
            Ok(Some(note)) => self.remark(&field.name, field.node.line, note, Weight::Note),
            Err(why) => self.lose(field, &why),
        }
    }

    /// A field that cannot be taken over.
    fn lose(&mut self, field: Field, why: &str) {
        let message = format!("{why}; it is in the shot's `notes` and is not sent");
        self.remark(&field.name, field.node.line, message, Weight::Lost);
        self.kept.insert(field.name, field.node.into_json());
    }

    /// A field that means nothing to Kling.
    fn keep_aside(&mut self, field: Field, why: &str) {
        let message = format!("{why}: it is in the shot's `notes` and is not sent");
        self.remark(&field.name, field.node.line, message, Weight::Note);
        self.kept.insert(field.name, field.node.into_json());
    }

    /// A remark of a shot list.
    fn note(&mut self, field: Field) {
        self.kept.insert(field.name, field.node.into_json());
    }

    fn remark(&mut self, field: &str, line: usize, message: impl Into<String>, weight: Weight) {
        self.studio.remarks.push(Remark {
            file: self.file.clone(),
            line,
            shot: Some(self.shot.id.clone()),
            field: masked(field),
            message: masked(&message.into()),
            weight,
            more: 0,
        });
    }

    fn model(&mut self) {
        let version = self.slots.shift_remove(&Place::Version).map(|mut fields| fields.remove(0));
        let names_kling = self.slots.get(&Place::Model).is_some_and(|fields| {
            let name = fields[0].node.as_str().unwrap_or_default();
            model::meant(name).is_none() && name.to_ascii_lowercase().starts_with("kling")
        });
        match version {
            // `model: kling`, `version: 2.6`.
            Some(version) if names_kling || !self.slots.contains_key(&Place::Model) => {
                let name = version.node.words().unwrap_or_default();
                match model::meant(&name) {
                    Some(meant) => {
                        self.slots.shift_remove(&Place::Model);
                        self.shot.settings.model = Some(meant.model);
                        let message = format!("{} is read as the model `{}`", shown::words(&name), meant.model);
                        self.remark(&version.name, version.node.line, message, Weight::Note);
                        return;
                    }
                    None => self.rest.push(version),
                }
            }
            Some(version) => self.rest.push(version),
            None => {}
        }
        if !self.slots.contains_key(&Place::Model) {
            let message = match self.kind {
                Kind::Request => "no model is named; Kling takes kling-v1 then. Add `model:`",
                Kind::Foreign => "no model is named. Add `model:`",
                Kind::Row => return,
            };
            self.remark("model_name", self.line, message, Weight::Note);
        }
        self.take(Place::Model, |reader, value| {
            let name = value.as_str().ok_or("a text belongs here")?;
            if let Some(model) = Model::parse(name) {
                reader.shot.settings.model = Some(model);
                return Ok(None);
            }
            let Some(meant) = model::meant(name) else {
                let near = nearest(name, Facts::kling().models().iter().map(|model| model.as_str()));
                let meant = near.map(|near| format!(" (did you mean `{near}`?)")).unwrap_or_default();
                return Err(format!("this endpoint has no model `{}`{meant}", shown::words(name)));
            };
            reader.shot.settings.model = Some(meant.model);
            reader.shot.settings.mode = meant.mode;
            let message = format!("`{}` is read as `{}`", shown::words(name), meant.model);
            reader.remark("model", value.line, message, Weight::Note);
            Ok(None)
        });
    }

    fn mode(&mut self) {
        self.take(Place::Mode, |reader, value| {
            let word = value.words().ok_or("a text belongs here")?;
            let mode = model::mode(&word);
            reader.shot.settings.mode =
                Some(mode.ok_or_else(|| format!("Kling has no mode `{}`", shown::words(&word)))?);
            Ok(None)
        });
    }

    fn frames(&mut self) {
        self.take(Place::FirstFrame, |reader, value| {
            let mut pictures = pictures_of(value)?.into_iter();
            let first = pictures.next().ok_or("there is no picture in it")?;
            let (reference, note) = reader.picture(first, "")?;
            reader.shot.settings.first_frame = Some(reference);
            let Some(last) = pictures.next() else { return Ok(note) };
            let (reference, _) = reader.picture(last, "-last")?;
            reader.shot.last_frame = Some(reference);
            match pictures.next() {
                None => Ok(Some("of the two pictures the first is the first frame, the second the last")),
                Some(_) => Err("a clip has a first and a last frame, and no more pictures".into()),
            }
        });
        if self.shot.last_frame.is_some() && self.slots.contains_key(&Place::LastFrame) {
            self.shot.last_frame = None;
        }
        self.take(Place::LastFrame, |reader, value| {
            let pictures = pictures_of(value)?;
            let [picture] = pictures[..] else { return Err("a clip has one last frame".into()) };
            let (reference, note) = reader.picture(picture, "-last")?;
            reader.shot.last_frame = Some(reference);
            Ok(note)
        });
    }

    /// A frame or mask, its file named after the shot with `ending`.
    fn picture(&mut self, text: &str, ending: &str) -> Result<(String, Option<&'static str>), String> {
        let is_named = text.starts_with('<') && text.ends_with('>') && !text.contains("sha256:");
        if is_named || is_placeholder(text) {
            return Err(PLACEHOLDER.into());
        }
        let name = format!("{}{ending}", self.shot.id);
        // A list names files, as its writer's machine does; that this is a path needs no remark there.
        let path =
            if self.kind == Kind::Row { Cow::Owned(text.trim().replace('\\', "/")) } else { Cow::Borrowed(text) };
        let named = self.studio.pictures.reference(&path, &name)?;
        Ok((named.reference, named.note.filter(|_| self.kind != Kind::Row)))
    }

    fn cuts(&mut self) {
        let places = [Place::MultiShot, Place::ShotType, Place::Cuts];
        let [multi_shot, shot_type, multi_prompt] = places.map(|place| self.pick(place));
        let is_on = match multi_shot.as_ref().map(|field| &field.node.data) {
            None => Ok(self.kind != Kind::Request && multi_prompt.is_some()),
            Some(Data::Bool(is_on)) => Ok(*is_on),
            Some(Data::Text(text)) if text == "true" || text == "false" => {
                let line = multi_shot.as_ref().map_or(self.line, |field| field.node.line);
                self.remark("multi_shot", line, "it is true or false without quotes: that is sent", Weight::Note);
                Ok(text == "true")
            }
            // KIE and others list the cuts under this name.
            Some(Data::List(_)) if multi_prompt.is_none() => {
                return self.read_cuts(multi_shot.into_iter().collect(), 0);
            }
            Some(_) => Err("`multi_shot` is neither true nor false"),
        };
        let fields = [multi_shot, shot_type.clone(), multi_prompt.clone()].into_iter().flatten();
        match is_on {
            Ok(true) if self.kind == Kind::Row || multi_prompt.is_some() || shot_type.is_some() => {
                let kind = shot_type.as_ref().map(|field| &field.node);
                if let Some(kind) = kind.filter(|kind| kind.as_str() != Some("customize")) {
                    let kind = shown::words(&kind.clone().into_json().to_string());
                    return self.lose_together(
                        fields.collect(),
                        &format!("the language has no word for `shot_type` {kind}: write the cuts yourself"),
                    );
                }
                let Some(multi_prompt) = multi_prompt else {
                    return self.lose_together(fields.collect(), "`multi_prompt` is missing");
                };
                if kind.is_none() && self.kind == Kind::Request {
                    let line = multi_prompt.node.line;
                    self.remark("shot_type", line, "it is missing: `customize` is sent", Weight::Note);
                }
                let fields: Vec<Field> = fields.collect();
                let at = fields.iter().position(|field| field.name == multi_prompt.name).unwrap_or(0);
                self.read_cuts(fields, at);
            }
            Ok(true) => self.lose_together(fields.collect(), "`multi_prompt` is missing"),
            Ok(false) => {
                let ignored = fields.filter(|field| words::place(&field.name) != Some(Place::MultiShot));
                for field in ignored.collect::<Vec<_>>() {
                    self.ignored(field);
                }
            }
            Err(why) => self.lose_together(fields.collect(), why),
        }
    }

    /// The type of a shot with `multi_shot: false`. In a shot list it describes the framing.
    fn ignored(&mut self, field: Field) {
        if self.kind == Kind::Row && words::place(&field.name) == Some(Place::ShotType) {
            self.slots.entry(Place::Camera).or_default().insert(0, field);
        } else {
            let note = "Kling ignores it where `multi_shot` is not true; it is in the shot's `notes`";
            self.remark(&field.name, field.node.line, note, Weight::Note);
            self.kept.insert(field.name, field.node.into_json());
        }
    }

    /// Reads the cuts in the field number `at`; the others say that there are cuts.
    fn read_cuts(&mut self, fields: Vec<Field>, at: usize) {
        match cuts::cuts(&fields[at].node) {
            Ok((cuts, note)) => {
                self.shot.cuts = Cuts::List(cuts);
                if let Some(note) = note {
                    self.remark(&fields[at].name.clone(), fields[at].node.line, note, Weight::Note);
                }
            }
            Err(why) => self.lose_together(fields, &why),
        }
    }

    /// Fields that are one thing, which cannot be taken over: said once.
    fn lose_together(&mut self, fields: Vec<Field>, why: &str) {
        let names: Vec<_> = fields.iter().map(|field| format!("`{}`", shown::words(&field.name))).collect();
        if let Some(first) = fields.first() {
            let (name, line) = (first.name.clone(), first.node.line);
            let verb = if names.len() > 1 { "are" } else { "is" };
            let message = format!("{why}; {} {verb} in the shot's `notes` and not sent", names.join(", "));
            self.remark(&name, line, message, Weight::Lost);
        }
        self.kept.extend(fields.into_iter().map(|field| (field.name, field.node.into_json())));
    }

    fn prompt(&mut self) {
        if let Some(first) = self.shot.cuts.first() {
            let first = first.prompt.clone();
            let Some(field) = self.pick(Place::Prompt) else { return };
            let prompt = field.node.as_str().map(|text| text.trim().to_owned());
            if let Some(prompt) = prompt.filter(|prompt| escape(prompt) != first) {
                let note = "Kling ignores the prompt next to `multi_prompt`; it is in the shot's `notes`";
                self.remark(&field.name, field.node.line, note, Weight::Note);
                self.kept.insert(field.name, prompt.into());
            }
            return;
        }
        if self.kind == Kind::Row {
            let fields = self.slots.shift_remove(&Place::Prompt).unwrap_or_default();
            let texts: Vec<String> = fields.iter().filter_map(|field| field.node.words()).collect();
            let mut joined = String::new();
            for text in texts {
                let ends = joined.is_empty() || joined.ends_with(['.', '!', '?', '\u{2026}', '\u{3002}']);
                joined.push_str(if ends { "" } else { "." });
                joined.push_str(if joined.is_empty() { "" } else { " " });
                joined.push_str(&text);
            }
            self.shot.prompt = (!joined.is_empty()).then(|| escape(&joined));
        } else {
            self.take(Place::Prompt, |reader, value| {
                reader.shot.prompt = Some(text(value)?);
                Ok(None)
            });
        }
        if let Some(prompt) = self.shot.prompt.as_deref().filter(|prompt| is_placeholder(prompt)) {
            let message = format!("`{}`: {PLACEHOLDER}", shown::words(prompt));
            self.remark("prompt", self.line, message, Weight::Lost);
        }
    }

    fn texts(&mut self) {
        self.take(Place::NegativePrompt, |reader, value| {
            let list = value.as_list().map(|items| items.iter().filter_map(Node::words).collect::<Vec<_>>().join(", "));
            reader.shot.settings.negative_prompt = Some(list.map_or_else(|| text(value), |list| Ok(escape(&list)))?);
            Ok(None)
        });
        self.take(Place::Voices, |reader, value| {
            let (names, note) = reader.studio.cast.voices(value)?;
            reader.shot.voices = names;
            Ok(note)
        });
        self.lines();
        self.take(Place::Style, |reader, value| {
            let texts = match value.as_list() {
                Some(items) => items.iter().filter_map(Node::words).collect(),
                None => vec![value.words().ok_or("a text belongs here")?],
            };
            reader.shot.settings.style = Some(texts.iter().map(|text| reader.style(text)).collect());
            Ok(None)
        });
        if let Some(field) = self.pick(Place::TaskId) {
            self.keep_aside(field, "`submit` gives each attempt an id of its own");
        }
    }

    fn lines(&mut self) {
        let speaker = self.slots.shift_remove(&Place::Speaker).unwrap_or_default();
        let manner = self.pick(Place::Manner).and_then(|field| field.node.words());
        let fields = self.slots.shift_remove(&Place::Lines).unwrap_or_default();
        if fields.is_empty() {
            speaker.into_iter().for_each(|field| self.note(field));
            return;
        }
        let named = speaker.first().and_then(|field| field.node.words());
        for field in fields {
            let is_narration = ["narration", "vo", "voiceover"].contains(&&*words::normal(&field.name));
            let Some(spoken) = lines::spoken(&field.node) else {
                self.lose(field, "this is not a list of who says what");
                continue;
            };
            for line in spoken {
                let fallback = if is_narration { None } else { named.clone() };
                let speaker = line.speaker.or(fallback).unwrap_or_else(|| "Narrator".into());
                let manner = line.manner.or_else(|| manner.clone());
                self.say(&speaker, manner, &line.text);
            }
        }
    }

    fn say(&mut self, speaker: &str, manner: Option<String>, text: &str) {
        let key = self.studio.cast.named(speaker);
        let text = escape(&text.split_whitespace().collect::<Vec<_>>().join(" "));
        let spoken = match manner {
            None => Spoken::Text(text),
            Some(manner) => Spoken::Directed { text, manner: Some(escape(&manner)) },
        };
        self.shot.lines.push(Line(IndexMap::from([(key, spoken)])));
    }

    /// The name of a style with this text.
    fn style(&mut self, text: &str) -> String {
        let text = escape(text.trim());
        if let Some(name) = self.studio.style_names.get(&text) {
            return name.clone();
        }
        let words: Vec<&str> =
            text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).take(3).collect();
        let plain = words.join("-").to_lowercase();
        let plain = if plain.is_empty() || plain.len() > 40 { "style".into() } else { plain };
        let mut name = plain.clone();
        if self.studio.styles.contains_key(&name) {
            name = format!("{plain}-{}", self.studio.styles.len() + 1);
        }
        self.studio.style_names.insert(text.clone(), name.clone());
        self.studio.styles.insert(name.clone(), text);
        name
    }

    fn sound(&mut self) {
        self.take(Place::Sound, |reader, value| {
            let (sound, note) = match &value.data {
                Data::Text(text) if text == "on" || text == "off" => (text == "on", None),
                Data::Bool(is_on) => (*is_on, Some("it is `\"on\"` or `\"off\"`: that is sent")),
                Data::Text(text) if matches!(&*text.to_lowercase(), "true" | "yes" | "native") => (true, None),
                Data::Text(text) if matches!(&*text.to_lowercase(), "false" | "no" | "none") => (false, None),
                // In a shot list it is what is heard.
                Data::Text(text) if reader.kind == Kind::Row => {
                    reader.kept.insert("sound".into(), text.clone().into());
                    return Ok(None);
                }
                _ => return Err("`\"on\"` or `\"off\"` belongs here".into()),
            };
            if !sound
                && reader.shot.settings.model.is_some_and(|model| model.supports(Feature::Sound) == Support::Never)
            {
                return Ok(Some("this model has no sound to switch off: it is not sent"));
            }
            reader.shot.settings.sound = Some(Sound(sound));
            Ok(note.filter(|_| reader.kind == Kind::Request))
        });
    }

    fn numbers(&mut self) {
        self.take(Place::CfgScale, |reader, value| match &value.data {
            Data::Number(scale) => {
                reader.shot.settings.cfg_scale = Some(scale.clone());
                Ok(None)
            }
            Data::Text(text) => {
                let scale = text.trim().parse::<f64>().ok().and_then(serde_json::Number::from_f64);
                reader.shot.settings.cfg_scale = Some(scale.ok_or("a number belongs here")?);
                Ok(Some("it is a number: it is sent without quotes"))
            }
            _ => Err("a number belongs here".into()),
        });
        self.take(Place::Duration, |reader, value| {
            if reader.kind == Kind::Row {
                return reader.length(value);
            }
            let (seconds, note) = seconds(value)?;
            reader.shot.settings.duration = Some(seconds);
            Ok(note.filter(|_| reader.kind == Kind::Request))
        });
        self.take(Place::Use, |reader, value| {
            let number = |node: &Node| match &node.data {
                Data::Number(number) => Some(number.clone()),
                Data::Text(text) => serde_json::Number::from_f64(text.trim().parse().ok()?),
                _ => None,
            };
            let parts: Vec<Node> = match &value.data {
                Data::List(items) => items.clone(),
                Data::Text(text) => {
                    let parts = text.trim().trim_matches(['[', ']']).split([',', '-']);
                    parts.map(|part| Node::text(value.line, part)).collect()
                }
                _ => vec![value.clone()],
            };
            let numbers: Option<Vec<_>> = parts.iter().map(number).collect();
            reader.shot.r#use = Some(match numbers.as_deref() {
                Some([end]) => Excerpt::First(end.clone()),
                Some([start, end]) => Excerpt::Between([start.clone(), end.clone()]),
                _ => return Err("seconds belong here, as in `3.5` or `[1, 4.5]`".into()),
            });
            Ok(None)
        });
        self.take(Place::Watermark, |reader, value| {
            let fields = value.as_group().filter(|fields| fields.len() == 1);
            let enabled = fields.and_then(|fields| fields.get("enabled")).unwrap_or(value);
            let Data::Bool(enabled) = enabled.data else {
                return Err("`{\"enabled\": true}` or `false` belongs here".into());
            };
            reader.shot.settings.watermark = Some(enabled);
            Ok(None)
        });
        self.take(Place::Skip, |reader, value| {
            let is_skipped = matches!(&value.data, Data::Bool(true))
                || value.words().is_some_and(|word| matches!(&*word.to_lowercase(), "true" | "yes" | "x" | "1"));
            reader.shot.skip = is_skipped.then_some(true);
            Ok(None)
        });
    }

    /// The length of a shot in a list, where fractions are how long it stays in the edit.
    fn length(&mut self, value: &Node) -> Read {
        let Some(seconds) = length(value) else {
            if let Some(words) = value.words().filter(|words| words.chars().any(char::is_alphabetic)) {
                self.kept.insert("time".into(), words.into());
                return Ok(None);
            }
            return Err("this is not a length in seconds".into());
        };
        self.shot.settings.duration = Some(Seconds(seconds.ceil() as i64));
        if seconds.fract() != 0.0 {
            self.shot.r#use = serde_json::Number::from_f64(seconds).map(Excerpt::First);
            return Ok(Some("a clip has whole seconds: `duration` is the next whole one, `use` what was asked for"));
        }
        Ok(None)
    }

    fn brush(&mut self) {
        let mut brush = Brush::default();
        self.take(Place::StaticMask, |reader, value| {
            let text = value.as_str().ok_or(NO_PICTURE)?;
            let (reference, note) = reader.picture(text, "-still")?;
            brush.still = Some(reference);
            Ok(note)
        });
        self.take(Place::DynamicMasks, |reader, value| {
            let mut odd = None;
            let (moves, note) = camera::moves(value, |mask, number| {
                let (reference, note) = reader.picture(mask, &format!("-move-{number}"))?;
                odd = odd.or(note);
                Ok(reference)
            })?;
            brush.r#move = moves;
            // Kling counts from the bottom, and so do the points of a body.
            brush.origin = Some(Origin::BottomLeft);
            Ok(note.or(odd))
        });
        if brush.still.is_some() || !brush.r#move.is_empty() {
            self.shot.brush = Some(brush);
        }
    }

    fn camera(&mut self) {
        self.take(Place::CameraControl, |reader, value| {
            if let (Some(words), false) = (value.as_str(), reader.kind == Kind::Request) {
                reader.shot.settings.camera = Some(Camera::Words(escape(words.trim())));
                return Ok(None);
            }
            let (camera, note) = camera::camera(value)?;
            reader.shot.settings.camera = Some(camera);
            Ok(note)
        });
        let fields = self.slots.shift_remove(&Place::Camera).unwrap_or_default();
        let mut words = Vec::new();
        for field in fields {
            let is_free = self.shot.settings.camera.is_none();
            match (&field.node.data, field.node.words()) {
                (Data::Group(axes), _) if is_free => {
                    match camera::axes(axes).or_else(|_| camera::camera(&field.node).map(|c| c.0)) {
                        Ok(camera) => self.shot.settings.camera = Some(camera),
                        Err(why) => self.lose(field, &why),
                    }
                }
                (_, Some(text)) if is_free => words.push(text),
                _ => self.keep_aside(field, "the camera is said already"),
            }
        }
        if !words.is_empty() && self.shot.settings.camera.is_none() {
            self.shot.settings.camera = Some(Camera::Words(escape(&words.join(", "))));
        }
    }

    /// A value that the language has no field for. From a request for Kling it goes under `kling`, unless it may change the price.
    fn rest(&mut self) {
        for (place, fields) in std::mem::take(&mut self.slots) {
            for field in fields {
                match place {
                    Place::Raw(name) => self.raw(field, Some(name)),
                    Place::Nowhere(why) => self.keep_aside(field, why),
                    _ => self.note(field),
                }
            }
        }
        for field in std::mem::take(&mut self.rest) {
            match self.kind {
                Kind::Request => self.raw(field, None),
                Kind::Foreign => self.keep_aside(field, "there is no place for it here"),
                Kind::Row => self.note(field),
            }
        }
    }

    /// A field that is sent as it is, as `known` where Kling is known to have it.
    fn raw(&mut self, field: Field, known: Option<&'static str>) {
        let format = self.studio.format;
        if let Some(why) = unwritable(&field.node, format, 1) {
            return self.lose(field, why);
        }
        if known.is_none() && has_picture(&field.node) {
            return self.lose(field, "it holds a picture as base64, and Kling has no such field here");
        }
        if known.is_none()
            && let Some(name) = priced(&field.node, 1)
        {
            let why =
                format!("Kling has no such field, and it holds `{}`, which decides the price", shown::words(name));
            return self.lose(field, &why);
        }
        if known.is_none() {
            let near = nearest(&field.name, BODY_FIELDS.iter().map(|(name, _)| *name));
            let near = near.map(|near| format!(" (did you mean `{near}`?)")).unwrap_or_default();
            let message =
                format!("Kling is not known to have this field{near}: it is under `kling` and is sent as it is");
            self.remark(&field.name, field.node.line, message, Weight::Note);
        }
        let name = known.map_or(field.name, str::to_owned);
        self.shot.kling.insert(name, field.node.into_json());
    }

    fn finish(mut self) -> Shot {
        let format = self.studio.format;
        let kept = std::mem::take(&mut self.kept).into_iter();
        let kept: Map<String, Value> = kept.map(|(name, value)| (name, remembered(value, format, 1))).collect();
        if !kept.is_empty() {
            let only = kept.iter().next().filter(|(name, value)| {
                kept.len() == 1
                    && value.is_string()
                    && words::place(name) == Some(Place::Notes)
                    && words::own(name).is_some()
            });
            let notes = match (self.kind, only) {
                (Kind::Row, Some((_, text))) => text.clone(),
                (Kind::Row, None) => Value::Object(kept),
                _ => json!({ "not_imported": kept }),
            };
            self.shot.settings.notes = Some(Notes(notes));
        }
        if self.kind == Kind::Row && self.shot.settings.first_frame.is_none() && self.shot.skip.is_none() {
            self.shot.skip = Some(true);
        }
        self.shot
    }
}

/// Of a key.
pub(super) const LEFT_OUT: &str = "this holds a key and is left out: keys are not part of a storyboard";
const NO_PICTURE: &str = "an address or base64, in quotes, belongs here";
const PLACEHOLDER: &str = "this is a placeholder of a template: fill it in";

/// The pictures that a value names: one, a list of them, or `{url: …}`.
fn pictures_of(value: &Node) -> Result<Vec<&str>, String> {
    match &value.data {
        Data::Text(text) => Ok(vec![text]),
        Data::List(items) => {
            let each =
                items.iter().map(|item| pictures_of(item)?.first().copied().ok_or_else(|| NO_PICTURE.to_owned()));
            each.collect()
        }
        Data::Group(fields) => {
            let names = ["url", "image_url", "image", "path", "src", "base64", "data"];
            let found = names.into_iter().find_map(|name| fields.get(name)?.as_str());
            Ok(vec![found.ok_or(NO_PICTURE)?])
        }
        _ => Err(NO_PICTURE.into()),
    }
}

/// `{{ … }}` or `${ … }`: what a tool would replace.
fn is_placeholder(text: &str) -> bool {
    let between = |open: &str, close: &str| text.find(open).is_some_and(|at| text[at..].contains(close));
    between("{{", "}}") || between("${", "}")
}

/// Whether a text anywhere in a value holds a key.
fn has_secret(node: &Node) -> bool {
    match &node.data {
        Data::Text(text) => secret::find(text).next().is_some(),
        Data::List(items) => items.iter().any(has_secret),
        Data::Group(fields) => fields.iter().any(|(name, field)| {
            (words::is_secret(name) && !field.is_blank()) || secret::find(name).next().is_some() || has_secret(field)
        }),
        _ => false,
    }
}

/// A text with the keys in it hidden.
pub(super) fn masked(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut copied = 0;
    for range in secret::find(text) {
        masked.push_str(&text[copied..range.start]);
        masked.push('…');
        copied = range.end;
    }
    masked + &text[copied..]
}

/// Whether a value has a picture's base64 in it.
fn has_picture(node: &Node) -> bool {
    const LONG: usize = 400;
    match &node.data {
        Data::Text(text) => text.len() > LONG && crate::assets::Reference::of(text) == crate::assets::Reference::Inline,
        Data::List(items) => items.iter().any(has_picture),
        Data::Group(fields) => fields.values().any(has_picture),
        _ => false,
    }
}

/// A field in a group on which the price would hang, if Kling read it there.
fn priced(node: &Node, depth: usize) -> Option<&str> {
    let is_priced = |name: &str| {
        matches!(
            words::place(name),
            Some(Place::Model | Place::Mode | Place::Duration | Place::Sound | Place::Voices | Place::Cuts)
        )
    };
    match &node.data {
        _ if depth > DEEPEST => None,
        Data::List(items) => items.iter().find_map(|item| priced(item, depth + 1)),
        Data::Group(fields) => {
            let own = fields.keys().find(|name| is_priced(name)).map(String::as_str);
            own.or_else(|| fields.values().find_map(|field| priced(field, depth + 1)))
        }
        _ => None,
    }
}

fn text(value: &Node) -> Result<String, String> {
    value.as_str().map(|text| escape(text.trim())).ok_or_else(|| "a text belongs here".into())
}

fn and_others(names: &[String]) -> String {
    match names {
        [_] | [] => String::new(),
        [_, others @ ..] => format!(", as {} are", others.join(", ")),
    }
}

/// A text of a body as a storyboard writes it: a `$` that would begin a name, or a `$$`, is doubled.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let mut copied = 0;
    for dollar in dollars(text) {
        let (range, doubled) = match dollar {
            Dollar::Name(range, _) => (range, "$"),
            Dollar::Escaped(range) => (range, "$$"),
        };
        escaped.push_str(&text[copied..range.start]);
        escaped.push_str(doubled);
        copied = range.start;
    }
    escaped.push_str(&text[copied..]);
    escaped
}

/// How deep a field's fields may lie: a storyboard that they are in stays within the reader's own limit.
const DEEPEST: usize = 100;

/// Why a value would not come out of a storyboard as it went in.
fn unwritable(node: &Node, format: Format, depth: usize) -> Option<&'static str> {
    match &node.data {
        _ if depth > DEEPEST => Some("fields are nested too deep"),
        Data::Null if format == Format::Toml => Some("TOML has no null (YAML has: `--to yaml`)"),
        Data::Digits(_) => Some("this number has too many digits to be carried exactly"),
        Data::List(items) => items.iter().find_map(|item| unwritable(item, format, depth + 1)),
        Data::Group(fields) => fields.values().find_map(|field| unwritable(field, format, depth + 1)),
        _ => None,
    }
}

/// A value for `notes`: short, and such as the format can write.
pub(super) fn remembered(value: Value, format: Format, depth: usize) -> Value {
    const LONGEST: usize = 600;
    match value {
        _ if depth > DEEPEST => Value::from("…"),
        Value::Null if format == Format::Toml => Value::from("null"),
        Value::String(text) if text.len() > LONGEST && !text.contains(' ') => {
            Value::from(format!("{}…", text.chars().take(60).collect::<String>()))
        }
        Value::Array(items) => items.into_iter().map(|item| remembered(item, format, depth + 1)).collect(),
        Value::Object(fields) => {
            fields.into_iter().map(|(name, field)| (name, remembered(field, format, depth + 1))).collect()
        }
        value => value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dollars_are_doubled_where_they_would_mean_something() {
        for (body, written) in [
            ("$20 and a $", "$20 and a $"),
            ("$mara", "$$mara"),
            ("$$", "$$$$"),
            ("$$$", "$$$$$"),
            ("$$mara", "$$$$mara"),
            ("$$$mara", "$$$$$$mara"),
            ("a$b$c-$", "a$$b$$c-$"),
        ] {
            assert_eq!(escape(body), written);
        }
    }
}

//! One body to one shot.

use indexmap::IndexMap;
use serde_json::{Map, Value, json};

use super::pictures::Pictures;
use super::voices::Voices;
use super::{Body, Remark, Weight, camera, cuts};
use crate::api::legacy::EXTERNAL_TASK_ID;
use crate::kling::{Facts, Feature, Support};
use crate::kling::{Mode, Model};
use crate::language::names::{Dollar, dollars};
use crate::language::storyboard::{Brush, Notes, Origin, Seconds, Shot, Sound};
use crate::text::Format;
use crate::text::near::nearest;
use crate::text::shown::shorten;

/// What a field's reader says: a note on what is plain enough, or why the value cannot be taken over.
type Read = Result<Option<&'static str>, String>;

/// Makes a shot of a body.
pub(super) fn shot(
    body: Body,
    id: String,
    format: Format,
    pictures: &mut Pictures<'_>,
    voices: &mut Voices,
    remarks: &mut Vec<Remark>,
) -> Shot {
    let shot = Shot { id, ..Shot::default() };
    let mut reader = Reader {
        file: body.file.to_string(),
        line: body.line,
        fields: body.fields,
        shot,
        kept: Map::new(),
        pictures,
        remarks,
    };
    reader.model();
    reader.frames();
    reader.cuts();
    reader.prompt();
    reader.take("negative_prompt", |reader, value| {
        reader.shot.settings.negative_prompt = text(value)?;
        Ok(None)
    });
    reader.take("voice_list", |reader, value| {
        let (names, note) = voices.names(value)?;
        reader.shot.voices = names;
        Ok(note)
    });
    reader.take("sound", Reader::sound);
    reader.take("cfg_scale", |reader, value| match value {
        Value::Number(scale) => {
            reader.shot.settings.cfg_scale = Some(scale.clone());
            Ok(None)
        }
        Value::String(text) => {
            let scale = text.trim().parse::<f64>().ok().and_then(serde_json::Number::from_f64);
            reader.shot.settings.cfg_scale = Some(scale.ok_or("a number belongs here")?);
            Ok(Some("it is a number: it is sent without quotes"))
        }
        _ => Err("a number belongs here".into()),
    });
    reader.take("mode", |reader, value| {
        let mode = value.as_str().ok_or("a text belongs here")?;
        reader.shot.settings.mode =
            Some(Mode::parse(mode).ok_or_else(|| format!("Kling has no mode `{}`", shorten(mode)))?);
        Ok(None)
    });
    reader.brush();
    reader.take("camera_control", |reader, value| {
        let (camera, note) = camera::camera(value)?;
        reader.shot.settings.camera = Some(camera);
        Ok(note)
    });
    reader.take("duration", |reader, value| {
        let (seconds, note) = seconds(value)?;
        reader.shot.settings.duration = Some(seconds);
        Ok(note)
    });
    reader.take("watermark_info", |reader, value| {
        let fields = value.as_object().filter(|fields| fields.len() == 1);
        let enabled = fields.and_then(|fields| fields.get("enabled")).and_then(Value::as_bool);
        reader.shot.settings.watermark = Some(enabled.ok_or("`{\"enabled\": true}` or `false` belongs here")?);
        Ok(None)
    });
    reader.rest(format);
    reader.finish(format)
}

struct Reader<'r, 'e> {
    file: String,
    line: usize,
    fields: IndexMap<String, (usize, Value)>,
    shot: Shot,
    /// What is not sent, for the writer to see.
    kept: Map<String, Value>,
    pictures: &'r mut Pictures<'e>,
    remarks: &'r mut Vec<Remark>,
}

impl Reader<'_, '_> {
    /// Reads a field that is there; null and blank stand for a field that is not.
    fn take(&mut self, name: &str, read: impl FnOnce(&mut Self, &Value) -> Read) {
        let Some((line, value)) = self.fields.shift_remove(name) else { return };
        if is_blank(&value) {
            return;
        }
        match read(self, &value) {
            Ok(None) => {}
            Ok(Some(note)) => self.remark(name, line, note, Weight::Note),
            Err(why) => {
                self.remark(name, line, format!("{why}; it is in the shot's `notes` and is not sent"), Weight::Lost);
                self.kept.insert(name.into(), value);
            }
        }
    }

    fn remark(&mut self, field: &str, line: usize, message: impl Into<String>, weight: Weight) {
        let (file, shot) = (self.file.clone(), self.shot.id.clone());
        self.remarks.push(Remark { file, line, shot, field: field.into(), message: message.into(), weight });
    }

    fn model(&mut self) {
        let mut name = "model_name";
        if !self.fields.contains_key(name) && self.fields.get("model").is_some_and(|(_, value)| value.is_string()) {
            // Kling passes over the word without a message and takes its oldest model.
            name = "model";
            let line = self.fields[name].0;
            self.remark(
                name,
                line,
                "Kling's name for it is `model_name`, so that Kling took kling-v1; now what it says is sent",
                Weight::Note,
            );
        }
        if !self.fields.contains_key(name) {
            self.remark(name, self.line, "no model is named; Kling takes kling-v1 then. Add `model:`", Weight::Note);
        }
        self.take(name, |reader, value| {
            let name = value.as_str().ok_or("a text belongs here")?;
            reader.shot.settings.model = Some(Model::parse(name).ok_or_else(|| {
                let near = nearest(name, Facts::kling().models().iter().map(|model| model.as_str()));
                let meant = near.map(|near| format!(" (did you mean `{near}`?)")).unwrap_or_default();
                format!("this endpoint has no model `{}`{meant}", shorten(name))
            })?);
            Ok(None)
        });
    }

    fn frames(&mut self) {
        self.take("image", |reader, value| {
            let (reference, note) = reader.picture(value, "")?;
            reader.shot.settings.first_frame = Some(reference);
            Ok(note)
        });
        self.take("image_tail", |reader, value| {
            let (reference, note) = reader.picture(value, "-last")?;
            reader.shot.last_frame = Some(reference);
            Ok(note)
        });
    }

    /// A frame or mask, its file named after the shot with `ending`.
    fn picture(&mut self, value: &Value, ending: &str) -> Result<(String, Option<&'static str>), String> {
        let text = value.as_str().ok_or("an address or base64, in quotes, belongs here")?;
        let named = self.pictures.reference(text, &format!("{}{ending}", self.shot.id))?;
        Ok((named.reference, named.note))
    }

    fn cuts(&mut self) {
        let line = |field: Option<&(usize, Value)>| field.map(|(line, _)| *line);
        let place = ["multi_shot", "multi_prompt", "shot_type"].iter().find_map(|name| line(self.fields.get(*name)));
        let Some(place) = place else { return };
        let fields: Vec<(&str, usize, Value)> = ["multi_shot", "shot_type", "multi_prompt"]
            .into_iter()
            .filter_map(|name| self.fields.shift_remove(name).map(|(line, value)| (name, line, value)))
            .filter(|(_, _, value)| !is_blank(value))
            .collect();
        let get = |name: &str| fields.iter().find(|(field, ..)| *field == name).map(|(_, _, value)| value);
        let is_on = match get("multi_shot") {
            None | Some(Value::Bool(false)) => Ok(false),
            Some(Value::Bool(true)) => Ok(true),
            Some(Value::String(text)) if text == "true" || text == "false" => {
                self.remark("multi_shot", place, "it is true or false without quotes: that is sent", Weight::Note);
                Ok(text == "true")
            }
            Some(_) => Err("`multi_shot` is neither true nor false".to_owned()),
        };
        let read = match is_on {
            Ok(false) => {
                for (name, line, value) in fields.into_iter().filter(|(name, ..)| *name != "multi_shot") {
                    let note = "Kling ignores it where `multi_shot` is not true; it is in the shot's `notes`";
                    self.remark(name, line, note, Weight::Note);
                    self.kept.insert(name.into(), value);
                }
                return;
            }
            Err(why) => Err(why),
            Ok(true) => match get("shot_type") {
                Some(kind) if kind != "customize" => Err(format!(
                    "the language has no word for `shot_type` {}: write the cuts yourself",
                    shorten(&kind.to_string())
                )),
                kind => {
                    if kind.is_none() {
                        self.remark("shot_type", place, "it is missing: `customize` is sent", Weight::Note);
                    }
                    get("multi_prompt").ok_or_else(|| "`multi_prompt` is missing".to_owned()).and_then(cuts::cuts)
                }
            },
        };
        match read {
            Ok((cuts, note)) => {
                self.shot.cuts = cuts;
                if let Some(note) = note {
                    self.remark("multi_prompt", place, note, Weight::Note);
                }
            }
            Err(why) => {
                for (name, line, value) in fields {
                    let message = format!("{why}; it is in the shot's `notes` and is not sent");
                    self.remark(name, line, message, Weight::Lost);
                    self.kept.insert(name.into(), value);
                }
            }
        }
    }

    fn prompt(&mut self) {
        let Some((line, prompt)) = self.fields.get("prompt") else { return };
        if let (Some(first), Value::String(prompt)) = (self.shot.cuts.first(), prompt) {
            let (line, prompt) = (*line, prompt.trim().to_owned());
            self.fields.shift_remove("prompt");
            if !prompt.is_empty() && escape(&prompt) != first.prompt {
                let note = "Kling ignores the prompt beside `multi_prompt`; it is in the shot's `notes`";
                self.remark("prompt", line, note, Weight::Note);
                self.kept.insert("prompt".into(), prompt.into());
            }
            return;
        }
        self.take("prompt", |reader, value| {
            reader.shot.prompt = text(value)?;
            Ok(None)
        });
    }

    fn sound(&mut self, value: &Value) -> Read {
        let (sound, note) = match value {
            Value::String(text) if text == "on" || text == "off" => (text == "on", None),
            Value::Bool(on) => (*on, Some("it is `\"on\"` or `\"off\"`: that is sent")),
            _ => return Err("`\"on\"` or `\"off\"` belongs here".into()),
        };
        if !sound && self.shot.settings.model.is_some_and(|model| model.supports(Feature::Sound) == Support::Never) {
            return Ok(Some("this model has no sound to switch off: it is not sent"));
        }
        self.shot.settings.sound = Some(Sound(sound));
        Ok(note)
    }

    fn brush(&mut self) {
        let mut brush = Brush::default();
        self.take("static_mask", |reader, value| {
            let (reference, note) = reader.picture(value, "-still")?;
            brush.still = Some(reference);
            Ok(note)
        });
        self.take("dynamic_masks", |reader, value| {
            let mut odd = None;
            let (moves, note) = camera::moves(value, |mask, number| {
                let named = reader.pictures.reference(mask, &format!("{}-move-{number}", reader.shot.id))?;
                odd = odd.or(named.note);
                Ok(named.reference)
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

    /// What the language does not know goes under `kling`.
    fn rest(&mut self, format: Format) {
        for (name, (line, value)) in std::mem::take(&mut self.fields) {
            if name == EXTERNAL_TASK_ID {
                let note = "`submit` gives each attempt an id of its own; this one is in the shot's `notes`";
                self.remark(&name, line, note, Weight::Note);
                self.kept.insert(name, value);
                continue;
            }
            match unwritable(&value, format, 1) {
                None => {
                    self.shot.kling.insert(name, value);
                }
                Some(why) => {
                    let message = format!("{why}; it is in the shot's `notes` and is not sent");
                    self.remark(&name, line, message, Weight::Lost);
                    self.kept.insert(name, value);
                }
            }
        }
    }

    fn finish(mut self, format: Format) -> Shot {
        if !self.kept.is_empty() {
            let kept: Map<String, Value> =
                self.kept.into_iter().map(|(name, value)| (name, remembered(value, format, 1))).collect();
            self.shot.settings.notes = Some(Notes(json!({ "not_imported": kept })));
        }
        self.shot
    }
}

/// Whether a field says nothing: Kling takes it as not there.
fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
}

fn text(value: &Value) -> Result<Option<String>, String> {
    match value {
        Value::String(text) => Ok(Some(escape(text.trim()))),
        _ => Err("a text belongs here".into()),
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

/// Whole seconds, and what is to be said of how they are written.
pub(super) fn seconds(value: &Value) -> Result<(Seconds, Option<&'static str>), String> {
    const NOTE: &str = "Kling wants the seconds as text in quotes: they are sent so";
    let wrong = || "whole seconds belong here, as in `\"5\"`".to_owned();
    match value {
        Value::String(text) => {
            let digits = text.trim();
            let seconds: u32 = digits
                .bytes()
                .all(|byte| byte.is_ascii_digit())
                .then(|| digits.parse().ok())
                .flatten()
                .ok_or_else(wrong)?;
            let note = (seconds.to_string() != *text).then_some("it is sent as plain digits");
            Ok((Seconds(seconds), note))
        }
        Value::Number(number) => {
            let whole = number.as_f64().filter(|number| number.fract() == 0.0 && (0.0..=1e9).contains(number));
            Ok((Seconds(whole.ok_or_else(wrong)? as u32), Some(NOTE)))
        }
        _ => Err(wrong()),
    }
}

/// How deep a field's fields may lie: a storyboard that they stand in stays within the reader's own limit.
const DEEPEST: usize = 100;

/// Why a value would not come out of a storyboard as it went in.
fn unwritable(value: &Value, format: Format, depth: usize) -> Option<&'static str> {
    match value {
        _ if depth > DEEPEST => Some("fields lie in fields too deep"),
        Value::Null if format == Format::Toml => Some("TOML has no null (YAML has: `--to yaml`)"),
        Value::Number(number) if number.is_u64() && !number.is_i64() => Some("this number has too many digits"),
        Value::Array(items) => items.iter().find_map(|item| unwritable(item, format, depth + 1)),
        Value::Object(fields) => fields.values().find_map(|field| unwritable(field, format, depth + 1)),
        _ => None,
    }
}

/// A value for `notes`: short, and such as the format can write.
fn remembered(value: Value, format: Format, depth: usize) -> Value {
    const LONGEST: usize = 600;
    match value {
        _ if depth > DEEPEST => Value::from("…"),
        Value::Null if format == Format::Toml => Value::from("null"),
        Value::Number(number) if number.is_u64() && !number.is_i64() => Value::from(number.to_string()),
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

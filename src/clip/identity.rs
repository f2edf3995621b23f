//! Which clip a shot asks for, whatever API it is asked of and however it is written: the SHA-256 of a canonical JSON of the
//! clip's own. `docs/ledger.md` documents the form; a change of it is a new version of the ledger.

use std::collections::BTreeMap;

use serde_json::{Map, Number, Value, json};
use sha2::{Digest, Sha256};

use super::Clip;
use crate::assets::{Library, Missing, Picture, Reference};
use crate::kling::Feature;
use crate::kling::Support;
use crate::language::storyboard::Origin;
use crate::language::{Brush, Camera, CameraControl, Field, Point, Text};
use crate::text::Place;

/// Fields of a request that change nothing about the clip.
const NOT_OF_THE_CLIP: &[&str] = &["callback_url"];

/// Which clip it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The SHA-256 of the canonical JSON, in hex.
    pub sha256: String,
    /// Each part of the clip that is there, by the storyboard's word for it: a short plain value as it is (`5`, `pro`), anything
    /// else as `sha256:` and 16 hex digits.
    pub parts: BTreeMap<String, String>,
}

impl std::fmt::Display for Unbuildable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: no request can be made of this: {}", self.position(), self.reason)
    }
}

impl Unbuildable {
    /// Where it is, as `file:line:column`.
    pub fn position(&self) -> String {
        let source = &self.place.source;
        let position = source.position(self.place.span.start());
        format!("{}:{}:{}", source.name, position.line, position.column)
    }
}

impl std::error::Error for Unbuildable {}

/// Why no request can be made of a shot, although no error that is reported holds it back.
#[derive(Clone, Debug)]
pub struct Unbuildable {
    /// The words that prevent it.
    pub place: Place,
    /// What is wrong with them.
    pub reason: String,
}

impl<'f> Clip<'f> {
    /// Which clip this is.
    ///
    /// # Errors
    /// A value is wrong, a picture is missing, or a text is too long to be built.
    pub fn identity(&self, library: &Library) -> Result<Identity, Unbuildable> {
        self.check_usable()?;
        let parts = Parts { clip: self, library }.collect()?;
        let canonical = Value::Object(parts.iter().map(|(name, value)| (name.clone(), value.clone())).collect());
        let parts = parts.into_iter().map(|(name, value)| (name, short(&value))).collect();
        Ok(Identity { sha256: hex::encode(Sha256::digest(canonical.to_string())), parts })
    }

    /// The local picture that one of the film's texts names; `None` for a URL.
    ///
    /// # Errors
    /// There is no picture, or the text is the picture's own data.
    pub fn picture(&self, text: &Text, library: &Library) -> Result<Option<std::sync::Arc<Picture>>, Unbuildable> {
        let refuse = |reason: String| Unbuildable { place: text.place(), reason };
        match Reference::of(&text.value) {
            Reference::Url(_) => Ok(None),
            Reference::Inline => Err(refuse("a picture's own data cannot be used here".into())),
            Reference::Path(path) => match library.picture(text.at.document.source.folder(), path) {
                Ok(picture) => Ok(Some(picture)),
                Err(Missing::Outside { .. }) => Err(refuse("it is outside the project".into())),
                Err(Missing::NotFound { .. }) => Err(refuse("there is no such file".into())),
                Err(Missing::Unreadable(why)) => Err(refuse(why.to_string())),
            },
        }
    }

    /// The pictures that the shot names, URLs too: its frames, then its masks; whether each is a mask.
    pub fn named_pictures(&self) -> Vec<(&'f Text, bool)> {
        let first = self.first_frame.value();
        let last = self.shot.last_frame.value();
        let brush = self.shot.brush.value();
        let still = brush.and_then(|brush| Some(&brush.still.valid()?.value));
        let moves = brush.and_then(|brush| Some(&brush.r#move.valid()?.value.items)).into_iter().flatten();
        let masks = still.into_iter().chain(moves.filter_map(|moved| Some(&moved.mask.valid()?.value)));
        first.into_iter().chain(last).map(|text| (text, false)).chain(masks.map(|text| (text, true))).collect()
    }

    /// A point of the brush's path as Kling counts: x from the left, y from the bottom, in pixels of the first frame.
    ///
    /// # Errors
    /// The point counts from the top, and the height of the first frame is not known.
    pub fn point(&self, brush: &Brush, point: &Point, library: &Library) -> Result<(i64, i64), Unbuildable> {
        if brush.origin.valid().is_some_and(|origin| origin.value == Origin::BottomLeft) {
            return Ok((point.x, point.y));
        }
        let refuse = |place: Place, reason: &str| Unbuildable { place, reason: reason.into() };
        let Some((frame, at)) = self.first_frame.written() else {
            return Err(refuse(point.at.place(), "points counted from the top need a first frame"));
        };
        let Some(picture) = self.picture(frame, library)? else {
            return Err(refuse(at.place(), "points counted from the top need a first frame that is a local file"));
        };
        let Some((_, height)) = picture.pixels else {
            return Err(refuse(at.place(), "its height cannot be read"));
        };
        Ok((point.x, (height as i64 - 1).saturating_sub(point.y)))
    }

    /// Whether the model makes sound at all: one that does not is not asked for silence either.
    pub fn can_sound(&self) -> bool {
        self.model.value().is_some_and(|model| model.supports(Feature::Sound) != Support::Never)
    }
}

/// Collects the parts of a clip. A value that is the default, or changes nothing, is not a part.
struct Parts<'c, 'f> {
    clip: &'c Clip<'f>,
    library: &'c Library,
}

impl Parts<'_, '_> {
    fn collect(&self) -> Result<BTreeMap<String, Value>, Unbuildable> {
        let clip = self.clip;
        let mut parts = BTreeMap::new();
        let mut put = |name: &str, value: Option<Value>| {
            if let Some(value) = value {
                parts.insert(name.to_owned(), value);
            }
        };
        put("model", clip.model.value().map(|model| json!(model.as_str())));
        let has_modes = clip.model.value().is_none_or(|model| model.has_modes());
        put("mode", clip.mode.value().filter(|_| has_modes).map(|mode| json!(mode.as_str())));
        put("duration", clip.seconds.value().map(|seconds| json!(seconds)));
        let may_be_silent = clip.model.value().is_none_or(|model| !model.always_sounds());
        put("sound", clip.sound.value().filter(|on| *on && may_be_silent).map(|_| json!("on")));
        put("cfg_scale", clip.cfg_scale.value().map(number));
        put("watermark", clip.watermark.value().filter(|on| *on).map(Value::from));
        put("voices", self.voices());
        put("elements", self.elements());
        put("first_frame", clip.first_frame.value().map(|frame| self.picture(frame)).transpose()?);
        put("last_frame", clip.shot.last_frame.valid().map(|frame| self.picture(&frame.value)).transpose()?);
        put("camera", self.camera());
        put("brush", clip.shot.brush.valid().map(|brush| self.brush(&brush.value)).transpose()?);
        put("kling", self.raw());
        let negative = clip.sent_negative_prompt().map(|text| text.build()).transpose();
        put("negative_prompt", negative.map_err(|error| self.too_long(error))?.map(Value::from));
        put("cuts", clip.shot.auto_cuts().map(|_| json!("auto")));
        let (name, texts) = self.texts()?;
        put(name, texts);
        Ok(parts)
    }

    fn too_long(&self, error: super::TooLong) -> Unbuildable {
        Unbuildable { place: self.clip.shot.place(), reason: error.to_string() }
    }

    fn texts(&self) -> Result<(&'static str, Option<Value>), Unbuildable> {
        let clip = self.clip;
        let mut texts = Vec::new();
        for prompt in &clip.prompts {
            texts.push(prompt.text().map_err(|error| self.too_long(error))?);
        }
        if clip.shot.cuts().is_empty() {
            return Ok(("prompt", texts.pop().filter(|text| !text.is_empty()).map(Value::from)));
        }
        let cuts = clip.shot.cuts().iter().zip(texts).map(|(cut, text)| {
            json!({ "duration": cut.duration.valid().map_or(0, |seconds| seconds.value.0), "prompt": text })
        });
        Ok(("cuts", Some(cuts.collect())))
    }

    fn voices(&self) -> Option<Value> {
        let ids = self.clip.voices.iter().filter_map(|member| member.voice.valid());
        let ids: Vec<&str> = ids.map(|voice| &*voice.value.value).collect();
        (!ids.is_empty()).then(|| json!(ids))
    }

    /// Whether a target knows elements or not, it is one clip.
    fn elements(&self) -> Option<Value> {
        let ids = self.clip.elements.iter().filter_map(|member| member.element.valid());
        let ids: Vec<&str> = ids.map(|element| &*element.value.value).collect();
        (!ids.is_empty()).then(|| json!(ids))
    }

    fn picture(&self, text: &Text) -> Result<Value, Unbuildable> {
        let Some(picture) = self.clip.picture(text, self.library)? else { return Ok(json!(&*text.value)) };
        let digest =
            picture.digest().map_err(|error| Unbuildable { place: text.place(), reason: error.to_string() })?;
        Ok(json!(format!("sha256:{digest}")))
    }

    fn camera(&self) -> Option<Value> {
        let Camera::Control(CameraControl { axes, preset }) = self.clip.camera.value()? else { return None };
        if let Field::Valid(preset) = preset {
            return Some(json!({ "preset": preset.value.as_str() }));
        }
        let axes = axes.iter().filter_map(|(axis, _, value)| {
            let value = number(&value.valid()?.value);
            (value != json!(0)).then(|| (axis.as_str().to_owned(), value))
        });
        Some(Value::Object(sorted(axes)))
    }

    fn brush(&self, brush: &Brush) -> Result<Value, Unbuildable> {
        let mut value = Map::new();
        let moves = brush.r#move.valid().map(|moves| &moves.value.items[..]).unwrap_or_default();
        let mut moving = Vec::new();
        for moved in moves {
            let points = moved.path.valid().map(|path| &path.value.items[..]).unwrap_or_default();
            let path = points.iter().map(|point| self.clip.point(brush, point, self.library));
            let path: Vec<_> = path.collect::<Result<_, _>>()?;
            let mask = moved.mask.valid().map(|mask| self.picture(&mask.value)).transpose()?;
            moving.push(json!({ "mask": mask, "path": path }));
        }
        if !moving.is_empty() {
            value.insert("move".into(), moving.into());
        }
        if let Some(still) = brush.still.valid() {
            value.insert("still".into(), self.picture(&still.value)?);
        }
        Ok(Value::Object(value))
    }

    fn raw(&self) -> Option<Value> {
        let fields = self.clip.shot.kling.valid().into_iter().flat_map(|kling| &kling.value.fields);
        let fields = fields.filter(|(name, _)| !NOT_OF_THE_CLIP.contains(&&*name.value));
        let fields = sorted(fields.map(|(name, value)| (name.value.to_string(), canonical(value))));
        (!fields.is_empty()).then_some(Value::Object(fields))
    }
}

/// A number by its value: `1` and `1.0` are one.
fn number(number: &Number) -> Value {
    match number.as_f64() {
        Some(value) if number.is_f64() && value.fract() == 0.0 && value.abs() < 9e15 => json!(value as i64),
        _ => Value::Number(number.clone()),
    }
}

fn sorted(fields: impl Iterator<Item = (String, Value)>) -> Map<String, Value> {
    let fields: BTreeMap<String, Value> = fields.collect();
    fields.into_iter().collect()
}

fn canonical(value: &Value) -> Value {
    match value {
        Value::Number(written) => number(written),
        Value::Array(items) => items.iter().map(canonical).collect(),
        Value::Object(fields) => {
            Value::Object(sorted(fields.iter().map(|(name, value)| (name.clone(), canonical(value)))))
        }
        plain => plain.clone(),
    }
}

/// A part as the ledger keeps it.
fn short(value: &Value) -> String {
    const LONGEST: usize = 24;
    let plain = match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        _ => None,
    };
    let is_word = |text: &String| {
        text.len() <= LONGEST && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-".contains(&byte))
    };
    plain.filter(is_word).unwrap_or_else(|| {
        let digest = hex::encode(Sha256::digest(value.to_string()));
        format!("sha256:{}", &digest[..16])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_its_value_as_far_as_it_can_be_told() {
        for (written, value) in
            [("1.0", "1"), ("-2.0", "-2"), ("0.50", "0.5"), ("8999999999999999.0", "8999999999999999")]
        {
            let read = |text: &str| number(&text.parse().unwrap());
            assert_eq!(read(written), read(value), "{written}");
        }
        // From here on the next whole numbers are the same to a computer.
        let large = "9000000000000000.0".parse().unwrap();
        assert_eq!(number(&large), Value::Number(large));
    }

    #[test]
    fn a_part_is_kept_as_a_word_or_as_its_digest() {
        let longest = "a".repeat(24);
        for (value, kept) in [
            (json!("kling-v2-6"), "kling-v2-6"),
            (json!("on"), "on"),
            (json!(longest), &longest),
            (json!(0.5), "0.5"),
            (json!(5), "5"),
            (json!(true), "true"),
        ] {
            assert_eq!(short(&value), kept, "{value}");
        }
        for value in [
            json!("a".repeat(25)),
            json!("Fog lifts."),
            json!("fog_lifts"),
            json!("sha256:ab"),
            json!(["829"]),
            json!({"zoom": 4}),
        ] {
            let digest = hex::encode(Sha256::digest(value.to_string()));
            assert_eq!(short(&value), format!("sha256:{}", &digest[..16]), "{value}");
        }
    }
}

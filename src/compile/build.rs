//! From a shot of a film to its request, as section 4 of the language's page says.

use std::sync::Arc;

use serde_json::{Value as Json, json};

use super::body::{Body, Content};
use super::{Request, SourceMap};
use crate::assets::{Library, Missing, Picture, Reference};
use crate::kling::capability::Capability;
use crate::kling::{Axis, Target};
use crate::language::film::{Film, Shot};
use crate::language::storyboard::Origin;
use crate::language::{At, Brush, Camera, Field, Point, Text};
use crate::text::Place;

/// Why a shot has no request, although nothing that is told as an error holds it back.
#[derive(Clone, Debug)]
pub struct Unbuildable {
    /// The words that stand in the way.
    pub place: Place,
    /// What is wrong with them.
    pub reason: String,
}

/// The request of a shot. A wrong value counts as not written: whether wrong values hold a film back is for the caller.
///
/// # Errors
/// A frame or mask is not there, or points need a height that is not known.
pub fn request(film: &Film, shot: &Shot, target: Target, library: &Library) -> Result<Request, Unbuildable> {
    let mut builder = Builder { shot, library, body: Body::default(), sources: SourceMap::default() };
    builder.fill(film, target)?;
    Ok(Request {
        storyboard: film.file.document.source.name.clone(),
        shot: shot.name(),
        target,
        body: builder.body,
        sources: builder.sources,
        place: shot.place(),
    })
}

struct Builder<'b> {
    shot: &'b Shot,
    library: &'b Library,
    body: Body,
    sources: SourceMap,
}

fn places<T>(field: &Field<T>) -> Vec<Place> {
    field.at().map(At::place).into_iter().collect()
}

impl Builder<'_> {
    fn put(&mut self, name: &str, content: Content, places: Vec<Place>) {
        self.body.push(name, content);
        self.sources.add(name, places);
    }

    fn json(&mut self, name: &str, value: impl Into<Json>, places: Vec<Place>) {
        self.put(name, Content::Json(value.into()), places);
    }

    fn fill(&mut self, film: &Film, target: Target) -> Result<(), Unbuildable> {
        let shot = self.shot;
        let settings = &shot.settings;
        if let Some(model) = shot.model() {
            self.json("model_name", model.as_str(), places(&settings.model));
        }
        self.frame("image", &shot.first_frame)?;
        self.frame("image_tail", &shot.last_frame)?;
        self.prompt(film, target);
        if let Some(negative) = film.negative_prompt(shot) {
            self.json("negative_prompt", negative, places(&settings.negative_prompt));
        }
        self.voice_list(film);
        let has_sound = shot.model().is_some_and(|model| Capability::of(model).has_sound());
        if let Some(sound) = settings.sound.valid()
            && has_sound
        {
            self.json("sound", if sound.value.0 { "on" } else { "off" }, places(&settings.sound));
        }
        if let Some(scale) = settings.cfg_scale.valid() {
            self.json("cfg_scale", scale.value.clone(), places(&settings.cfg_scale));
        }
        let mode = shot.mode().unwrap_or(crate::kling::Mode::Std);
        self.json("mode", mode.as_str(), places(&settings.mode));
        let brush = shot.brush.valid().map(|brush| &brush.value);
        if let Some(brush) = brush {
            self.frame("static_mask", &brush.still)?;
        }
        self.cuts(film);
        if let Some(brush) = brush {
            self.dynamic_masks(brush)?;
        }
        self.camera_control();
        let seconds = shot.seconds().unwrap_or(crate::kling::limits::DEFAULT_SECONDS);
        let duration = if shot.cuts.is_absent() {
            places(&settings.duration)
        } else if shot.own.duration.is_absent() {
            places(&shot.cuts)
        } else {
            places(&shot.own.duration)
        };
        self.json("duration", seconds.to_string(), duration);
        if let Some(watermark) = settings.watermark.valid() {
            self.json("watermark_info", json!({ "enabled": watermark.value }), places(&settings.watermark));
        }
        for (name, value) in shot.kling.valid().into_iter().flat_map(|kling| &kling.value.fields) {
            self.json(&name.value, value.clone(), vec![name.place()]);
        }
        Ok(())
    }

    fn frame(&mut self, name: &str, frame: &Field<Text>) -> Result<(), Unbuildable> {
        if let Some(frame) = frame.valid() {
            let content = self.picture(&frame.value)?;
            self.put(name, content, vec![frame.at.place()]);
        }
        Ok(())
    }

    fn picture(&self, text: &Text) -> Result<Content, Unbuildable> {
        match Reference::of(&text.value) {
            Reference::Url(url) => Ok(Content::Json(url.into())),
            // An error of its own; silenced, it is sent as it stands.
            Reference::Inline => Ok(Content::Json((&*text.value).into())),
            Reference::Path(path) => {
                let picture = self.local(text, path)?;
                Ok(Content::Picture { picture, path: path.to_owned() })
            }
        }
    }

    fn local(&self, text: &Text, path: &str) -> Result<Arc<Picture>, Unbuildable> {
        self.library.picture(text.at.document.source.folder(), path).map_err(|missing| Unbuildable {
            place: text.place(),
            reason: match missing {
                Missing::Outside { .. } => "it is outside of the project".into(),
                Missing::NotFound { .. } => "there is no such file".into(),
                Missing::Unreadable(why) => why.to_string(),
            },
        })
    }

    fn prompt(&mut self, film: &Film, target: Target) {
        let shot = self.shot;
        let (text, prompt) = match shot.cuts().first() {
            None => (film.prompt(shot).text, places(&shot.prompt)),
            // Kling ignores it, but new-api gateways refuse a request without one.
            Some(cut) if target == Target::Gateway => (film.cut_prompt(shot, cut).text, places(&cut.prompt)),
            Some(_) => return,
        };
        let mut from = prompt;
        from.extend(shot.spoken().iter().map(|line| line.speaker.place()));
        if let Some(Camera::Words(words)) = shot.camera.valid().map(|camera| &camera.value) {
            from.push(words.place());
        }
        if !text.is_empty() {
            self.json("prompt", text, from);
        }
    }

    fn voice_list(&mut self, film: &Film) {
        let shot = self.shot;
        let order = film.voice_order(shot);
        let voices: Vec<Json> = order
            .iter()
            .filter_map(|name| film.cast.get(*name)?.voice.valid())
            .map(|voice| json!({ "voice_id": &*voice.value.value }))
            .collect();
        if !voices.is_empty() {
            let from = if shot.spoken().is_empty() { places(&shot.voices) } else { places(&shot.lines) };
            self.json("voice_list", voices, from);
        }
    }

    fn cuts(&mut self, film: &Film) {
        let shot = self.shot;
        if shot.cuts().is_empty() {
            return;
        }
        let from = places(&shot.cuts);
        self.json("multi_shot", true, from.clone());
        self.json("shot_type", "customize", from.clone());
        let mut cuts = Vec::new();
        for (index, cut) in shot.cuts().iter().enumerate() {
            let seconds = cut.duration.valid().map_or(0, |seconds| seconds.value.0);
            let prompt = film.cut_prompt(shot, cut).text;
            cuts.push(json!({ "index": index + 1, "prompt": prompt, "duration": seconds.to_string() }));
        }
        self.json("multi_prompt", cuts, from);
        for (index, cut) in shot.cuts().iter().enumerate() {
            self.sources.add(format!("multi_prompt[{index}].prompt"), places(&cut.prompt));
            self.sources.add(format!("multi_prompt[{index}].duration"), places(&cut.duration));
        }
    }

    fn dynamic_masks(&mut self, brush: &Brush) -> Result<(), Unbuildable> {
        let Some(moves) = brush.moves.valid() else { return Ok(()) };
        let mut masks = Vec::new();
        for moved in &moves.value.items {
            let points = moved.path.valid().map(|path| &path.value.items[..]).unwrap_or_default();
            let trajectory = points.iter().map(|point| self.point(brush, point)).collect::<Result<Vec<_>, _>>()?;
            let mut fields = Vec::new();
            if let Some(mask) = moved.mask.valid() {
                fields.push(("mask".to_owned(), self.picture(&mask.value)?));
            }
            fields.push(("trajectories".to_owned(), Content::Json(trajectory.into())));
            masks.push(Content::Object(fields));
        }
        self.put("dynamic_masks", Content::List(masks), places(&brush.moves));
        for (index, moved) in moves.value.items.iter().enumerate() {
            self.sources.add(format!("dynamic_masks[{index}].mask"), places(&moved.mask));
            self.sources.add(format!("dynamic_masks[{index}].trajectories"), places(&moved.path));
        }
        Ok(())
    }

    /// A point as Kling counts: from the bottom left.
    fn point(&self, brush: &Brush, point: &Point) -> Result<Json, Unbuildable> {
        let from_bottom = brush.origin.valid().is_some_and(|origin| origin.value == Origin::BottomLeft);
        if from_bottom {
            return Ok(json!({ "x": point.x, "y": point.y }));
        }
        let unbuildable = |place: Place, reason: &str| Unbuildable { place, reason: reason.into() };
        let Some(frame) = self.shot.first_frame.valid() else {
            return Err(unbuildable(point.at.place(), "points counted from the top need a first frame"));
        };
        let Reference::Path(path) = Reference::of(&frame.value.value) else {
            return Err(unbuildable(
                frame.at.place(),
                "points counted from the top need a first frame that is a local file",
            ));
        };
        let Some((_, height)) = self.local(&frame.value, path)?.pixels else {
            return Err(unbuildable(frame.at.place(), "its height cannot be read"));
        };
        Ok(json!({ "x": point.x, "y": (height as i64 - 1).saturating_sub(point.y) }))
    }

    fn camera_control(&mut self) {
        let Some(camera) = self.shot.camera.valid() else { return };
        let Camera::Control(control) = &camera.value else { return };
        let value = match control.preset.valid() {
            Some(preset) => json!({ "type": preset.value.as_str() }),
            None => {
                let mut config = serde_json::Map::new();
                for axis in Axis::ALL {
                    let written =
                        control.axes.iter().find(|(written, ..)| written == axis).and_then(|(_, _, n)| n.valid());
                    config.insert(axis.as_str().into(), written.map_or(json!(0), |n| n.value.clone().into()));
                }
                json!({ "type": "simple", "config": config })
            }
        };
        self.json("camera_control", value, places(&self.shot.camera));
    }
}

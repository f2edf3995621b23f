//! From a settled clip to the flat body, as section 4 of the language's page says.

use serde_json::{Map, Value as Json, json};

use super::fields::produced;
use crate::api::body::{ELEMENT_LIST, EXTERNAL_TASK_ID};
use crate::api::{Body, Content, Request, SourceMap};
use crate::assets::Library;
use crate::clip::{Clip, Unbuildable};
use crate::kling::{Axis, Target};
use crate::language::{At, Brush, Camera, Field, Text};
use crate::text::Place;

/// The request of a clip.
///
/// # Errors
/// A value is wrong, a picture is missing, or a text is too long.
pub(super) fn request(clip: &Clip<'_>, library: &Library, path: &'static str) -> Result<Request, Unbuildable> {
    clip.check_usable()?;
    let mut writer = Writer { clip, library, body: Body::default(), sources: SourceMap::default() };
    writer.fill()?;
    Ok(Request {
        storyboard: clip.film.file.document.source.name.clone(),
        shot: clip.shot.name(),
        target: clip.target,
        path,
        body: writer.body,
        sources: writer.sources,
        place: clip.shot.place(),
    })
}

struct Writer<'c, 'f> {
    clip: &'c Clip<'f>,
    library: &'c Library,
    body: Body,
    sources: SourceMap,
}

fn place(at: Option<&At>) -> Vec<Place> {
    at.map(At::place).into_iter().collect()
}

impl<'f> Writer<'_, 'f> {
    fn put(&mut self, name: &str, content: Content, places: Vec<Place>) {
        self.body.push(name, content);
        self.sources.add(name, places);
    }

    fn json(&mut self, name: &str, value: impl Into<Json>, places: Vec<Place>) {
        self.put(name, Content::Json(value.into()), places);
    }

    /// The fields in the order in which they are sent.
    fn fill(&mut self) -> Result<(), Unbuildable> {
        let clip = self.clip;
        if let Some(model) = clip.model.value() {
            self.json("model_name", model.as_str(), place(clip.model.at()));
        }
        if let Some((frame, at)) = clip.first_frame.written() {
            self.picture("image", frame, at)?;
        }
        self.field_picture("image_tail", &clip.shot.last_frame)?;
        self.prompt()?;
        if let Some(text) = clip.sent_negative_prompt() {
            let text = text.build().map_err(|error| self.too_long(error))?;
            self.json("negative_prompt", text, place(clip.negative_prompt.at()));
        }
        self.voice_list();
        self.element_list()?;
        self.sound();
        if let Some((scale, at)) = clip.cfg_scale.written() {
            self.json("cfg_scale", scale.clone(), place(Some(at)));
        }
        if let Some(mode) = clip.mode.value() {
            self.json("mode", mode.as_str(), place(clip.mode.at()));
        }
        let brush = clip.shot.brush.value();
        if let Some(brush) = brush {
            self.field_picture("static_mask", &brush.still)?;
        }
        self.cuts()?;
        if let Some(brush) = brush {
            self.dynamic_masks(brush)?;
        }
        self.camera_control();
        if let Some(seconds) = clip.seconds.value() {
            self.json("duration", seconds.to_string(), place(clip.seconds.at()));
        }
        if let Some((watermark, at)) = clip.watermark.written() {
            self.json("watermark_info", json!({ "enabled": watermark }), place(Some(at)));
        }
        self.raw_fields()
    }

    fn too_long(&self, error: crate::clip::TooLong) -> Unbuildable {
        Unbuildable { place: self.clip.shot.place(), reason: error.to_string() }
    }

    fn field_picture(&mut self, name: &str, field: &'f Field<Text>) -> Result<(), Unbuildable> {
        match field.valid() {
            Some(frame) => self.picture(name, &frame.value, &frame.at),
            None => Ok(()),
        }
    }

    fn picture(&mut self, name: &str, text: &Text, at: &At) -> Result<(), Unbuildable> {
        let content = self.picture_content(text)?;
        self.put(name, content, vec![at.place()]);
        Ok(())
    }

    fn picture_content(&self, text: &Text) -> Result<Content, Unbuildable> {
        Ok(match self.clip.picture(text, self.library)? {
            Some(picture) => Content::Picture { picture, path: text.value.to_string() },
            None => Content::Json((&*text.value).into()),
        })
    }

    fn prompt(&mut self) -> Result<(), Unbuildable> {
        let shot = self.clip.shot;
        let mut from = match shot.cuts().first() {
            None => place(shot.prompt.at()),
            // Kling ignores it, but new-api gateways refuse a request without one.
            Some(cut) if self.clip.target == Target::Gateway => place(cut.prompt.at()),
            Some(_) => return Ok(()),
        };
        let Some(prompt) = self.clip.prompts.first() else { return Ok(()) };
        let text = prompt.text_with(self.clip.sent_elements()).map_err(|error| self.too_long(error))?;
        from.extend(shot.spoken().iter().map(|line| line.speaker.place()));
        from.extend(self.clip.camera_words().map(Text::place));
        if !text.is_empty() {
            self.json("prompt", text, from);
        }
        Ok(())
    }

    fn voice_list(&mut self) {
        let clip = self.clip;
        let ids = clip.voices.iter().filter_map(|member| member.voice.valid());
        let voices: Vec<Json> = ids.map(|voice| json!({ "voice_id": &*voice.value.value })).collect();
        if !voices.is_empty() {
            let from = if clip.shot.spoken().is_empty() { clip.shot.voices.at() } else { clip.shot.lines.at() };
            self.json("voice_list", voices, place(from));
        }
    }

    /// Kling's page has the id as a long: a number is written from its digits, which a double would not keep.
    fn element_list(&mut self) -> Result<(), Unbuildable> {
        let mut elements = Vec::new();
        let mut from = Vec::new();
        for element in self.clip.sent_elements().iter().filter_map(|member| member.element.valid()) {
            let id: u64 = element
                .value
                .value
                .parse()
                .map_err(|_| Unbuildable { place: element.at.place(), reason: "this is not an element's id".into() })?;
            elements.push(json!({ "element_id": id }));
            from.push(element.at.place());
        }
        if !elements.is_empty() {
            self.json(ELEMENT_LIST, elements, from);
        }
        Ok(())
    }

    fn sound(&mut self) {
        // A model without sound is not asked to be silent either.
        let is_silent = self.clip.sound.value() == Some(false);
        if let Some((on, at)) = self.clip.sound.written()
            && (!is_silent || self.clip.can_sound())
        {
            self.json("sound", if on { "on" } else { "off" }, place(Some(at)));
        }
    }

    fn cuts(&mut self) -> Result<(), Unbuildable> {
        let shot = self.clip.shot;
        if self.clip.sends_auto_cuts() {
            let from = place(shot.auto_cuts());
            self.json("multi_shot", true, from.clone());
            self.json("shot_type", "intelligence", from);
        }
        if shot.cuts().is_empty() {
            return Ok(());
        }
        let from = place(shot.cuts_at());
        self.json("multi_shot", true, from.clone());
        self.json("shot_type", "customize", from.clone());
        let mut cuts = Vec::new();
        for (index, (cut, prompt)) in shot.cuts().iter().zip(&self.clip.prompts).enumerate() {
            let seconds = cut.duration.valid().map_or(0, |seconds| seconds.value.0);
            let prompt = prompt.text_with(self.clip.sent_elements()).map_err(|error| self.too_long(error))?;
            cuts.push(json!({ "index": index + 1, "prompt": prompt, "duration": seconds.to_string() }));
        }
        self.json("multi_prompt", cuts, from);
        for (index, cut) in shot.cuts().iter().enumerate() {
            self.sources.add(format!("multi_prompt[{index}].prompt"), place(cut.prompt.at()));
            self.sources.add(format!("multi_prompt[{index}].duration"), place(cut.duration.at()));
        }
        Ok(())
    }

    fn dynamic_masks(&mut self, brush: &Brush) -> Result<(), Unbuildable> {
        let Some(moves) = brush.r#move.valid() else { return Ok(()) };
        let mut masks = Vec::new();
        for moved in &moves.value.items {
            let points = moved.path.valid().map(|path| &path.value.items[..]).unwrap_or_default();
            let mut trajectory = Vec::new();
            for point in points {
                let (x, y) = self.clip.point(brush, point, self.library)?;
                trajectory.push(json!({ "x": x, "y": y }));
            }
            let mut fields = Vec::new();
            if let Some(mask) = moved.mask.valid() {
                fields.push(("mask".to_owned(), self.picture_content(&mask.value)?));
            }
            fields.push(("trajectories".to_owned(), Content::Json(trajectory.into())));
            masks.push(Content::Object(fields));
        }
        self.put("dynamic_masks", Content::List(masks), place(brush.r#move.at()));
        for (index, moved) in moves.value.items.iter().enumerate() {
            self.sources.add(format!("dynamic_masks[{index}].mask"), place(moved.mask.at()));
            self.sources.add(format!("dynamic_masks[{index}].trajectories"), place(moved.path.at()));
        }
        Ok(())
    }

    fn camera_control(&mut self) {
        let Some((Camera::Control(control), at)) = self.clip.camera.written() else { return };
        let value = match control.preset.valid() {
            Some(preset) => json!({ "type": preset.value.as_str() }),
            None => {
                let mut config = Map::new();
                for axis in Axis::ALL {
                    let written = control.axes.iter().find(|(written, ..)| written == axis);
                    let written = written.and_then(|(_, _, number)| number.valid());
                    config.insert(axis.as_str().into(), written.map_or(json!(0), |n| n.value.clone().into()));
                }
                json!({ "type": "simple", "config": config })
            }
        };
        self.json("camera_control", value, place(Some(at)));
    }

    /// Adds the fields under `kling`. A field that is already there is not sent twice, whatever rules are silenced.
    fn raw_fields(&mut self) -> Result<(), Unbuildable> {
        for (name, value) in self.clip.shot.kling.valid().into_iter().flat_map(|kling| &kling.value.fields) {
            let is_doubled = &*name.value == ELEMENT_LIST && !self.clip.sent_elements().is_empty();
            if let Some(field) = produced(&name.value).or(is_doubled.then_some(ELEMENT_LIST)) {
                let reason = match field {
                    EXTERNAL_TASK_ID => "`submit` sets it itself".into(),
                    field => format!("it would be sent in addition to `{field}`, which clapboard writes itself"),
                };
                return Err(Unbuildable { place: name.place(), reason });
            }
            self.json(&name.value, value.clone(), vec![name.place()]);
        }
        Ok(())
    }
}

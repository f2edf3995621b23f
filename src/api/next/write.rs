//! From a settled clip to `contents`, `settings` and `options`.

use serde_json::{Value as Json, json};

use super::fields::{CALLBACK_URL, CONTENTS, OPTIONS, SETTINGS, conflict};
use super::models::{Endpoint, endpoint};
use super::words::{Named, Words, is_cut};
use crate::api::body::{ELEMENT_LIST, EXTERNAL_TASK_ID};
use crate::api::{Body, Content, Request, SourceMap};
use crate::assets::Library;
use crate::clip::{Clip, Unbuildable};
use crate::kling::{Feature, Mode, Support};
use crate::language::{At, Text};
use crate::text::Place;

/// The request of a clip.
///
/// # Errors
/// A value is wrong, a picture is missing, the text is too long or says nothing, or the model has no endpoint.
pub(super) fn request(clip: &Clip<'_>, library: &Library) -> Result<Request, Unbuildable> {
    let refuse = |place: Place, reason: String| Unbuildable { place, reason };
    clip.check_usable()?;
    let shot = clip.shot.place();
    let model = clip.model.value().ok_or_else(|| refuse(shot.clone(), "it has no model".into()))?;
    let endpoint = endpoint(model).ok_or_else(|| {
        let place = clip.model.at().map_or_else(|| shot.clone(), At::place);
        refuse(place, format!("{} has no `{model}`", clip.target.name()))
    })?;
    let words = Words::of(clip).map_err(|error| refuse(shot.clone(), error.to_string()))?;
    if words.text.is_empty() {
        return Err(refuse(shot, format!("{} takes no request without a text", clip.target.name())));
    }
    let mut writer = Writer { clip, library, endpoint, contents: Vec::new(), sources: SourceMap::default() };
    writer.sources.add("model", place(clip.model.at()));
    writer.contents(words)?;
    let settings = writer.settings();
    let body = writer.body(settings)?;
    Ok(Request {
        storyboard: clip.film.file.document.source.name.clone(),
        shot: clip.shot.name(),
        target: clip.target,
        path: endpoint.path,
        body,
        sources: writer.sources,
        place: clip.shot.place(),
    })
}

struct Writer<'c, 'f> {
    clip: &'c Clip<'f>,
    library: &'c Library,
    endpoint: &'static Endpoint,
    contents: Vec<Content>,
    sources: SourceMap,
}

type Fields = Vec<(String, Content)>;

fn place(at: Option<&At>) -> Vec<Place> {
    at.map(At::place).into_iter().collect()
}

fn field(name: &str, value: impl Into<Json>) -> (String, Content) {
    (name.to_owned(), Content::Json(value.into()))
}

impl Writer<'_, '_> {
    /// An item of `contents`. What the service says of it names its number or its type.
    fn item(&mut self, kind: &str, rest: Fields, places: Vec<Place>) {
        self.sources.add(format!("{CONTENTS}[{}]", self.contents.len()), places.clone());
        self.sources.add(format!("{CONTENTS}.{kind}"), places);
        let mut fields = vec![field("type", kind)];
        fields.extend(rest);
        self.contents.push(Content::Object(fields));
    }

    fn contents(&mut self, words: Words) -> Result<(), Unbuildable> {
        let shot = self.clip.shot;
        let mut from = place(shot.cuts_at().or(shot.prompt.at()));
        from.extend(shot.spoken().iter().map(|line| line.speaker.place()));
        from.extend(self.clip.camera_words().map(Text::place));
        self.item("prompt", vec![field("text", words.text)], from);
        if let Some((frame, at)) = self.clip.first_frame.written() {
            self.frame("first_frame", frame, at)?;
        }
        let can_end = self.supports(Feature::LastFrame);
        if let Some(frame) = shot.last_frame.valid().filter(|_| can_end) {
            self.frame("last_frame", &frame.value, &frame.at)?;
        }
        let spoken = if shot.spoken().is_empty() { shot.voices.at() } else { shot.lines.at() };
        self.named("voice", "voice_id", words.voices, place(spoken));
        let members = self.clip.sent_elements().iter().filter_map(|member| member.element.at());
        let mut elements: Vec<Place> = members.map(At::place).collect();
        if elements.is_empty() {
            elements = place(shot.kling.at());
        }
        self.named("element", "element_id", words.elements, elements);
        Ok(())
    }

    fn supports(&self, feature: Feature) -> bool {
        let target = self.clip.target;
        self.clip.model.value().is_some_and(|model| model.supports_on(feature, target) != Support::Never)
    }

    fn frame(&mut self, kind: &str, text: &Text, at: &At) -> Result<(), Unbuildable> {
        let url = match self.clip.picture(text, self.library)? {
            Some(picture) => Content::Picture { picture, path: text.value.to_string() },
            None => Content::Json((&*text.value).into()),
        };
        self.item(kind, vec![("url".to_owned(), url)], vec![at.place()]);
        Ok(())
    }

    fn named(&mut self, kind: &str, id: &str, named: Vec<Named>, places: Vec<Place>) {
        for named in named {
            self.item(kind, vec![field(id, named.id), field("id", named.alias)], places.clone());
        }
    }

    /// Each setting that the model has is sent, for the service's defaults are others than the language's.
    fn settings(&mut self) -> Fields {
        let clip = self.clip;
        let mut settings = Vec::new();
        if self.endpoint.has_multi_shot {
            settings.push(field("multi_shot", is_cut(clip) || clip.sends_auto_cuts()));
            let cuts = clip.shot.cuts.at();
            self.sources.add("settings.multi_shot", place(cuts));
        }
        if self.endpoint.has_audio {
            settings.push(field("audio", if clip.sound.value() == Some(true) { "native" } else { "off" }));
            self.sources.add("settings.audio", place(clip.sound.at()));
        }
        if let Some(mode) = clip.mode.value() {
            settings.push(field("resolution", resolution(mode)));
            self.sources.add("settings.resolution", place(clip.mode.at()));
        }
        if let Some(seconds) = clip.seconds.value() {
            settings.push(field("duration", seconds));
            self.sources.add("settings.duration", place(clip.seconds.at()));
        }
        settings
    }

    fn body(&mut self, mut settings: Fields) -> Result<Body, Unbuildable> {
        let mut options = Vec::new();
        if let Some((watermark, at)) = self.clip.watermark.written() {
            options.push(("watermark_info".to_owned(), Content::Json(json!({ "enabled": watermark }))));
            self.sources.add("options.watermark_info", vec![at.place()]);
        }
        let mut others = Vec::new();
        for (name, value) in self.clip.shot.kling.valid().into_iter().flat_map(|kling| &kling.value.fields) {
            let is_doubled = &*name.value == ELEMENT_LIST && !self.clip.sent_elements().is_empty();
            if let Some(produced) = conflict(&name.value, value).or(is_doubled.then_some(ELEMENT_LIST)) {
                let reason = match produced {
                    EXTERNAL_TASK_ID => "`submit` sets it itself".to_owned(),
                    produced => format!("it would be sent in addition to `{produced}`, which clapboard writes itself"),
                };
                return Err(Unbuildable { place: name.place(), reason });
            }
            let group = match &*name.value {
                ELEMENT_LIST => continue,
                CALLBACK_URL => {
                    options.push(field(CALLBACK_URL, value.clone()));
                    OPTIONS
                }
                SETTINGS => add_all(&mut settings, SETTINGS, value),
                OPTIONS => add_all(&mut options, OPTIONS, value),
                _ => {
                    others.push((name, value));
                    continue;
                }
            };
            self.sources.add(group, vec![name.place()]);
        }
        let mut body = Body::with_external_in(OPTIONS);
        body.push(CONTENTS, Content::List(std::mem::take(&mut self.contents)));
        body.push(SETTINGS, Content::Object(settings));
        for (name, value) in others {
            body.push(&name.value, Content::Json(value.clone()));
            self.sources.add(&*name.value, vec![name.place()]);
        }
        if !options.is_empty() {
            body.push(OPTIONS, Content::Object(options));
        }
        Ok(body)
    }
}

/// Adds the fields of a group that is written under `kling`.
fn add_all(fields: &mut Fields, group: &'static str, value: &Json) -> &'static str {
    let written = value.as_object().into_iter().flatten();
    fields.extend(written.map(|(name, value)| field(name, value.clone())));
    group
}

/// The mode as this form has it.
fn resolution(mode: Mode) -> &'static str {
    match mode {
        Mode::Std => "720p",
        Mode::Pro => "1080p",
        Mode::FourK => "4k",
    }
}

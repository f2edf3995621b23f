//! A film as a storyboard in which each shot says all that it inherits: what a table can hold.

use camino::Utf8Path;
use serde_json::{Map, Value};

use crate::check::CheckedFilm;
use crate::clip::{self, Clip, Settled};
use crate::language::lent::display_name;
use crate::language::storyboard::{
    AutoCuts, Brush, Camera, CastMember, Cut, Cuts, Line, Notes, Scene, Settings, Shot, Sound, Spoken, Storyboard,
};
use crate::language::{At, Field, Remark, Seconds, Text};

/// The film of these clips. `path` gives what a picture's path is from the folder of the export: it takes the folder of the file
/// that names the picture, and the name.
pub(super) fn storyboard(
    take: &CheckedFilm,
    clips: &[Clip<'_>],
    mut path: impl FnMut((&Utf8Path, &str)) -> String,
) -> Storyboard {
    let film = &take.film;
    let mut board = Storyboard { storyboard: 1, title: title(take), ..Storyboard::default() };
    for (key, member) in film.cast().entries() {
        board.cast.insert(
            key.to_owned(),
            CastMember {
                name: Some(member.name.clone()).filter(|name| *name != display_name(key)),
                look: member.look.value().map(owned),
                voice: member.voice.valid().map(|voice| owned(&voice.value)),
                element: member.element.valid().map(|element| owned(&element.value)),
                notes: None,
            },
        );
    }
    let styles =
        film.styles().entries().filter_map(|(name, style)| Some((name.to_owned(), owned(style.text.as_ref()?))));
    board.styles.extend(styles);
    let mut last = None;
    for clip in clips {
        let shot = shot(clip, &mut path);
        match clip.shot.scene.and_then(|scene| film.scenes.get(scene)) {
            None => board.shots.push(shot),
            Some(_) if last == clip.shot.scene => {
                if let Some(scene) = board.scenes.last_mut() {
                    scene.shots.push(shot);
                }
            }
            Some(scene) => board.scenes.push(Scene {
                id: text(&scene.id).unwrap_or_default(),
                heading: text(&scene.heading),
                shots: vec![shot],
                ..Scene::default()
            }),
        }
        last = clip.shot.scene;
    }
    board
}

fn title(take: &CheckedFilm) -> Option<String> {
    let tree = &take.film.file.document.tree;
    Some(tree.text(tree.get(tree.root()?, "title")?)?.to_owned())
}

fn shot(clip: &Clip<'_>, path: &mut impl FnMut((&Utf8Path, &str)) -> String) -> Shot {
    let shot = clip.shot;
    let mut picture = |text: &Text| path((text.at.document.source.folder(), &text.value));
    let kling = shot.kling.valid().map(|raw| &raw.value.fields);
    Shot {
        id: shot.name(),
        settings: settings(clip, &mut picture),
        last_frame: shot.last_frame.valid().map(|text| picture(&text.value)),
        prompt: text(&shot.prompt),
        lines: shot.lines.valid().map(|lines| lines.value.items.iter().map(line).collect()).unwrap_or_default(),
        voices: shot.voices().iter().map(owned).collect(),
        cuts: match shot.auto_cuts() {
            Some(_) => Cuts::Auto(AutoCuts::Auto),
            None => Cuts::List(shot.cuts().iter().map(cut).collect()),
        },
        r#use: from_json(shot.r#use.at()),
        brush: brush(clip, &mut picture),
        skip: shot.is_skipped().then_some(true),
        kling: kling.into_iter().flatten().map(|(name, value)| (name.value.to_string(), value.clone())).collect(),
    }
}

/// The settings of the clip. Settings that are not written anywhere are left out.
fn settings(clip: &Clip<'_>, picture: impl FnMut(&Text) -> String) -> Settings {
    let seconds = match clip.seconds {
        clip::Seconds::Length(length) => length.written().map(|(seconds, _)| seconds),
        clip::Seconds::Cuts(..) => None,
    };
    let styles: Vec<String> = clip.styles.iter().map(|style| owned(style)).collect();
    Settings {
        model: clip.model.value(),
        mode: written(clip.mode),
        duration: seconds.map(Seconds),
        sound: written(clip.sound).map(Sound),
        cfg_scale: clip.cfg_scale.value().cloned(),
        negative_prompt: clip.negative_prompt.value().map(owned).filter(|text| !text.trim().is_empty()),
        style: (!styles.is_empty()).then_some(styles),
        // They are among `style`.
        add_style: None,
        first_frame: clip.first_frame.value().map(picture),
        camera: clip.camera.at().and_then(camera),
        watermark: written(clip.watermark),
        notes: notes(&clip.shot.settings.notes),
    }
}

fn written<T: Copy>(settled: Settled<'_, T>) -> Option<T> {
    settled.written().map(|(value, _)| value)
}

fn owned(text: &Text) -> String {
    text.value.to_string()
}

fn text(field: &Field<Text>) -> Option<String> {
    field.valid().map(|text| owned(&text.value))
}

fn line(line: &crate::language::Line) -> Line {
    let text = line.text.as_ref().map(owned).unwrap_or_default();
    let spoken = match &line.manner {
        None => Spoken::Text(text),
        Some(manner) => Spoken::Directed { text, manner: Some(owned(manner)) },
    };
    Line([(owned(&line.speaker), spoken)].into())
}

fn cut(cut: &crate::language::Cut) -> Cut {
    let names = |field: &Field<crate::language::List<Text>>| {
        field.valid().map(|names| names.value.items.iter().map(owned).collect::<Vec<_>>())
    };
    Cut {
        duration: cut.duration.value().copied().unwrap_or_default(),
        prompt: text(&cut.prompt).unwrap_or_default(),
        style: names(&cut.style),
        add_style: names(&cut.add_style),
        notes: notes(&cut.notes),
    }
}

fn brush(clip: &Clip<'_>, picture: &mut impl FnMut(&Text) -> String) -> Option<Brush> {
    let brush = clip.shot.brush.valid()?;
    let mut written: Map<String, Value> = match brush.at.json() {
        Value::Object(fields) => fields,
        _ => return None,
    };
    written.retain(|name, _| !name.starts_with("x-"));
    if let Some(still) = brush.value.still.valid() {
        written.insert("still".into(), picture(&still.value).into());
    }
    let moves = written.entry("move").or_insert_with(|| Value::Array(Vec::new()));
    let masks = brush.value.r#move.valid().into_iter().flat_map(|moves| &moves.value.items);
    for (moved, mask) in moves.as_array_mut().into_iter().flatten().zip(masks) {
        if let (Some(fields), Some(mask)) = (moved.as_object_mut(), mask.mask.valid()) {
            fields.insert("mask".into(), picture(&mask.value).into());
        }
    }
    serde_json::from_value(Value::Object(written)).ok()
}

fn camera(at: &At) -> Option<Camera> {
    match at.json() {
        Value::Object(mut fields) => {
            fields.retain(|name, _| !name.starts_with("x-") && name != "notes");
            serde_json::from_value(Value::Object(fields)).ok()
        }
        value => serde_json::from_value(value).ok(),
    }
}

fn from_json<T: serde::de::DeserializeOwned>(at: Option<&At>) -> Option<T> {
    serde_json::from_value(at?.json()).ok()
}

fn notes(field: &Field<Remark>) -> Option<Notes> {
    field.at().map(|at| Notes(at.json()))
}

//! Final Cut Pro's XML, version 1.9: the newest that current versions of Final Cut Pro and DaVinci Resolve both read.

use std::collections::HashMap;

use serde_json::Value;

use super::xml::Element;
use super::{Exported, Picture, Rate, Shot, Timeline, spoken_lines, url};

/// The timeline's start, where editors expect it: one hour.
const START: u64 = 3600;

pub(super) fn write(timeline: &Timeline) -> Exported {
    let rate = timeline.rate;
    let mut resources = Resources::new(timeline);
    let zero = rate.counted() * START;
    let mut scenes = timeline.scenes.iter().peekable();
    let mut items = Vec::with_capacity(timeline.shots.len());
    for (index, shot) in timeline.shots.iter().enumerate() {
        let scene = scenes.next_if(|scene| scene.first == index).map(|scene| &*scene.name);
        items.push(item(shot, scene, zero + shot.start, rate, &mut resources));
    }
    let sequence = Element::new("sequence")
        .with("format", FORMAT)
        .with("duration", seconds(rate, timeline.length()))
        .with("tcStart", seconds(rate, zero))
        .with("tcFormat", "NDF")
        .holding([Element::new("spine").holding(items)]);
    let project = Element::new("project").with("name", &*timeline.title).holding([sequence]);
    let event = Element::new("event").with("name", "clapboard").holding([project]);
    let root = Element::new("fcpxml")
        .with("version", "1.9")
        .holding([Element::new("resources").holding(resources.elements), Element::new("library").holding([event])]);
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE fcpxml>\n");
    root.write(&mut text, 0);
    let has_stills = timeline.shots.iter().any(|shot| matches!(shot.picture, Picture::Still(_)));
    let stills = has_stills.then(|| "what is known of the shots that show a still, but for their prompts".to_owned());
    Exported { text, left_out: stills.into_iter().chain(spoken_lines(timeline)).collect() }
}

/// The id of the timeline's format.
const FORMAT: &str = "r1";
/// The id of the format of stills, which have no frame rate.
const STILL: &str = "r2";

struct Resources {
    elements: Vec<Element>,
    /// The asset of each file.
    assets: HashMap<String, String>,
}

impl Resources {
    fn new(timeline: &Timeline) -> Self {
        let (width, height) = size(timeline.pixels);
        let format = Element::new("format").with("id", FORMAT);
        let format = match format_name(timeline.rate, width, height) {
            Some(name) => format.with("name", name),
            None => format,
        };
        let format = format
            .with("frameDuration", seconds(timeline.rate, 1))
            .with("width", width.to_string())
            .with("height", height.to_string());
        let mut elements = vec![format];
        if timeline.shots.iter().any(|shot| matches!(shot.picture, Picture::Still(_))) {
            let still = Element::new("format").with("id", STILL).with("name", "FFVideoFormatRateUndefined");
            elements.push(still.with("width", width.to_string()).with("height", height.to_string()));
        }
        Resources { elements, assets: HashMap::new() }
    }

    /// The id of a file's asset.
    fn asset(&mut self, path: &str, shot: &Shot, rate: Rate) -> String {
        if let Some(id) = self.assets.get(path) {
            return id.clone();
        }
        let id = format!("a{}", self.assets.len() + 1);
        let is_still = matches!(shot.picture, Picture::Still(_));
        let mut asset = Element::new("asset")
            .with("id", &*id)
            .with("name", path.rsplit('/').next().unwrap_or(path))
            .with("start", "0s")
            // A still has no length of its own.
            .with("duration", if is_still { "0s".to_owned() } else { seconds(rate, shot.whole) })
            .with("hasVideo", "1")
            .with("format", if is_still { STILL } else { FORMAT });
        if shot.has_sound && !is_still {
            asset = asset.with("hasAudio", "1").with("audioSources", "1").with("audioChannels", "2");
        }
        let source = Element::new("media-rep").with("kind", "original-media").with("src", url(path));
        self.elements.push(asset.holding([source]));
        self.assets.insert(path.to_owned(), id.clone());
        id
    }
}

fn item(shot: &Shot, scene: Option<&str>, offset: u64, rate: Rate, resources: &mut Resources) -> Element {
    // Where the item's own time begins: markers are in it.
    let (element, start, metadata) = match &shot.picture {
        Picture::Take { path, .. } => {
            let clip =
                Element::new("asset-clip").with("ref", resources.asset(path, shot, rate)).with("tcFormat", "NDF");
            (clip.with("format", FORMAT), shot.from, Some(facts(shot)))
        }
        Picture::Still(path) => (Element::new("video").with("ref", resources.asset(path, shot, rate)), 0, None),
        Picture::Missing => (Element::new("gap"), 0, Some(facts(shot))),
    };
    let note = shot.facts.get("prompt").and_then(Value::as_str).map(|prompt| Element::new("note").saying(prompt));
    let at = |name| Element::new(name).with("start", seconds(rate, start)).with("duration", seconds(rate, 1));
    let notes = shot
        .notes
        .as_ref()
        .map(|notes| at("marker").with("value", notes.lines().next().unwrap_or_default()).with("note", &**notes));
    let missing = matches!(shot.picture, Picture::Missing)
        .then(|| at("marker").with("value", format!("{}: no clip yet", shot.id)).with("completed", "0"));
    let chapter = scene.map(|scene| at("chapter-marker").with("value", scene).with("posterOffset", "0s"));
    element
        .with("offset", seconds(rate, offset))
        .with("name", &*shot.id)
        .with("start", seconds(rate, start))
        .with("duration", seconds(rate, shot.length))
        .holding(note)
        .holding(missing)
        .holding(notes)
        .holding(chapter)
        .holding(metadata)
}

/// All that is known of a shot, under keys of our own.
fn facts(shot: &Shot) -> Element {
    let fields = shot.facts.iter().filter(|(name, _)| *name != "prompt").map(|(name, value)| {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        Element::new("md")
            .with("key", format!("clapboard.{name}"))
            .with("value", text)
            .with("type", "string")
            .with("displayName", name)
    });
    Element::new("metadata").holding(fields)
}

/// A frame's moment as the format writes time: a fraction of seconds.
fn seconds(rate: Rate, frame: u64) -> String {
    match rate.fraction(frame) {
        (seconds, 1) => format!("{seconds}s"),
        (above, below) => format!("{above}/{below}s"),
    }
}

/// The timeline's size: the proportions of the film's pictures, the short side as in Full HD.
fn size(pixels: Option<(usize, usize)>) -> (usize, usize) {
    const SHORT: usize = 1080;
    match pixels {
        Some((width, height)) if width > 0 && height > 0 => {
            let even =
                |long: usize, short: usize| (SHORT as f64 * long as f64 / short as f64 / 2.0).round() as usize * 2;
            if width >= height { (even(width, height), SHORT) } else { (SHORT, even(height, width)) }
        }
        _ => (1920, SHORT),
    }
}

/// The name that Final Cut Pro has for Full HD at a rate; other sizes have none.
fn format_name(rate: Rate, width: usize, height: usize) -> Option<String> {
    let rate = match rate.to_string().as_str() {
        "23.976" => "2398".to_owned(),
        "48" => return None,
        other => other.replace('.', ""),
    };
    ((width, height) == (1920, 1080)).then(|| format!("FFVideoFormat1080p{rate}"))
}

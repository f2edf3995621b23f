//! OpenTimelineIO's JSON. Written in the older versions of its schemas (`Clip.1`), which every version of its readers takes.

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::{Exported, Picture, Rate, Shot, Timeline, spoken_lines, url};

#[derive(Serialize)]
#[serde(tag = "OTIO_SCHEMA")]
enum Object {
    #[serde(rename = "Timeline.1")]
    Timeline { name: String, global_start_time: Option<Box<Object>>, metadata: Map<String, Value>, tracks: Box<Object> },
    #[serde(rename = "Stack.1")]
    Stack { name: String, markers: Vec<Object>, effects: [(); 0], metadata: Map<String, Value>, children: Vec<Object> },
    #[serde(rename = "Track.1")]
    Track {
        name: String,
        kind: &'static str,
        markers: [(); 0],
        effects: [(); 0],
        metadata: Map<String, Value>,
        source_range: Option<Box<Object>>,
        children: Vec<Object>,
    },
    #[serde(rename = "Clip.1")]
    Clip {
        name: String,
        media_reference: Box<Object>,
        source_range: Box<Object>,
        markers: Vec<Object>,
        effects: [(); 0],
        metadata: Map<String, Value>,
    },
    #[serde(rename = "ExternalReference.1")]
    ExternalReference { name: String, target_url: String, available_range: Box<Object>, metadata: Map<String, Value> },
    #[serde(rename = "MissingReference.1")]
    MissingReference { name: String, available_range: Option<Box<Object>>, metadata: Map<String, Value> },
    #[serde(rename = "Marker.2")]
    Marker {
        name: String,
        color: &'static str,
        comment: String,
        marked_range: Box<Object>,
        metadata: Map<String, Value>,
    },
    #[serde(rename = "TimeRange.1")]
    TimeRange { start_time: Box<Object>, duration: Box<Object> },
    #[serde(rename = "RationalTime.1")]
    RationalTime { rate: f64, value: f64 },
}

fn time(rate: Rate, frame: u64) -> Box<Object> {
    Box::new(Object::RationalTime { rate: rate.per_second(), value: frame as f64 })
}

fn range(rate: Rate, start: u64, length: u64) -> Box<Object> {
    Box::new(Object::TimeRange { start_time: time(rate, start), duration: time(rate, length) })
}

fn ours(facts: Map<String, Value>) -> Map<String, Value> {
    Map::from_iter([("clapboard".to_owned(), Value::Object(facts))])
}

pub(super) fn write(timeline: &Timeline) -> Exported {
    let rate = timeline.rate;
    let scenes = timeline.scenes.iter().filter_map(|scene| {
        let start = timeline.shots.get(scene.first)?.start;
        Some(marker(&scene.name, "BLUE", "", range(rate, start, 0)))
    });
    let track = Object::Track {
        name: "V1".into(),
        kind: "Video",
        markers: [],
        effects: [],
        metadata: Map::new(),
        source_range: None,
        children: timeline.shots.iter().map(|shot| clip(shot, rate)).collect(),
    };
    let film = Map::from_iter([
        ("version".to_owned(), json!(1)),
        ("film".to_owned(), timeline.film.clone().into()),
        ("fps".to_owned(), timeline.rate.to_string().into()),
    ]);
    let whole = Object::Timeline {
        name: timeline.title.clone(),
        global_start_time: Some(time(rate, rate.counted() * 3600)),
        metadata: ours(film),
        tracks: Box::new(Object::Stack {
            name: "tracks".into(),
            markers: scenes.collect(),
            effects: [],
            metadata: Map::new(),
            children: vec![track],
        }),
    };
    let text = serde_json::to_string_pretty(&whole).unwrap_or_default() + "\n";
    let lines = spoken_lines(timeline).map(|lines| format!("a track for {lines}. They are in the metadata"));
    Exported { text, left_out: lines.into_iter().collect() }
}

fn clip(shot: &Shot, rate: Rate) -> Object {
    let whole = || range(rate, 0, shot.whole);
    let media = match &shot.picture {
        Picture::Take { path, .. } | Picture::Still(path) => Object::ExternalReference {
            name: path.rsplit('/').next().unwrap_or(path).to_owned(),
            target_url: url(path),
            available_range: whole(),
            metadata: Map::new(),
        },
        Picture::Missing => {
            Object::MissingReference { name: shot.id.clone(), available_range: Some(whole()), metadata: Map::new() }
        }
    };
    let mut facts = shot.facts.clone();
    if !shot.lines.is_empty() {
        let lines = shot.lines.iter().map(|line| json!({ "speaker": line.speaker, "text": line.text }));
        facts.insert("lines".into(), lines.collect());
    }
    let notes = shot.notes.as_ref().map(|notes| {
        let name = notes.lines().next().unwrap_or_default();
        marker(name, "YELLOW", notes, range(rate, shot.from, 0))
    });
    Object::Clip {
        name: shot.id.clone(),
        media_reference: Box::new(media),
        source_range: range(rate, shot.from, shot.length),
        markers: notes.into_iter().collect(),
        effects: [],
        metadata: ours(facts),
    }
}

fn marker(name: &str, color: &'static str, comment: &str, marked_range: Box<Object>) -> Object {
    Object::Marker { name: name.into(), color, comment: comment.into(), marked_range, metadata: Map::new() }
}

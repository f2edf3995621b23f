//! A table: a row a shot, with all that a storyboard would say of it, which `import` reads back; then what people want to know
//! of it; then the film's people and styles.

use serde_json::Value;

use super::{CannotExport, Exported, Timeline};
use crate::language::table::{COLUMNS, Row, cell_for_people};

/// Columns for people, which are not read back: their names, and the facts that they hold.
const FOR_PEOPLE: &[(&str, &str)] = &[
    ("shown", "shown"),
    ("file", "file"),
    ("take", "take"),
    ("takes", "takes"),
    ("task_id", "task_id"),
    ("units", "units"),
    ("usd", "usd"),
    ("sent_prompt", "prompt"),
];

pub(super) fn write(timeline: &Timeline) -> Result<Exported, CannotExport> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let head = COLUMNS.iter().copied().chain(["starts_at", "seconds"]).chain(FOR_PEOPLE.iter().map(|(name, _)| *name));
    let cannot = |error: csv::Error| CannotExport(error.to_string());
    writer.write_record(head).map_err(cannot)?;
    let board = &timeline.written;
    let scenes = board
        .scenes
        .iter()
        .flat_map(|scene| scene.shots.iter().map(|shot| (Some(scene.id.clone()), scene.heading.clone(), shot)));
    let shots = board.shots.iter().map(|shot| (None, None, shot)).chain(scenes);
    for ((scene, heading, shot), shown) in shots.zip(&timeline.shots) {
        let row = Row::Shot { scene, heading, shot: Box::new(shot.clone()) };
        let fact = |name: &str| match shown.facts.get(name) {
            None => String::new(),
            Some(Value::String(text)) => cell_for_people(text),
            Some(value) => value.to_string(),
        };
        let seconds = (timeline.rate.seconds(shown.length) * 1000.0).round() / 1000.0;
        let times = [timeline.rate.timecode(shown.start), seconds.to_string()];
        let facts = FOR_PEOPLE.iter().map(|(_, name)| fact(name));
        writer.write_record(row.cells().into_iter().chain(times).chain(facts)).map_err(cannot)?;
    }
    let cast = board.cast.iter().map(|(key, member)| Row::Cast(key.clone(), member.clone()));
    let styles = board.styles.iter().map(|(name, text)| Row::Style(name.clone(), text.clone()));
    let title = board.title.iter().map(|title| Row::Title(title.clone()));
    let blank = || std::iter::repeat_n(String::new(), 2 + FOR_PEOPLE.len());
    for row in cast.chain(styles).chain(title) {
        writer.write_record(row.cells().into_iter().chain(blank())).map_err(cannot)?;
    }
    let bytes = writer.into_inner().map_err(|error| CannotExport(error.to_string()))?;
    let text = String::from_utf8(bytes).map_err(|error| CannotExport(error.to_string()))?;
    Ok(Exported { text, left_out: Vec::new() })
}

//! A table that `export --format csv` wrote, back to the film.

use std::sync::Arc;

use csv::StringRecord;

use super::SceneName;
use super::shot::Studio;
use crate::language::storyboard::{CastMember, Shot};
use crate::language::table::Row;

/// The rows of such a table.
#[derive(Debug, Default)]
pub(super) struct OwnTable {
    columns: Vec<String>,
    title: Option<String>,
    cast: Vec<(String, CastMember)>,
    styles: Vec<(String, String)>,
    shots: Vec<(Option<SceneName>, Shot)>,
}

impl OwnTable {
    /// A table with this head.
    pub fn new(head: &StringRecord) -> Self {
        OwnTable { columns: head.iter().map(|name| name.trim().to_owned()).collect(), ..OwnTable::default() }
    }

    /// Takes a row in.
    ///
    /// # Errors
    /// Says what in it cannot be read.
    pub fn row(&mut self, cells: &StringRecord) -> Result<(), String> {
        let cell = |name: &str| {
            let at = self.columns.iter().position(|column| column == name)?;
            cells.get(at).map(str::to_owned)
        };
        match Row::read(cell)? {
            None => {}
            Some(Row::Title(title)) => self.title = Some(title),
            Some(Row::Cast(key, member)) => self.cast.push((key, member)),
            Some(Row::Style(name, text)) => self.styles.push((name, text)),
            Some(Row::Shot { scene, heading, shot }) => {
                let scene = scene.map(|id| Arc::new((id.clone(), heading.unwrap_or(id))));
                self.shots.push((scene, *shot));
            }
        }
        Ok(())
    }

    /// The film's title.
    pub fn title(&mut self) -> Option<String> {
        self.title.take()
    }

    /// Adds it to what else is imported.
    pub fn add_to(self, studio: &mut Studio<'_>, scenes: &mut Vec<Option<SceneName>>, shots: &mut Vec<Shot>) {
        for (key, member) in self.cast {
            studio.cast.members.entry(key).or_insert(member);
        }
        for (name, text) in self.styles {
            studio.styles.entry(name).or_insert(text);
        }
        for (scene, shot) in self.shots {
            scenes.push(scene);
            shots.push(shot);
        }
    }
}

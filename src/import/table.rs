//! Tables of shots: CSV, TSV, and what Markdown has of them. A row is a shot, a column a field.

use super::Fault;
use super::find::{Column, Finder};
use super::ids;
use super::node::{Data, Node};
use super::own_table::OwnTable;
use super::record::{Kind, Record};
use super::words::{self, Place};
use crate::language::table::is_head;

/// A table's row and the line on which it begins.
pub(super) type Row = (usize, Vec<String>);

/// Reads a text of cells.
///
/// # Errors
/// Nothing separates the cells.
pub(super) fn cells(finder: &mut Finder, text: &str, delimiter: u8) -> Result<(), Fault> {
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(text.as_bytes());
    let mut rows: Vec<Row> = Vec::new();
    let mut own: Option<OwnTable> = None;
    for row in reader.records() {
        let row = row.map_err(|error| {
            let line = error.position().map_or(1, |position| position.line() as usize);
            finder.fault(line, "this row cannot be read: is a quote missing?")
        })?;
        let line = row.position().map_or(1, |position| position.line() as usize);
        if let Some(table) = &mut own {
            table.row(&row).map_err(|why| finder.fault(line, why))?;
            continue;
        }
        if rows.is_empty() && is_head(row.iter()) {
            own = Some(OwnTable::new(&row));
            continue;
        }
        rows.push((line, row.iter().map(|cell| cell.trim().to_owned()).collect()));
    }
    if own.is_none() {
        rows_of(finder, rows, None);
    }
    finder.found.own = own;
    Ok(())
}

/// Makes shots of rows, the first of which with known names is the table's head. `scene` is where they belong if no column says so.
pub(super) fn rows_of(finder: &mut Finder, rows: Vec<Row>, scene: Option<&str>) {
    let Some(head) = head(&rows) else { return };
    let columns = columns(&rows[head].1, &rows[head + 1..]);
    let line = rows[head].0;
    let mut scene = scene.map(str::to_owned);
    let mut has_shots = false;
    for (line, cells) in rows.into_iter().skip(head + 1) {
        // A row in which one cell alone is filled is a heading between shots.
        let filled: Vec<&String> = cells.iter().filter(|cell| !cell.is_empty()).collect();
        if let ([heading], true) = (&filled[..], columns.len() > 2) {
            scene = Some((*heading).clone());
            continue;
        }
        let mut record = Record::new(&finder.file, line, Kind::Row);
        for ((name, place), cell) in columns.iter().zip(cells).filter(|(_, cell)| !cell.is_empty()) {
            match place {
                Some(Place::Id) if record.name.is_none() => record.name = ids::named(&cell),
                // A scene's cell is often filled in its first shot only.
                Some(Place::Scene) => scene = Some(cell),
                _ => record.add(name, Node::new(line, Data::Text(cell))),
            }
        }
        if record.fields.is_empty() {
            continue;
        }
        record.scene.clone_from(&scene);
        has_shots = true;
        finder.found.records.push(record);
    }
    if has_shots {
        let file = &finder.file;
        finder.found.columns.extend(columns.into_iter().map(|(name, place)| Column {
            file: file.clone(),
            line,
            name,
            field: place.map_or("notes", Place::field),
        }));
    }
}

/// The row that names the columns: of the first few the one with the most known names, at least one of what happens or is shown.
fn head(rows: &[Row]) -> Option<usize> {
    const FIRST: usize = 12;
    let known = |cells: &[String]| {
        let places: Vec<Place> = cells.iter().filter_map(|cell| words::place(cell)).collect();
        let is_shot = places.iter().any(|place| {
            matches!(place, Place::Prompt | Place::FirstFrame | Place::Lines | Place::Cuts | Place::Duration)
        });
        if is_shot { places.len() } else { 0 }
    };
    let counts = rows.iter().take(FIRST).map(|(_, cells)| known(cells)).enumerate();
    let best = counts.rev().max_by_key(|(_, count)| *count)?;
    (best.1 > 0).then_some(best.0)
}

/// The columns' names and places. A column without a name is called by its number; ambiguous names are decided by
/// its cells.
fn columns(head: &[String], rows: &[Row]) -> Vec<(String, Option<Place>)> {
    let mut columns: Vec<(String, Option<Place>)> = Vec::new();
    for (index, name) in head.iter().enumerate() {
        let cells = || rows.iter().filter_map(move |(_, cells)| cells.get(index)).filter(|cell| !cell.is_empty());
        let name = if name.is_empty() { format!("column {}", index + 1) } else { name.clone() };
        let place = match words::place(&name) {
            // `Shot` is a number in one list, and what happens in the next.
            Some(Place::Prompt) if cells().all(|cell| is_number(cell)) && words::normal(&name) == "shot" => {
                Some(Place::Id)
            }
            // `Title` and `Name` describe a shot and are not a place for long texts.
            Some(Place::Id) if cells().any(|cell| cell.chars().count() > 40) => None,
            Some(Place::Scene) if cells().any(|cell| cell.chars().count() > 80) => Some(Place::Prompt),
            place => place,
        };
        columns.push((name, place));
    }
    // A number names a shot, a title says what it is about.
    let ids: Vec<usize> = (0..columns.len()).filter(|index| columns[*index].1 == Some(Place::Id)).collect();
    for index in ids.into_iter().skip(1) {
        columns[index].1 = Some(Place::Notes);
    }
    columns
}

/// `1`, `1A`, `SH_010`.
fn is_number(cell: &str) -> bool {
    cell.chars().count() <= 12 && !cell.contains(' ') && cell.contains(|c: char| c.is_ascii_digit())
}

//! A film as rows of a table, for spreadsheets: one row a shot, and rows for the people and styles behind them. What `export`
//! writes, `import` reads back; both know the columns from here.
//!
//! A cell holds what a storyboard would say there. Texts are as they are written, `$name` included; lists of names are parted
//! by commas; lines and cuts have a line each; anything else is JSON. A cell that a spreadsheet would take for a formula has
//! `'` before it.

use indexmap::IndexMap;
use serde_json::{Map, Value};

use super::storyboard::{CastMember, Cut, Line, Seconds, Shot, Spoken};

/// The kind of a row.
#[derive(Debug, Clone)]
pub enum Row {
    /// A shot, with the id and the heading of its scene.
    Shot {
        /// The scene's id.
        scene: Option<String>,
        /// The scene's heading.
        heading: Option<String>,
        /// The shot, with all that it inherits written out.
        shot: Box<Shot>,
    },
    /// One of the cast, by the key that texts use.
    Cast(String, CastMember),
    /// A style, by its name.
    Style(String, String),
    /// The film's title.
    Title(String),
}

/// The columns that make a film, in order. Other columns are for people, and are not read back.
pub const COLUMNS: &[&str] = &[
    KIND,
    SCENE,
    HEADING,
    "id",
    "prompt",
    "lines",
    "duration",
    "use",
    "first_frame",
    "last_frame",
    "camera",
    "style",
    "negative_prompt",
    "model",
    "mode",
    "sound",
    "cfg_scale",
    "voices",
    "cuts",
    "brush",
    "watermark",
    "kling",
    "skip",
    "notes",
];

const KIND: &str = "kind";
const SCENE: &str = "scene";
/// A scene's heading, the film's title, or the name of one of the cast.
const HEADING: &str = "heading";

/// Whether a table's head is that of a film which was exported.
pub fn is_head<'c>(mut names: impl Iterator<Item = &'c str> + Clone) -> bool {
    names.next() == Some(KIND) && [SCENE, "id", "prompt", "use"].iter().all(|name| names.clone().any(|n| n == *name))
}

impl Row {
    /// The cells, in the order of [`COLUMNS`].
    pub fn cells(&self) -> Vec<String> {
        let cells = match self {
            Row::Shot { scene, heading, shot } => shot_cells(scene.as_deref(), heading.as_deref(), shot),
            Row::Cast(key, member) => [
                (KIND, "cast".into()),
                ("id", key.clone()),
                (HEADING, member.name.clone().unwrap_or_default()),
                ("prompt", member.look.clone().unwrap_or_default()),
                ("voices", member.voice.clone().unwrap_or_default()),
                ("kling", member.element.as_ref().map(|id| element_cell(id)).unwrap_or_default()),
                ("notes", member.notes.as_ref().map(|notes| text_or_json(&notes.0)).unwrap_or_default()),
            ]
            .into(),
            Row::Style(name, text) => [(KIND, "style".into()), ("id", name.clone()), ("prompt", text.clone())].into(),
            Row::Title(title) => [(KIND, "film".into()), (HEADING, title.clone())].into(),
        };
        COLUMNS.iter().map(|column| guarded(cells.get(column).map_or("", String::as_str))).collect()
    }

    /// The row of these cells, which `cell` gives by the column's name; `None` where nothing is in them.
    ///
    /// # Errors
    /// Says which cell cannot be read.
    pub fn read(cell: impl Fn(&str) -> Option<String>) -> Result<Option<Row>, String> {
        let cell = |name: &str| cell(name).map(|text| unguarded(&text).to_owned()).filter(|text| !text.is_empty());
        let kind = cell(KIND);
        if COLUMNS.iter().all(|column| *column == KIND || cell(column).is_none()) {
            return Ok(None);
        }
        let id = || cell("id").ok_or("this row has no `id`");
        Ok(Some(match kind.as_deref() {
            None | Some("shot") => {
                Row::Shot { scene: cell(SCENE), heading: cell(HEADING), shot: Box::new(shot(id()?, &cell)?) }
            }
            Some("cast") => Row::Cast(
                id()?,
                CastMember {
                    name: cell(HEADING),
                    look: cell("prompt"),
                    voice: cell("voices"),
                    element: cell("kling").and_then(|text| element(&text)),
                    notes: cell("notes").map(|text| super::storyboard::Notes(json_or_text(&text))),
                },
            ),
            Some("style") => Row::Style(id()?, cell("prompt").unwrap_or_default()),
            Some("film") => Row::Title(cell(HEADING).unwrap_or_default()),
            Some(other) => {
                let other = crate::text::shown::words(other);
                return Err(format!("a row is a `shot`, `cast`, `style` or `film`, and this one is `{other}`"));
            }
        }))
    }
}

/// A person's voice and element, in the column for Kling's own fields.
fn element_cell(id: &str) -> String {
    serde_json::json!({ "element": id }).to_string()
}

fn element(cell: &str) -> Option<String> {
    let fields: Value = serde_json::from_str(cell).ok()?;
    fields.get("element")?.as_str().map(str::to_owned)
}

fn shot_cells(scene: Option<&str>, heading: Option<&str>, shot: &Shot) -> IndexMap<&'static str, String> {
    let mut cells: IndexMap<&'static str, String> = IndexMap::from([
        (KIND, "shot".into()),
        (SCENE, scene.unwrap_or_default().into()),
        (HEADING, heading.unwrap_or_default().into()),
    ]);
    let fields = match serde_json::to_value(shot) {
        Ok(Value::Object(fields)) => fields,
        _ => Map::new(),
    };
    for column in &COLUMNS[cells.len()..] {
        let text = match (*column, fields.get(*column)) {
            (_, None) => continue,
            ("lines", _) => lines_text(&shot.lines),
            ("cuts", Some(Value::String(auto))) => auto.clone(),
            ("cuts", _) => cuts_text(&shot.cuts),
            ("style" | "voices", Some(names)) => names_text(names),
            ("camera" | "notes", Some(value)) => text_or_json(value),
            (_, Some(Value::String(text))) => text.clone(),
            (_, Some(value)) => value.to_string(),
        };
        cells.insert(column, text);
    }
    cells
}

fn shot(id: String, cell: &impl Fn(&str) -> Option<String>) -> Result<Shot, String> {
    let mut fields = Map::from_iter([("id".to_owned(), Value::from(id))]);
    for empty in ["lines", "voices", "cuts"] {
        fields.insert(empty.into(), Value::Array(Vec::new()));
    }
    fields.insert("kling".into(), Value::Object(Map::new()));
    for column in COLUMNS.iter().filter(|column| ![KIND, SCENE, HEADING, "id"].contains(column)) {
        let Some(text) = cell(column) else { continue };
        let value = value(column, text).ok_or_else(|| wrong(column))?;
        fields.insert((*column).into(), value);
    }
    // Which of the cells it is: the one without which the others can be read.
    serde_json::from_value(Value::Object(fields.clone())).map_err(|error| {
        let faulty = COLUMNS.iter().find(|column| {
            let Some(taken) = fields.get(**column) else { return false };
            let mut alone =
                Map::from_iter([("id".to_owned(), Value::from("x")), ("kling".to_owned(), Map::new().into())]);
            ["lines", "voices", "cuts"]
                .iter()
                .for_each(|empty| _ = alone.insert((*empty).into(), Value::Array(Vec::new())));
            alone.insert((**column).into(), taken.clone());
            serde_json::from_value::<Shot>(Value::Object(alone)).is_err()
        });
        faulty.map_or_else(|| error.to_string(), |column| wrong(column))
    })
}

fn wrong(column: &str) -> String {
    format!("the cell under `{column}` cannot be read")
}

/// The storyboard's value for a cell.
fn value(column: &str, text: String) -> Option<Value> {
    Some(match column {
        "lines" => serde_json::to_value(lines(&text)?).ok()?,
        "cuts" if text.trim() == "auto" => Value::from("auto"),
        "cuts" => serde_json::to_value(cuts(&text)?).ok()?,
        "style" | "voices" => names(&text)?,
        "camera" | "notes" => json_or_text(&text),
        // Spreadsheets write these in capitals.
        "skip" | "watermark" => Value::Bool(text.trim().to_ascii_lowercase().parse().ok()?),
        "duration" => Value::from(text.trim().parse::<u32>().ok()?),
        "cfg_scale" | "use" | "kling" => serde_json::from_str(&text).ok()?,
        "brush" => {
            let mut brush: Map<String, Value> = serde_json::from_str(&text).ok()?;
            brush.entry("move").or_insert_with(|| Value::Array(Vec::new()));
            Value::Object(brush)
        }
        _ => Value::String(text),
    })
}

/// A text as it is; anything else, and a text that would be read as JSON, as JSON.
fn text_or_json(value: &Value) -> String {
    match value {
        Value::String(text) if serde_json::from_str::<Value>(text).is_err() && !text.is_empty() => text.clone(),
        value => value.to_string(),
    }
}

fn json_or_text(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| Value::from(text))
}

/// `film, dawn`; names that have a comma, or no name at all, as JSON.
fn names_text(names: &Value) -> String {
    let plain: Vec<&str> = names.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let text = plain.join(", ");
    if self::names(&text).as_ref() == Some(names) { text } else { names.to_string() }
}

fn names(text: &str) -> Option<Value> {
    if text.trim_start().starts_with('[') {
        return serde_json::from_str(text).ok();
    }
    Some(text.split(',').map(str::trim).filter(|name| !name.is_empty()).map(Value::from).collect())
}

/// `mara (in a whisper): I swore.`, a line each; what would be read as something else, as JSON.
fn lines_text(lines: &[Line]) -> String {
    let plain: Vec<String> = lines
        .iter()
        .flat_map(|line| &line.0)
        .map(|(speaker, spoken)| match spoken {
            Spoken::Text(text) => format!("{speaker}: {text}"),
            Spoken::Directed { text, manner } => format!("{speaker} ({}): {text}", manner.as_deref().unwrap_or("")),
        })
        .collect();
    let text = plain.join("\n");
    match self::lines(&text) {
        Some(read) if read == lines => text,
        _ => serde_json::to_string(lines).unwrap_or_default(),
    }
}

fn lines(text: &str) -> Option<Vec<Line>> {
    if text.trim_start().starts_with('[') {
        return serde_json::from_str(text).ok();
    }
    text.lines().filter(|line| !line.trim().is_empty()).map(line).collect()
}

fn line(line: &str) -> Option<Line> {
    let name = line.find([':', '(']).map(|end| line[..end].trim())?;
    let rest = &line[line.find(name)? + name.len()..].trim_start();
    let (manner, words) = match rest.strip_prefix('(') {
        Some(rest) => rest.split_once("):").map(|(manner, words)| (Some(manner.trim().to_owned()), words))?,
        None => (None, rest.strip_prefix(':')?),
    };
    let text = words.trim().to_owned();
    let spoken = match manner {
        Some(manner) => Spoken::Directed { text, manner: Some(manner) },
        None => Spoken::Text(text),
    };
    Some(Line(IndexMap::from([(name.to_owned(), spoken)])))
}

/// `3: Close on her hands.`, a line each; cuts with more to them as JSON.
fn cuts_text(cuts: &[Cut]) -> String {
    let text = cuts.iter().map(|cut| format!("{}: {}", cut.duration.0, cut.prompt)).collect::<Vec<_>>().join("\n");
    let json = serde_json::to_string(cuts).unwrap_or_default();
    let is_all = self::cuts(&text).and_then(|read| serde_json::to_string(&read).ok()).is_some_and(|read| read == json);
    if is_all { text } else { json }
}

fn cuts(text: &str) -> Option<Vec<Cut>> {
    if text.trim_start().starts_with('[') {
        return serde_json::from_str(text).ok();
    }
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    lines
        .map(|line| {
            let (seconds, prompt) = line.split_once(':')?;
            let duration = Seconds(seconds.trim().trim_end_matches('s').trim_end().parse().ok()?);
            Some(Cut { duration, prompt: prompt.trim().to_owned(), ..Cut::default() })
        })
        .collect()
}

/// The characters that a spreadsheet takes for the beginning of a formula, or skips before one.
const FORMULA: &[char] = &['=', '+', '-', '@', '\t', '\r', '\n'];

/// A cell that no spreadsheet runs as a formula: with `'` before it where it would.
fn guarded(cell: &str) -> String {
    let is_formula = cell.trim_start_matches('\'').starts_with(FORMULA);
    if is_formula { format!("'{cell}") } else { cell.to_owned() }
}

/// A cell without the `'` that [`guarded`] put there.
fn unguarded(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if rest.trim_start_matches('\'').starts_with(FORMULA) => rest,
        _ => cell,
    }
}

/// Cells that are for people only, made safe in the same way.
pub fn cell_for_people(text: &str) -> String {
    guarded(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn there_and_back(shot: Shot) {
        let row = Row::Shot { scene: Some("a".into()), heading: Some("=1+1".into()), shot: Box::new(shot) };
        let cells = row.cells();
        let read = Row::read(|name| Some(cells[COLUMNS.iter().position(|column| *column == name)?].clone()));
        let Ok(Some(read)) = read else { panic!("{read:?} from {cells:?}") };
        assert_eq!(serde_json::to_value(row.shot()).unwrap(), serde_json::to_value(read.shot()).unwrap(), "{cells:?}");
    }

    impl Row {
        fn shot(&self) -> &Shot {
            match self {
                Row::Shot { shot, .. } => shot,
                _ => panic!("no shot"),
            }
        }
    }

    #[test]
    fn each_field_of_a_shot_has_its_column() {
        let schema = crate::language::schema::storyboard(crate::kling::Facts::kling());
        let fields = schema["definitions"]["Shot"]["properties"].as_object().expect("a shot has fields");
        // What a shot adds to inherited styles is among its `style`, in a table in which each shot says all.
        let without_column = fields.keys().filter(|field| *field != "add_style" && !COLUMNS.contains(&field.as_str()));
        assert_eq!(without_column.collect::<Vec<_>>(), Vec::<&String>::new());
        assert!(fields.len() > 10, "{fields:?}");
    }

    #[test]
    fn each_field_comes_back_from_its_cell() {
        let shots = [
            r#"{"id":"a","prompt":"=HYPERLINK(\"x\")","camera":"'-5","notes":"5","kling":{}}"#,
            r#"{"id":"a","camera":{"zoom":4},"notes":{"a":[1,null]},"kling":{"b":true},"skip":true,"watermark":false}"#,
            r#"{"id":"a","camera":{"preset":"forward_up"},"style":["film","a,b"],"use":[0.5,3.25],"kling":{}}"#,
            r#"{"id":"a","lines":[{"mara":"A: (b)"},{"tom":{"text":" x","manner":"q): r"}}],"kling":{}}"#,
            r#"{"id":"a","lines":[{"mara":{"text":"Go.","manner":"in a whisper"}},{"tom":"No:\nnever."}],"kling":{}}"#,
            r#"{"id":"a","cuts":[{"duration":3,"prompt":"A."},{"duration":2,"prompt":"B\nC","style":[]}],"kling":{}}"#,
            r#"{"id":"a","brush":{"still":"m.png"},"use":3,"cfg_scale":0.5,"sound":"on","model":"kling-v3","kling":{}}"#,
            r#"{"id":"a","brush":{"move":[{"mask":"m","path":[[1,2]]}],"origin":"bottom_left"},"kling":{}}"#,
        ];
        for text in shots {
            let mut fields: Map<String, Value> = serde_json::from_str(text).expect("JSON");
            for empty in ["lines", "voices", "cuts"] {
                fields.entry(empty).or_insert_with(|| Value::Array(Vec::new()));
            }
            if let Some(Value::Object(brush)) = fields.get_mut("brush") {
                brush.entry("move").or_insert_with(|| Value::Array(Vec::new()));
            }
            there_and_back(serde_json::from_value(Value::Object(fields)).expect("a shot"));
        }
    }

    #[test]
    fn no_cell_begins_as_a_formula_and_each_comes_back() {
        for text in ["=1", "+1", "-1", "@a", "\t=1", "'=1", "''-", "'a", "a=1", "", "'", "\r=1"] {
            let cell = guarded(text);
            assert!(!cell.starts_with(FORMULA), "{cell:?}");
            assert_eq!(unguarded(&cell), text);
        }
    }

    #[test]
    fn lines_and_cuts_are_written_as_people_write_them() {
        let lines: Vec<Line> =
            serde_json::from_str(r#"[{"mara":{"text":"I swore.","manner":"in a whisper"}},{"tom":"No."}]"#).unwrap();
        assert_eq!(lines_text(&lines), "mara (in a whisper): I swore.\ntom: No.");
        let cuts: Vec<Cut> = serde_json::from_str(r#"[{"duration":3,"prompt":"Close on: her hands."}]"#).unwrap();
        assert_eq!(cuts_text(&cuts), "3: Close on: her hands.");
    }
}

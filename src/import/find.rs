//! Where in a file the shots are: requests in the forms of the tools that keep them, shot lists, or either of them somewhere
//! inside of something else.

use std::sync::Arc;

use super::call::Call;
use super::cut::Cut;
use super::node::{Data, Group, Node};
use super::own_table::OwnTable;
use super::record::{Kind, Record, is_shot, says_something};
use super::words::{self, Place};
use super::{
    Fault, code, comfyui, curl, edl, fdx, form, form::Form, fountain, har, http, ids, json, markdown, n8n, openapi,
    otio, postman, syntax, table,
};
use crate::language::frames::Rate;

/// The contents of a file.
#[derive(Debug, Default)]
pub struct Found {
    /// The film's title.
    pub(super) title: Option<String>,
    /// Its cast.
    pub(super) cast: Vec<Actor>,
    /// Its shots, in order.
    pub(super) records: Vec<Record>,
    /// Remarks about the film, or about a scene, that no field has a place for.
    pub(super) notes: Group,
    /// How the columns of its tables were used.
    pub(super) columns: Vec<Column>,
    /// The lines of list items with no shot in them.
    pub(super) empty: Vec<(Arc<str>, usize)>,
    /// A table that `export` wrote.
    pub(super) own: Option<OwnTable>,
    /// The cut of an editing program.
    pub(super) cut: Option<Cut>,
}

impl Found {
    /// The cut that the file is, if it is one.
    pub fn cut(&self) -> Option<&Cut> {
        self.cut.as_ref()
    }
}

/// One of the people, as a shot list has them.
#[derive(Debug, Clone, Default)]
pub(super) struct Actor {
    pub name: String,
    pub look: Option<String>,
    pub voice: Option<String>,
}

/// How a table's column was used.
#[derive(Debug, Clone)]
pub struct Column {
    /// The file and the line of the table's head.
    pub(super) file: Arc<str>,
    pub(super) line: usize,
    /// The column's name.
    pub(super) name: String,
    /// The field that it went into.
    pub(super) field: &'static str,
}

/// Reads a file called `name`.
///
/// # Errors
/// It cannot be read, or has no shot in it.
pub fn read(name: &str, text: &str) -> Result<Found, Fault> {
    read_at(name, text, Rate::default())
}

/// Reads a file called `name`; where it is a cut with timecodes alone, these have `rate` frames a second.
///
/// # Errors
/// It cannot be read, or has no shot in it.
pub fn read_at(name: &str, text: &str, rate: Rate) -> Result<Found, Fault> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut finder = Finder { file: name.into(), rate, found: Found::default() };
    finder.text(form::of(name, text), text)?;
    let Found { records, own, .. } = &finder.found;
    if records.is_empty() && own.is_none() {
        return Err(finder.fault(1, nothing(name, text)));
    }
    name_after_file(&mut finder.found.records, name);
    Ok(finder.found)
}

/// The message for a file without shots.
fn nothing(name: &str, text: &str) -> &'static str {
    if json::value(text).is_some_and(|root| comfyui::is_editor_form(&root)) {
        return "this is a workflow of ComfyUI as its editor keeps it, without the names of the inputs: export it with `Export (API)`";
    }
    match form::of(name, text) {
        Form::Table(_) if name.ends_with("sv") => {
            "none of the columns is known: name one `prompt` or `description`, others `duration`, `dialogue`, `scene`"
        }
        Form::Fountain => "this script has no scene and no action",
        Form::Edl => "this edit decision list has no event with a picture",
        _ => "there is no request for Kling, no shot list and no script in it",
    }
}

/// A record that is alone in its file is called after it.
fn name_after_file(records: &mut [Record], file: &str) {
    if let [only] = records
        && only.name.is_none()
        && only.scene.is_none()
    {
        let base = file.rsplit(['/', '\\']).next().unwrap_or(file);
        let stem = base.split('.').next().filter(|stem| !stem.is_empty() && file != "standard input").unwrap_or("shot");
        only.name = ids::named(stem).map(|name| super::record::Name { is_file_name: true, ..name });
    }
}

pub(super) struct Finder {
    pub file: Arc<str>,
    /// The frames of timecodes that do not say theirs.
    pub rate: Rate,
    pub found: Found,
}

/// The values that the shots of a list take from around it.
#[derive(Debug, Clone, Default)]
struct Around {
    scene: Option<String>,
    fields: Vec<(String, Node)>,
    depth: usize,
}

/// How deep shots are looked for.
const DEEPEST: usize = 24;

impl Finder {
    pub fn fault(&self, line: usize, message: impl Into<String>) -> Fault {
        Fault { file: self.file.to_string(), line, column: 1, message: message.into() }
    }

    /// Reads a text, a file's or one inside of it.
    pub fn text(&mut self, form: Form, text: &str) -> Result<(), Fault> {
        match form {
            Form::Json => {
                for value in json::values(&self.file, text)? {
                    self.root(value)?;
                }
            }
            Form::Yaml => self.tree(text, crate::text::Format::Yaml)?,
            Form::Toml => self.tree(text, crate::text::Format::Toml)?,
            Form::Curl => self.calls(curl::calls(text)),
            Form::Http => self.calls(http::calls(text)),
            Form::Table(delimiter) => table::cells(self, text, delimiter)?,
            Form::Markdown => markdown::read(self, text)?,
            Form::Fountain => fountain::read(self, text),
            Form::FinalDraft => fdx::read(self, text)?,
            Form::Edl => edl::read(self, text)?,
            Form::Code => self.code(text),
        }
        Ok(())
    }

    fn tree(&mut self, text: &str, format: crate::text::Format) -> Result<(), Fault> {
        match syntax::value(&self.file, text, format)? {
            Some(root) => self.root(root),
            None => Ok(()),
        }
    }

    fn calls(&mut self, calls: Vec<Call>) {
        for call in calls {
            self.found.records.extend(call.records(&self.file));
        }
    }

    /// Requests written out in a program's text.
    fn code(&mut self, text: &str) {
        for value in code::values(text) {
            self.search(value, &Around::default());
        }
    }

    /// A file's outermost value.
    fn root(&mut self, root: Node) -> Result<(), Fault> {
        if is_storyboard(&root) {
            return Err(self.fault(root.line, "this is a storyboard already: `clapboard check` reads it"));
        }
        if otio::is_otio(&root) {
            return otio::read(self, &root);
        }
        let calls = har::calls(&root)
            .or_else(|| postman::calls(&root))
            .or_else(|| openapi::calls(&root))
            .or_else(|| n8n::calls(&root))
            .or_else(|| comfyui::calls(&root));
        if let Some(calls) = calls {
            self.calls(calls);
            return Ok(());
        }
        match root.data {
            Data::List(items) => {
                for item in items {
                    if item.as_group().is_none() {
                        return Err(
                            self.fault(item.line, format!("this is {}, not a request body `{{…}}`", item.noun()))
                        );
                    }
                    self.item(item, &Around::default());
                }
            }
            Data::Group(_) => self.group(root, &Around::default(), true),
            _ => return Err(self.fault(root.line, format!("this is {}, not a request body `{{…}}`", root.noun()))),
        }
        Ok(())
    }

    /// A group that is a shot, holds a list of them, or has them somewhere in it. At the top a single field of a request is
    /// enough to be one.
    fn group(&mut self, node: Node, around: &Around, is_top: bool) {
        let line = node.line;
        let Data::Group(mut group) = node.data else { return };
        if let Some(call) = as_call(&group) {
            if let Some(call) = call.into_call(&mut group, line) {
                self.calls(vec![call]);
            }
            return;
        }
        if let Some(list) = list_of_shots(&group, around.scene.is_some()) {
            self.list(group, list, around);
        } else if is_shot(&group) || (is_top && says_something(&group)) {
            self.record(line, group, around);
        } else {
            let deeper = Around { depth: around.depth + 1, ..around.clone() };
            group.into_values().for_each(|value| self.search(value, &deeper));
        }
    }

    /// An item of a list that is to have a shot in each.
    fn item(&mut self, item: Node, around: &Around) {
        let (line, before) = (item.line, self.found.records.len());
        self.group(item, around, true);
        if self.found.records.len() == before {
            self.found.empty.push((self.file.clone(), line));
        }
    }

    /// Looks for shots in something that is not known.
    fn search(&mut self, node: Node, around: &Around) {
        if around.depth > DEEPEST {
            return;
        }
        let deeper = Around { depth: around.depth + 1, ..around.clone() };
        match node.data {
            Data::Group(_) => self.group(node, &deeper, false),
            Data::List(items) => items.into_iter().for_each(|item| self.search(item, &deeper)),
            Data::Text(text) if text.trim_start().trim_start_matches('=').starts_with(['{', '[']) => {
                if let Some(mut value) = json::value(text.trim_start().trim_start_matches('=')) {
                    value.set_line(node.line);
                    self.search(value, &deeper);
                }
            }
            _ => {}
        }
    }

    fn record(&mut self, line: usize, group: Group, around: &Around) {
        let mut record = Record::of(&self.file, line, group);
        let has_model = record.has(Place::Model) || record.has(Place::Version);
        let has_frame = record.has(Place::FirstFrame);
        let is_request = (around.depth == 0 && (has_model || has_frame)) || (has_model && has_frame);
        if record.kind == Kind::Row && is_request {
            record.kind = Kind::Foreign;
        }
        record.scene = around.scene.clone();
        record.take_name();
        for (name, node) in &around.fields {
            if !words::place(name).is_some_and(|place| record.has(place)) {
                record.add(name, node.clone());
            }
        }
        self.found.records.push(record);
    }

    /// The shots of a list, or the scenes of one; the values around the list apply to each of them.
    fn list(&mut self, mut group: Group, list: String, around: &Around) {
        let Some(items) = group.shift_remove(&list) else { return };
        let mut inner = Around { depth: around.depth + 1, ..around.clone() };
        self.around(group, &mut inner);
        let items: Vec<(Option<String>, Node)> = match items.data {
            Data::List(items) => items.into_iter().map(|item| (None, item)).collect(),
            Data::Group(items) => items.into_iter().map(|(name, item)| (Some(name), item)).collect(),
            _ => return,
        };
        for (index, (key, mut item)) in items.into_iter().enumerate() {
            let Some(fields) = item.as_group() else { continue };
            let is_scene = list_of_shots(fields, true).is_some();
            let (is_call, says) = (as_call(fields).is_some(), says_something(fields));
            let mut around = inner.clone();
            if is_scene && normal(&list) == "scenes" || is_scene && around.scene.is_none() && !is_shot(fields) {
                let title = scene_title(fields).or(key).unwrap_or_else(|| format!("scene {}", index + 1));
                around.scene = Some(title);
            } else if let Some(key) = key
                && let Data::Group(fields) = &mut item.data
            {
                fields.entry("id".to_owned()).or_insert(Node::text(item.line, key));
            }
            let is_list = (is_scene && around.scene.is_some()) || is_call || !says;
            match item.data {
                Data::Group(fields) if !is_list => self.record(item.line, fields, &around),
                _ => self.item(item, &around),
            }
        }
    }

    /// The fields next to a list of shots: the film's title and people, settings for all shots, and remarks.
    fn around(&mut self, group: Group, around: &mut Around) {
        for (name, node) in group {
            let place = words::place(&name);
            let is_settings = [
                "defaults", "settings", "global", "globals", "config", "meta", "style", "project", "film", "movie",
                "info",
            ]
            .contains(&&*normal(&name));
            match (&node.data, place) {
                _ if node.is_blank() || words::is_secret(&name) => {}
                (Data::List(_) | Data::Group(_), Some(Place::Speaker)) => self.people(&node),
                (Data::Group(_), _) if is_settings => {
                    if let Data::Group(fields) = node.data {
                        self.around(fields, around);
                    }
                }
                (Data::Text(text), Some(Place::Id)) if around.scene.is_none() => {
                    self.found.title.get_or_insert(text.trim().to_owned());
                }
                (Data::Text(_) | Data::Number(_), Some(Place::Id | Place::Scene)) if around.scene.is_some() => {}
                (_, Some(place)) if is_setting(place) => around.fields.push((name, node)),
                _ => self.note(around.scene.clone(), name, node),
            }
        }
    }

    fn note(&mut self, scene: Option<String>, name: String, node: Node) {
        let name = match scene {
            Some(scene) => format!("{scene}: {name}"),
            None => name,
        };
        self.found.notes.insert(name, node);
    }

    fn people(&mut self, node: &Node) {
        let text = |node: &Node, places: &[&str]| {
            places.iter().find_map(|name| node.get(name)?.words()).filter(|text| !text.is_empty())
        };
        let mut add = |key: Option<&str>, person: &Node| {
            let name = person.as_str().map(str::to_owned);
            let name = name.filter(|_| key.is_none()).or_else(|| text(person, &["name", "id", "character"]));
            let name = name.or_else(|| key.map(str::to_owned));
            let look = text(person, &["look", "description", "appearance", "visual", "prompt"]);
            let look = look.or_else(|| person.as_str().filter(|_| key.is_some()).map(str::to_owned));
            let voice = text(person, &["voice_id", "voice", "voiceId"]);
            let voice = voice.filter(|voice| voice.len() > 9 && voice.bytes().all(|byte| byte.is_ascii_digit()));
            if let Some(name) = name {
                self.found.cast.push(Actor { name, look, voice });
            }
        };
        match &node.data {
            Data::List(people) => people.iter().for_each(|person| add(None, person)),
            Data::Group(people) => people.iter().for_each(|(name, person)| add(Some(name), person)),
            _ => {}
        }
    }
}

fn normal(name: &str) -> String {
    words::normal(name)
}

/// Whether the fields next to a list of shots apply to each of them.
fn is_setting(place: Place) -> bool {
    use Place as P;
    matches!(
        place,
        P::Model
            | P::Version
            | P::Mode
            | P::Duration
            | P::Sound
            | P::CfgScale
            | P::NegativePrompt
            | P::Style
            | P::FirstFrame
    )
}

fn is_storyboard(root: &Node) -> bool {
    let version = root.get("storyboard").and_then(Node::words);
    version.is_some_and(|version| version.bytes().all(|byte| byte.is_ascii_digit()))
        && ["shots", "scenes", "defaults", "styles", "cast"].iter().any(|name| root.get(name).is_some())
}

/// The fields that name, address and hold a request, as `compile`, batch files and logs have them.
struct Wrapped {
    name: Option<String>,
    url: Option<String>,
}

/// Whether a group is a request with its body under `body`.
fn as_call(group: &Group) -> Option<Wrapped> {
    let body = group.get("body")?;
    let is_body = body.as_group().is_some() || body.as_str().is_some_and(|text| text.trim_start().starts_with('{'));
    if !is_body || group.keys().any(|name| words::is_kling(name) || name == "prompt") {
        return None;
    }
    let text = |names: &[&str]| names.iter().find_map(|name| group.get(*name)?.words()).filter(|text| !text.is_empty());
    Some(Wrapped { name: text(&["shot", "custom_id", "id", "name"]), url: text(&["url", "endpoint", "path"]) })
}

impl Wrapped {
    fn into_call(self, group: &mut Group, line: usize) -> Option<Call> {
        let body = group.shift_remove("body")?;
        let headers = group.get("headers").and_then(Node::as_group).map(|headers| headers.keys().cloned().collect());
        Some(Call { line, name: self.name, url: self.url, headers: headers.unwrap_or_default(), body: Some(body) })
    }
}

/// The field of a group that lists shots or scenes. What says itself what happens is a shot, and its list are cuts.
fn list_of_shots(group: &Group, is_in_scene: bool) -> Option<String> {
    const LISTS: &[&str] = &[
        "scenes",
        "shots",
        "shotlist",
        "clips",
        "frames",
        "panels",
        "boards",
        "segments",
        "beats",
        "items",
        "requests",
        "bodies",
        "jobs",
        "tasks",
        "prompts",
        "entries",
        "rows",
        "records",
        "storyboard",
        "videos",
        "data",
        "results",
        "generations",
    ];
    let is_list = |node: &Node| match &node.data {
        Data::List(items) => !items.is_empty() && items.iter().all(|item| item.as_group().is_some()),
        Data::Group(items) => items.len() > 1 && items.values().all(|item| item.as_group().is_some_and(is_shot)),
        _ => false,
    };
    let (name, _) = group.iter().find(|(name, node)| LISTS.contains(&&*normal(name)) && is_list(node))?;
    let shows = group.iter().any(|(name, node)| {
        node.as_str().is_some()
            && matches!(words::place(name), Some(Place::FirstFrame | Place::LastFrame | Place::Model))
            && words::place(name) != Some(Place::Model)
    });
    let acts = group.iter().any(|(name, node)| node.as_str().is_some() && words::place(name) == Some(Place::Prompt));
    let is_scenes = normal(name) == "scenes";
    (is_scenes || (!shows && (!acts || is_in_scene))).then(|| name.clone())
}

/// The name of a scene.
fn scene_title(fields: &Group) -> Option<String> {
    const TITLES: &[&str] =
        &["heading", "scene_heading", "slugline", "title", "name", "scene", "id", "scene_id", "number", "location"];
    TITLES.iter().find_map(|title| fields.get(*title)?.words()).filter(|title| !title.is_empty())
}

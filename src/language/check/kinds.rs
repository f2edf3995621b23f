//! `wrong-type`: what is there, what belongs there, and what to type.

use jsonschema::error::TypeKind;
use jsonschema::{JsonType, ValidationError};

use super::Checker;
use super::path::{Segment, field, is_item, noun, subject};
use crate::diagnostic::{Code, Edit, Finding, Fix, Safety};
use crate::language::words;
use crate::syntax::{Kind, NodeId};
use crate::text::{Format, shown};

impl Checker<'_> {
    pub(super) fn wrong_type(&mut self, node: NodeId, path: &[Segment], error: &ValidationError<'_>, kind: &TypeKind) {
        let found = self.document.tree.node(node).kind.clone();
        // A null is "not written": for a field that must be there it is missing, elsewhere it is a wrong value.
        if matches!(found, Kind::Null)
            && let [.., Segment::Name(field)] = path
            && error.schema_path().as_str().ends_with(&format!("/properties/{field}/type"))
            && let Some(parent) = self.parent(node)
        {
            let group = noun(&path[..path.len() - 1], self.form.noun).into_owned();
            self.missing.push((parent, field.clone(), group));
            return;
        }
        self.shape.rejected.insert(node);
        if self.lost.contains_key(&node) {
            return;
        }
        // What a list or mapping of this name would have held is not known.
        self.shape.incomplete |= matches!(field(path), "shots" | "scenes" | "cast" | "styles" | "lines");
        // A list whose first item lacks its `- `: the next one, which has it, is reported.
        if matches!(found, Kind::Mapping(_)) && self.document.tree.is_partial(node) && takes(kind, JsonType::Array) {
            return;
        }
        let message = match path {
            [] => format!("this is {}, not {}", found.noun(), self.form.noun),
            _ if matches!(found, Kind::Float(_)) => {
                format!("{} must be {}, not {}", subject(path), wanted(path, kind), self.written(node))
            }
            _ => format!("{} must be {}, not {}", subject(path), wanted(path, kind), found.noun()),
        };
        let span = self.document.tree.place(node);
        let mut finding = Finding::new(Code::WrongType, self.document.place(span), message);
        finding.help = Some(self.type_help(node, path, &found));
        finding.fix = self.type_fix(node, path, &found, kind);
        self.shape.findings.push(finding);
    }

    /// A value whose meaning is plain, in the right type.
    fn type_fix(&self, node: NodeId, path: &[Segment], found: &Kind, kind: &TypeKind) -> Option<Fix> {
        if !self.form.fixes {
            return None;
        }
        let node = self.document.tree.node(node);
        let written = self.document.source.slice(node.span);
        let text = match (field(path), found) {
            ("voice", Kind::Int(_) | Kind::Float(_)) if written.bytes().all(|byte| byte.is_ascii_digit()) => {
                format!("\"{written}\"")
            }
            ("id", Kind::Int(_)) if !is_item(path) && written.bytes().all(|byte| byte.is_ascii_digit()) => {
                format!("\"{written}\"")
            }
            ("watermark" | "skip", Kind::String(text)) => match words::value("sound", text)? {
                "on" => "true".into(),
                _ => "false".into(),
            },
            ("sound", Kind::Int(0)) => "false".into(),
            ("sound", Kind::Int(1)) => "true".into(),
            ("style" | "add_style", Kind::String(text)) if self.is_style(text) => format!("[{written}]"),
            (_, Kind::String(text))
                if takes(kind, JsonType::Number)
                    && text.trim().parse::<f64>().is_ok_and(f64::is_finite)
                    && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') =>
            {
                text.trim().into()
            }
            _ => return None,
        };
        let message = format!("write `{text}`");
        Some(Fix { safety: Safety::Safe, message, edits: vec![Edit { span: node.span, text }] })
    }

    /// Whether the file itself has a style of this name.
    fn is_style(&self, name: &str) -> bool {
        self.has_name("styles", name)
    }

    /// Whether a text begins with somebody of the file's own cast.
    fn begins_with_a_name(&self, text: &str) -> bool {
        text.split_once(' ').is_some_and(|(name, _)| self.has_name("cast", name))
    }

    /// Whether `styles` or `cast` of the file itself has this name.
    fn has_name(&self, field: &str, name: &str) -> bool {
        let tree = &self.document.tree;
        let names = tree.root().and_then(|root| tree.get(root, field));
        names.is_some_and(|names| tree.entries(names).iter().any(|entry| &*entry.key == name))
    }

    fn type_help(&self, node: NodeId, path: &[Segment], found: &Kind) -> String {
        let toml = self.document.source.format == Format::Toml;
        if path.is_empty() {
            return if self.document.source.slice(self.document.tree.node(node).span).contains('：') {
                "`：` is a full-width character (U+FF1A): write a plain `:` and a space after the name of each field"
                    .into()
            } else if self.form.fixes {
                "a storyboard begins with `storyboard: 1`, then `shots:` with one `- id: …` for each shot; `clapboard import` \
                 makes one from a table or a request"
                    .into()
            } else {
                "write `name = value` lines".into()
            };
        }
        let by_field =
            if is_item(path) { self.item_help(path, found, toml) } else { self.field_help(path, found, toml) };
        by_field.unwrap_or_else(|| self.kind_help(node, path, found, toml))
    }

    /// The kind that an item of a list should have.
    fn item_help(&self, path: &[Segment], found: &Kind, toml: bool) -> Option<String> {
        Some(match (field(path), found) {
            ("shots", Kind::String(_)) if !toml => {
                "write `- id: harbour-010`, and below it, in the same column as `id`, `prompt:` with this text".into()
            }
            ("shots" | "scenes", _) if toml => {
                format!("write `[[{}]]` on a line of its own, its fields below", field(path))
            }
            ("shots" | "scenes", _) => {
                "write `- id: harbour-010`, its other fields below in the same column as `id`".into()
            }
            ("cuts", _) if toml => "write `{ duration = 3, prompt = \"…\" }`".into(),
            ("cuts", _) => "write `- { duration: 3, prompt: \"…\" }`".into(),
            ("lines", Kind::String(text)) if !toml && self.begins_with_a_name(text) => {
                "a `:` is missing after the speaker's name".into()
            }
            ("lines", _) => line_form(toml).into(),
            ("path", _) => "a point is `[x, y]`, two whole numbers".into(),
            ("move", _) => "write a `mask` and a `path`".into(),
            ("style" | "add_style", _) => "write names from `styles`, such as `[film]`".into(),
            ("voices", _) => "write names from `cast`, such as `[mara]`".into(),
            _ => return None,
        })
    }

    /// The kind that a field should have.
    fn field_help(&self, path: &[Segment], found: &Kind, toml: bool) -> Option<String> {
        Some(match (field(path), found) {
            ("shots" | "scenes", Kind::Mapping(_)) if toml => self.table_for_list(path),
            ("shots" | "scenes", Kind::Mapping(mapping)) => {
                let named = mapping
                    .entries
                    .first()
                    .filter(|entry| &*entry.key != "id" && !self.document.tree.entries(entry.value).is_empty());
                let first = named.map_or("harbour-010".into(), |entry| shown::words(&entry.key));
                format!(
                    "start each with `- `: write `- id: {first}`, its other fields below in the same column as `id`"
                )
            }
            ("shots" | "scenes", _) if toml => "write `[[shots]]` for each shot, its fields below".into(),
            ("shots" | "scenes", _) => "write one `- id: harbour-010` for each, its other fields below".into(),
            ("cast", _) => self.cast_help(path, found, toml),
            ("styles", Kind::Sequence(_)) if toml => "write `film = \"35mm film, fine grain\"` below `[styles]`".into(),
            ("styles", _) => "give each phrase a name: `film: 35mm film, fine grain`, one a line".into(),
            ("style" | "add_style", Kind::String(text)) if self.is_style(text) => {
                format!("write a list: `[{}]`", shown::words(text))
            }
            ("style" | "add_style", Kind::String(_)) if toml => {
                "put the words into `[styles]` under a name, as `film = \"…\"`, and write `style = [\"film\"]` here"
                    .into()
            }
            ("style" | "add_style", Kind::String(_)) => {
                "put the words into `styles` under a name, as `film: …`, and write `style: [film]` here".into()
            }
            ("voices", Kind::String(text)) => format!("write a list: `[{}]`", shown::words(text)),
            ("watermark" | "skip", _) => "write `true` or `false`, without quotes".into(),
            ("sound", _) if toml => "write `\"on\"` or `\"off\"`".into(),
            ("sound", _) => "write `on` or `off`".into(),
            ("duration", Kind::Float(seconds)) => whole_seconds(*seconds, path, toml),
            ("duration", _) => "write whole seconds, such as `5`".into(),
            ("lines", _) => line_form(toml).into(),
            ("cuts", _) if toml => "write a list: `cuts = [{ duration = 3, prompt = \"…\" }]`".into(),
            ("cuts", _) => "write a list, one `- { duration: 3, prompt: \"…\" }` for each cut".into(),
            ("storyboard", _) if toml => "write `storyboard = 1`".into(),
            ("storyboard", _) => "write `storyboard: 1`".into(),
            ("path", _) => "a path is a list of points `[x, y]`, each two whole numbers".into(),
            ("defaults", _) => "write settings below it, one a line, such as `model: kling-v3`".into(),
            ("budget", _) => "write `clips`, `seconds` or `units` below it, such as `units: 40`".into(),
            ("camera", _) => "write the move in words, such as `slow push in`".into(),
            ("brush", _) => "write `still` with a mask, or `move` with a list of masks and paths".into(),
            ("use", _) => "write the seconds that go into the edit: `4.5`, or `[0.5, 4.5]`".into(),
            ("kling", _) => "write the fields to send below it, such as `callback_url: https://…`".into(),
            _ => return None,
        })
    }

    /// TOML: one bracket where two belong.
    fn table_for_list(&self, path: &[Segment]) -> String {
        let tree = &self.document.tree;
        let names = path.iter().filter_map(|segment| match segment {
            Segment::Name(name) => Some(&**name),
            Segment::Index => None,
        });
        let list = names.collect::<Vec<_>>().join(".");
        let inner = tree.root().and_then(|root| tree.get(root, &list)).and_then(|table| tree.get(table, "shots"));
        if list == "scenes" && inner.is_some() {
            return "a scene begins with `[[scenes]]`: put that line, and its `id`, above its first `[[scenes.shots]]`"
                .into();
        }
        format!("write `[[{list}]]`, with two brackets, once for each")
    }

    fn cast_help(&self, path: &[Segment], found: &Kind, toml: bool) -> String {
        let tree = &self.document.tree;
        let text = |node, keys: &[&str]| keys.iter().find_map(|key| tree.text(tree.get(node, key)?));
        let (name, look) = match (found, path) {
            (Kind::Sequence(items), _) => {
                let first = items.first().copied();
                let name = first.and_then(|item| text(item, &["name", "id", "key"]).or(tree.text(item)));
                let name = name.map(words::fold).filter(|name| name.starts_with(|c: char| c.is_ascii_alphabetic()));
                let look = first.and_then(|item| text(item, &["look", "description", "appearance"]));
                (name.unwrap_or_else(|| "mara".into()), look.map(shown::words))
            }
            (Kind::String(text), [_, Segment::Name(name)]) => (shown::words(name), Some(shown::words(text))),
            (_, [_, Segment::Name(name)]) => (shown::words(name), None),
            _ => ("mara".into(), None),
        };
        let look = look.unwrap_or_else(|| "a woman in a red coat".into()).replace('"', "'");
        match toml {
            true => format!("write `{name} = {{ look = \"{look}\" }}` below `[cast]`"),
            false => format!("write `{name}: {{ look: \"{look}\" }}`, one line for each person"),
        }
    }

    fn kind_help(&self, node: NodeId, path: &[Segment], found: &Kind, toml: bool) -> String {
        let written = self.written(node);
        match found {
            Kind::Int(_) | Kind::Float(_) if field(path) == "voice" => {
                format!("put it in quotes: `\"{written}\"`. As a number it loses its last digits")
            }
            Kind::Int(_) | Kind::Float(_) | Kind::Bool(_) | Kind::Date => {
                format!("put it in quotes if it is meant as text: `\"{written}\"`")
            }
            Kind::String(text) if text.trim().parse::<f64>().is_ok() => "write the number without quotes".into(),
            Kind::String(_) if matches!(path, [Segment::Name(cast), Segment::Name(_)] if cast == "cast") => {
                self.cast_help(path, found, toml)
            }
            Kind::Mapping(_) if matches!(path, [Segment::Name(cast), ..] if cast == "cast") => "write one text".into(),
            Kind::Sequence(_) => "write it as one text, in one pair of quotes".into(),
            Kind::Mapping(_) if toml => "write it as one text in quotes".into(),
            Kind::Mapping(_) => "write it as one text; put it in quotes if it has `: ` or `{` in it".into(),
            Kind::Null => "write a value, or remove the line".into(),
            _ => format!("write {}", self.example_of(path)),
        }
    }

    fn example_of(&self, path: &[Segment]) -> &'static str {
        match field(path) {
            "cfg_scale" => "a number from 0 to 1, such as `0.5`",
            "clips" | "seconds" | "units" => "a number, such as `40`",
            _ if is_item(path) => "it as the other items of the list",
            _ => "a value of that kind, or remove the line",
        }
    }
}

fn takes(kind: &TypeKind, wanted: JsonType) -> bool {
    match kind {
        TypeKind::Single(only) => *only == wanted,
        TypeKind::Multiple(types) => types.iter().any(|allowed| allowed == wanted),
    }
}

fn line_form(toml: bool) -> &'static str {
    match toml {
        true => "write `lines = [{ mara = \"Mind the rope.\" }]`, one speaker and text for each line",
        false => "write one `- mara: Mind the rope.` for each line, the speaker a name from `cast`",
    }
}

fn whole_seconds(seconds: f64, path: &[Segment], toml: bool) -> String {
    let longer = seconds.ceil();
    if !(1.0..=1000.0).contains(&longer) || matches!(path, [.., Segment::Index, Segment::Name(_)] if in_cuts(path)) {
        return "Kling makes whole seconds: write the next longer length, such as `5`".into();
    }
    let sign = if toml { " =" } else { ":" };
    format!("Kling makes whole seconds: write `{longer}`; `use{sign} {seconds}` says what of it goes into the edit")
}

fn in_cuts(path: &[Segment]) -> bool {
    path.iter().any(|segment| matches!(segment, Segment::Name(name) if name == "cuts"))
}

fn wanted(path: &[Segment], kind: &TypeKind) -> String {
    match field(path) {
        "sound" => return "`on` or `off`".into(),
        "duration" => return "a whole number of seconds".into(),
        _ => {}
    }
    let name = |kind: JsonType| match kind {
        JsonType::Array => "a list",
        JsonType::Boolean => "`true` or `false`",
        JsonType::Integer => "a whole number",
        JsonType::Null => "nothing",
        JsonType::Number => "a number",
        JsonType::Object => "fields (`name: value`)",
        JsonType::String => "text",
    };
    match kind {
        TypeKind::Single(single) => name(*single).into(),
        TypeKind::Multiple(types) => {
            let names: Vec<_> = types.iter().filter(|kind| *kind != JsonType::Null).map(name).collect();
            names.join(" or ")
        }
    }
}

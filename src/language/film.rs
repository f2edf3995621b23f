//! The film: what the storyboard and its bibles say together, each value knowing where it was written.

use std::collections::HashSet;
use std::sync::Arc;

use super::at::{At, Field, Text, Value};
use super::check::Checked;
use super::decode::{Brush, Camera, Cut, Excerpt, Fields, Line, List, Raw, Seconds, Sound};
use super::length::Lengths;
use super::lent::{CastMember, Lent, Named, Style};
use crate::assets::Link;
use crate::kling::Mode;
use crate::syntax::{Document, Kind, NodeId};
use crate::text::Span;

/// A storyboard with what its bibles lend it.
#[derive(Debug)]
pub struct Film {
    /// The storyboard itself.
    pub file: Arc<Checked>,
    /// Its bibles, the nearest first.
    pub bibles: Vec<Arc<Checked>>,
    /// What went wrong on the way to a bible.
    pub extends_faults: Vec<ExtendsFault>,
    /// The film's budget.
    pub budget: Budget,
    /// The scenes; empty for a film without.
    pub scenes: Vec<Scene>,
    /// All shots, in order.
    pub shots: Vec<Shot>,
    /// `shots` and `scenes` at the top, where they stand.
    pub top: Top,
    /// How long the texts are that were measured.
    pub(crate) lengths: Lengths,
}

/// Where the top-level fields stand that exclude each other.
#[derive(Debug, Default)]
pub struct Top {
    /// `shots`
    pub shots: Option<At>,
    /// `scenes`
    pub scenes: Option<At>,
    /// Whether there are `defaults`, `styles` or `cast`.
    pub lends: bool,
    /// The file's outermost mapping.
    pub root: Option<At>,
}

/// Why a bible could not be taken in.
#[derive(Debug)]
pub struct ExtendsFault {
    /// `extends` where the fault is reported.
    pub at: Text,
    /// What is wrong.
    pub kind: ExtendsFaultKind,
}

/// See [`ExtendsFault`].
#[derive(Debug)]
pub enum ExtendsFaultKind {
    /// Missing, unreadable, or neither YAML nor TOML by its name; says why.
    NotFound(String),
    /// Outside of the project; the symbolic link that leads there, if it is one.
    Outside(Option<Link>),
    /// The bibles extend each other in a circle; the files on it, as found.
    Cycle(Vec<String>),
}

/// The most that the shots may come to.
#[derive(Debug, Default)]
pub struct Budget {
    /// Requests.
    pub clips: Option<Value<i64>>,
    /// Bought seconds.
    pub seconds: Option<Value<i64>>,
    /// Kling units.
    pub units: Option<Value<f64>>,
    /// Kling units over the film's life, by the ledger.
    pub spend: Option<Value<f64>>,
}

/// A scene.
#[derive(Debug)]
pub struct Scene {
    /// Its id.
    pub id: Field<Text>,
    /// The scene heading.
    pub heading: Field<Text>,
    /// Its settings.
    pub defaults: Settings,
}

/// Settings as written in one place.
#[derive(Debug, Default)]
pub struct Settings {
    /// Fields that an unknown one was taken for.
    pub suggested: HashSet<String>,
    /// `model`: a name of the schema's list.
    pub model: Field<Text>,
    /// `mode`
    pub mode: Field<Mode>,
    /// `duration`
    pub duration: Field<Seconds>,
    /// `sound`
    pub sound: Field<Sound>,
    /// `cfg_scale`
    pub cfg_scale: Field<serde_json::Number>,
    /// `negative_prompt`
    pub negative_prompt: Field<Text>,
    /// `style`: replaces what farther levels gave.
    pub style: Field<List<Text>>,
    /// `add_style`: adds to what farther levels gave.
    pub add_style: Field<List<Text>>,
    /// `first_frame`
    pub first_frame: Field<Text>,
    /// `camera`
    pub camera: Field<Camera>,
    /// `watermark`
    pub watermark: Field<bool>,
}

/// A shot as written. What it inherits is worked out by [`clip`](crate::clip).
#[derive(Debug)]
pub struct Shot {
    /// The shot as a whole.
    pub at: At,
    /// Its id.
    pub id: Field<Text>,
    /// The index of its scene in [`Film::scenes`]; `None` in a film without scenes.
    pub scene: Option<usize>,
    /// The settings written on the shot itself.
    pub own: Settings,
    /// `last_frame`
    pub last_frame: Field<Text>,
    /// `prompt`
    pub prompt: Field<Text>,
    /// `lines`
    pub lines: Field<List<Line>>,
    /// `voices`
    pub voices: Field<List<Text>>,
    /// `cuts`, where they are written.
    pub cuts: Field<List<Cut>>,
    /// `cuts: auto`: Kling makes the cuts.
    pub auto_cuts: Option<At>,
    /// `brush`
    pub brush: Field<Brush>,
    /// `use`: what of the clip goes into the edit.
    pub excerpt: Field<Excerpt>,
    /// `skip`
    pub skip: bool,
    /// `kling`
    pub kling: Field<Raw>,
}

impl Settings {
    fn decode(fields: &Fields<'_>, checked: &Checked, node: NodeId) -> Self {
        Self {
            suggested: checked.shape.suggested.get(&node).cloned().unwrap_or_default(),
            model: fields.get("model"),
            mode: fields.get("mode"),
            duration: fields.get("duration"),
            sound: fields.get("sound"),
            cfg_scale: fields.get("cfg_scale"),
            negative_prompt: fields.get("negative_prompt"),
            style: fields.get("style"),
            add_style: fields.get("add_style"),
            first_frame: fields.get("first_frame"),
            camera: fields.get("camera"),
            watermark: fields.get("watermark"),
        }
    }

    /// The `defaults` of the mapping `node`.
    pub(super) fn defaults_of(checked: &Checked, node: NodeId) -> Self {
        let mut settings = match checked.document.tree.get(node, "defaults") {
            Some(defaults) => Self::decode(&Fields::new(checked, defaults), checked, defaults),
            None => Self::default(),
        };
        // A setting that stands beside `defaults` in place of in it.
        settings.suggested.extend(checked.shape.suggested.get(&node).into_iter().flatten().cloned());
        settings
    }
}

impl Film {
    /// Puts a film together from its storyboard and its bibles, the nearest first.
    pub fn new(file: Arc<Checked>, bibles: Vec<Arc<Checked>>, extends_faults: Vec<ExtendsFault>) -> Self {
        let mut film = Film {
            top: top(&file),
            budget: Budget::decode(&file),
            scenes: Vec::new(),
            shots: Vec::new(),
            lengths: Lengths::default(),
            extends_faults,
            bibles,
            file,
        };
        let file = film.file.clone();
        if let Some(root) = file.document.tree.root() {
            let tree = &file.document.tree;
            // Both at the top is an error; all shots are still checked, in the order written.
            for entry in tree.entries(root) {
                match &*entry.key {
                    "shots" => film.add_shots(&file, entry.value, None),
                    "scenes" => {
                        for &scene in tree.items(entry.value) {
                            if !matches!(tree.node(scene).kind, Kind::Mapping(_)) {
                                continue;
                            }
                            let fields = Fields::new(&file, scene);
                            film.scenes.push(Scene {
                                id: fields.get("id"),
                                heading: fields.get("heading"),
                                defaults: Settings::defaults_of(&file, scene),
                            });
                            if let Some(shots) = tree.get(scene, "shots") {
                                film.add_shots(&file, shots, Some(film.scenes.len() - 1));
                            }
                        }
                    }
                    _ => {}
                }
            }
        }
        film
    }

    fn add_shots(&mut self, file: &Arc<Checked>, list: NodeId, scene: Option<usize>) {
        for &node in file.document.tree.items(list) {
            if matches!(file.document.tree.node(node).kind, Kind::Mapping(_)) {
                self.shots.push(Shot::decode(file, node, scene));
            }
        }
    }

    /// Whether this is a bible: nothing to shoot, but something to lend.
    pub fn is_bible(&self) -> bool {
        self.top.shots.is_none() && self.top.scenes.is_none() && self.top.lends
    }

    /// The storyboard and its bibles.
    pub fn files(&self) -> impl Iterator<Item = &Arc<Checked>> {
        std::iter::once(&self.file).chain(&self.bibles)
    }

    /// What the storyboard and its bibles lend, the nearest first.
    pub(super) fn lent(&self) -> impl Iterator<Item = &Lent> + Clone {
        std::iter::once(&self.file).chain(&self.bibles).map(|file| file.lent())
    }

    /// The film's settings, then each bible's: nearest first.
    pub fn defaults(&self) -> impl Iterator<Item = &Settings> + Clone {
        self.lent().map(|lent| &lent.defaults)
    }

    /// The styles by name, those of the bibles included.
    pub fn styles(&self) -> Named<'_, Style> {
        Named::new(self, |lent| &lent.styles)
    }

    /// The cast by name, those of the bibles included.
    pub fn cast(&self) -> Named<'_, CastMember> {
        Named::new(self, |lent| &lent.cast)
    }

    /// Whether `styles` of the film or a bible is not a mapping: nobody knows which styles there are.
    pub fn styles_unknown(&self) -> bool {
        self.lent().any(|lent| lent.styles_unknown)
    }

    /// Whether `cast` of the film or a bible is not a mapping: nobody knows who is in it.
    pub fn cast_unknown(&self) -> bool {
        self.lent().any(|lent| lent.cast_unknown)
    }

    /// The settings that hold for a shot, nearest first: its own, its scene's, the film's, each bible's.
    pub fn levels<'f>(&'f self, shot: &'f Shot) -> impl Iterator<Item = &'f Settings> + Clone {
        let scene = shot.scene.and_then(|scene| self.scenes.get(scene)).map(|scene| &scene.defaults);
        std::iter::once(&shot.own).chain(scene).chain(self.defaults())
    }

    /// The settings of all `defaults`: the film's, its bibles' and its scenes'.
    pub fn all_defaults(&self) -> impl Iterator<Item = &Settings> {
        self.defaults().chain(self.scenes.iter().map(|scene| &scene.defaults))
    }

    /// Whether some of the storyboard or its bibles could not be read, so that what is absent may well stand there.
    pub fn is_incomplete(&self) -> bool {
        !self.extends_faults.is_empty() || self.files().any(|file| file.document.tree.incomplete)
    }
}

fn top(file: &Checked) -> Top {
    let tree = &file.document.tree;
    let root = tree.root().filter(|&root| matches!(tree.node(root).kind, Kind::Mapping(_)));
    let Some(root) = root else { return Top::default() };
    let at = |name: &str| tree.get(root, name).map(|node| At { document: file.document.clone(), node });
    Top {
        shots: at("shots"),
        scenes: at("scenes"),
        lends: ["defaults", "styles", "cast"].iter().any(|name| tree.get(root, name).is_some()),
        root: Some(At { document: file.document.clone(), node: root }),
    }
}

impl Budget {
    fn decode(file: &Checked) -> Self {
        let tree = &file.document.tree;
        let Some(budget) = tree.root().and_then(|root| tree.get(root, "budget")) else { return Self::default() };
        let fields = Fields::new(file, budget);
        let number = |name: &str| {
            let number: Field<serde_json::Number> = fields.get(name);
            number.valid().and_then(|number| Some(Value { value: number.value.as_f64()?, at: number.at.clone() }))
        };
        Self {
            clips: fields.get("clips").valid().cloned(),
            seconds: fields.get("seconds").valid().cloned(),
            units: number("units"),
            spend: number("spend"),
        }
    }
}

impl Shot {
    fn decode(file: &Arc<Checked>, node: NodeId, scene: Option<usize>) -> Self {
        let fields = Fields::new(file, node);
        let skip: Field<bool> = fields.get("skip");
        let auto_cuts =
            fields.get::<Text>("cuts").valid().filter(|text| &*text.value.value == "auto").map(|text| text.at.clone());
        Self {
            at: At { document: file.document.clone(), node },
            id: fields.get("id"),
            scene,
            own: Settings::decode(&fields, file, node),
            last_frame: fields.get("last_frame"),
            prompt: fields.get("prompt"),
            lines: fields.get("lines"),
            voices: fields.get("voices"),
            cuts: if auto_cuts.is_some() { Field::Absent } else { fields.get("cuts") },
            auto_cuts,
            brush: fields.get("brush"),
            excerpt: fields.get("use"),
            skip: skip.valid().is_some_and(|skip| skip.value),
            kling: fields.get("kling"),
        }
    }

    /// The id as the writer wrote it, right or wrong; for messages.
    pub fn name(&self) -> String {
        match self.at.document.tree.get(self.at.node, "id").map(|id| &self.at.document.tree.node(id).kind) {
            Some(Kind::String(text)) => text.to_string(),
            _ => String::new(),
        }
    }

    /// "shot `harbour-010`", or "this shot" where it has no id.
    pub fn title(&self) -> String {
        match self.name() {
            name if name.is_empty() => "this shot".into(),
            name => format!("shot `{}`", crate::text::shown::words(&name)),
        }
    }

    /// What a fault of the shot as a whole points at: its `id`, else its first key.
    pub fn place(&self) -> crate::text::Place {
        match self.id.at() {
            Some(id) => id.place(),
            None => self.at.first_key(),
        }
    }

    /// The first wrong value of the shot's own fields that go into a request. Settings are looked at by
    /// [`Clip::unusable`](crate::clip::Clip::unusable), which knows which of them hold.
    pub fn unusable(&self) -> Option<&At> {
        // All fields by name: one that is added must be thought of here.
        let Self {
            at: _,
            id,
            scene: _,
            own: _,
            last_frame,
            prompt,
            lines,
            voices,
            cuts,
            auto_cuts: _,
            brush,
            excerpt: _,
            skip: _,
            kling,
        } = self;
        let cut_fields = self.cuts().iter().flat_map(|cut| {
            let Cut { at: _, prompt, duration, style, add_style } = cut;
            [prompt.invalid(), duration.invalid(), partial(style), partial(add_style)]
        });
        let of_lines = self.spoken().iter().filter(|line| line.text.is_none()).map(|line| Some(&line.speaker.at));
        let fields = [
            id.invalid(),
            last_frame.invalid(),
            prompt.invalid(),
            partial(lines),
            partial(voices),
            partial(cuts),
            brush.invalid(),
            kling.invalid(),
        ];
        let brush = brush.valid().and_then(|brush| brush.value.unusable());
        fields.into_iter().chain(cut_fields).chain(of_lines).flatten().next().or(brush)
    }

    /// The cuts' seconds together; `None` where one of them is not known.
    pub fn cuts_sum(&self) -> Option<i64> {
        let cuts = &self.cuts.valid()?.value;
        if cuts.partial || cuts.items.is_empty() {
            return None;
        }
        cuts.items.iter().try_fold(0_i64, |sum, cut| Some(sum.saturating_add(cut.duration.valid()?.value.0)))
    }

    /// The cuts that can be read.
    pub fn cuts(&self) -> &[Cut] {
        self.cuts.valid().map(|cuts| &cuts.value.items[..]).unwrap_or_default()
    }

    /// The lines that can be read; with cuts they are ignored, and there are none.
    pub fn spoken(&self) -> &[Line] {
        if !self.cuts.is_absent() {
            return &[];
        }
        self.lines.valid().map(|lines| &lines.value.items[..]).unwrap_or_default()
    }

    /// The prompt that is sent: none beside cuts.
    pub fn action(&self) -> Option<&Text> {
        if !self.cuts.is_absent() {
            return None;
        }
        self.prompt.valid().map(|prompt| &prompt.value)
    }

    /// The names in `voices`.
    pub fn voices(&self) -> &[Text] {
        self.voices.valid().map(|voices| &voices.value.items[..]).unwrap_or_default()
    }
}

/// A list that is wrong, or of which a part is.
fn partial<T>(list: &Field<List<T>>) -> Option<&At> {
    match list {
        Field::Valid(list) if list.value.partial => Some(&list.at),
        other => other.invalid(),
    }
}

/// The extents of a document's shots with their ids, in order: what "inside a shot" means.
pub fn shots_of(document: &Document) -> Vec<(Span, String)> {
    let tree = &document.tree;
    let Some(root) = tree.root() else { return Vec::new() };
    let mut lists: Vec<NodeId> = tree.get(root, "shots").into_iter().collect();
    if let Some(scenes) = tree.get(root, "scenes") {
        lists.extend(tree.items(scenes).iter().filter_map(|&scene| tree.get(scene, "shots")));
    }
    let shots = lists.into_iter().flat_map(|list| tree.items(list));
    let mut found: Vec<(Span, String)> = shots
        .filter_map(|&shot| {
            let node = tree.node(shot);
            let mut extent = node.extent;
            // A `[[shots]]` header is the list's as much as the shot's.
            if document.source.slice(node.span).starts_with("[[") {
                extent.start = node.span.end;
            }
            Some((extent, tree.text(tree.get(shot, "id")?)?.to_owned()))
        })
        .collect();
    found.sort_by_key(|(extent, _)| *extent);
    found
}

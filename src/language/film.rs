//! The film: what the storyboard and its bibles say together, each value knowing where it was written.

use std::ops::Deref;
use std::sync::Arc;

use super::at::{At, Field, Text, Value};
use super::check::Checked;
use super::decode::{Cuts, Fields, Line, List};
use super::length::Lengths;
use super::lent::{CastMember, Lent, Named, Style};
use super::storyboard::found::{self, Budget, Cut, Scene, Settings};
use crate::assets::Link;
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
    pub budget: Field<Budget>,
    /// The scenes; empty for a film without. Their shots are among `shots`.
    pub scenes: Vec<Scene>,
    /// All shots, in order.
    pub shots: Vec<Shot>,
    /// `shots` and `scenes` at the top, where they stand.
    pub top: Top,
    /// Settings of which every field is lost, for those that could not be read. `None` for an empty file.
    lost: Option<Settings>,
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

/// A shot as written. What it inherits is worked out by [`clip`](crate::clip).
#[derive(Debug)]
pub struct Shot {
    written: found::Shot,
    /// The index of its scene in [`Film::scenes`]; `None` in a film without scenes.
    pub scene: Option<usize>,
}

/// A film's shot has all that is written on it.
impl Deref for Shot {
    type Target = found::Shot;

    fn deref(&self) -> &found::Shot {
        &self.written
    }
}

impl Film {
    /// Puts a film together from its storyboard and its bibles, the nearest first.
    pub fn new(file: Arc<Checked>, bibles: Vec<Arc<Checked>>, extends_faults: Vec<ExtendsFault>) -> Self {
        let root = file.document.tree.root().map(|root| Fields::new(&file, root));
        let mut film = Film {
            top: top(&file),
            budget: root.map_or(Field::Absent, |root| root.get("budget")),
            scenes: Vec::new(),
            shots: Vec::new(),
            lost: root.map(|root| Settings::of(&root.lost())),
            lengths: Lengths::default(),
            extends_faults,
            bibles,
            file: file.clone(),
        };
        // Both at the top is an error; all shots are still checked, in the order written.
        for name in root.iter().flat_map(Fields::keys) {
            match name {
                "shots" => film.add_shots(root.map_or(Field::Absent, |root| root.get(name)), None),
                "scenes" => film.add_scenes(root.map_or(Field::Absent, |root| root.get(name))),
                _ => {}
            }
        }
        film
    }

    fn add_scenes(&mut self, scenes: Field<List<Scene>>) {
        let Field::Valid(Value { value: scenes, .. }) = scenes else { return };
        for mut scene in scenes.items {
            let shots = std::mem::take(&mut scene.shots);
            self.scenes.push(scene);
            self.add_shots(shots, Some(self.scenes.len() - 1));
        }
    }

    fn add_shots(&mut self, shots: Field<List<found::Shot>>, scene: Option<usize>) {
        let Field::Valid(Value { value: shots, .. }) = shots else { return };
        self.shots.extend(shots.items.into_iter().map(|written| Shot { written, scene }));
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
        self.lent().filter_map(|lent| lent.defaults.value())
    }

    /// The styles by name, those of the bibles included.
    pub fn styles(&self) -> Named<'_, Style> {
        Named::new(self, |lent| &lent.styles)
    }

    /// The cast by name, those of the bibles included.
    pub fn cast(&self) -> Named<'_, CastMember> {
        Named::new(self, |lent| &lent.cast)
    }

    /// Whether `styles` of the film or a bible could not be read in full: nobody knows which styles there are.
    pub fn styles_unknown(&self) -> bool {
        self.lacks_a_bible() || self.lent().any(|lent| lent.styles_unknown)
    }

    /// Whether `cast` of the film or a bible could not be read in full: nobody knows who is in it.
    pub fn cast_unknown(&self) -> bool {
        self.lacks_a_bible() || self.lent().any(|lent| lent.cast_unknown)
    }

    /// The settings that hold for a shot, nearest first: its own, its scene's, the film's, each bible's. Where some could not be
    /// read, all their fields are [`Field::Lost`].
    pub fn levels<'f>(&'f self, shot: &'f Shot) -> impl Iterator<Item = &'f Settings> + Clone {
        let scene = self.scene_of(shot).and_then(|scene| self.level(&scene.defaults));
        let lent = self.lent().filter_map(|lent| self.level(&lent.defaults));
        let bible = self.lost.as_ref().filter(|_| self.lacks_a_bible());
        std::iter::once(&shot.settings).chain(scene).chain(lent).chain(bible)
    }

    /// Settings that hold for others, where there may be any.
    fn level<'f>(&'f self, defaults: &'f Field<Settings>) -> Option<&'f Settings> {
        match defaults {
            Field::Absent => None,
            Field::Valid(settings) => Some(&settings.value),
            Field::Invalid(_) | Field::Lost => self.lost.as_ref(),
        }
    }

    /// Whether there is, or may be, a bible that could not be read.
    fn lacks_a_bible(&self) -> bool {
        !self.extends_faults.is_empty() || self.lent().any(|lent| lent.extends_unknown)
    }

    fn scene_of(&self, shot: &Shot) -> Option<&Scene> {
        self.scenes.get(shot.scene?)
    }

    /// Whether an unknown field of the shot, its scene, the film or a bible was taken for `field`, or for one of its `defaults`: that
    /// the field is absent is not said again.
    pub fn is_suggested(&self, shot: &Shot, field: &str) -> bool {
        let scene = self.scene_of(shot).map(|scene| scene.at.node);
        let roots = self.files().filter_map(|file| Some((file, file.document.tree.root()?)));
        scene.map(|scene| (&self.file, scene)).into_iter().chain(roots).any(|(file, node)| {
            // A setting may be in `defaults`, or beside it in place of in it.
            let defaults = file.document.tree.get(node, "defaults");
            defaults.into_iter().chain([node]).any(|node| file.shape.is_suggested(node, field))
        }) || self.is_suggested_on(shot, field)
    }

    /// Whether an unknown field of the shot itself was taken for `field`.
    pub fn is_suggested_on(&self, shot: &Shot, field: &str) -> bool {
        self.file.shape.is_suggested(shot.at.node, field)
    }

    /// The settings of all `defaults`: the film's, its bibles' and its scenes'.
    pub fn all_defaults(&self) -> impl Iterator<Item = &Settings> {
        self.defaults().chain(self.scenes.iter().filter_map(|scene| scene.defaults.value()))
    }

    /// Whether some of the storyboard or its bibles could not be read, or was left aside because its form or its field's name is
    /// wrong: what nothing else uses may be used there.
    pub fn is_incomplete(&self) -> bool {
        let leaves_out =
            |file: &Checked| file.document.tree.incomplete || file.shape.incomplete || !file.shape.suggested.is_empty();
        self.lacks_a_bible() || self.files().any(|file| leaves_out(file))
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

impl found::Shot {
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

    /// Whether the shot is not to be made, or not yet.
    pub fn is_skipped(&self) -> bool {
        self.skip.value().is_some_and(|skip| *skip)
    }

    /// The cuts that are written, as a list.
    pub fn cut_list(&self) -> Option<&List<Cut>> {
        match self.cuts.value()? {
            Cuts::List(cuts) => Some(cuts),
            Cuts::Auto => None,
        }
    }

    /// The cuts that can be read.
    pub fn cuts(&self) -> &[Cut] {
        self.cut_list().map(|cuts| &cuts.items[..]).unwrap_or_default()
    }

    /// Where `cuts` is, right or wrong, unless Kling makes them.
    pub fn cuts_at(&self) -> Option<&At> {
        self.cuts.at().filter(|_| self.auto_cuts().is_none())
    }

    /// Whether the shot has cuts, right or wrong, that Kling does not make.
    pub fn has_cuts(&self) -> bool {
        self.cuts_at().is_some()
    }

    /// `cuts: auto`: Kling makes the cuts.
    pub fn auto_cuts(&self) -> Option<&At> {
        self.cuts.valid().filter(|cuts| matches!(cuts.value, Cuts::Auto)).map(|cuts| &cuts.at)
    }

    /// The cuts' seconds together; `None` where one of them is not known.
    pub fn cuts_sum(&self) -> Option<i64> {
        let cuts = self.cut_list().filter(|cuts| !cuts.partial && !cuts.items.is_empty())?;
        cuts.items.iter().try_fold(0_i64, |sum, cut| Some(sum.saturating_add(cut.duration.value()?.0)))
    }

    /// The lines that can be read; with cuts they are ignored, and there are none.
    pub fn spoken(&self) -> &[Line] {
        let lines = self.lines.value().filter(|_| !self.has_cuts());
        lines.map(|lines| &lines.items[..]).unwrap_or_default()
    }

    /// The prompt that is sent: none with cuts.
    pub fn action(&self) -> Option<&Text> {
        self.prompt.value().filter(|_| !self.has_cuts())
    }

    /// The names in `voices`.
    pub fn voices(&self) -> &[Text] {
        self.voices.valid().map(|voices| &voices.value.items[..]).unwrap_or_default()
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
                extent = Span::new(node.span.end(), extent.end());
            }
            Some((extent, tree.text(tree.get(shot, "id")?)?.to_owned()))
        })
        .collect();
    found.sort_by_key(|(extent, _)| *extent);
    found
}

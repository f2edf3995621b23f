//! The reel: films, scenes and shots as the page shows them. All texts are safe to show.

use std::collections::{HashMap, HashSet};

use camino::{Utf8Path, Utf8PathBuf};
use serde::Serialize;

use super::Pictures;
use super::card::{Card, Finding};
use super::playlist::Playlist;
use crate::check::CheckedFilm;
use crate::clip::{clips, thousands};
use crate::diagnostic::{Diagnostic, Report, Totals};
use crate::language::Film;
use crate::plan::{Plan, Row, total_sentence};
use crate::select::Books;
use crate::text::counted;
use crate::text::shown::line;

/// The data that a page is made from.
#[derive(Debug, Clone, Copy)]
pub struct Sources<'s> {
    /// The films, checked.
    pub films: &'s [CheckedFilm],
    /// Their report.
    pub report: &'s Report,
    /// Their plan.
    pub plan: &'s Plan,
    /// Their takes.
    pub books: &'s Books<'s>,
    /// The folder that the page is in, an absolute path: files are named from there.
    pub folder: &'s Utf8Path,
    /// How the page names clips.
    pub clips: Clips,
}

/// How a page names clips.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clips {
    /// As files, from the page's folder.
    Files,
    /// As the server of the page has them: by [`clip_key`](super::clip_key).
    Served,
}

impl Clips {
    pub(super) fn link(self, folder: &Utf8Path, path: &Utf8Path) -> String {
        match self {
            Clips::Files => super::link::link(folder, path),
            Clips::Served => format!("clip/{}", super::clip_key(path)),
        }
    }
}

/// The whole page.
#[derive(Debug, Serialize)]
pub struct Reel {
    pub(super) title: String,
    pub(super) films: Vec<FilmView>,
    /// The purchase of a `submit`, as a sentence.
    pub(super) to_buy: String,
    pub(super) errors: usize,
    pub(super) warnings: usize,
    #[serde(skip)]
    pub(super) playlist: Playlist,
    pub(super) has_clips: bool,
}

#[derive(Debug, Serialize)]
pub(super) struct FilmView {
    pub anchor: String,
    pub title: String,
    pub file: String,
    pub shots: usize,
    pub skipped: usize,
    /// Bought seconds.
    pub bought: u64,
    /// The part of them that goes into the edit.
    pub used: String,
    pub price: String,
    pub budget: Vec<Bar>,
    /// The findings about more than one shot, or about none.
    pub findings: Vec<Finding>,
    pub scenes: Vec<SceneView>,
    /// The class of its width in the timeline.
    pub width: u64,
}

#[derive(Debug, Serialize)]
pub(super) struct SceneView {
    pub anchor: String,
    /// `None` in a film without scenes.
    pub heading: Option<String>,
    pub seconds: String,
    pub width: u64,
    pub cards: Vec<Card>,
}

/// How much of a limit is used.
#[derive(Debug, Serialize)]
pub(super) struct Bar {
    pub name: &'static str,
    pub text: String,
    /// At most 100.
    pub percent: f64,
    pub is_over: bool,
}

impl Bar {
    pub fn new(name: &'static str, value: f64, most: f64, unit: &str) -> Bar {
        let percent = (100.0 * value / most).clamp(0.0, 100.0);
        let text = format!("{} of {}{unit}", number(value), number(most));
        Bar { name, text, percent: (percent * 10.0).round() / 10.0, is_over: value > most + 1e-6 }
    }
}

impl Reel {
    /// The reel of these films.
    pub fn new(sources: &Sources<'_>, pictures: &Pictures) -> Reel {
        let mut reel = Reel {
            title: String::new(),
            films: Vec::new(),
            to_buy: total_sentence(sources.plan),
            errors: sources.report.errors(),
            warnings: sources.report.warnings(),
            playlist: Playlist::default(),
            has_clips: false,
        };
        let rows: HashMap<(&str, &str), &Row> =
            sources.plan.rows.iter().map(|row| ((&*row.item.file, &*row.item.clip.shot), row)).collect();
        let mut builder = Builder { sources, pictures, rows, cards: 0, playlist: Playlist::default() };
        for take in sources.films.iter().filter(|take| !take.film.is_bible()) {
            let view = builder.film(take, reel.films.len());
            reel.films.push(view);
        }
        reel.playlist = builder.playlist;
        reel.title = match &reel.films[..] {
            [film] => film.title.clone(),
            films => counted(films.len(), "film"),
        };
        let has_clips = reel.cards().any(|card| card.takes.iter().any(|take| take.link.is_some()));
        reel.has_clips = has_clips;
        reel
    }
}

impl Reel {
    /// The clips that the page plays, by what a served page calls them.
    pub fn clips(&self) -> HashMap<String, Utf8PathBuf> {
        let paths = self.cards().flat_map(|card| &card.takes).filter_map(|take| take.path.as_ref());
        paths.map(|path| (super::clip_key(path), path.clone())).collect()
    }

    /// The shots by their cards' elements: film and shot, as the ledger has them.
    pub fn shots(&self) -> HashMap<String, (String, String)> {
        self.cards().map(|card| (card.anchor.clone(), card.in_ledger.clone())).collect()
    }

    fn cards(&self) -> impl Iterator<Item = &Card> {
        self.films.iter().flat_map(|film| &film.scenes).flat_map(|scene| &scene.cards)
    }
}

struct Builder<'s> {
    sources: &'s Sources<'s>,
    pictures: &'s Pictures,
    /// By file and shot.
    rows: HashMap<(&'s str, &'s str), &'s Row>,
    /// How many cards there are already.
    cards: usize,
    playlist: Playlist,
}

impl Builder<'_> {
    fn film(&mut self, take: &CheckedFilm, index: usize) -> FilmView {
        let film = &take.film;
        let file = &film.file.document.source;
        let title = title_of(film).unwrap_or_else(|| file.name.clone());
        let totals = take.verdict.totals;
        let mut view = FilmView {
            anchor: format!("film-{}", index + 1),
            title: line(&title),
            file: line(&file.name),
            shots: totals.shots,
            skipped: totals.skipped,
            bought: totals.seconds,
            used: String::new(),
            price: price(&totals),
            budget: budget(film, &totals),
            findings: self.shared_findings(take),
            scenes: Vec::new(),
            width: 0,
        };
        let begin = self.playlist.items.len();
        self.scenes(take, &mut view);
        let cards = || view.scenes.iter().flat_map(|scene| &scene.cards);
        view.used = number(cards().map(Card::seconds).sum());
        view.width = view.scenes.iter().map(|scene| scene.width).sum();
        self.playlist.add_range(view.title.clone(), begin);
        if view.scenes.len() > 1 {
            let mut begin = begin;
            for scene in &view.scenes {
                let played = scene.cards.iter().filter(|card| !card.skip).count();
                let name = scene.heading.clone().unwrap_or_else(|| "Without a scene".into());
                self.playlist.add_part(name, begin, played);
                begin += played;
            }
        }
        view
    }

    fn scenes(&mut self, take: &CheckedFilm, view: &mut FilmView) {
        let mut last = None;
        for (index, clip) in clips(&take.film, take.facts, take.target).iter().enumerate() {
            let scene = clip.shot.scene;
            if last != Some(scene) {
                last = Some(scene);
                let heading = scene.and_then(|scene| heading_of(&take.film, scene));
                let anchor = format!("{}-scene-{}", view.anchor, view.scenes.len() + 1);
                view.scenes.push(SceneView { anchor, heading, seconds: String::new(), width: 0, cards: Vec::new() });
            }
            let name = clip.shot.name();
            let row = self.rows.get(&(&*take.film.file.document.source.name, &*name)).copied();
            self.cards += 1;
            let card = Card::new(self.sources, self.pictures, take, clip, row, (self.cards, index + 1));
            let Some(scene) = view.scenes.last_mut() else { continue };
            if !card.skip {
                self.playlist.add(&card, scene.heading.as_deref());
            }
            scene.cards.push(card);
        }
        for scene in &mut view.scenes {
            scene.seconds = number(scene.cards.iter().map(Card::seconds).sum());
            scene.width = scene.cards.iter().map(|card| card.width).sum();
        }
    }

    /// The findings about shared settings, about shots that are not in the film, or about the film as a whole.
    fn shared_findings(&self, take: &CheckedFilm) -> Vec<Finding> {
        let names: HashSet<String> = take.film.shots.iter().map(|shot| shot.name()).collect();
        let is_shared = |found: &&Diagnostic| found.shot.as_ref().is_none_or(|shot| !names.contains(shot));
        let files = take.film.files().map(|file| &file.document.source.path);
        let config = take.project.config_document.iter().map(|config| &config.source.path);
        let all = files.chain(config).flat_map(|path| self.sources.report.of(path));
        all.filter(is_shared).map(Finding::new).collect()
    }
}

fn title_of(film: &Film) -> Option<String> {
    let tree = &film.file.document.tree;
    let title = tree.text(tree.get(tree.root()?, "title")?)?.trim();
    (!title.is_empty()).then(|| title.to_owned())
}

fn heading_of(film: &Film, scene: usize) -> Option<String> {
    let scene = film.scenes.get(scene)?;
    let text = scene.heading.valid().or(scene.id.valid())?;
    Some(line(&text.value.value))
}

/// The price of a film by the price table.
fn price(totals: &Totals) -> String {
    let known = format!("{}, ${:.2}", counted(number(totals.units), "unit"), totals.usd);
    match totals.unpriced {
        0 => known,
        more => format!("{known}, and {} without a known price", counted(more, "shot")),
    }
}

fn budget(film: &Film, totals: &Totals) -> Vec<Bar> {
    let Some(limits) = film.budget.value() else { return Vec::new() };
    let bars = [
        ("clips", totals.shots as f64, limits.clips.value().map(|clips| *clips as f64), ""),
        ("seconds", totals.seconds as f64, limits.seconds.value().map(|seconds| *seconds as f64), " s"),
        ("units", totals.units, limits.units.value().copied(), ""),
    ];
    let bars = bars.into_iter().filter_map(|(name, value, most, unit)| Some((name, value, most?, unit)));
    bars.filter(|(_, _, most, _)| *most > 0.0)
        .map(|(name, value, most, unit)| Bar::new(name, value, most, unit))
        .collect()
}

/// A number with at most two places behind the point, and commas in it where it is large.
pub(super) fn number(value: f64) -> String {
    let rounded = (value * 100.0).round() / 100.0;
    if rounded.fract() == 0.0 && (0.0..1e15).contains(&rounded) {
        thousands(rounded as usize)
    } else {
        rounded.to_string()
    }
}

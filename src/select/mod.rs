//! Which shots of which films can become requests, and why the others cannot: a value, for `compile`, `plan`, `submit` and
//! `status` to show. Nothing here prints.

mod before;
mod name;
mod ready;

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use rayon::prelude::*;

use crate::assets::Picture;
use crate::check::CheckedFilm;
use crate::clip::{Unbuildable, clips};
use crate::diagnostic::{Code, Report, Severity};
use crate::ledger::Clip;

pub use before::{Books, Sign};
pub use name::ShotName;
use ready::Row;
pub use ready::{Compiled, Expected, Item, Ready};

/// Which shots are wanted.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wanted<'w> {
    /// Their names; empty for all.
    pub shots: &'w [ShotName],
    /// Whether a film with errors still gives the shots that none of the errors is about.
    pub despite_other_shots: bool,
}

/// The wanted shots, in their films' order. `R` is what is known of one whose request can be made: [`Compiled`], or [`Ready`].
#[derive(Debug)]
pub struct Selection<R> {
    /// A row for each shot, those with `skip: true` left out.
    pub shots: Vec<Selected<R>>,
    /// How many of the wanted shots have `skip: true`.
    pub skipped: usize,
    /// Wanted names that no shot has.
    pub missing: Vec<ShotName>,
}

/// A shot that was selected.
#[derive(Debug)]
pub enum Selected<R> {
    /// Its request can be made.
    Ready(Box<R>),
    /// It cannot be bought.
    Blocked(Box<Blocked>),
}

/// A shot that cannot be bought, and why.
#[derive(Debug, Clone)]
pub struct Blocked {
    /// The storyboard's path as found.
    pub file: String,
    /// The storyboard's name in the ledger.
    pub film: String,
    /// The shot's id.
    pub shot: String,
    /// The request, if it can be made.
    pub item: Option<Item>,
    /// Why it cannot be bought.
    pub why: Why,
}

/// Why a shot cannot be bought.
#[derive(Debug, Clone)]
pub enum Why {
    /// The project's config has errors.
    BadConfig,
    /// It has errors, or what all shots share has.
    HasErrors,
    /// Other shots of its film have errors.
    FilmHasErrors,
    /// Its film is over its budget.
    OverBudget,
    /// No request can be made of it, although no error that is reported says so.
    Unbuildable(Unbuildable),
    /// Another storyboard has the same name in the ledger, and differs in this shot.
    SameName(String),
}

impl Why {
    /// Whether the command cannot run, rather than a storyboard having an error.
    pub fn is_failure(&self) -> bool {
        matches!(self, Why::BadConfig | Why::Unbuildable(..) | Why::SameName(_))
    }
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Why::BadConfig => f.write_str("clapboard.toml has errors: see check"),
            Why::HasErrors => f.write_str("has errors: see check"),
            Why::FilmHasErrors => f.write_str("other shots of its film have errors: see check"),
            Why::OverBudget => f.write_str("over the budget"),
            Why::Unbuildable(why) => write!(f, "no request can be made of {}: {}", why.position(), why.reason),
            Why::SameName(other) => write!(f, "{other} has the same name in the ledger: rename one of the files"),
        }
    }
}

impl Blocked {
    /// A sentence for a message of its own, with the place where there is one.
    pub fn sentence(&self) -> String {
        match &self.why {
            Why::Unbuildable(why) => why.to_string(),
            why => format!("{}: shot `{}`: {why}", self.file, self.shot),
        }
    }
}

impl<R> Selection<R> {
    /// The shots whose requests can be made.
    pub fn ready(&self) -> impl Iterator<Item = &R> {
        self.shots.iter().filter_map(|shot| match shot {
            Selected::Ready(ready) => Some(&**ready),
            Selected::Blocked(_) => None,
        })
    }

    /// The shots that cannot be bought.
    pub fn blocked(&self) -> impl Iterator<Item = &Blocked> {
        self.shots.iter().filter_map(|shot| match shot {
            Selected::Blocked(blocked) => Some(&**blocked),
            Selected::Ready(_) => None,
        })
    }

    /// The same, for a caller that needs no reasons.
    pub fn into_ready(self) -> Vec<R> {
        let ready = self.shots.into_iter().filter_map(|shot| match shot {
            Selected::Ready(ready) => Some(*ready),
            Selected::Blocked(_) => None,
        });
        ready.collect()
    }
}

/// The wanted shots of the films, each with its request or the reason why there is none. The ledger plays no part.
pub fn requests<'c>(takes: &'c [CheckedFilm], report: &Report, wanted: Wanted<'_>) -> Selection<Compiled<'c>> {
    let Chosen { rows, skipped, missing } = Chosen::of(takes, report, wanted);
    let shots = rows.into_iter().map(|(row, hold)| match hold.map_or_else(|| row.compiled(), Err) {
        Ok(compiled) => Selected::Ready(Box::new(compiled)),
        Err(why) => Selected::Blocked(Box::new(row.without_item(why))),
    });
    Selection { shots: shots.collect(), skipped, missing }
}

/// The wanted shots of the films as the ledger knows them, each with its request and what it would buy, or the reason why it
/// cannot be bought. Two storyboards of one name are one film.
pub fn select<'c>(takes: &'c [CheckedFilm], report: &Report, wanted: Wanted<'_>) -> Selection<Ready<'c>> {
    let Chosen { rows, skipped, missing } = Chosen::of(takes, report, wanted);
    digest_pictures(&rows);
    // Film and shot → where the first of that name is, and what it asks for.
    let mut named: HashMap<(String, String), (String, String)> = HashMap::new();
    let mut seen: HashSet<Clip> = HashSet::new();
    let mut shots = Vec::new();
    for (row, hold) in rows {
        let mut selected = match hold {
            None => row.make(),
            Some(why) => Selected::Blocked(Box::new(row.blocked(why))),
        };
        if let Selected::Ready(ready) = &selected {
            let Item { clip, file, .. } = &ready.item;
            let key = (clip.film.clone(), clip.shot.clone());
            let (first, identity) = named.entry(key).or_insert_with(|| (file.clone(), clip.identity.clone()));
            if *identity != clip.identity {
                selected = Selected::Blocked(Box::new(row.blocked(Why::SameName(first.clone()))));
            } else if !seen.insert(clip.clone()) {
                continue;
            }
        }
        shots.push(selected);
    }
    Selection { shots, skipped, missing }
}

/// The wanted shots, each with what holds it back whatever it asks for.
struct Chosen<'c> {
    rows: Vec<(Row<'c>, Option<Why>)>,
    skipped: usize,
    missing: Vec<ShotName>,
}

impl<'c> Chosen<'c> {
    fn of(takes: &'c [CheckedFilm], report: &Report, wanted: Wanted<'_>) -> Chosen<'c> {
        let errors = Errors::of(report);
        let mut rows = Vec::new();
        let mut skipped = 0;
        let mut found = vec![false; wanted.shots.len()];
        for take in takes {
            let film = take.name();
            let files: Vec<&Errors> =
                take.film.files().filter_map(|file| errors.get(&*file.document.source.path)).collect();
            for clip in clips(&take.film, take.facts, take.target) {
                let id = clip.shot.name();
                let mut is_wanted = wanted.shots.is_empty();
                for (name, found) in wanted.shots.iter().zip(&mut found) {
                    let is_named = name.names(take, &id);
                    *found |= is_named;
                    is_wanted |= is_named;
                }
                match clip.shot.is_skipped() {
                    _ if !is_wanted => {}
                    true => skipped += 1,
                    false => {
                        let hold = hold(take, &files, &id, wanted.despite_other_shots);
                        rows.push((Row { take, clip, film: film.clone(), id }, hold));
                    }
                }
            }
        }
        let missing = wanted.shots.iter().zip(found).filter(|(_, found)| !found);
        let missing = missing.map(|(name, _)| name.clone()).collect();
        Chosen { rows, skipped, missing }
    }
}

/// Digests the pictures of these shots on all cores: one after another, as identities ask for them, they are most of a run.
fn digest_pictures(rows: &[(Row<'_>, Option<Why>)]) {
    let named =
        rows.iter().flat_map(|(row, _)| row.clip.named_pictures().into_iter().map(move |(text, _)| (row, text)));
    let mut pictures: Vec<Arc<Picture>> =
        named.filter_map(|(row, text)| row.clip.picture(text, &row.take.project.library).ok()?).collect();
    pictures.sort_by_key(Arc::as_ptr);
    pictures.dedup_by_key(|picture| Arc::as_ptr(picture));
    // What cannot be read is said where its digest is needed.
    pictures.par_iter().for_each(|picture| drop(picture.digest()));
}

/// Why nothing of a shot is bought, whatever it asks for.
fn hold(take: &CheckedFilm, files: &[&Errors], shot: &str, despite_other_shots: bool) -> Option<Why> {
    if take.project.config.has_errors() {
        return Some(Why::BadConfig);
    }
    if files.iter().any(|errors| errors.shared || errors.shots.contains(shot)) {
        return Some(Why::HasErrors);
    }
    if !despite_other_shots && files.iter().any(|errors| !errors.shots.is_empty()) {
        return Some(Why::FilmHasErrors);
    }
    files.iter().any(|errors| errors.budget).then_some(Why::OverBudget)
}

/// The errors of one file.
#[derive(Debug, Default)]
struct Errors<'r> {
    /// One is about what all shots share.
    shared: bool,
    /// The budget is exceeded.
    budget: bool,
    /// The shots that one is about.
    shots: HashSet<&'r str>,
}

impl Errors<'_> {
    fn of(report: &Report) -> HashMap<&Utf8Path, Errors<'_>> {
        let mut files: HashMap<&Utf8Path, Errors<'_>> = HashMap::new();
        for diagnostic in report.diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error) {
            let errors = files.entry(&diagnostic.place.source.path).or_default();
            match &diagnostic.shot {
                _ if diagnostic.code == Code::BudgetExceeded => errors.budget = true,
                Some(shot) => _ = errors.shots.insert(shot),
                None => errors.shared = true,
            }
        }
        files
    }
}

/// The one project that all storyboards belong to: it has the ledger.
///
/// # Errors
/// They belong to several; the roots of two of them.
pub fn one_project(takes: &[CheckedFilm]) -> Result<Option<Arc<crate::project::Project>>, (Utf8PathBuf, Utf8PathBuf)> {
    let Some(first) = takes.first() else { return Ok(None) };
    match takes.iter().find(|take| take.project.root != first.project.root) {
        Some(other) => Err((first.project.root.clone(), other.project.root.clone())),
        None => Ok(Some(first.project.clone())),
    }
}

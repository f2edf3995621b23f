//! The shots that a command is about, compiled, and held against the ledger.

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;

use camino::Utf8Path;

use super::Exit;
use clapboard::api::{Request, request};
use clapboard::check::CheckedFilm;
use clapboard::clip::{Clip as SettledClip, Unbuildable, clips as settle};
use clapboard::diagnostic::{Code, Report, Severity};
use clapboard::ledger::Clip;
use clapboard::plan::Item;
use clapboard::project::Project;
use clapboard::report::plain;

/// A shot with its request. A build without the network only needs its price.
#[cfg_attr(not(feature = "submit"), expect(dead_code))]
pub struct Selected<'c> {
    pub take: &'c CheckedFilm,
    pub request: Request,
    pub item: Item,
}

/// `ID`, or `FILE:ID` where several films have that id.
#[derive(Clone, Debug)]
pub struct ShotName {
    pub file: Option<String>,
    pub shot: String,
}

impl std::str::FromStr for ShotName {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(match text.rsplit_once(':') {
            Some((file, shot)) => ShotName { file: Some(file.to_owned()), shot: shot.to_owned() },
            None => ShotName { file: None, shot: text.to_owned() },
        })
    }
}

impl ShotName {
    /// Whether a shot of a film has this name. A film goes by its path as found, or by its name in the ledger.
    pub fn names(&self, take: &CheckedFilm, shot: &str) -> bool {
        let source = &take.film.file.document.source;
        let is_file = |file: &str| {
            let file = file.strip_prefix("./").unwrap_or(file);
            file == source.name
                || file == take.project.film_name(&source.path)
                || Path::new(file).canonicalize().is_ok_and(|path| path == *source.path)
        };
        self.shot == shot && self.file.as_deref().is_none_or(is_file)
    }
}

impl std::fmt::Display for ShotName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.file {
            Some(file) => write!(f, "{}:{}", plain(file), plain(&self.shot)),
            None => f.write_str(&plain(&self.shot)),
        }
    }
}

/// Says what went wrong, on standard error.
pub fn complain(problem: &str) {
    eprintln!("clapboard: {}", plain(problem));
}

/// The one project that all storyboards belong to: it has the ledger.
pub fn project(takes: &[CheckedFilm]) -> Result<Option<Arc<Project>>, Exit> {
    let mut takes = takes.iter();
    let Some(first) = takes.next() else { return Ok(None) };
    if takes.any(|take| take.project.root != first.project.root) {
        complain(
            "these storyboards belong to several projects, and each project has its own ledger: name those of one",
        );
        return Err(Exit::Failed);
    }
    Ok(Some(first.project.clone()))
}

/// The wanted shots (all, where none is named) of the films that are free of errors, compiled. What stands in the way is told
/// on standard error and raises `exit`.
///
/// With `by_shot`, a film with errors gives its shots all the same where none of the errors is in a wanted shot or in what all
/// shots share; an exceeded budget is left to the caller.
pub fn select<'c>(
    takes: &'c [CheckedFilm],
    report: &Report,
    wanted: &[ShotName],
    by_shot: bool,
    exit: &mut Exit,
) -> Vec<Selected<'c>> {
    let mut selected = Vec::new();
    let mut clips = HashSet::new();
    let mut found = vec![false; wanted.len()];
    for take in takes {
        let names: Vec<String> = take.film.shots.iter().map(|shot| shot.name()).collect();
        for (name, found) in wanted.iter().zip(&mut found) {
            *found |= names.iter().any(|shot| name.names(take, shot));
        }
        let is_wanted = |shot: &str| wanted.is_empty() || wanted.iter().any(|name| name.names(take, shot));
        let held_back = if by_shot { has_errors(report, take, &is_wanted) } else { take.is_held_back(report) };
        if take.has_bad_config() {
            *exit = Exit::Failed;
            continue;
        }
        if held_back {
            *exit = (*exit).max(Exit::Errors);
            continue;
        }
        let settled = settle(&take.film, take.facts, take.target);
        for clip in settled.iter().filter(|clip| !clip.shot.skip && is_wanted(&clip.shot.name())) {
            let made = request(clip, &take.project.library)
                .and_then(|request| Ok(Selected { take, item: item(take, &request, clip)?, request }))
                .map_err(|unbuildable| unbuildable.to_string());
            match made {
                Ok(made) => {
                    let same_name = selected.iter().find(|other: &&Selected<'_>| {
                        other.item.clip.film == made.item.clip.film
                            && other.item.clip.shot == made.item.clip.shot
                            && other.item.clip.identity != made.item.clip.identity
                    });
                    if let Some(other) = same_name {
                        complain(&format!(
                            "{} and {} are both called `{}` in the ledger, and differ in shot `{}`: rename one of the files",
                            other.item.file, made.item.file, made.item.clip.film, made.item.clip.shot
                        ));
                        *exit = Exit::Failed;
                    } else if clips.insert(made.item.clip.clone()) {
                        selected.push(made);
                    }
                }
                Err(problem) => {
                    complain(&problem);
                    *exit = Exit::Failed;
                }
            }
        }
    }
    for (name, found) in wanted.iter().zip(found) {
        if !found {
            complain(&format!("there is no shot `{name}`"));
            *exit = Exit::Failed;
        }
    }
    selected
}

fn has_errors(report: &Report, take: &CheckedFilm, is_wanted: &dyn Fn(&str) -> bool) -> bool {
    let paths: Vec<&Utf8Path> = take.film.files().map(|file| &*file.document.source.path).collect();
    report.diagnostics.iter().any(|diagnostic| {
        diagnostic.severity == Severity::Error
            && diagnostic.code != Code::BudgetExceeded
            && paths.contains(&&*diagnostic.place.source.path)
            && diagnostic.shot.as_deref().is_none_or(is_wanted)
    })
}

/// Whether the report has an exceeded budget, as an error, of a film that is to be bought from.
#[cfg(feature = "submit")]
pub fn is_over_budget(report: &Report, selected: &[Selected<'_>]) -> bool {
    let paths: HashSet<&Utf8Path> = selected
        .iter()
        .flat_map(|selected| selected.take.film.files())
        .map(|file| &*file.document.source.path)
        .collect();
    report.diagnostics.iter().any(|diagnostic| {
        diagnostic.severity == Severity::Error
            && diagnostic.code == Code::BudgetExceeded
            && paths.contains(&*diagnostic.place.source.path)
    })
}

fn item(take: &CheckedFilm, request: &Request, clip: &SettledClip<'_>) -> Result<Item, Unbuildable> {
    let identity = clip.identity(&take.project.library)?;
    let units = clip.price().units();
    Ok(Item {
        clip: Clip {
            film: take.project.film_name(&take.film.file.document.source.path),
            shot: request.shot.clone(),
            identity: identity.sha256,
        },
        file: request.storyboard.clone(),
        fields: identity.parts.into_iter().collect(),
        seconds: clip.seconds.value().and_then(|seconds| u32::try_from(seconds).ok()).unwrap_or(0),
        units,
        usd: units.map(|units| units.usd(take.project.config.usd_per_unit)),
    })
}

//! `--watch`: runs again whenever something that the last run looked at has changed.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, mpsc};
use std::time::{Duration, SystemTime};

use camino::Utf8Path;
use notify_debouncer_full::notify::event::{CreateKind, RemoveKind};
use notify_debouncer_full::notify::{self, ErrorKind, EventKind, RecommendedWatcher, RecursiveMode};
use notify_debouncer_full::{DebouncedEvent, Debouncer, RecommendedCache, new_debouncer};

use super::failure::Failure;
use super::input::{Checked, Looked};
use clapboard::check::Verdict;
use clapboard::project::{CONFIG, Project};
use clapboard::text::{Format, Source};

/// How long nothing may happen before a change counts as whole: editors save in several steps.
const QUIET: Duration = Duration::from_millis(100);

/// By how much the time that a file system writes down may be behind the clock: it takes the time of the last tick.
const TICK: Duration = Duration::from_millis(20);

/// What a run looked at.
#[derive(Debug, Default)]
pub struct Followed {
    files: BTreeSet<PathBuf>,
    folders: BTreeSet<PathBuf>,
}

impl Followed {
    /// Follows a file, whether it is there or not.
    pub fn file(&mut self, path: &Path) {
        self.files.insert(settled(path));
        // Where the name is a link, the file that it leads to may change too.
        self.files.extend(path.canonicalize());
    }

    /// Follows which storyboards and folders a folder has, but not what its folders have.
    pub fn folder(&mut self, path: &Path) {
        self.folders.extend(path.canonicalize());
    }

    /// The folders that must be watched. That of a file which is not there is the nearest one that is.
    fn watched(&self) -> BTreeSet<PathBuf> {
        let parents = self.files.iter().filter_map(|file| file.ancestors().skip(1).find(|folder| folder.is_dir()));
        parents.map(Path::to_owned).chain(self.folders.iter().cloned()).collect()
    }

    fn is_changed_by(&self, event: &DebouncedEvent) -> bool {
        let is_folder =
            matches!(event.kind, EventKind::Create(CreateKind::Folder) | EventKind::Remove(RemoveKind::Folder));
        // Reading is not a change; if events are lost, anything may have changed.
        let is_change = !matches!(event.kind, EventKind::Access(_));
        is_change && (event.need_rescan() || event.paths.iter().any(|path| self.holds(path, is_folder)))
    }

    fn holds(&self, path: &Path, is_folder: bool) -> bool {
        // The file itself, or a folder on the way to it.
        let is_file = self.files.range(path.to_owned()..).next().is_some_and(|file| file.starts_with(path));
        let in_folder = path.parent().is_some_and(|parent| self.folders.contains(parent));
        let is_ignore_list = || path.file_name().is_some_and(|name| name == ".gitignore" || name == ".ignore");
        is_file
            || in_folder
                && (is_folder
                    || path.is_dir()
                    || Utf8Path::from_path(path).and_then(Format::of).is_some()
                    || is_ignore_list())
    }

    /// Whether a file was written after `time`, as far as the file system knows.
    fn is_newer_than(&self, time: SystemTime) -> bool {
        let changed = |path: &PathBuf| path.metadata().and_then(|metadata| metadata.modified());
        self.files.iter().chain(&self.folders).any(|path| changed(path).is_ok_and(|changed| changed >= time))
    }
}

impl Checked<Verdict> {
    /// All that the check looked at: storyboards, the folders they were looked for in, bibles, frames, masks, configs.
    pub fn followed(&self) -> Followed {
        self.looked.followed(self.takes.iter().map(|take| (&*take.project, take.sources().collect())))
    }
}

#[cfg(feature = "serve")]
impl Checked {
    /// As of those that are only judged.
    pub fn followed(&self) -> Followed {
        let sources = self.takes.iter().map(|take| take.film.files().map(|file| &file.document.source).collect());
        self.looked.followed(self.takes.iter().map(|take| &*take.project).zip(sources))
    }
}

impl Looked {
    fn followed<'t>(&self, films: impl Iterator<Item = (&'t Project, Vec<&'t Arc<Source>>)>) -> Followed {
        let mut followed = Followed::default();
        let named = self.files.iter().filter(|named| !named.is_stdin);
        named.for_each(|named| followed.file(named.file.path.as_std_path()));
        self.folders.iter().for_each(|folder| followed.folder(folder.as_std_path()));
        let mut roots = BTreeSet::new();
        for (project, sources) in films {
            sources.iter().for_each(|source| followed.file(source.path.as_std_path()));
            if roots.insert(&project.root) {
                followed.file(project.root.join(CONFIG).as_std_path());
                project.library.asked().iter().for_each(|picture| followed.file(picture.as_std_path()));
            }
        }
        followed
    }
}

/// Calls `run`, which says what it looked at, and calls it again after each change of that.
///
/// # Errors
/// `run` fails, or the system cannot watch what it looked at. There is no other end.
pub fn watch(mut run: impl FnMut() -> Result<Followed, Failure>) -> Result<(), Failure> {
    let (sender, changes) = mpsc::channel();
    let mut debouncer = new_debouncer(QUIET, None, sender).map_err(cannot_watch)?;
    let mut watched = BTreeSet::new();
    loop {
        let began = SystemTime::now() - TICK;
        let followed = run()?;
        let is_more_watched = rewatch(&mut debouncer, &mut watched, followed.watched())?;
        // A change before its folder was watched was not reported.
        if is_more_watched && followed.is_newer_than(began) {
            continue;
        }
        loop {
            match changes.recv() {
                Ok(Ok(events)) if events.iter().any(|event| followed.is_changed_by(event)) => break,
                Ok(Ok(_)) => {}
                Ok(Err(errors)) => {
                    let unknown = || notify::Error::generic("no reason is known");
                    return Err(cannot_watch(errors.into_iter().next().unwrap_or_else(unknown)));
                }
                Err(mpsc::RecvError) => return Ok(()),
            }
        }
        // The next run sees all that has happened by now.
        while changes.try_recv().is_ok() {}
    }
}

/// Watches the folders `wanted` and no others; whether there is one among them that was not watched before.
fn rewatch(
    debouncer: &mut Debouncer<RecommendedWatcher, RecommendedCache>,
    watched: &mut BTreeSet<PathBuf>,
    wanted: BTreeSet<PathBuf>,
) -> Result<bool, Failure> {
    for folder in watched.difference(&wanted) {
        // A folder that is gone is not watched any more.
        let _ = debouncer.unwatch(folder);
    }
    let mut is_more = false;
    for folder in &wanted {
        // One that went and came back is another folder of the same name: it is watched again each time.
        match debouncer.watch(folder, RecursiveMode::NonRecursive) {
            Ok(()) => is_more |= !watched.contains(folder),
            Err(error) if matches!(error.kind, ErrorKind::PathNotFound) => {}
            Err(error) => return Err(cannot_watch(error)),
        }
    }
    *watched = wanted;
    Ok(is_more)
}

/// The path with its folder's symbolic links resolved, as far as it is there: what events name.
fn settled(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut missing = Vec::new();
    let mut folder = path.as_path();
    while let (Some(parent), Some(name)) = (folder.parent(), folder.file_name()) {
        missing.push(name);
        folder = parent;
        if let Ok(real) = folder.canonicalize() {
            return missing.iter().rev().fold(real, |path, name| path.join(name));
        }
    }
    path
}

fn cannot_watch(error: notify::Error) -> Failure {
    match error.kind {
        ErrorKind::MaxFilesWatch => Failure::cannot("the system watches no more folders")
            .hint("name fewer paths, or raise fs.inotify.max_user_watches"),
        ErrorKind::Io(error) => error.into(),
        _ => Failure::cannot(format!("files cannot be watched: {error}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_not_there_is_watched_for_where_it_would_come() {
        let root = tempfile::tempdir().unwrap();
        let root = root.path().canonicalize().unwrap();
        let mut followed = Followed::default();
        followed.file(&root.join("frames/deep/a.png"));
        assert_eq!(followed.watched(), BTreeSet::from([root.clone()]));
        assert!(followed.holds(&root.join("frames"), true));
        assert!(!followed.holds(&root.join("frame"), true));
        assert!(!followed.holds(&root.join("other.storyboard.yaml"), false));
    }

    #[test]
    fn in_a_folder_storyboards_and_folders_count() {
        let root = tempfile::tempdir().unwrap();
        let root = root.path().canonicalize().unwrap();
        let mut followed = Followed::default();
        followed.folder(&root);
        assert!(followed.holds(&root.join("new.yaml"), false));
        assert!(followed.holds(&root.join("films"), true));
        assert!(!followed.holds(&root.join("report.sarif"), false));
        assert!(!followed.holds(&root.join("films/new.yaml"), false));
    }
}

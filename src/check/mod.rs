//! One call from a text to its film and all that is wrong with it. Reads nothing but what the text names: config, bibles,
//! frames. Never opens a socket.

mod bibles;
mod names;
mod totals;
mod verdict;

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use camino::{Utf8Path, Utf8PathBuf};
use parking_lot::Mutex;

use crate::clip;
use crate::diagnostic::{Diagnostic, Report, Severity};
use crate::files::{Disk, Files, ReadError, read_open};
use crate::judge::{Foreseen, Levels, Sink};
use crate::kling::{Facts, Target};
use crate::language::{Checked, Film, Form, Shape};
use crate::project::{CONFIG, Project, root_of};
use crate::rules;
use crate::syntax::Document;
use crate::syntax::limits::MAX_BYTES;
use crate::text::FileId;

use names::display_beside;

pub use verdict::Verdict;

/// Storyboards and what they share: each project's config, each bible and each picture is read once, until it is forgotten.
#[derive(Debug)]
pub struct Workspace {
    /// The target from a flag; without one the config decides.
    pub target: Option<Target>,
    /// The severities from flags.
    pub flags: Levels,
    files: Arc<dyn Files>,
    /// The facts about Kling's models.
    facts: &'static Facts,
    /// The form of a storyboard, where the facts are not the ones compiled in.
    form: Option<Form>,
    projects: Mutex<HashMap<Utf8PathBuf, Arc<Project>>>,
    /// For each folder in which a storyboard is, what it really is and its project: a folder has many storyboards.
    folders: Mutex<HashMap<Utf8PathBuf, (Utf8PathBuf, Arc<Project>)>>,
    /// A cell for each bible, so that films which are checked side by side do not read one twice.
    bibles: Mutex<HashMap<Utf8PathBuf, Arc<OnceLock<Bible>>>>,
}

/// A bible as it was read.
type Bible = Result<Arc<Checked>, ReadError>;

/// A storyboard that was checked.
#[derive(Debug)]
pub struct CheckedFilm {
    /// Its film.
    pub film: Film,
    /// Its project.
    pub project: Arc<Project>,
    /// The target of its requests.
    pub target: Target,
    /// The facts about Kling's models.
    pub facts: &'static Facts,
    /// The findings, before severities and allow comments are applied, and the film's totals.
    pub verdict: Verdict,
}

impl Workspace {
    /// A workspace over `files`, with the flags' choices.
    pub fn new(files: Arc<dyn Files>, target: Option<Target>, flags: Levels) -> Self {
        Self {
            target,
            flags,
            files,
            facts: Facts::kling(),
            form: None,
            projects: Mutex::default(),
            folders: Mutex::default(),
            bibles: Mutex::default(),
        }
    }

    /// A workspace over the file system, with the flags' choices.
    pub fn on_disk(target: Option<Target>, flags: Levels) -> Self {
        Self::new(Arc::new(Disk), target, flags)
    }

    /// A workspace that knows other models than the ones compiled in.
    pub fn with_facts(self, facts: &'static Facts) -> Self {
        Self { facts, form: Some(Form::of_storyboards(facts)), ..self }
    }

    fn form(&self) -> &Form {
        self.form.as_ref().unwrap_or_else(|| Form::storyboard())
    }

    /// Where everything is read from.
    pub fn files(&self) -> &Arc<dyn Files> {
        &self.files
    }

    /// Checks a storyboard. One that is too long or not UTF-8 has a finding that says so.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn check(&self, file: &FileId) -> Result<CheckedFilm, ReadError> {
        let located = self.located(file);
        let document = match read_open(&*self.files, &located.path, MAX_BYTES as u64) {
            Ok(bytes) => Document::from_bytes(&located, bytes),
            Err(ReadError::TooLarge(_)) => Document::too_large(&located),
            Err(why) => return Err(why),
        };
        Ok(self.check_document(document))
    }

    /// Checks a text that need not be saved, as if it were the content of `file`.
    pub fn check_bytes(&self, file: &FileId, bytes: Vec<u8>) -> CheckedFilm {
        self.check_document(Document::from_bytes(&self.located(file), bytes))
    }

    fn check_document(&self, document: Document) -> CheckedFilm {
        let (_, project) = self.folder_of(&document.source.path, &document.source.name);
        let target = self.target.unwrap_or(project.config.target.api);
        let shape = self.shape(&document, &project);
        let file = Arc::new(Checked::new(document, shape));
        let (bibles, faults) = self.bibles(&file, &project);
        let film = Film::new(file, bibles, faults);
        let facts = self.facts;
        let clips = clip::clips(&film, facts, target);
        let findings = rules::run(&rules::Context::new(&clips, &film, facts, target, &project.library));
        let totals = totals::of_clips(&film, &clips, project.config.usd_per_unit);
        drop(clips);
        let verdict = Verdict::new(&film, project.clone(), findings, totals);
        CheckedFilm { film, project, target, facts, verdict }
    }

    /// Checks the form of a storyboard or of a bible in `project`.
    fn shape(&self, document: &Document, project: &Project) -> Shape {
        let foreseen = Foreseen::new(document, &self.flags, &project.config.levels);
        self.form().check_where(document, &|code, at| foreseen.is_error(code, at))
    }

    fn located(&self, file: &FileId) -> FileId {
        FileId { path: self.locate(file), ..file.clone() }
    }

    /// The absolute path of a storyboard, its folder's symbolic links resolved: one path for one file, however it is named. The
    /// file itself may be a link: what it names is relative to where it is found.
    pub fn locate(&self, file: &FileId) -> Utf8PathBuf {
        let (folder, _) = self.folder_of(&file.path, &file.shown);
        file.path.file_name().map_or_else(|| folder.clone(), |name| folder.join(name))
    }

    /// The folder of a storyboard as it really is, and its project.
    fn folder_of(&self, path: &Utf8Path, shown: &str) -> (Utf8PathBuf, Arc<Project>) {
        let path = self.files.absolute(path);
        let folder = path.parent().unwrap_or(Utf8Path::new("/"));
        if let Some(known) = self.folders.lock().get(folder) {
            return known.clone();
        }
        let real = self.files.real(folder).unwrap_or_else(|_| folder.to_owned());
        let known = (real.clone(), self.project(&real, shown));
        self.folders.lock().insert(folder.to_owned(), known.clone());
        known
    }

    /// The project of a storyboard in `folder`, an absolute path without links; `shown` is how the storyboard is named in messages.
    pub fn project(&self, folder: &Utf8Path, shown: &str) -> Arc<Project> {
        let root = root_of(&*self.files, folder);
        let read = || {
            let config = display_beside(shown, folder, &root.join(CONFIG));
            Arc::new(Project::at(self.files.clone(), root.clone(), config))
        };
        self.projects.lock().entry(root.clone()).or_insert_with(read).clone()
    }

    /// Forgets what is known of a file that has changed: a bible or a picture, or with the config the whole project.
    pub fn forget(&self, path: &Utf8Path) {
        let path = self.files.absolute(path);
        let real = path.parent().and_then(|folder| Some(self.files.real(folder).ok()?.join(path.file_name()?)));
        let path = real.unwrap_or(path);
        if matches!(path.file_name(), Some(CONFIG | ".git")) {
            // It may have come or gone, which moves the root of every folder below.
            self.folders.lock().clear();
            self.projects.lock().clear();
        }
        self.bibles.lock().remove(&path);
        self.projects.lock().values().for_each(|project| project.library.forget(&path));
    }

    /// Judges what was found in a project's config alone.
    pub fn report_config(&self, project: &Project) -> Report {
        let mut sink = Sink::default();
        let levels = Arc::new(project.config.levels.clone());
        if let Some(document) = &project.config_document {
            sink.bible(document, &levels);
            sink.findings(project.config.findings.iter().cloned());
        }
        sink.judge(&self.flags, Vec::new())
    }

    /// Judges what was found: one report over all films.
    pub fn report(&self, films: &[CheckedFilm]) -> Report {
        self.judge(films.iter().map(|film| &film.verdict))
    }

    /// The same for films of which only the verdict was kept.
    pub fn judge<'v>(&self, verdicts: impl IntoIterator<Item = &'v Verdict>) -> Report {
        let mut sink = Sink::default();
        let mut levels: HashMap<&Utf8Path, Arc<Levels>> = HashMap::new();
        let mut files = Vec::new();
        let mut bibles = Vec::new();
        for verdict in verdicts {
            let Verdict { page, bibles: lenders, project, findings, .. } = verdict;
            let levels = levels.entry(&project.root).or_insert_with(|| {
                let levels = Arc::new(project.config.levels.clone());
                if let Some(config) = &project.config_document {
                    sink.bible(config, &levels);
                    sink.findings(project.config.findings.iter().cloned());
                }
                levels
            });
            sink.page(page.clone(), levels.clone());
            bibles.extend(lenders.iter().map(|bible| (bible, levels.clone())));
            sink.findings(findings.iter().cloned());
            files.push(verdict.source().name.clone());
        }
        // After the storyboards: a bible that is checked itself counts as one.
        for (bible, levels) in bibles {
            sink.bible(&bible.document, &levels);
        }
        sink.judge(&self.flags, files)
    }
}

impl CheckedFilm {
    /// The film's name in the ledger and in folders of clips: its path from the project root, without its extensions.
    pub fn name(&self) -> String {
        self.project.film_name(&self.film.file.document.source.path)
    }

    /// Whether the report has an error in the storyboard or in a bible of its film: then nothing of it is compiled.
    pub fn is_held_back(&self, report: &Report) -> bool {
        let is_error = |diagnostic: &Diagnostic| diagnostic.severity == Severity::Error;
        self.film.files().any(|file| report.of(&file.document.source.path).any(is_error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::{Memory, Overlay};

    const FILM: &str = "storyboard: 1\nextends: bible.yaml\nshots:\n  - { id: a, first_frame: \"https://a.example/a.png\", prompt: Fog lifts. }\n";

    /// The codes that are found in `/p/film.yaml`.
    fn codes(workspace: &Workspace) -> Vec<&'static str> {
        let film = workspace.check(&FileId::new("film.yaml", "/p/film.yaml")).unwrap();
        workspace.report(&[film]).diagnostics.iter().map(|diagnostic| diagnostic.code.as_str()).collect()
    }

    #[test]
    fn what_has_changed_is_read_again_when_it_is_forgotten() {
        let mut saved = Memory::default();
        saved.insert("/p/clapboard.toml", *b"");
        saved.insert("/p/film.yaml", FILM.as_bytes());
        saved.insert("/p/bible.yaml", *b"storyboard: 1\nstyles: { a: b }\n");
        let files = Arc::new(Overlay::new(Arc::new(saved)));
        let workspace = Workspace::new(files.clone(), None, Levels::default());
        assert_eq!(codes(&workspace), ["model-required"]);
        files.set("/p/bible.yaml".into(), "storyboard: 1\ndefaults: { model: kling-v2-6, sound: true, mode: pro }\n");
        assert_eq!(codes(&workspace), ["model-required"], "what was read is kept");
        workspace.forget("/p/bible.yaml".into());
        let found = codes(&workspace);
        assert!(!found.contains(&"model-required"), "{found:?}");
        files.set("/p/clapboard.toml".into(), "x = 1\n");
        workspace.forget("/p/clapboard.toml".into());
        assert!(codes(&workspace).contains(&"unknown-field"));
    }
}

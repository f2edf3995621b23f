//! One call from a text to its film and all that is wrong with it. Reads nothing from the disk but what the text names:
//! config, bibles, frames. Never opens a socket.

mod bibles;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use crate::assets::plain_error;
use crate::clip;
use crate::diagnostic::{Finding, Report, Severity};
use crate::judge::{Levels, Page, Sink};
use crate::kling::{Facts, Target};
use crate::language::{Checked, Film, Form};
use crate::project::Project;
use crate::rules;
use crate::syntax::Document;
use crate::syntax::limits::MAX_BYTES;
use crate::text::Format;

/// A run over one or many storyboards: each project's config and each bible is read once.
#[derive(Debug, Default)]
pub struct Session {
    /// Who takes the requests, where a flag says so; else the config does.
    pub target: Option<Target>,
    /// What flags say about the rules.
    pub flags: Levels,
    /// What Kling's models can do.
    facts: &'static Facts,
    /// The form of a storyboard, where the facts are not the ones compiled in.
    form: Option<Form>,
    projects: Mutex<HashMap<PathBuf, Arc<Project>>>,
    /// For each folder in which a storyboard lies, what it really is and its project: a folder has many storyboards.
    folders: Mutex<HashMap<PathBuf, (PathBuf, Arc<Project>)>>,
    bibles: Mutex<HashMap<PathBuf, Arc<Checked>>>,
}

/// A storyboard that was checked.
#[derive(Debug)]
pub struct Take {
    /// Its film.
    pub film: Film,
    /// Its project.
    pub project: Arc<Project>,
    /// Who takes its requests.
    pub target: Target,
    /// What Kling's models can do.
    pub facts: &'static Facts,
    /// All that was found, not yet judged.
    pub findings: Vec<Finding>,
}

impl Session {
    /// A run with the flags' choices.
    pub fn new(target: Option<Target>, flags: Levels) -> Self {
        Self { target, flags, ..Self::default() }
    }

    /// A run that knows other models than the ones compiled in.
    pub fn with_facts(facts: &'static Facts, target: Option<Target>, flags: Levels) -> Self {
        let form = Form::of_storyboards(facts);
        Self { facts, form: Some(form), ..Self::new(target, flags) }
    }

    fn form(&self) -> &Form {
        self.form.as_ref().unwrap_or_else(|| Form::storyboard())
    }

    /// Checks the storyboard at `path`, named `name` in messages.
    ///
    /// # Errors
    /// The file cannot be read; says why in plain words. What is wrong in the file is no error here.
    pub fn check_file(&self, name: &str, path: &Path) -> Result<Take, String> {
        let bytes = read(path)?;
        let format = Format::of_named(path, &bytes);
        Ok(self.check_bytes(name, path, bytes, format))
    }

    /// Checks a text that need not be saved, as if it stood at `path`.
    pub fn check_bytes(&self, name: &str, path: &Path, bytes: Vec<u8>, format: Format) -> Take {
        let (path, project) = self.settle(path, name);
        let document = Document::from_bytes(name, &path, bytes, format);
        let target = self.target.unwrap_or(project.config.target.api);
        let shape = self.form().check(&document);
        let file = Arc::new(Checked { document: Arc::new(document), shape });
        let (bibles, faults) = self.bibles(&file, &project);
        let film = Film::new(file, bibles, faults);
        let facts = self.facts;
        let clips = clip::clips(&film, facts, target);
        let findings = rules::run(&rules::Context::new(&clips, &film, facts, target, &project.library));
        drop(clips);
        Take { film, project, target, facts, findings }
    }

    /// The absolute path of a storyboard, its folder's symbolic links resolved, and its project: one name for one file. The
    /// file itself may be a link: what it names is relative to where it is found.
    fn settle(&self, path: &Path, name: &str) -> (PathBuf, Arc<Project>) {
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let folder = path.parent().unwrap_or(Path::new("/"));
        let mut folders = self.folders.lock().expect("no panic while it was held");
        let (real, project) = match folders.get(folder) {
            Some(known) => known.clone(),
            None => {
                let real = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
                let known = (real.clone(), self.project(&real, name));
                folders.insert(folder.to_owned(), known.clone());
                known
            }
        };
        (path.file_name().map_or_else(|| real.clone(), |file| real.join(file)), project)
    }

    /// The project of a storyboard in `folder`; `name` is how the storyboard is named in messages.
    pub fn project(&self, folder: &Path, name: &str) -> Arc<Project> {
        let root = crate::project::root_of(folder);
        let mut projects = self.projects.lock().expect("no panic while it was held");
        let display = |file: &Path| display_beside(name, folder, file);
        projects.entry(root).or_insert_with(|| Arc::new(Project::of(folder, &display))).clone()
    }

    /// Judges what was found: one report over all takes.
    pub fn report(&self, takes: &[Take]) -> Report {
        let mut sink = Sink::default();
        let mut levels: HashMap<&Path, Arc<Levels>> = HashMap::new();
        for take in takes {
            levels.entry(&take.project.root).or_insert_with(|| {
                let levels = Arc::new(take.project.config.levels.clone());
                if let Some(config) = &take.project.config_document {
                    sink.page(Page { document: config.clone(), lends: true, levels: levels.clone() });
                    sink.findings(take.project.config.findings.iter().cloned());
                }
                levels
            });
        }
        let mut page = |take: &Take, file: &Checked, lends| {
            let levels = levels[&*take.project.root].clone();
            sink.page(Page { document: file.document.clone(), lends, levels });
        };
        // The storyboards first: a bible that is checked itself counts as such.
        takes.iter().for_each(|take| page(take, &take.film.file, take.film.is_bible()));
        takes.iter().for_each(|take| take.film.bibles.iter().for_each(|bible| page(take, bible, true)));
        takes.iter().for_each(|take| sink.findings(take.findings.iter().cloned()));
        sink.judge(&self.flags, takes.iter().map(|take| take.film.file.document.source.name.clone()).collect())
    }
}

impl Take {
    /// Whether the report has an error in the storyboard or in a bible of its film: then nothing of it is compiled.
    pub fn is_held_back(&self, report: &Report) -> bool {
        let errors = report.diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error);
        let paths: Vec<&Path> = self.film.files().map(|file| &*file.document.source.path).collect();
        errors.into_iter().any(|error| paths.contains(&&*error.place.source.path))
    }

    /// Whether the project's config is so wrong that nothing can be done by it.
    pub fn has_bad_config(&self) -> bool {
        self.project.config.findings.iter().any(|finding| finding.code.severity() == Severity::Error)
    }
}

/// A file's bytes, no more of them than are needed to see that it is too long.
pub fn read(path: &Path) -> Result<Vec<u8>, String> {
    use std::io::Read;
    let plain = |error: std::io::Error| plain_error(&error);
    let metadata = std::fs::metadata(path).map_err(plain)?;
    if metadata.is_dir() {
        return Err("it is a folder".into());
    }
    let file = std::fs::File::open(path).map_err(plain)?;
    let mut bytes = Vec::with_capacity(metadata.len().min(MAX_BYTES as u64) as usize + 1);
    file.take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes).map_err(plain)?;
    Ok(bytes)
}

/// How `file` is named in messages beside a storyboard in `folder` that is named `name`.
fn display_beside(name: &str, folder: &Path, file: &Path) -> String {
    let mut up = String::new();
    let prefix = name.rsplit_once('/').map(|(prefix, _)| format!("{prefix}/")).unwrap_or_default();
    for ancestor in folder.ancestors() {
        if let Ok(below) = file.strip_prefix(ancestor) {
            let below = below.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/");
            return tidy(&format!("{prefix}{up}{below}"));
        }
        up.push_str("../");
    }
    file.display().to_string()
}

/// A path without `x/..` and `./`, by its words alone.
fn tidy(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "." => {}
            ".." if parts.last().is_some_and(|last| !last.is_empty() && *last != "..") => _ = parts.pop(),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

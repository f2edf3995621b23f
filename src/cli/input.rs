//! Which storyboards a command is about, read and checked.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::io;
#[cfg(feature = "submit")]
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use clap::Args;
use rayon::prelude::*;

use super::failure::Failure;
use super::ui::Ui;
use super::values::{Offering, codes, codes_and_warnings};
use super::{Exit, pattern};
use clapboard::check::{CheckedFilm, Verdict, Workspace};
use clapboard::diagnostic::{Code, Report};
use clapboard::files::{ReadError, read_to_end};
use clapboard::judge::Levels;
use clapboard::kling::Target;
#[cfg(feature = "submit")]
use clapboard::project::Project;
use clapboard::project::{find, is_excluded};
use clapboard::syntax::limits::MAX_BYTES;
use clapboard::text::FileId;
use clapboard::text::near::nearest;

/// Which storyboards to check, and with which rules.
#[derive(Args, Debug, Clone)]
pub struct Input {
    /// Storyboards, folders to search, patterns, or `-` for standard input [default: the current folder]
    #[arg(value_name = "PATH")]
    paths: Vec<Utf8PathBuf>,
    /// The name of standard input in messages; its extension says whether it is YAML or TOML
    #[arg(long, value_name = "FILE", help_heading = "Input")]
    stdin_filename: Option<Utf8PathBuf>,
    /// Exit 0 if there are no storyboards
    #[arg(long, help_heading = "Input")]
    allow_empty: bool,
    /// Leave out what the config excludes, even files named here
    #[arg(long, help_heading = "Input")]
    force_exclude: bool,
    /// The API that the requests go to [default: as clapboard.toml says, else gateway]
    #[arg(long, value_name = "TARGET", value_parser = targets(), help_heading = "Rules")]
    target: Option<String>,
    /// Silence this rule
    #[arg(long, value_name = "CODE", value_parser = RULES, hide_possible_values = true, value_delimiter = ',', help_heading = "Rules")]
    allow: Vec<Rule>,
    /// Report this rule as a warning
    #[arg(long, value_name = "CODE", value_parser = RULES, hide_possible_values = true, value_delimiter = ',', help_heading = "Rules")]
    warn: Vec<Rule>,
    /// Report this rule as an error; `warnings` means every warning
    #[arg(long, value_name = "CODE", value_parser = RULES_AND_WARNINGS, hide_possible_values = true, value_delimiter = ',', help_heading = "Rules")]
    deny: Vec<Rule>,
}

/// A code named in a flag, or all warnings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rule {
    Code(Code),
    Warnings,
}

/// The words of all targets.
fn targets() -> clap::builder::PossibleValuesParser {
    clap::builder::PossibleValuesParser::new(Target::ALL.iter().map(|target| target.as_str()))
}

type Parse = fn(&str) -> Result<Rule, String>;
const RULES: Offering<Parse> = Offering { parser: rule, values: codes };
const RULES_AND_WARNINGS: Offering<Parse> = Offering { parser: rule_or_warnings, values: codes_and_warnings };

fn rule(name: &str) -> Result<Rule, String> {
    Code::parse(name).map(Rule::Code).ok_or_else(|| match nearest(name, Code::ALL.iter().map(|code| code.as_str())) {
        _ if name == "warnings" => "only `--deny` takes `warnings`".to_owned(),
        Some(near) => format!("there is no such rule; did you mean `{near}`?"),
        None => "there is no such rule; `clapboard explain` lists all".to_owned(),
    })
}

fn rule_or_warnings(name: &str) -> Result<Rule, String> {
    match name {
        "warnings" => Ok(Rule::Warnings),
        "warning" | "all" | "all-warnings" => Err("there is no such rule; did you mean `warnings`?".to_owned()),
        name => rule(name),
    }
}

/// What was read and checked.
pub struct Checked<T = CheckedFilm> {
    /// Where the storyboards were looked for.
    #[cfg_attr(not(feature = "watch"), expect(dead_code, reason = "only `--watch` follows it"))]
    pub looked: Looked,
    /// The storyboards, in order of their names.
    pub takes: Vec<T>,
    /// What is reported of them.
    pub report: Report,
    /// The exit status so far: 2 where something could not be read, else 1 where there are errors.
    pub exit: Exit,
}

/// Where storyboards were looked for.
#[derive(Debug, Default)]
pub struct Looked {
    /// The storyboards, each once, sorted by how they are shown.
    pub files: Vec<Named>,
    /// The folders that were walked.
    pub folders: Vec<Utf8PathBuf>,
    /// What could not be read.
    pub problems: Vec<Failure>,
    /// Lists of what to leave out that were left out themselves, in words.
    pub skipped: Vec<String>,
    /// How many files were named and left out, because the config excludes them.
    pub excluded: usize,
}

/// A storyboard that is to be checked.
#[derive(Debug)]
pub struct Named {
    /// The file.
    pub file: FileId,
    /// Whether its text is on standard input.
    pub is_stdin: bool,
}

/// What standard input is called unless `--stdin-filename` says so.
const STDIN: &str = "stdin.storyboard.yaml";

impl Input {
    /// Finds, reads and checks the storyboards. What cannot be read is reported on standard error and hides nothing else.
    pub fn check(&self, ui: &Ui) -> Checked {
        self.check_each(self.standard_input(), ui, |film| film, Workspace::report)
    }

    /// The same, with the text of standard input, where nothing but a report is wanted of each storyboard.
    pub fn judge(&self, input: Option<Result<Vec<u8>, ReadError>>, ui: &Ui) -> Checked<Verdict> {
        self.check_each(input, ui, |film| film.verdict, |workspace, verdicts| workspace.judge(verdicts))
    }

    /// Standard input, if it is one of the paths: read once, and no more of it than shows that it is too long.
    pub fn standard_input(&self) -> Option<Result<Vec<u8>, ReadError>> {
        self.reads_standard_input().then(|| {
            let mut bytes = Vec::new();
            match read_to_end(io::stdin().lock(), MAX_BYTES as u64, &mut bytes) {
                Ok(()) | Err(ReadError::TooLarge(_)) => Ok(bytes),
                Err(why) => Err(why),
            }
        })
    }

    /// What standard input is checked as.
    pub fn standard_input_file(&self) -> FileId {
        let name = self.stdin_filename.as_deref().unwrap_or(Utf8Path::new(STDIN));
        FileId::new(shown(name), name)
    }

    /// `keep` takes what is wanted of each storyboard, and `report` judges it.
    fn check_each<T: Send>(
        &self,
        input: Option<Result<Vec<u8>, ReadError>>,
        ui: &Ui,
        keep: impl Fn(CheckedFilm) -> T + Sync,
        report: impl Fn(&Workspace, &[T]) -> Report,
    ) -> Checked<T> {
        let workspace = self.workspace();
        let mut looked = self.look(&workspace);
        let mut problems = std::mem::take(&mut looked.problems);
        let check = |Named { file, is_stdin }: &Named| {
            let checked = match &input {
                Some(Ok(bytes)) if *is_stdin => Ok(workspace.check_bytes(file, bytes.clone())),
                Some(Err(why)) if *is_stdin => Err(why.clone()),
                _ => workspace.check(file),
            };
            let film = checked.map_err(|why| Failure::cannot(format!("{}: {why}", file.shown)))?;
            Ok((film.project.config.has_errors(), keep(film)))
        };
        let results: Vec<Result<(bool, T), Failure>> = match &looked.files[..] {
            // No threads are started for it.
            [only] => vec![check(only)],
            files => files.par_iter().map(check).collect(),
        };
        let mut takes = Vec::new();
        let mut has_bad_config = false;
        for result in results {
            match result {
                Ok((is_bad, take)) => {
                    has_bad_config |= is_bad;
                    takes.push(take);
                }
                Err(problem) => problems.push(problem),
            }
        }
        if looked.files.is_empty() && problems.is_empty() && looked.excluded == 0 && !self.allow_empty {
            let hint = "name one, or a folder that has `*.storyboard.yaml` or `*.storyboard.toml` files";
            problems.push(Failure::cannot("no storyboard found").hint(hint));
        }
        looked.skipped.iter().for_each(|list| ui.say(list));
        problems.iter().for_each(|problem| ui.fail(problem));
        let report = report(&workspace, &takes);
        let exit = if !problems.is_empty() || has_bad_config {
            Exit::Failed
        } else if report.errors() > 0 {
            Exit::Errors
        } else {
            Exit::Done
        };
        Checked { looked, takes, report, exit }
    }

    /// The same, where finding no storyboard is not a failure: the ledger alone may be what is wanted.
    #[cfg(feature = "submit")]
    pub fn or_nothing(&self) -> Input {
        Input { allow_empty: true, ..self.clone() }
    }

    /// The project of the current folder.
    #[cfg(feature = "submit")]
    pub fn project_here(&self) -> Result<Arc<Project>, Failure> {
        let workspace = self.workspace();
        let here = workspace.files().real(Utf8Path::new("."))?;
        let project = workspace.project(&here, "film.storyboard.yaml");
        match project.config.has_errors() {
            true => Err(Failure::cannot("clapboard.toml has errors").hint("clapboard check shows them")),
            false => Ok(project),
        }
    }

    /// Who takes the requests of a project.
    #[cfg(feature = "submit")]
    pub fn target_of(&self, project: &Project) -> Target {
        self.target.as_deref().and_then(Target::parse).unwrap_or(project.config.target.api)
    }

    /// The folders that are walked, as they were named.
    pub fn folders(&self) -> Vec<Utf8PathBuf> {
        if self.paths.is_empty() {
            return vec![Utf8PathBuf::from(".")];
        }
        self.paths.iter().filter(|path| path.is_dir()).cloned().collect()
    }

    /// Whether no path was named.
    #[cfg(feature = "submit")]
    pub fn is_everything(&self) -> bool {
        self.paths.is_empty()
    }

    /// A run with the flags' choices.
    pub fn workspace(&self) -> Workspace {
        Workspace::on_disk(self.target.as_deref().and_then(Target::parse), self.levels())
    }

    /// The storyboards that are files; what cannot be read is left out.
    pub fn named_files(&self, workspace: &Workspace) -> Vec<FileId> {
        self.look(workspace).files.into_iter().filter(|named| !named.is_stdin).map(|named| named.file).collect()
    }

    fn levels(&self) -> Levels {
        let codes = |named: &[Rule]| {
            named.iter().filter_map(|named| if let Rule::Code(code) = named { Some(*code) } else { None }).collect()
        };
        Levels {
            allow: codes(&self.allow),
            warn: codes(&self.warn),
            deny: codes(&self.deny),
            deny_warnings: self.deny.contains(&Rule::Warnings),
        }
    }

    /// Whether standard input is one of what is checked.
    pub fn reads_standard_input(&self) -> bool {
        self.paths.iter().any(|path| path == "-")
    }

    fn look(&self, workspace: &Workspace) -> Looked {
        let mut looked = Looked::default();
        let mut files = Vec::new();
        let here = [Utf8PathBuf::from(".")];
        let paths = if self.paths.is_empty() { &here[..] } else { &self.paths };
        for path in paths {
            if path == "-" {
                files.push(Named { file: self.standard_input_file(), is_stdin: true });
            } else if path.symlink_metadata().is_err() && pattern::is_pattern(path) {
                match pattern::matches(path) {
                    Ok(found) => found.iter().for_each(|path| files.extend(self.look_at(path, workspace, &mut looked))),
                    Err(why) => looked.problems.push(Failure::cannot(why)),
                }
            } else {
                files.extend(self.look_at(path, workspace, &mut looked));
            }
        }
        looked.files = each_once(workspace, files);
        looked.files.sort_by(|one, other| one.file.shown.cmp(&other.file.shown));
        looked
    }

    /// The storyboards of a folder, or the file itself.
    fn look_at(&self, path: &Utf8Path, workspace: &Workspace, looked: &mut Looked) -> Vec<Named> {
        if path.is_dir() {
            return look_in(path, workspace, looked);
        }
        let file = FileId::new(shown(path), path);
        if self.force_exclude {
            let real = workspace.locate(&file);
            let folder = real.parent().unwrap_or(&real);
            if is_excluded(&real, &workspace.project(folder, &file.shown)) {
                looked.excluded += 1;
                return Vec::new();
            }
        }
        vec![Named { file, is_stdin: false }]
    }
}

fn look_in(folder: &Utf8Path, workspace: &Workspace, looked: &mut Looked) -> Vec<Named> {
    let files = workspace.files();
    let real = files.real(folder).unwrap_or_else(|_| folder.to_owned());
    let project = workspace.project(&real, &shown(&folder.join("film")));
    let found = find(&**files, folder, &project);
    looked.skipped.extend(found.skipped);
    looked.problems.extend(found.problems.into_iter().map(Failure::cannot));
    looked.folders.extend(found.folders);
    found.files.into_iter().map(|path| Named { file: FileId::new(shown(&path), path), is_stdin: false }).collect()
}

/// One file counts once, as it was named first. Standard input replaces the file of its name.
fn each_once(workspace: &Workspace, files: Vec<Named>) -> Vec<Named> {
    let mut known: HashMap<Utf8PathBuf, usize> = HashMap::new();
    let mut once: Vec<Named> = Vec::new();
    for named in files {
        match known.entry(workspace.locate(&named.file)) {
            Entry::Vacant(entry) => {
                entry.insert(once.len());
                once.push(named);
            }
            Entry::Occupied(entry) => once[*entry.get()].is_stdin |= named.is_stdin,
        }
    }
    once
}

/// A path as it is shown: `/`-separated, without a leading `./`.
fn shown(path: &Utf8Path) -> String {
    let shown = path.as_str();
    let shown = if std::path::MAIN_SEPARATOR == '\\' { shown.replace('\\', "/") } else { shown.to_owned() };
    shown.strip_prefix("./").unwrap_or(&shown).to_owned()
}

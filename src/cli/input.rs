//! Which storyboards a command is about, read and checked.

use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use rayon::prelude::*;

use super::{Exit, Global};
use clapboard::check::{Session, Take};
use clapboard::diagnostic::{Code, Report};
use clapboard::judge::Levels;
use clapboard::kling::Target;
use clapboard::project::find;
use clapboard::report::{self, render};
use clapboard::syntax::limits::MAX_BYTES;
use clapboard::text::Format;
use clapboard::text::near::nearest;

/// What is looked at, and how gravely.
#[derive(Args, Debug, Clone)]
pub struct Input {
    /// Storyboards, or folders to look for them in; `-` reads standard input [default: the current folder]
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// What standard input is called, which also says whether it is YAML or TOML
    #[arg(long, value_name = "FILE", help_heading = "Input")]
    stdin_filename: Option<PathBuf>,
    /// Finding no storyboard is no failure
    #[arg(long, help_heading = "Input")]
    allow_empty: bool,
    /// Who takes the requests [default: what clapboard.toml says, else gateway]
    #[arg(long, value_name = "TARGET", value_parser = ["gateway", "official"], help_heading = "Rules")]
    target: Option<String>,
    /// Do not tell this rule
    #[arg(long, value_name = "CODE", value_parser = code, value_delimiter = ',', help_heading = "Rules")]
    allow: Vec<Named>,
    /// Tell this rule as a warning
    #[arg(long, value_name = "CODE", value_parser = code, value_delimiter = ',', help_heading = "Rules")]
    warn: Vec<Named>,
    /// Tell this rule as an error; `warnings` stands for every warning
    #[arg(long, value_name = "CODE", value_parser = code, value_delimiter = ',', help_heading = "Rules")]
    deny: Vec<Named>,
}

/// A code named in a flag, or all warnings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Named {
    Code(Code),
    Warnings,
}

fn code(name: &str) -> Result<Named, String> {
    if name == "warnings" {
        return Ok(Named::Warnings);
    }
    Code::parse(name).map(Named::Code).ok_or_else(|| match nearest(name, Code::ALL.iter().map(|code| code.as_str())) {
        Some(near) => format!("there is no such rule; did you mean `{near}`?"),
        None => "there is no such rule; `clapboard explain` lists all".to_owned(),
    })
}

/// What was read and checked.
pub struct Checked {
    /// Where the storyboards were looked for.
    #[cfg_attr(not(feature = "watch"), allow(dead_code))]
    pub looked: Looked,
    /// The storyboards, in order of their names.
    pub takes: Vec<Take>,
    /// All that is told of them.
    pub report: Report,
    /// How the command stands so far: 2 where something could not be read, else 1 where there are errors.
    pub exit: Exit,
}

/// Where storyboards were looked for.
#[derive(Debug, Default)]
pub struct Looked {
    /// The storyboards with their names, each once, sorted; standard input has no path.
    pub files: Vec<(String, Option<PathBuf>)>,
    /// The folders that were walked.
    pub folders: Vec<PathBuf>,
    /// What could not be looked at, in words.
    pub problems: Vec<String>,
}

impl Checked {
    /// Tells what was found on standard error: for commands whose result is something else.
    ///
    /// # Errors
    /// Standard error cannot be written.
    pub fn tell(&self, global: &Global) -> io::Result<()> {
        let stderr = io::stderr();
        let mut out = io::BufWriter::new(stderr.lock());
        render(report::Format::Human, &self.report, &global.color.terminal(&stderr), &mut out)?;
        out.flush()
    }
}

impl Input {
    /// Finds, reads and checks the storyboards. What cannot be read is told on standard error and hides nothing else.
    pub fn check(&self) -> Checked {
        let session = self.session();
        let mut looked = self.look(&session);
        let mut problems = std::mem::take(&mut looked.problems);
        let results: Vec<Result<Take, String>> = looked
            .files
            .par_iter()
            .map(|(name, path)| {
                let taken = match path {
                    None => self.standard_input(&session, name),
                    Some(path) => session.check_file(name, path),
                };
                taken.map_err(|why| format!("{name}: {why}"))
            })
            .collect();
        let mut takes = Vec::new();
        for result in results {
            match result {
                Ok(take) => takes.push(take),
                Err(problem) => problems.push(problem),
            }
        }
        if looked.files.is_empty() && problems.is_empty() && !self.allow_empty {
            problems.push(
                "no storyboard found: name one, or a folder that has `*.storyboard.yaml` or `*.storyboard.toml` files"
                    .into(),
            );
        }
        for problem in &problems {
            eprintln!("clapboard: {}", clapboard::report::plain(problem));
        }
        let report = session.report(&takes);
        let bad_config = takes.iter().any(Take::has_bad_config);
        let exit = if !problems.is_empty() || bad_config {
            Exit::Failed
        } else if report.errors() > 0 {
            Exit::Errors
        } else {
            Exit::Done
        };
        Checked { looked, takes, report, exit }
    }

    /// Whether no path was named.
    #[cfg(feature = "submit")]
    pub fn is_everything(&self) -> bool {
        self.paths.is_empty()
    }

    /// A run with the flags' choices.
    pub fn session(&self) -> Session {
        Session::new(self.target.as_deref().and_then(Target::parse), self.levels())
    }

    /// The storyboards that are files, with their names; what cannot be looked at is left out.
    pub fn paths_of_files(&self, session: &Session) -> Vec<(String, PathBuf)> {
        self.look(session).files.into_iter().filter_map(|(name, path)| Some((name, path?))).collect()
    }

    fn levels(&self) -> Levels {
        let codes = |named: &[Named]| {
            named.iter().flat_map(|named| if let Named::Code(code) = named { Some(*code) } else { None }).collect()
        };
        Levels {
            allow: codes(&self.allow),
            warn: codes(&self.warn),
            deny: codes(&self.deny),
            deny_warnings: self.deny.contains(&Named::Warnings),
        }
    }

    /// Whether standard input is one of what is checked.
    #[cfg(feature = "watch")]
    pub fn reads_standard_input(&self) -> bool {
        self.paths.iter().any(|path| path.as_os_str() == "-")
    }

    fn look(&self, session: &Session) -> Looked {
        let mut looked = Looked::default();
        let here = [PathBuf::from(".")];
        let paths = if self.paths.is_empty() { &here[..] } else { &self.paths };
        for path in paths {
            if path.as_os_str() == "-" {
                let name = self.stdin_filename.as_deref().unwrap_or(Path::new("stdin.storyboard.yaml"));
                looked.files.push((name_of(name), None));
            } else if path.is_dir() {
                let folder = path.canonicalize().unwrap_or_else(|_| path.clone());
                let project = session.project(&folder, &name_of(&path.join("x")));
                let found = find(path, &project.root, &project.config);
                looked.problems.extend(found.problems);
                looked.folders.extend(found.folders);
                looked.files.extend(found.files.into_iter().map(|file| (name_of(&file), Some(file))));
            } else {
                looked.files.push((name_of(path), Some(path.clone())));
            }
        }
        looked.files.sort();
        looked.files.dedup();
        looked
    }

    fn standard_input(&self, session: &Session, name: &str) -> Result<Take, String> {
        let mut bytes = Vec::new();
        std::io::stdin()
            .lock()
            .take(MAX_BYTES as u64 + 1)
            .read_to_end(&mut bytes)
            .map_err(|error| error.to_string())?;
        let path = Path::new(name);
        let format = Format::of_named(path, &bytes);
        Ok(session.check_bytes(name, path, bytes, format))
    }
}

/// A path as it is shown: `/`-separated, without a leading `./`.
fn name_of(path: &Path) -> String {
    let name = path.to_string_lossy();
    let name = if std::path::MAIN_SEPARATOR == '\\' { name.replace('\\', "/") } else { name.into_owned() };
    name.strip_prefix("./").unwrap_or(&name).to_owned()
}

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::Args;

use super::new_file::{new_folder, write_new};
use super::{Exit, Global};
use clapboard::report::plain;

/// Write a first storyboard that checks clean
///
/// Writes two shots with a placeholder frame, a config, and the schemas by which editors complete, explain and check while
/// you write. Nothing is ever written over: where one of the files is there already, none is written.
#[derive(Args, Debug)]
pub struct Init {
    /// Where; made if need be [default: the current folder]
    #[arg(value_name = "DIR")]
    folder: Option<PathBuf>,
    /// A storyboard in TOML instead of YAML
    #[arg(long)]
    toml: bool,
}

/// The storyboard's schema beside the storyboard.
pub const SCHEMA: &str = "storyboard.schema.json";

/// Each file with its content and what it is; for git, and left alone where they are there already.
const FOR_GIT: &[Template] = &[
    (".gitattributes", b"clapboard.ledger.jsonl merge=union\n", "the ledger of two branches becomes one"),
    (".gitignore", b".clapboard.lock\nclips/\n", "clips and the lock stay out of git"),
];

/// Each file with its content and what it is.
type Template = (&'static str, &'static [u8], &'static str);

const YAML: Template =
    ("film.storyboard.yaml", include_bytes!("init/film.storyboard.yaml"), "the film: change it, it is yours");
const TOML: Template =
    ("film.storyboard.toml", include_bytes!("init/film.storyboard.toml"), "the film: change it, it is yours");
const OTHERS: &[Template] = &[
    ("frames/first.png", include_bytes!("init/first.png"), "a placeholder: put your own pictures here"),
    ("clapboard.toml", include_bytes!("init/clapboard.toml"), "who takes the requests, and what is told"),
    (SCHEMA, clapboard::language::schema::STORYBOARD.as_bytes(), "for editors"),
    ("clapboard.schema.json", clapboard::project::SCHEMA.as_bytes(), "for editors"),
];

impl Init {
    pub fn run(&self, global: &Global) -> io::Result<Exit> {
        let folder = self.folder.as_deref().unwrap_or(Path::new(""));
        let film = if self.toml { TOML } else { YAML };
        let templates = || std::iter::once(&film).chain(OTHERS);
        let there: Vec<String> = templates()
            .map(|(name, ..)| folder.join(name))
            .filter(|path| path.symlink_metadata().is_ok())
            .map(|path| format!("`{}`", path.display()))
            .collect();
        if !there.is_empty() {
            let be = if there.len() == 1 { "is" } else { "are" };
            let message = format!(
                "{} {be} there already; nothing is written. Give another folder: clapboard init my-film",
                there.join(", ")
            );
            return Err(io::Error::other(message));
        }
        fs_err::create_dir_all(if folder.as_os_str().is_empty() { Path::new(".") } else { folder })?;
        new_folder(folder, "frames")?;
        for (name, content, _) in templates() {
            write_new(&folder.join(name), content)?;
        }
        let is_absent = |(name, ..): &&Template| folder.join(name).symlink_metadata().is_err();
        let for_git: Vec<&Template> = FOR_GIT.iter().filter(is_absent).collect();
        for (name, content, _) in &for_git {
            write_new(&folder.join(name), content)?;
        }
        if !global.quiet {
            let mut out = io::stdout().lock();
            for (name, _, what) in templates().chain(for_git) {
                writeln!(out, "{:24} {what}", plain(&folder.join(name).display().to_string()))?;
            }
            let folder = plain(&folder.display().to_string());
            writeln!(out, "\nNext: clapboard check{}{folder}", if folder.is_empty() { "" } else { " " })?;
        }
        Ok(Exit::Done)
    }
}

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::Args;

use super::Exit;
use super::failure::Failure;
use super::new_file::{new_folder, replace, write_new};
use super::ui::Ui;
use clapboard::text::shown;

/// Write a first storyboard that checks clean, or what your project still lacks
///
/// Writes two shots with a placeholder frame, a config, and the schemas that let editors complete, explain and check while
/// you write. Files that you have are kept as they are; lines that git needs are added to `.gitignore` and
/// `.gitattributes`. Where there is a storyboard already, no other one is written.
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  clapboard init\n  clapboard init my-film --toml")]
pub struct Init {
    /// The project's folder; made if need be [default: the current folder]
    #[arg(value_name = "DIR")]
    folder: Option<PathBuf>,
    /// Write the storyboard in TOML instead of YAML
    #[arg(long)]
    toml: bool,
}

/// The storyboard's schema, next to the storyboard.
pub const SCHEMA: &str = "storyboard.schema.json";

/// A file with its content and what it is for.
type Template = (&'static str, &'static [u8], &'static str);

const YAML: Template =
    ("film.storyboard.yaml", include_bytes!("init/film.storyboard.yaml"), "your storyboard, edit freely");
const TOML: Template =
    ("film.storyboard.toml", include_bytes!("init/film.storyboard.toml"), "your storyboard, edit freely");
const FRAME: Template =
    ("frames/first.png", include_bytes!("init/first.png"), "a placeholder: put your own pictures here");
const OTHERS: &[Template] = &[
    (
        "clapboard.toml",
        include_bytes!("init/clapboard.toml"),
        "which API the requests go to, and which rules are reported",
    ),
    (SCHEMA, clapboard::language::schema::STORYBOARD.as_bytes(), "for editors"),
    ("clapboard.schema.json", clapboard::project::SCHEMA.as_bytes(), "for editors"),
];

/// Lines that git needs, and what for.
const FOR_GIT: &[(&str, &[&str], &str)] = &[
    (".gitattributes", &["clapboard.ledger.jsonl merge=union"], "lets git merge the purchase record"),
    (".gitignore", &[".clapboard.lock", "clips/"], "keeps clips and the lock out of git"),
];

/// What became of a file: a word, its path, and what it is for.
type Row = (&'static str, PathBuf, String);

impl Init {
    pub fn run(&self, ui: &Ui) -> Result<Exit, Failure> {
        let folder = self.folder.as_deref().unwrap_or(Path::new(""));
        fs_err::create_dir_all(if folder.as_os_str().is_empty() { Path::new(".") } else { folder })?;
        let mut rows = Vec::new();
        let mut templates = Vec::new();
        match storyboard_in(folder)? {
            Some(own) => rows.push(("kept", own, "your storyboard".to_owned())),
            None => {
                // First what can fail: a link in its place would leave a storyboard without its frame.
                new_folder(folder, "frames")?;
                templates.extend([if self.toml { TOML } else { YAML }, FRAME]);
            }
        }
        templates.extend(OTHERS);
        for template in templates {
            rows.push(write(folder, template)?);
        }
        for (name, lines, what) in FOR_GIT {
            rows.push(complete(&folder.join(name), lines, what)?);
        }
        if !ui.quiet {
            report(&rows, folder, &mut ui.out())?;
        }
        Ok(Exit::Done)
    }
}

/// A storyboard that the folder has already.
fn storyboard_in(folder: &Path) -> Result<Option<PathBuf>, Failure> {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let mut found = Vec::new();
    for entry in fs_err::read_dir(folder)? {
        let name = entry?.file_name();
        let is_storyboard = |name: &str| {
            [".storyboard.yaml", ".storyboard.yml", ".storyboard.toml"].iter().any(|ending| name.ends_with(ending))
        };
        if name.to_str().is_some_and(is_storyboard) {
            found.push(if folder == Path::new(".") { PathBuf::from(name) } else { folder.join(name) });
        }
    }
    found.sort();
    Ok(found.into_iter().next())
}

fn write(folder: &Path, (name, content, what): Template) -> Result<Row, Failure> {
    let path = folder.join(name);
    if path.symlink_metadata().is_ok() {
        return Ok(("kept", path, what.to_owned()));
    }
    if let Some((parent, _)) = name.rsplit_once('/') {
        new_folder(folder, parent)?;
    }
    write_new(&path, content)?;
    Ok(("wrote", path, what.to_owned()))
}

/// Adds the lines that a file lacks at its end. Only an ordinary file of a usual size is touched.
fn complete(path: &Path, lines: &[&str], what: &str) -> Result<Row, Failure> {
    const MOST_BYTES: u64 = 1024 * 1024;
    let Ok(metadata) = path.symlink_metadata() else {
        write_new(path, format!("{}\n", lines.join("\n")).as_bytes())?;
        return Ok(("wrote", path.to_owned(), what.to_owned()));
    };
    let by_hand = || ("kept", path.to_owned(), format!("add by hand: {}", lines.join(", ")));
    if !metadata.is_file() || metadata.len() > MOST_BYTES {
        return Ok(by_hand());
    }
    let Ok(mut text) = fs_err::read_to_string(path) else { return Ok(by_hand()) };
    let lacks = |line: &&&str| !text.lines().any(|known| known.trim() == **line);
    let missing: Vec<&str> = lines.iter().filter(lacks).copied().collect();
    if missing.is_empty() {
        return Ok(("kept", path.to_owned(), what.to_owned()));
    }
    let line_end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    if !text.is_empty() && !text.ends_with('\n') {
        text.push_str(line_end);
    }
    for line in &missing {
        text.push_str(line);
        text.push_str(line_end);
    }
    replace(path, &text)?;
    Ok(("added", path.to_owned(), format!("{} ({what})", missing.join(", "))))
}

fn report(rows: &[Row], folder: &Path, out: &mut impl Write) -> io::Result<()> {
    let shown = |path: &Path| shown::line(&path.display().to_string());
    let longest = rows.iter().map(|(_, path, _)| shown(path).chars().count()).max().unwrap_or(0);
    for (word, path, what) in rows {
        writeln!(out, "{word:5}  {:longest$}  {what}", shown(path))?;
    }
    let folder = shown(folder);
    let next =
        if folder.is_empty() || folder.contains(char::is_whitespace) { quoted(&folder) } else { format!(" {folder}") };
    writeln!(out, "\nNext: clapboard check{next}")
}

/// A folder behind a command, in quotes where it has spaces.
fn quoted(folder: &str) -> String {
    if folder.is_empty() { String::new() } else { format!(" \"{folder}\"") }
}

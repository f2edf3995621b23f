use std::io::{self, Read, Write};
use std::path::{Component, Path, PathBuf};

use camino::{Utf8Path, Utf8PathBuf};
use clap::Args;

use super::new_file::{is_there, new_folder, write_new};
use super::{Exit, Global};
use clapboard::export::Rate;
use clapboard::files::ReadError;
use clapboard::import::{FRAMES, Found, Imported, Weight, read_at, storyboard, write};
use clapboard::report::plain;
use clapboard::syntax::limits::MAX_BYTES;
use clapboard::text;

/// Turn requests, shot lists and scripts into a storyboard
///
/// Takes what people have: request bodies as JSON, in curl commands, `.http` and `.hurl` files, Postman collections, HAR logs,
/// OpenAPI examples, n8n and ComfyUI workflows; tables of shots as CSV, TSV or Markdown; shot lists of other tools in JSON, YAML
/// or TOML; screenplays in Fountain or Final Draft (.fdx); cuts in OpenTimelineIO or as edit decision lists. What most shots
/// share becomes `defaults`, voices and speakers become the cast, base64 becomes files in `frames/`.
///
/// For requests, `compile` on the storyboard gives the requests back. Where it does not, standard error says so, field by field:
/// a note where the clip stays the same, an error (exit status 1) where something is left out; that is then kept in the shot's
/// `notes`. Keys are never copied. In a shot list or script, what has no field here goes into `notes`, and shots without a
/// picture get `skip: true`. With --into, a cut changes the `use` of a storyboard's shots and nothing else.
#[derive(Args, Debug)]
pub struct Import {
    /// Files to import; `-` reads standard input
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// What the storyboard is written in [default: what the name in --out says, else yaml]
    #[arg(long, value_enum, help_heading = "Output")]
    to: Option<Format>,
    /// The storyboard to write, with `frames/` beside it for pictures; without it, it is printed. Never written over
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    out: Option<PathBuf>,
    /// A storyboard, into which the `use` of each shot of a cut is written
    #[arg(long, value_name = "STORYBOARD", conflicts_with_all = ["out", "to"], help_heading = "Cuts")]
    into: Option<Utf8PathBuf>,
    /// Frames a second of timecodes in an edit decision list
    #[arg(long, value_name = "RATE", default_value = "24", value_parser = super::export::rate, help_heading = "Cuts")]
    fps: Rate,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// YAML
    Yaml,
    /// TOML
    Toml,
}

const STDIN: &str = "standard input";

/// The most that is read of a file, in bytes: some forty bodies with three pictures of 10 MB each.
const LARGEST: u64 = 2 << 30;

impl Import {
    pub fn run(&self, global: &Global) -> io::Result<Exit> {
        let format = self.format()?;
        if let Some(out) = &self.out
            && out.symlink_metadata().is_ok()
        {
            return Err(is_there(out));
        }
        let Some(found) = self.read() else { return Ok(Exit::Failed) };
        if let Some(storyboard) = &self.into {
            return super::cut::change(storyboard, &found, global.quiet);
        }
        if found.iter().any(|found| found.cut().is_some()) && !global.quiet {
            super::say::note("this is a cut: with --into film.storyboard.yaml its in and out go into that storyboard");
        }
        let folder = self.out.as_deref().and_then(Path::parent).unwrap_or(Path::new(""));
        let imported = storyboard(found, format, &|path| existing(&folder.join(path)));
        let mut text = write(&imported.storyboard, format).map_err(io::Error::other)?;
        if text.len() > MAX_BYTES {
            return Err(io::Error::other(
                "the storyboard would be larger than a storyboard can be: import it in parts",
            ));
        }
        match &self.out {
            None => {
                if let Some(picture) = imported.pictures.first() {
                    let message = format!(
                        "the bodies carry pictures, which belong in files of their own: name the storyboard with \
                         `--out film.storyboard.{}`, and they are written to `{FRAMES}/` beside it (the first as `{}`)",
                        if format == text::Format::Toml { "toml" } else { "yaml" },
                        picture.path,
                    );
                    return Err(io::Error::other(message));
                }
                io::stdout().lock().write_all(text.as_bytes())?;
            }
            Some(out) => {
                text.insert_str(0, schema_line(folder, format));
                make_folder(folder)?;
                write_pictures(folder, &imported)?;
                write_new(out, text.as_bytes())?;
            }
        }
        self.tell(&imported, global.quiet);
        let has_lost = imported.remarks.iter().any(|remark| remark.weight == Weight::Lost);
        Ok(if has_lost { Exit::Errors } else { Exit::Done })
    }

    /// What to write: by the flag, by the name, or YAML. `check` goes by the name, so the two must not differ.
    fn format(&self) -> io::Result<text::Format> {
        let to = self.to.map(|to| match to {
            Format::Yaml => text::Format::Yaml,
            Format::Toml => text::Format::Toml,
        });
        let Some(out) = &self.out else { return Ok(to.unwrap_or(text::Format::Yaml)) };
        match (Utf8Path::from_path(out).and_then(text::Format::of), to) {
            (None, _) => Err(io::Error::other(format!(
                "a storyboard's name ends in .yaml, .yml or .toml, as `film.storyboard.yaml` does; `{}` does not",
                out.display()
            ))),
            (Some(named), Some(to)) if named != to => {
                Err(io::Error::other(format!("`{}` and `--to` say different formats", out.display())))
            }
            (Some(named), _) => Ok(named),
        }
    }

    /// What all files hold; `None` where one cannot be read, each of which is reported.
    fn read(&self) -> Option<Vec<Found>> {
        let mut all = Vec::new();
        let mut is_whole = true;
        for path in &self.files {
            let is_stdin = path.as_os_str() == "-";
            let name = if is_stdin { STDIN.into() } else { path.display().to_string() };
            let text = if is_stdin { text(io::stdin().lock()) } else { fs_err::File::open(path).and_then(text) };
            let found = match text {
                Ok(text) => read_at(&name, &text, self.fps)
                    .map_err(|fault| format!("{}:{}:{}: {}", fault.file, fault.line, fault.column, fault.message)),
                Err(error) => Err(format!("{name}: {}", ReadError::from(&error))),
            };
            match found {
                Ok(found) => all.push(found),
                Err(problem) => {
                    eprintln!("clapboard: {}", plain(&problem));
                    is_whole = false;
                }
            }
        }
        is_whole.then_some(all)
    }

    /// Says what is not taken over as it stood, and what to do next.
    fn tell(&self, imported: &Imported, quiet: bool) {
        for remark in &imported.remarks {
            let word = match remark.weight {
                Weight::Lost => "error",
                Weight::Note if quiet => continue,
                Weight::Note => "note",
            };
            let shot = match (&remark.shot, remark.more) {
                (None, _) => String::new(),
                (Some(shot), 0) => format!("shot `{shot}`, "),
                (Some(shot), 1) => format!("shot `{shot}` and another, "),
                (Some(shot), more) => format!("shot `{shot}` and {more} more, "),
            };
            let field = if remark.field.is_empty() { String::new() } else { format!("`{}`: ", remark.field) };
            let line = format!("{}:{}: {word}: {shot}{field}{}", remark.file, remark.line, remark.message);
            eprintln!("{}", plain(&line));
        }
        if let (Some(out), false) = (&self.out, quiet) {
            let mut what = text::counted(imported.shots().count(), "shot");
            if !imported.pictures.is_empty() {
                what = format!("{what}, {} in {FRAMES}/", text::counted(imported.pictures.len(), "picture"));
            }
            let waiting =
                imported.shots().filter(|shot| shot.skip == Some(true) && shot.settings.first_frame.is_none()).count();
            if waiting > 0 {
                what = format!("{what}; {waiting} of them without a picture yet, which `skip: true` holds back");
            }
            let out = plain(&out.display().to_string());
            eprintln!("{out}: {what}. Next: clapboard check {out}");
        }
    }
}

fn text(from: impl Read) -> io::Result<String> {
    let mut bytes = Vec::new();
    from.take(LARGEST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LARGEST {
        return Err(io::Error::other("it is larger than 2 GiB: import it in parts"));
    }
    String::from_utf8(bytes).map_err(|_| io::Error::other("it is not text in UTF-8: save it again with that encoding"))
}

/// What is there already at a path; something that is no ordinary file is there with no content.
fn existing(path: &Path) -> Option<Vec<u8>> {
    let metadata = path.symlink_metadata().ok()?;
    Some(if metadata.is_file() { fs_err::read(path).unwrap_or_default() } else { Vec::new() })
}

/// Makes the storyboard's folder. One inside of this project is not reached through a link that leads out of it.
fn make_folder(folder: &Path) -> io::Result<()> {
    if !folder.components().all(|part| matches!(part, Component::Normal(_))) {
        return fs_err::create_dir_all(folder);
    }
    let mut made = PathBuf::new();
    for part in folder {
        new_folder(&made, &part.to_string_lossy())?;
        made.push(part);
    }
    Ok(())
}

fn write_pictures(folder: &Path, imported: &Imported) -> io::Result<()> {
    let new = || imported.pictures.iter().filter(|picture| !picture.exists);
    if new().next().is_some() {
        new_folder(folder, FRAMES)?;
    }
    new().try_for_each(|picture| write_new(&folder.join(&picture.path), &picture.bytes))
}

/// The line that tells editors of the schema, where the schema lies beside the storyboard, as `init` puts it.
fn schema_line(folder: &Path, format: text::Format) -> &'static str {
    match format {
        _ if !folder.join(super::init::SCHEMA).is_file() => "",
        text::Format::Yaml => "# yaml-language-server: $schema=./storyboard.schema.json\n",
        text::Format::Toml => "#:schema ./storyboard.schema.json\n\n",
    }
}

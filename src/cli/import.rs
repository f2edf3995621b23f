use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};

use camino::{Utf8Path, Utf8PathBuf};
use clap::Args;

use super::Exit;
use super::failure::Failure;
use super::new_file::{is_there, new_folder, write_new};
use super::ui::Ui;
use clapboard::export::Rate;
use clapboard::files::ReadError;
use clapboard::import::{FRAMES, Found, Imported, Weight, read_at, storyboard, write};
use clapboard::syntax::limits::MAX_BYTES;
use clapboard::text::{self, Format};

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
    /// The storyboard to write, with `frames/` next to it for pictures; without it, it is printed. Never written over
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    out: Option<PathBuf>,
    /// A storyboard, into which the `use` of each shot of a cut is written
    #[arg(long, value_name = "STORYBOARD", conflicts_with_all = ["out", "to"], help_heading = "Cuts")]
    into: Option<Utf8PathBuf>,
    /// Frames a second of timecodes in an edit decision list
    #[arg(long, value_name = "RATE", default_value = "24", value_parser = super::export::rate, help_heading = "Cuts")]
    fps: Rate,
}

const STDIN: &str = "standard input";

/// The most that is read of a file, in bytes: some forty bodies with three pictures of 10 MB each.
const LARGEST: u64 = 2 << 30;

impl Import {
    pub fn run(&self, ui: &Ui) -> Result<Exit, Failure> {
        let format = self.format()?;
        if let Some(out) = &self.out
            && out.symlink_metadata().is_ok()
        {
            return Err(is_there(out));
        }
        let Some(found) = self.read(ui) else { return Ok(Exit::Failed) };
        if let Some(storyboard) = &self.into {
            return super::cut::change(storyboard, &found, ui);
        }
        if found.iter().any(|found| found.cut().is_some()) {
            ui.note("this is a cut: with --into film.storyboard.yaml its in and out go into that storyboard");
        }
        let folder = self.out.as_deref().and_then(Path::parent).unwrap_or(Path::new(""));
        let imported = storyboard(found, format, &|path| existing(&folder.join(path)));
        let text = write(&imported.storyboard, format).map_err(Failure::cannot)?;
        if text.len() > MAX_BYTES {
            return Err(
                Failure::cannot("the storyboard would be larger than a storyboard can be").hint("import it in parts")
            );
        }
        match &self.out {
            None => print(&text, &imported, format, ui)?,
            Some(out) => {
                make_folder(folder)?;
                write_pictures(folder, &imported)?;
                write_new(out, format!("{}{text}", schema_line(folder, format)).as_bytes())?;
            }
        }
        self.report(&imported, ui);
        let has_lost = imported.remarks.iter().any(|remark| remark.weight == Weight::Lost);
        Ok(if has_lost { Exit::Errors } else { Exit::Done })
    }

    /// What to write: by the flag, by the name, or YAML. `check` goes by the name, so the two must not differ.
    fn format(&self) -> Result<Format, Failure> {
        let Some(out) = &self.out else { return Ok(self.to.unwrap_or(Format::Yaml)) };
        match (Utf8Path::from_path(out).and_then(Format::of), self.to) {
            (None, _) => Err(Failure::cannot(format!(
                "a storyboard's name ends in .yaml, .yml or .toml, as `film.storyboard.yaml` does; `{}` does not",
                out.display()
            ))),
            (Some(named), Some(to)) if named != to => {
                Err(Failure::cannot(format!("`{}` and `--to` say different formats", out.display())))
            }
            (Some(named), _) => Ok(named),
        }
    }

    /// What all files hold; `None` where one cannot be read, each of which is reported.
    fn read(&self, ui: &Ui) -> Option<Vec<Found>> {
        let read = |path: &PathBuf| {
            let is_stdin = path.as_os_str() == "-";
            let name = if is_stdin { STDIN.into() } else { path.display().to_string() };
            let text = match is_stdin {
                true => text(io::stdin().lock()),
                false => fs_err::File::open(path).map_err(ReadError::from).and_then(text),
            };
            let text = text.map_err(|why| format!("{name}: {why}"))?;
            read_at(&name, &text, self.fps)
                .map_err(|fault| format!("{}:{}:{}: {}", fault.file, fault.line, fault.column, fault.message))
        };
        let found: Vec<Result<Found, String>> = self.files.iter().map(read).collect();
        found.iter().filter_map(|found| found.as_ref().err()).for_each(|problem| ui.say(problem));
        found.into_iter().collect::<Result<_, _>>().ok()
    }

    /// Says what is not taken over as it was, and what to do next.
    fn report(&self, imported: &Imported, ui: &Ui) {
        for remark in &imported.remarks {
            let word = match remark.weight {
                Weight::Lost => "error",
                Weight::Note if ui.quiet => continue,
                Weight::Note => "note",
            };
            let shot = match (&remark.shot, remark.more) {
                (None, _) => String::new(),
                (Some(shot), 0) => format!("shot `{shot}`, "),
                (Some(shot), 1) => format!("shot `{shot}` and another, "),
                (Some(shot), more) => format!("shot `{shot}` and {more} more, "),
            };
            let field = if remark.field.is_empty() { String::new() } else { format!("`{}`: ", remark.field) };
            ui.line(&format!("{}:{}: {word}: {shot}{field}{}", remark.file, remark.line, remark.message));
        }
        if let (Some(out), false) = (&self.out, ui.quiet) {
            let mut what = text::counted(imported.shots().count(), "shot");
            if !imported.pictures.is_empty() {
                what = format!("{what}, {} in {FRAMES}/", text::counted(imported.pictures.len(), "picture"));
            }
            let waiting =
                imported.shots().filter(|shot| shot.skip == Some(true) && shot.settings.first_frame.is_none()).count();
            if waiting > 0 {
                what = format!("{what}; {waiting} of them without a picture yet, which `skip: true` holds back");
            }
            let out = out.display();
            ui.line(&format!("{out}: {what}. Next: clapboard check {out}"));
        }
    }
}

fn text(from: impl Read) -> Result<String, ReadError> {
    let mut bytes = Vec::new();
    from.take(LARGEST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LARGEST {
        return Err(ReadError::Other("it is larger than 2 GiB: import it in parts".into()));
    }
    String::from_utf8(bytes)
        .map_err(|_| ReadError::Other("it is not text in UTF-8: save it again with that encoding".into()))
}

/// Prints a storyboard, which only one without pictures of its own can be.
fn print(text: &str, imported: &Imported, format: Format, ui: &Ui) -> Result<(), Failure> {
    let Some(picture) = imported.pictures.first() else { return Ok(ui.print(text)?) };
    let extension = if format == Format::Toml { "toml" } else { "yaml" };
    Err(Failure::cannot("the bodies carry pictures, which belong in files of their own").hint(format!(
        "name the storyboard with --out film.storyboard.{extension}: they are written to {FRAMES}/ beside it, the first as {}",
        picture.path
    )))
}

/// What is there already at a path; anything but an ordinary file counts as having no content.
fn existing(path: &Path) -> Option<Vec<u8>> {
    let metadata = path.symlink_metadata().ok()?;
    Some(if metadata.is_file() { fs_err::read(path).unwrap_or_default() } else { Vec::new() })
}

/// Makes the storyboard's folder. One inside of this project is not reached through a link that leads out of it.
fn make_folder(folder: &Path) -> Result<(), Failure> {
    if !folder.components().all(|part| matches!(part, Component::Normal(_))) {
        return Ok(fs_err::create_dir_all(folder)?);
    }
    let mut made = PathBuf::new();
    for part in folder {
        new_folder(&made, &part.to_string_lossy())?;
        made.push(part);
    }
    Ok(())
}

fn write_pictures(folder: &Path, imported: &Imported) -> Result<(), Failure> {
    let new = || imported.pictures.iter().filter(|picture| !picture.exists);
    if new().next().is_some() {
        new_folder(folder, FRAMES)?;
    }
    new().try_for_each(|picture| write_new(&folder.join(&picture.path), &picture.bytes))
}

/// The line that names the schema for editors, where the schema is beside the storyboard, as `init` puts it.
fn schema_line(folder: &Path, format: Format) -> &'static str {
    match format {
        _ if !folder.join(super::init::SCHEMA).is_file() => "",
        Format::Yaml => "# yaml-language-server: $schema=./storyboard.schema.json\n",
        Format::Toml => "#:schema ./storyboard.schema.json\n\n",
    }
}

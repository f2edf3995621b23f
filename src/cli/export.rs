use std::path::{Path, PathBuf};

use camino::{Utf8Path, Utf8PathBuf};
use clap::Args;

use super::failure::Failure;
use super::input::Input;
use super::new_file::{folder_of, write_over};
use super::plan::CLIPS;
use super::ui::Ui;
use super::{Exit, project_of};
use clapboard::check::CheckedFilm;
use clapboard::export::{self, Exported, Options, Picture, Rate, Timeline};
use clapboard::files::{Disk, Files, folder_below, path_parts};
use clapboard::ledger::{Location, Snapshot};
use clapboard::select::Books;
use clapboard::text::{counted, shown};

/// Write a film for an editing program: the cut, or an animatic before there are clips
///
/// The shots in the film's order, each with the part that `use` says of the take that counts: the one that was chosen, else the
/// newest. A shot without a clip shows its first frame with --stills, else it is marked as missing. What the format cannot carry
/// is said on standard error.
///
/// Paths to clips and pictures are relative to the file that is written, so that the project's folder can be moved.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  clapboard export --out cut.otio                       the cut, for DaVinci Resolve and others
  clapboard export --format fcpxml --stills --out animatic.fcpxml
  clapboard export --format csv --out shots.csv         a table; `clapboard import shots.csv` reads it back
  clapboard export --out film.srt                       subtitles, with estimated times

Exit status: 0 done, 1 errors in the storyboards, 2 the command could not run")]
pub struct Export {
    #[command(flatten)]
    input: Input,
    /// What to write [default: what the name in --out says]
    #[arg(long, value_enum, help_heading = "Output")]
    format: Option<export::Format>,
    /// The file to write, or a folder in which each film gets a file; without it, the film is printed
    #[arg(long, value_name = "PATH", help_heading = "Output")]
    out: Option<PathBuf>,
    /// Show the first frame of shots that have no clip, for as long as the shot is
    #[arg(long, help_heading = "Output")]
    stills: bool,
    /// Frames a second of the timeline: Kling's clips have 24
    #[arg(long, value_name = "RATE", default_value = "24", value_parser = rate, help_heading = "Output")]
    fps: Rate,
}

/// A frame rate as it is written in a flag.
pub fn rate(name: &str) -> Result<Rate, String> {
    Rate::parse(name).ok_or_else(|| format!("it is one of {}", Rate::names().collect::<Vec<_>>().join(", ")))
}

/// Where the films go.
enum Destination {
    Stdout,
    File(PathBuf),
    Folder(PathBuf),
}

impl Export {
    pub fn run(&self, ui: &Ui) -> Result<Exit, Failure> {
        let format = self.format()?;
        let checked = self.input.check(ui);
        ui.report(&checked.report)?;
        let Some(project) = project_of(&checked.takes)? else { return Ok(checked.exit) };
        let is_ready = |take: &&CheckedFilm| {
            !take.film.is_bible() && !take.is_held_back(&checked.report) && !take.project.config.has_errors()
        };
        let films: Vec<&CheckedFilm> = checked.takes.iter().filter(is_ready).collect();
        if films.is_empty() {
            let is_all_bibles = checked.takes.iter().all(|take| take.film.is_bible());
            if is_all_bibles && checked.exit == Exit::Done {
                return Err(Failure::cannot("there is no film here: a bible has no shots"));
            }
            return Ok(checked.exit);
        }
        let destination = self.destination(format, films.len())?;
        let location = Location::of(project.root.as_std_path());
        let snapshot = Snapshot::read(&location)?;
        let books = Books::of(&snapshot, &location.root, Path::new(CLIPS));
        for film in films {
            let name = film.name();
            let (folder, file) = place(&destination, &name, format)?;
            let folder = real(&folder)?;
            let options = Options {
                rate: self.fps,
                stills: self.stills,
                folder: &folder,
                usd_per_unit: project.config.usd_per_unit,
            };
            let timeline = Timeline::new(film, &books, options);
            let exported = export::write(&timeline, format).map_err(Failure::cannot)?;
            match &file {
                None => print(&exported.text, ui)?,
                Some(file) => write_over(file, |out| out.write_all(exported.text.as_bytes()))?,
            }
            tell(&timeline, &exported, format, file.as_deref(), self.stills, ui);
        }
        Ok(checked.exit)
    }

    /// The format: by the flag or by the name in `--out`, which must not contradict each other. A storyboard's name fits none, so
    /// that none is written over.
    fn format(&self) -> Result<export::Format, Failure> {
        let wanted = self.format;
        let named = self.out.as_deref().filter(|out| !is_folder(out));
        let extension = named.and_then(Path::extension).map(|extension| extension.to_string_lossy().into_owned());
        match (wanted, named, extension) {
            (Some(wanted), None, _) => Ok(wanted),
            (None, None, _) => {
                Err(Failure::cannot("which format?")
                    .hint("name one, as in --format otio, or a file, as in --out cut.otio"))
            }
            (wanted, Some(out), extension) => {
                let extension = extension.unwrap_or_default();
                // A list for ffmpeg is often called `.txt`.
                let is_list = wanted == Some(export::Format::Concat) && extension.eq_ignore_ascii_case("txt");
                let of_name = export::Format::of_extension(&extension).or(is_list.then_some(export::Format::Concat));
                match (of_name, wanted) {
                    (Some(of_name), None) => Ok(of_name),
                    (Some(of_name), Some(wanted)) if of_name == wanted => Ok(wanted),
                    (_, wanted) => {
                        let all = export::Format::ALL.iter().map(|format| format!(".{}", format.extension()));
                        let ending = match wanted {
                            Some(wanted) => format!(".{}", wanted.extension()),
                            None => format!("one of {}", all.collect::<Vec<_>>().join(", ")),
                        };
                        Err(Failure::cannot(format!("`{}` does not end in {ending}", out.display()))
                            .hint("a folder for --out ends in `/`"))
                    }
                }
            }
        }
    }

    fn destination(&self, format: export::Format, films: usize) -> Result<Destination, Failure> {
        match &self.out {
            Some(out) if is_folder(out) => Ok(Destination::Folder(out.clone())),
            Some(out) if films == 1 => Ok(Destination::File(out.clone())),
            None if films == 1 => Ok(Destination::Stdout),
            _ => Err(Failure::cannot(format!("there are {films} films, and each is a timeline of its own"))
                .hint(format!("name one storyboard, or a folder: --format {} --out cuts/", word(format)))),
        }
    }
}

fn word(format: export::Format) -> &'static str {
    match format {
        export::Format::Concat => "concat",
        other => other.extension(),
    }
}

fn is_folder(out: &Path) -> bool {
    out.is_dir() || out.to_string_lossy().ends_with(['/', std::path::MAIN_SEPARATOR])
}

/// The folder that paths are relative to, and the file; both are there, or made, but for the file itself.
fn place(destination: &Destination, film: &str, format: export::Format) -> Result<(PathBuf, Option<PathBuf>), Failure> {
    match destination {
        Destination::Stdout => Ok((PathBuf::from("."), None)),
        Destination::File(out) => {
            let folder = folder_of(out);
            fs_err::create_dir_all(folder)?;
            Ok((folder.to_owned(), Some(out.clone())))
        }
        Destination::Folder(out) => {
            let mut parts = path_parts(film).map_err(Failure::cannot)?;
            let name = parts.pop().unwrap_or(film);
            let folder = folder_below(out, out, parts)?;
            let file = folder.join(format!("{name}.{}", format.extension()));
            Ok((folder, Some(file)))
        }
    }
}

fn real(folder: &Path) -> Result<Utf8PathBuf, Failure> {
    let folder = Utf8Path::from_path(folder)
        .ok_or_else(|| Failure::cannot(format!("{} is not UTF-8, and no path can name it", folder.display())))?;
    Disk.real(folder).map_err(|why| Failure::cannot(format!("{folder}: {why}")))
}

/// Prints a film. Its texts are the writer's own, and what a terminal would obey does not get there.
fn print(text: &str, ui: &Ui) -> Result<(), Failure> {
    let is_obeyed = |character: char| shown::is_unsafe(character) && !matches!(character, '\n' | '\r' | '\t');
    if let Some(character) = text.chars().find(|character| is_obeyed(*character)) {
        let message =
            format!("the film has a character in it that is not for a terminal ({})", shown::spelled(character));
        return Err(Failure::cannot(message).hint("write it to a file with --out"));
    }
    Ok(ui.print(text)?)
}

/// Says what was written, what is missing in it, and what the format does not carry.
fn tell(timeline: &Timeline, exported: &Exported, format: export::Format, file: Option<&Path>, stills: bool, ui: &Ui) {
    let ids = |wanted: &dyn Fn(&export::Shot) -> bool| -> Vec<&str> {
        timeline.shots.iter().filter(|shot| wanted(shot)).map(|shot| &*shot.id).collect()
    };
    let missing = ids(&|shot| shot.picture == Picture::Missing);
    let elsewhere = ids(&|shot| matches!(shot.picture, Picture::Take { is_here: false, .. }));
    let earlier = ids(&|shot| {
        matches!(shot.picture, Picture::Take { .. }) && shot.facts.get("is_of_this_text") == Some(&false.into())
    });
    if let Some(file) = file {
        let shown = |word: &str| timeline.shots.iter().filter(|shot| shot.picture.word() == word).count();
        let parts = [("take", shown("take")), ("still", shown("still"))].into_iter().filter(|(_, number)| *number > 0);
        let mut parts: Vec<String> = parts.map(|(noun, number)| counted(number, noun)).collect();
        if !missing.is_empty() {
            parts.push(format!("{} missing", missing.len()));
        }
        let (shots, length) = (counted(timeline.shots.len(), "shot"), length(timeline));
        ui.note(format!("{}: {shots}, {length}: {}", file.display(), parts.join(", ")));
    }
    if !missing.is_empty() && format != export::Format::Csv {
        let next = if stills { "" } else { ". --stills shows their first frames" };
        ui.note(format!("no clip yet: {}{next}", some(&missing)));
    }
    if !elsewhere.is_empty() {
        ui.note(format!("bought, and not here: {}. Next: clapboard status --fetch", some(&elsewhere)));
    }
    if !earlier.is_empty() {
        ui.note(format!("bought before the shot was changed: {}. See: clapboard plan", some(&earlier)));
    }
    for what in &exported.left_out {
        ui.note(format!("{} does not carry {what}", word(format)));
    }
}

fn length(timeline: &Timeline) -> String {
    let seconds = timeline.rate.seconds(timeline.length()).round() as u64;
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

/// The first few of many ids.
fn some(ids: &[&str]) -> String {
    const MOST: usize = 8;
    let shown = ids[..ids.len().min(MOST)].join(", ");
    match ids.len().saturating_sub(MOST) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

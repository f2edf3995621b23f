use std::collections::HashSet;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::Args;

use super::failure::Failure;
use super::input::Input;
use super::new_file::write_over;
use super::ui::Ui;
use super::{Exit, target_settings};
use clapboard::api::Pictures;
use clapboard::files::{folder_below, path_part, path_parts};
use clapboard::project::Auth;
use clapboard::select::{Compiled, Selection, ShotName, Wanted, Why, requests};
use clapboard::text::{counted, shown};

/// Print the exact request of each shot
///
/// Checks the storyboards first, and prints nothing for a film that has errors.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  clapboard compile --shot harbour-010
  clapboard compile --format curl --shot harbour-010 | sh
  clapboard compile --out requests")]
pub struct Compile {
    #[command(flatten)]
    input: Input,
    /// Output format
    #[arg(long, value_enum, default_value = "json", help_heading = "Output")]
    format: Format,
    /// Write each body to DIR/<film>/<shot>.json, ready to post, instead of printing
    #[arg(long, value_name = "DIR", help_heading = "Output")]
    out: Option<PathBuf>,
    /// Only this shot; may be repeated
    #[arg(long, value_name = "[FILE:]SHOT", help_heading = "Input")]
    shot: Vec<ShotName>,
    /// How pictures are written [default: summary on a terminal, else inline; curl reads the files]
    #[arg(long, value_enum, help_heading = "Output")]
    images: Option<Images>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// One array of all requests
    Json,
    /// One request on each line
    Jsonl,
    /// A runnable curl command for each shot; takes the key from the environment
    Curl,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Images {
    /// As base64, ready to post
    Inline,
    /// As a short description
    Summary,
}

impl Compile {
    pub fn run(&self, ui: &Ui) -> Result<Exit, Failure> {
        let checked = self.input.check(ui);
        ui.report(&checked.report)?;
        let wanted = Wanted { shots: &self.shot, despite_other_shots: false };
        let selection = requests(&checked.takes, &checked.report, wanted);
        let exit = checked.exit.max(self.report_blocked(&selection, ui));
        let shots = whole_films(&selection);
        if exit == Exit::Failed && shots.is_empty() {
            return Ok(exit);
        }
        match &self.out {
            Some(folder) => write_files(folder, &shots)?,
            None => self.print(&shots, ui)?,
        }
        Ok(exit)
    }

    /// Says why shots have no request, where the report does not say it or they were asked for by name.
    fn report_blocked(&self, selection: &Selection<Compiled<'_>>, ui: &Ui) -> Exit {
        let is_unbuildable = |why: &Why| matches!(why, Why::Unbuildable(_));
        let is_said = |why: &Why| is_unbuildable(why) || !self.shot.is_empty();
        selection.blocked().filter(|it| is_said(&it.why)).for_each(|blocked| ui.say(blocked.sentence()));
        selection.missing.iter().for_each(|name| ui.say(format!("there is no shot `{name}`")));
        if selection.shots.is_empty() && selection.skipped > 0 {
            ui.note(format!("there is no request: {}", counted(selection.skipped, "skipped shot")));
        }
        let has_failed = !selection.missing.is_empty() || selection.blocked().any(|it| is_unbuildable(&it.why));
        if has_failed { Exit::Failed } else { Exit::Done }
    }

    fn print(&self, shots: &[&Compiled<'_>], ui: &Ui) -> Result<(), Failure> {
        let images = self.images.unwrap_or(if ui.prints_to_terminal() { Images::Summary } else { Images::Inline });
        let pictures = match (self.format, self.images) {
            (Format::Curl, None) => Pictures::Files,
            _ if images == Images::Inline => Pictures::Inline,
            _ => Pictures::Summary,
        };
        let mut out = io::BufWriter::with_capacity(64 * 1024, ui.bulk_out());
        match self.format {
            Format::Json => print_json(&mut Shown(&mut out), shots, pictures)?,
            Format::Jsonl => print_lines(&mut Shown(&mut out), shots, pictures)?,
            Format::Curl => shots.iter().try_for_each(|shot| print_curl(&mut out, shot, pictures))?,
        }
        Ok(out.flush()?)
    }
}

/// The shots whose requests can be made, of films in which that holds for all: an error that was silenced, and cannot be sent all
/// the same, is one of its film.
fn whole_films<'s, 'c>(selection: &'s Selection<Compiled<'c>>) -> Vec<&'s Compiled<'c>> {
    let broken: HashSet<&str> = selection.blocked().map(|blocked| &*blocked.file).collect();
    selection.ready().filter(|shot| !broken.contains(&*shot.request.storyboard)).collect()
}

fn json(text: &str) -> io::Result<String> {
    Ok(serde_json::to_string(text)?)
}

fn print_json(out: &mut impl Write, shots: &[&Compiled<'_>], pictures: Pictures) -> io::Result<()> {
    write!(out, "[")?;
    for (index, Compiled { request, .. }) in shots.iter().enumerate() {
        writeln!(out, "{}", if index > 0 { "," } else { "" })?;
        writeln!(out, "  {{\n    \"storyboard\": {},", json(&request.storyboard)?)?;
        writeln!(out, "    \"shot\": {},", json(&request.shot)?)?;
        writeln!(out, "    \"method\": \"POST\",\n    \"path\": {},", json(request.path)?)?;
        write!(out, "    \"body\": ")?;
        request.body.write_pretty(out, pictures, 2)?;
        write!(out, "\n  }}")?;
    }
    writeln!(out, "{}]", if shots.is_empty() { "" } else { "\n" })
}

fn print_lines(out: &mut impl Write, shots: &[&Compiled<'_>], pictures: Pictures) -> io::Result<()> {
    for Compiled { request, .. } in shots {
        write!(out, "{{\"storyboard\":{},\"shot\":{}", json(&request.storyboard)?, json(&request.shot)?)?;
        write!(out, ",\"method\":\"POST\",\"path\":{},\"body\":", json(request.path)?)?;
        request.body.write(out, pictures, None)?;
        writeln!(out, "}}")?;
    }
    Ok(())
}

/// A command that a shell runs as it is. The body goes through a pipe, for a command line would be too long for pictures;
/// `base64` reads them from their files. The key is named, never written.
fn print_curl(out: &mut impl Write, shot: &Compiled<'_>, pictures: Pictures) -> Result<(), Failure> {
    let Compiled { take, request } = shot;
    let settings = target_settings(&take.project, take.target)?;
    let key = match &settings.auth {
        Auth::Key { variable } => variable.as_str(),
        Auth::Pair { .. } => "KLING_API_KEY",
    };
    let address = match &settings.base_url {
        Some(base) => shell_quoted(&format!("{base}{}", request.path)),
        None => format!("\"${{KLING_BASE_URL:?set it to the address of your gateway}}{}\"", request.path),
    };
    let mut body = Vec::new();
    request.body.write(&mut body, pictures, None)?;
    writeln!(out, "# {} {}", shown::line(&request.storyboard), shown::line(&request.shot))?;
    writeln!(out, "{{")?;
    // Text and the paths of pictures, in turn.
    for (index, part) in String::from_utf8_lossy(&body).split('\u{1}').enumerate() {
        match index % 2 {
            0 => writeln!(out, "  printf %s {}", shell_quoted(&shown::json_fragment(part)))?,
            _ => writeln!(out, "  base64 < {} | tr -d '\\n'", shell_quoted(&shown::line(part)))?,
        }
    }
    writeln!(out, "}} | curl --fail-with-body -X POST {address} \\")?;
    writeln!(out, "  -H \"Authorization: Bearer ${{{key}:?}}\" -H 'Content-Type: application/json' --data @-\n")?;
    Ok(())
}

fn shell_quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// The one ASCII control character that JSON leaves as it is.
const DELETE: u8 = 0x7f;

/// JSON on its way to a terminal or a log: only texts in it can have characters that are obeyed there, and JSON can spell them.
struct Shown<W>(W);

impl<W: Write> Write for Shown<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.write_all(bytes)?;
        Ok(bytes.len())
    }

    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        // Pictures, and most of the rest.
        if bytes.is_ascii() && memchr::memchr2(b'#', DELETE, bytes).is_none() {
            return self.0.write_all(bytes);
        }
        match std::str::from_utf8(bytes) {
            Ok(text) => self.0.write_all(json_text(text).as_bytes()),
            Err(_) => self.0.write_all(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// JSON with its line ends as they are.
fn json_text(text: &str) -> String {
    text.split('\n').map(shown::json_fragment).collect::<Vec<_>>().join("\n")
}

/// Writes each body to `folder/<film>/<shot>.json`.
fn write_files(folder: &Path, shots: &[&Compiled<'_>]) -> Result<(), Failure> {
    let mut taken = HashSet::new();
    for shot in shots {
        let (film, id) = (shot.take.name(), &shot.request.shot);
        // On macOS and Windows names that differ only in case are one file.
        if !taken.insert((film.to_lowercase(), id.to_lowercase())) {
            let message = format!("`{film}/{id}.json` would be written twice, letters' case aside");
            return Err(Failure::cannot(message).hint("rename the shot or the storyboard"));
        }
        path_parts(&film).and_then(|_| path_part(id)).map_err(Failure::cannot)?;
    }
    for shot in shots {
        let film = shot.take.name();
        let folder = folder_below(folder, folder, path_parts(&film).map_err(Failure::cannot)?)?;
        write_over(&folder.join(format!("{}.json", shot.request.shot)), |mut out| {
            shot.request.body.write(&mut out, Pictures::Inline, None)?;
            out.write_all(b"\n")
        })?;
    }
    Ok(())
}

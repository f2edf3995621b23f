use std::collections::HashSet;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

use clap::Args;

use super::input::{Checked, Input};
use super::new_file::part;
use super::{Exit, Global, say};
use clapboard::api::{Pictures, Request, request};
use clapboard::check::CheckedFilm;
use clapboard::clip::clips;
use clapboard::files::{folder_below, path_part, path_parts};
use clapboard::text::shown;

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
    #[arg(long, value_name = "SHOT", help_heading = "Input")]
    shot: Vec<String>,
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
    pub fn run(&self, global: &Global) -> io::Result<Exit> {
        let checked = self.input.check();
        checked.tell(global)?;
        let mut exit = checked.exit;
        let requests = self.requests(&checked, &mut exit);
        if exit == Exit::Failed && requests.is_empty() {
            return Ok(exit);
        }
        match &self.out {
            Some(folder) => write_files(folder, &requests)?,
            None => say::unless_closed(self.print(&requests))?,
        }
        Ok(exit)
    }

    /// The requests of all films that nothing holds back.
    fn requests<'c>(&self, checked: &'c Checked, exit: &mut Exit) -> Vec<(&'c CheckedFilm, Request)> {
        let wanted: HashSet<&str> = self.shot.iter().map(String::as_str).collect();
        let mut known = HashSet::new();
        let mut requests = Vec::new();
        for take in &checked.takes {
            let selected = |id: &str| wanted.is_empty() || wanted.contains(id);
            known.extend(take.film.shots.iter().map(|shot| shot.name()));
            if take.is_held_back(&checked.report) || take.has_bad_config() {
                continue;
            }
            let clips = clips(&take.film, take.facts, take.target);
            let clips = clips.iter().filter(|clip| !clip.shot.is_skipped() && selected(&clip.shot.name()));
            match clips.map(|clip| request(clip, &take.project.library)).collect::<Result<Vec<_>, _>>() {
                Ok(built) => requests.extend(built.into_iter().map(|request| (take, request))),
                // An error that was silenced, and cannot be sent all the same.
                Err(unbuildable) => {
                    say::problem(&unbuildable.to_string());
                    *exit = Exit::Failed;
                }
            }
        }
        for id in wanted.into_iter().filter(|id| !known.contains(*id)) {
            say::problem(&format!("there is no shot `{id}`"));
            *exit = Exit::Failed;
        }
        requests
    }

    fn print(&self, requests: &[(&CheckedFilm, Request)]) -> io::Result<()> {
        let stdout = io::stdout();
        let images = self.images.unwrap_or(if stdout.is_terminal() { Images::Summary } else { Images::Inline });
        let pictures = match images {
            Images::Inline => Pictures::Inline,
            Images::Summary => Pictures::Summary,
        };
        let mut out = Shown(io::BufWriter::with_capacity(64 * 1024, stdout.lock()));
        match self.format {
            Format::Json => print_json(&mut out, requests, pictures)?,
            Format::Jsonl => {
                for (_, request) in requests {
                    write!(out, "{{\"storyboard\":{},\"shot\":{}", json(&request.storyboard)?, json(&request.shot)?)?;
                    write!(out, ",\"method\":\"POST\",\"path\":{},\"body\":", json(request.path)?)?;
                    request.body.write(&mut out, pictures, None)?;
                    writeln!(out, "}}")?;
                }
            }
            Format::Curl => {
                let pictures = match self.images {
                    None => Pictures::Files,
                    Some(Images::Inline) => Pictures::Inline,
                    Some(Images::Summary) => Pictures::Summary,
                };
                for (take, request) in requests {
                    print_curl(&mut out.0, take, request, pictures)?;
                }
            }
        }
        out.flush()
    }
}

fn json(text: &str) -> io::Result<String> {
    Ok(serde_json::to_string(text)?)
}

fn print_json(out: &mut impl Write, requests: &[(&CheckedFilm, Request)], pictures: Pictures) -> io::Result<()> {
    write!(out, "[")?;
    for (index, (_, request)) in requests.iter().enumerate() {
        writeln!(out, "{}", if index > 0 { "," } else { "" })?;
        writeln!(out, "  {{\n    \"storyboard\": {},", json(&request.storyboard)?)?;
        writeln!(out, "    \"shot\": {},", json(&request.shot)?)?;
        writeln!(out, "    \"method\": \"POST\",\n    \"path\": {},", json(request.path)?)?;
        write!(out, "    \"body\": ")?;
        request.body.write_pretty(out, pictures, 2)?;
        write!(out, "\n  }}")?;
    }
    writeln!(out, "{}]", if requests.is_empty() { "" } else { "\n" })
}

/// A command that a shell runs as it is. The body goes through a pipe, for a command line would be too long for pictures;
/// `base64` reads them from their files. The key is named, never written.
fn print_curl(out: &mut impl Write, take: &CheckedFilm, request: &Request, pictures: Pictures) -> io::Result<()> {
    let settings = take.project.config.target.for_target(take.target).map_err(io::Error::other)?;
    let base = settings.base_url.as_deref().unwrap_or("${KLING_BASE_URL:?set it to the address of your gateway}");
    let key = match &settings.auth {
        clapboard::project::Auth::Key { variable } => variable.as_str(),
        clapboard::project::Auth::Pair { .. } => "KLING_API_KEY",
    };
    let address = if base.starts_with('$') {
        format!("\"{base}{}\"", request.path)
    } else {
        shell_quoted(&format!("{base}{}", request.path))
    };
    let mut body = Vec::new();
    request.body.write(&mut body, pictures, None)?;
    let body = String::from_utf8(body).map_err(io::Error::other)?;
    writeln!(out, "# {} {}", shown::line(&request.storyboard), shown::line(&request.shot))?;
    writeln!(out, "{{")?;
    // Text and the paths of pictures, in turn.
    for (index, part) in body.split('\u{1}').enumerate() {
        match index % 2 {
            0 => writeln!(out, "  printf %s {}", shell_quoted(&shown::json_fragment(part)))?,
            _ => writeln!(out, "  base64 < {} | tr -d '\\n'", shell_quoted(&shown::line(part)))?,
        }
    }
    writeln!(out, "}} | curl --fail-with-body -X POST {address} \\")?;
    writeln!(out, "  -H \"Authorization: Bearer ${{{key}:?}}\" -H 'Content-Type: application/json' --data @-\n")
}

fn shell_quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// JSON on its way to a terminal or a log: only texts in it can have characters that are obeyed there, and JSON can spell them.
struct Shown<W>(W);

impl<W: Write> Write for Shown<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.write_all(bytes)?;
        Ok(bytes.len())
    }

    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        match std::str::from_utf8(bytes) {
            // Pictures and most of the rest.
            Ok(text) if text.is_ascii() && !text.contains("##") => self.0.write_all(bytes),
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

/// Writes each body to `folder/<film>/<shot>.json`, whole or not at all: into a file beside it first, then renamed.
fn write_files(folder: &Path, requests: &[(&CheckedFilm, Request)]) -> io::Result<()> {
    let mut taken = HashSet::new();
    for (checked, request) in requests {
        let film = checked.project.film_name(&checked.film.file.document.source.path);
        // On macOS and Windows names that differ only in case are one file.
        if !taken.insert((film.to_lowercase(), request.shot.to_lowercase())) {
            let message = format!(
                "`{film}/{}.json` would be written twice, letters' case aside: rename the shot or the storyboard",
                request.shot
            );
            return Err(io::Error::other(message));
        }
        parts_of(&film).and(path_part(&request.shot).map_err(io::Error::other))?;
    }
    for (checked, request) in requests {
        let film = checked.project.film_name(&checked.film.file.document.source.path);
        let folder = folder_below(folder, folder, parts_of(&film)?)?;
        let mut file = part(&folder)?;
        {
            let mut out = io::BufWriter::with_capacity(64 * 1024, file.as_file_mut());
            request.body.write(&mut out, Pictures::Inline, None)?;
            out.write_all(b"\n")?;
            out.flush()?;
        }
        file.as_file().sync_all()?;
        let path = folder.join(format!("{}.json", path_part(&request.shot).map_err(io::Error::other)?));
        file.persist(&path)
            .map_err(|error| io::Error::new(error.error.kind(), format!("{}: {}", path.display(), error.error)))?;
    }
    Ok(())
}

fn parts_of(film: &str) -> io::Result<Vec<&str>> {
    path_parts(film).map_err(io::Error::other)
}

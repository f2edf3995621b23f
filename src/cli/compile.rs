use std::collections::HashSet;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

use clap::Args;

use super::input::{Checked, Input};
use super::new_file::part;
use super::{Exit, Global};
use clapboard::api::{Pictures, Request, request};
use clapboard::check::CheckedFilm;
use clapboard::clip::clips;
use clapboard::files::{folder_below, path_part, path_parts};
use clapboard::report;

/// Print the exact requests that the shots become
///
/// Checks the storyboards first. Of a film with an error nothing is printed.
#[derive(Args, Debug)]
pub struct Compile {
    #[command(flatten)]
    input: Input,
    /// The form of the requests
    #[arg(long, value_enum, default_value = "json", help_heading = "Output")]
    format: Format,
    /// Write each body to DIR/<film>/<shot>.json, ready to post, instead of printing
    #[arg(long, value_name = "DIR", help_heading = "Output")]
    out: Option<PathBuf>,
    /// Only this shot; may be given several times
    #[arg(long, value_name = "ID", help_heading = "Input")]
    shot: Vec<String>,
    /// How pictures are written [default: summary on a terminal, else inline]
    #[arg(long, value_enum, help_heading = "Output")]
    images: Option<Images>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// One array of all requests
    Json,
    /// One request a line
    Jsonl,
    /// A runnable curl command a shot; takes the key from the environment
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
            None => self.print(&requests)?,
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
            let clips = clips.iter().filter(|clip| !clip.shot.skip && selected(&clip.shot.name()));
            match clips.map(|clip| request(clip, &take.project.library)).collect::<Result<Vec<_>, _>>() {
                Ok(built) => requests.extend(built.into_iter().map(|request| (take, request))),
                // An error that was silenced, and cannot be sent all the same.
                Err(unbuildable) => {
                    eprintln!("clapboard: {}", report::plain(&unbuildable.to_string()));
                    *exit = Exit::Failed;
                }
            }
        }
        for id in wanted.into_iter().filter(|id| !known.contains(*id)) {
            eprintln!("clapboard: there is no shot `{}`", report::plain(id));
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
        let mut out = io::BufWriter::with_capacity(64 * 1024, stdout.lock());
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
                for (take, request) in requests {
                    print_curl(&mut out, take, request, pictures)?;
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

/// A command that a shell runs as it stands. The body goes through a here-document: a command line would be too long for
/// pictures. The key is named, never written.
fn print_curl(out: &mut impl Write, take: &CheckedFilm, request: &Request, pictures: Pictures) -> io::Result<()> {
    let settings = &take.project.config.target;
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
    writeln!(out, "# {} {}", report::plain(&request.storyboard), report::plain(&request.shot))?;
    writeln!(out, "curl --fail-with-body -X POST {address} \\")?;
    writeln!(out, "  -H \"Authorization: Bearer ${{{key}:?}}\" -H 'Content-Type: application/json' \\")?;
    writeln!(out, "  --data-binary @- <<'CLAPBOARD'")?;
    request.body.write(out, pictures, None)?;
    writeln!(out, "\nCLAPBOARD")
}

fn shell_quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
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

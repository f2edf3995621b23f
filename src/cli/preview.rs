use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};

use camino::Utf8PathBuf;
use clap::Args;

use super::failure::Failure;
use super::input::Input;
use super::new_file;
use super::plan::{CLIPS, spend_caps};
use super::ui::Ui;
use super::{Exit, project_of};
use clapboard::ledger::{Location, Snapshot};
use clapboard::plan::{self, Choice};
use clapboard::preview::{Clips, MOST_SHOTS, Pictures, Reel, Sources, html, markdown};
use clapboard::select::{Books, Wanted, select};

/// Show the film before paying: a page with every shot, its prompt, price and problems
///
/// One HTML file that needs no network: the reel, a timeline to scale, and an animatic that plays the frames for their seconds.
/// Clips that were bought are played in their frames' place, from their own files.
#[derive(Args, Debug)]
#[command(after_help = "Exit status: 0 done, 1 errors in the storyboards, 2 the command could not run")]
pub struct Preview {
    #[command(flatten)]
    input: Input,
    /// Write the page to FILE, in place of standard output
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    output: Option<PathBuf>,
    /// Open the page in the browser
    #[arg(long, help_heading = "Output")]
    open: bool,
    /// Output format
    #[arg(long, value_enum, default_value = "html", help_heading = "Output")]
    format: Format,
    /// Keep the frames as they are, in place of small copies
    #[arg(long, help_heading = "Output")]
    full_size: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// A page with everything in it
    Html,
    /// A table for a pull request, with the frames by their paths
    Markdown,
}

impl Preview {
    pub fn run(&self, ui: &Ui) -> Result<Exit, Failure> {
        let is_to_terminal = self.output.is_none() && !self.open && std::io::stdout().is_terminal();
        if is_to_terminal && self.format == Format::Html {
            return Err(Failure::cannot("the page is HTML, and standard output is a terminal")
                .hint("clapboard preview --open shows it in the browser")
                .hint("clapboard preview --output film.html writes it to a file"));
        }
        let checked = self.input.check();
        let Some(project) = project_of(&checked.takes)? else {
            checked.tell(ui.global())?;
            return Ok(checked.exit);
        };
        let shots: usize = checked.takes.iter().map(|take| take.film.shots.len()).sum();
        if shots > MOST_SHOTS {
            return Err(Failure::cannot(format!("these are {shots} shots, and a page takes {MOST_SHOTS}"))
                .hint("name fewer storyboards"));
        }
        let location = Location::of(project.root.as_std_path());
        let snapshot = Snapshot::read(&location)?;
        let books = Books::new(&snapshot.state, &snapshot.with_second, &location.root, Path::new(CLIPS));
        let selection = select(&checked.takes, &checked.report, Wanted::default());
        let mut plan = plan::Plan::new(&selection, &books, Choice::default(), project.config.usd_per_unit);
        plan.cap_spend(&books, &spend_caps(&checked.takes));
        // Markdown names the files.
        let films = if self.format == Format::Html { &checked.takes[..] } else { &[] };
        let pictures = Pictures::of(films, self.full_size)
            .map_err(|why| Failure::cannot(why.to_string()).hint("leave --full-size out"))?;
        let folder = self.folder()?;
        let sources = Sources {
            films: &checked.takes,
            report: &checked.report,
            plan: &plan,
            books: &books,
            folder: &folder,
            clips: Clips::Files,
        };
        let reel = Reel::new(&sources, &pictures);
        let page = match self.format {
            Format::Html => html(&reel, &pictures).map_err(|why| Failure::cannot(why.to_string()))?,
            Format::Markdown => markdown(&reel),
        };
        self.write(&page, ui)?;
        Ok(checked.exit)
    }

    /// The folder that the page is in: its links lead from there.
    fn folder(&self) -> Result<Utf8PathBuf, Failure> {
        let folder = match &self.output {
            Some(file) => {
                file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new(".")).into()
            }
            None if self.open => std::env::temp_dir(),
            None => PathBuf::from("."),
        };
        let folder =
            Utf8PathBuf::from_path_buf(folder).map_err(|_| Failure::cannot("the folder's name is not UTF-8"))?;
        Ok(folder.canonicalize_utf8().unwrap_or_else(|_| camino::absolute_utf8(&folder).unwrap_or(folder)))
    }

    fn write(&self, page: &str, ui: &Ui) -> Result<(), Failure> {
        let path = match &self.output {
            Some(path) => {
                new_file::put(path, page.as_bytes())?;
                path.clone()
            }
            None if self.open => {
                let file = tempfile::Builder::new().prefix("clapboard-preview-").suffix(".html").tempfile()?;
                let (mut file, path) = file.keep().map_err(|error| error.error)?;
                file.write_all(page.as_bytes())?;
                path
            }
            None => return Ok(ui.out().write_all(page.as_bytes())?),
        };
        ui.note(format!("{}: {}", path.display(), size(page.len())));
        if self.open {
            let shown = path.display();
            open::that_detached(&path).map_err(|why| {
                Failure::cannot(format!("no browser opened {shown}: {why}")).hint("open the file by hand")
            })?;
        }
        Ok(())
    }
}

/// `640 kB`, `1.2 MB`.
fn size(bytes: usize) -> String {
    match bytes {
        ..1_000_000 => format!("{} kB", bytes.div_ceil(1_000)),
        _ => format!("{:.1} MB", bytes as f64 / 1e6),
    }
}

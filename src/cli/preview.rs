use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use camino::Utf8PathBuf;
use clap::Args;

use super::failure::Failure;
use super::input::{Checked, Input};
use super::new_file;
use super::plan::{CLIPS, against};
use super::ui::Ui;
use super::{Exit, project_of};
use clapboard::ledger::{Location, Snapshot};
use clapboard::preview::{Clips, MOST_SHOTS, Pictures, Reel, Sources, html, markdown};
use clapboard::project::Project;
use clapboard::select::{Books, Wanted, select};

/// Show the film before paying: a page with every shot, its prompt, price and problems
///
/// One HTML file that needs no network: the reel, a timeline to scale, and an animatic that plays the frames for their seconds.
/// Clips that were bought are played in their frames' place, from their own files.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  clapboard preview --open
  clapboard preview film.storyboard.yaml --output film.html
  clapboard preview --serve                         reloads on save; choose takes with a click

Exit status: 0 done, 1 errors in the storyboards, 2 the command could not run")]
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
    /// Serve the page on this computer alone, load it again when a file is saved, and choose takes with a click
    #[cfg(feature = "serve")]
    #[arg(long, conflicts_with_all = ["output", "format"], help_heading = "Output")]
    serve: bool,
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
        #[cfg(feature = "serve")]
        if self.serve {
            return live::serve(self, ui);
        }
        let is_to_terminal = self.output.is_none() && !self.open && ui.prints_to_terminal();
        if is_to_terminal && self.format == Format::Html {
            return Err(Failure::cannot("the page is HTML, and standard output is a terminal")
                .hint("clapboard preview --open shows it in the browser")
                .hint("clapboard preview --output film.html writes it to a file"));
        }
        let checked = self.input.check(ui);
        let Some(project) = project_of(&checked.takes)? else {
            ui.report(&checked.report)?;
            return Ok(checked.exit);
        };
        let page = self.with_reel(&checked, &project, Clips::Files, |reel, pictures| match self.format {
            Format::Html => page(reel, pictures, None),
            Format::Markdown => Ok(markdown(reel)),
        })?;
        self.write(&page, ui)?;
        Ok(checked.exit)
    }

    /// Makes the reel, and something of it.
    fn with_reel<T>(
        &self,
        checked: &Checked,
        project: &Arc<Project>,
        clips: Clips,
        make: impl FnOnce(&Reel, &Pictures) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let shots: usize = checked.takes.iter().map(|take| take.film.shots.len()).sum();
        if shots > MOST_SHOTS {
            return Err(Failure::cannot(format!("these are {shots} shots, and a page takes {MOST_SHOTS}"))
                .hint("name fewer storyboards"));
        }
        let location = Location::of(project.root.as_std_path());
        let snapshot = Snapshot::read(&location)?;
        let books = Books::of(&snapshot, &location.root, Path::new(CLIPS));
        let selection = select(&checked.takes, &checked.report, Wanted::default());
        let plan = against(&selection, &books, &checked.takes, project.config.usd_per_unit);
        // Markdown names the files.
        let films = if self.format == Format::Html { &checked.takes[..] } else { &[] };
        let pictures =
            Pictures::of(films, self.full_size).map_err(|why| Failure::cannot(why).hint("leave --full-size out"))?;
        let folder = self.folder()?;
        let (films, report) = (&checked.takes[..], &checked.report);
        let sources = Sources { films, report, plan: &plan, books: &books, folder: &folder, clips };
        make(&Reel::new(&sources, &pictures), &pictures)
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
            None => return Ok(ui.print(page)?),
        };
        ui.note(format!("{}: {}", path.display(), size(page.len())));
        if self.open { open(&path.display().to_string()) } else { Ok(()) }
    }
}

fn page(reel: &Reel, pictures: &Pictures, live: Option<u64>) -> Result<String, Failure> {
    html(reel, pictures, live).map_err(Failure::cannot)
}

/// Opens a file or an address in the browser.
fn open(what: &str) -> Result<(), Failure> {
    open::that_detached(what)
        .map_err(|why| Failure::cannot(format!("no browser opened {what}: {why}")).hint("open it by hand"))
}

/// `640 kB`, `1.2 MB`.
fn size(bytes: usize) -> String {
    match bytes {
        ..1_000_000 => format!("{} kB", bytes.div_ceil(1_000)),
        _ => format!("{:.1} MB", bytes as f64 / 1e6),
    }
}

/// `--serve`.
#[cfg(feature = "serve")]
mod live {
    use super::{Preview, open, page};
    use crate::cli::choose::choose;
    use crate::cli::failure::Failure;
    use crate::cli::serve::{Made, Site};
    use crate::cli::ui::Ui;
    use crate::cli::watch::{Followed, watch};
    use crate::cli::{Exit, project_of};
    use clapboard::ledger::{Clip, FILE_NAME, Ledger, Location};
    use clapboard::preview::Clips;

    /// Makes the page, serves it, and makes it again after each change. Ends with the program.
    pub fn serve(preview: &Preview, ui: &Ui) -> Result<Exit, Failure> {
        if preview.input.reads_standard_input() {
            return Err(Failure::cannot("standard input does not change: --serve needs files"));
        }
        let checked = preview.input.check(ui);
        let Some(project) = project_of(&checked.takes)? else {
            ui.report(&checked.report)?;
            return Ok(checked.exit);
        };
        let location = Location::of(project.root.as_std_path());
        let ledger = location.root.join(FILE_NAME);
        let choose = move |film: &str, shot: &str, take: usize| {
            let clip = Clip { film: film.to_owned(), shot: shot.to_owned(), identity: String::new() };
            let mut ledger = Ledger::open(&location).map_err(|why| why.to_string())?;
            choose(&mut ledger, &clip, &take.to_string(), shot).map_err(|why| why.message().to_owned())
        };
        let (site, listener) = Site::new(Box::new(choose))?;
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
        let mut version = 0;
        let follow = || -> Result<Followed, Failure> {
            let checked = preview.input.check(ui);
            version += 1;
            match made(preview, &checked, version) {
                Ok(made) => site.show(made),
                Err(why) if version == 1 => return Err(why),
                // The page stays as it was until the next change.
                Err(why) => ui.fail(&why),
            }
            if version == 1 {
                // A reader of this line may request the page at once.
                runtime.spawn(site.clone().run(listener.try_clone()?));
                ui.print(&format!("{}\n", site.address()))?;
                ui.note("serving on this computer alone, until Ctrl-C");
                if preview.open {
                    open(&site.address())?;
                }
            }
            let mut followed = checked.followed();
            followed.file(&ledger);
            Ok(followed)
        };
        watch(follow)?;
        Ok(Exit::Done)
    }

    fn made(preview: &Preview, checked: &super::Checked, version: u64) -> Result<Made, Failure> {
        let Some(project) = project_of(&checked.takes)? else {
            return Err(Failure::cannot("there is nothing to show"));
        };
        preview.with_reel(checked, &project, Clips::Served, |reel, pictures| {
            let clips = reel.clips().into_iter().map(|(key, path)| (key, path.into_std_path_buf())).collect();
            Ok(Made { version, html: page(reel, pictures, Some(version))?, clips, shots: reel.shots() })
        })
    }
}

//! Signs that a clip was bought before, although the ledger has no line of it.

use std::path::{Path, PathBuf};

use camino::Utf8Path;

use crate::assets::mp4::{Footage, footage};
use crate::files::{Disk, Files, Kind};
use crate::ledger::{Attempt, Clip, FILE_NAME, Location, ShotState, Snapshot, Standing, State};

/// All that is known of what a project bought.
#[derive(Debug)]
pub struct Books<'b> {
    /// The ledger.
    pub ledger: &'b State,
    /// The same, with what only its second copy has.
    pub with_second: &'b State,
    /// The project root.
    pub root: &'b Path,
    /// Where clips go, from the root.
    pub out: &'b Path,
    /// The ledgers of folders further up.
    outer: Vec<Outer>,
}

/// A ledger in a folder above the project's.
#[derive(Debug)]
struct Outer {
    path: PathBuf,
    /// The project's path from that folder, with `/` at its end.
    prefix: String,
    state: State,
}

/// Why a clip that the ledger calls new may have been bought all the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sign {
    /// The same clip was bought under another film or shot name. It can be taken over without a request.
    OtherName {
        /// The film at the time.
        film: String,
        /// The shot's id at the time.
        shot: String,
        /// The attempt that bought it.
        attempt: String,
        /// Whether it is here, or being made.
        state: ShotState,
    },
    /// A file is where the clip would go, and the ledger does not know it.
    File(String),
    /// The second copy of the ledger has it.
    SecondCopy,
    /// A ledger further up has it.
    FurtherUp(PathBuf),
}

impl<'b> Books<'b> {
    /// The books of the project at `root`, whose clips go to `out`. Ledgers further up are read here; one that cannot be read
    /// is not this project's business.
    pub fn new(ledger: &'b State, with_second: &'b State, root: &'b Path, out: &'b Path) -> Books<'b> {
        let outer = root.ancestors().skip(1).filter_map(|folder| {
            let path = folder.join(FILE_NAME);
            path.symlink_metadata().ok().filter(|metadata| metadata.is_file())?;
            let state = Snapshot::read(&Location::alone(folder)).ok()?.state;
            let below = root.strip_prefix(folder).ok()?;
            let prefix = below.components().map(|part| format!("{}/", part.as_os_str().to_string_lossy())).collect();
            Some(Outer { path, prefix, state })
        });
        Books { ledger, with_second, root, out, outer: outer.collect() }
    }

    /// The same, by a ledger as it was read.
    pub fn of(snapshot: &'b Snapshot, root: &'b Path, out: &'b Path) -> Books<'b> {
        Books::new(&snapshot.state, &snapshot.with_second, root, out)
    }

    /// A sign that a clip which the ledger would buy was bought before.
    pub fn sign(&self, clip: &Clip) -> Option<Sign> {
        let bought = |state: &State, clip: &Clip| {
            matches!(state.shot_state(clip), ShotState::Done | ShotState::InFlight | ShotState::Unknown)
        };
        if bought(self.with_second, clip) {
            return Some(Sign::SecondCopy);
        }
        if let Some(attempt) = self.ledger.under_another_name(clip) {
            return Some(Sign::other_name(attempt));
        }
        let outer = self.outer.iter().find(|outer| {
            let film = format!("{}{}", outer.prefix, clip.film);
            bought(&outer.state, &Clip { film, ..clip.clone() })
        });
        if let Some(outer) = outer {
            return Some(Sign::FurtherUp(outer.path.clone()));
        }
        // The ledger knows an earlier text of the shot: the file is of that one.
        let is_known_shot = self.ledger.of_shot(&clip.film, &clip.shot).any(|a| a.standing() > Standing::Void);
        let path = self.clip_path(clip);
        let is_there = !is_known_shot && self.root.join(&path).symlink_metadata().is_ok();
        is_there.then(|| Sign::File(slashed(&path)))
    }

    /// Where the first take of a clip goes, from the project root.
    fn clip_path(&self, clip: &Clip) -> PathBuf {
        self.out.join(&clip.film).join(format!("{}.mp4", clip.shot))
    }

    /// Whether one of the files that an attempt brought is still there.
    pub fn is_here(&self, attempt: &Attempt) -> bool {
        attempt.downloads().any(|(path, _)| self.root.join(path).is_file())
    }

    /// The metadata of an attempt's clip, if the file is here.
    pub fn footage(&self, attempt: &Attempt) -> Option<Footage> {
        let path = self.path_of(attempt).map(|path| self.root.join(path))?;
        let path = Utf8Path::from_path(&path)?;
        let Kind::File(length) = Disk.kind(path).ok()? else { return None };
        footage(&mut Disk.open(path).ok()?, length).ok()
    }

    /// The path of an attempt's clip, from the project root: of one that is there, else as the ledger has it.
    pub fn path_of<'a>(&self, attempt: &'a Attempt) -> Option<&'a str> {
        let here = attempt.downloads().map(|(path, _)| path).find(|path| self.root.join(path).is_file());
        here.or_else(|| attempt.downloads().map(|(path, _)| path).last())
    }
}

impl Sign {
    fn other_name(attempt: &Attempt) -> Sign {
        let state = if attempt.standing() == Standing::Done { ShotState::Done } else { ShotState::InFlight };
        let Clip { film, shot, .. } = attempt.clip.clone();
        Sign::OtherName { film, shot, attempt: attempt.id.clone(), state }
    }

    /// Whether it needs no decision: the clip is taken over under its new name.
    pub fn is_taken_over(&self) -> bool {
        matches!(self, Sign::OtherName { .. })
    }

    /// The reason, for the shot's row in a plan.
    pub fn reason(&self) -> String {
        match self {
            Sign::OtherName { film, shot, state: ShotState::Done, .. } => {
                format!("bought as {film} {shot}: `submit` takes it over, without a request")
            }
            Sign::OtherName { film, shot, .. } => {
                format!("being made as {film} {shot}: `submit` takes it over, without a request")
            }
            Sign::File(path) => format!("{path} is there already, and the ledger does not know it"),
            Sign::SecondCopy => "bought before: the second copy of the ledger has it, this ledger does not".into(),
            Sign::FurtherUp(path) => format!("bought before: {} has it", path.display()),
        }
    }
}

fn slashed(path: &Path) -> String {
    path.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}

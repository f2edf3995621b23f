use std::collections::HashMap;
use std::iter::Sum;

use camino::{Utf8Path, Utf8PathBuf};

use super::{Code, Fix, Label, Safety, Severity};
use crate::text::Place;

/// A finding as it is reported.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    /// Its code.
    pub code: Code,
    /// How severe it is here: the code's own severity, unless the config or a flag says otherwise.
    pub severity: Severity,
    /// The message. Safe to show; may have several lines.
    pub message: String,
    /// The next step. Safe to show; may have several lines.
    pub help: Option<String>,
    /// The place that it points at.
    pub place: Place,
    /// The id of the shot whose text contains the place.
    pub shot: Option<String>,
    /// The ids of all shots that it affects: of that shot alone, or of each that takes the value from `defaults` or a bible.
    pub shots: Vec<String>,
    /// Related places.
    pub labels: Vec<Label>,
    /// Edits of the same file that remove the problem.
    pub fix: Option<Fix>,
}

/// The totals of a whole run, shown if nothing is wrong.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Totals {
    /// Storyboards with shots.
    pub films: usize,
    /// Shots that are sent.
    pub shots: usize,
    /// Their seconds.
    pub seconds: u64,
    /// Kling units, as far as prices are known.
    pub units: f64,
    /// US dollars for these units.
    pub usd: f64,
    /// Shots whose price is not known.
    pub unpriced: usize,
    /// Shots with `skip: true`, which are not sent.
    pub skipped: usize,
}

impl Sum for Totals {
    fn sum<I: Iterator<Item = Totals>>(all: I) -> Totals {
        all.fold(Totals::default(), |sum, one| Totals {
            films: sum.films + one.films,
            shots: sum.shots + one.shots,
            seconds: sum.seconds + one.seconds,
            units: sum.units + one.units,
            usd: sum.usd + one.usd,
            unpriced: sum.unpriced + one.unpriced,
            skipped: sum.skipped + one.skipped,
        })
    }
}

/// All diagnostics of a run.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// In order of file, place and code.
    pub diagnostics: Vec<Diagnostic>,
    /// The names of the files that were checked, in order.
    pub files: Vec<String>,
    /// Values that must not be shown, although nothing in them looks like a key.
    pub hidden: Vec<Place>,
    /// The totals of the films, if they were asked for.
    pub totals: Option<Totals>,
    by_file: HashMap<Utf8PathBuf, Vec<u32>>,
}

impl Report {
    /// A report of diagnostics in their order. `files` are the names of all files that were checked.
    pub fn new(diagnostics: Vec<Diagnostic>, files: Vec<String>) -> Self {
        let mut by_file: HashMap<Utf8PathBuf, Vec<u32>> = HashMap::new();
        for (index, diagnostic) in diagnostics.iter().enumerate() {
            let path = &diagnostic.place.source.path;
            match by_file.get_mut(path) {
                Some(of_file) => of_file.push(index as u32),
                None => _ = by_file.insert(path.clone(), vec![index as u32]),
            }
        }
        Self { diagnostics, files, hidden: Vec::new(), totals: None, by_file }
    }

    /// The diagnostics in the file at `path`, in order.
    pub fn of(&self, path: &Utf8Path) -> impl Iterator<Item = &Diagnostic> {
        self.by_file.get(path).into_iter().flatten().map(|&index| &self.diagnostics[index as usize])
    }

    /// How many errors there are.
    pub fn errors(&self) -> usize {
        self.count(Severity::Error)
    }

    /// How many warnings there are.
    pub fn warnings(&self) -> usize {
        self.count(Severity::Warning)
    }

    /// How many diagnostics have a fix of this kind.
    pub fn fixable(&self, safety: Safety) -> usize {
        let fixes = self.diagnostics.iter().filter_map(|diagnostic| diagnostic.fix.as_ref());
        fixes.filter(|fix| fix.safety == safety).count()
    }

    fn count(&self, severity: Severity) -> usize {
        self.diagnostics.iter().filter(|diagnostic| diagnostic.severity == severity).count()
    }
}

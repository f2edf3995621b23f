use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;

use super::choose::choose;
use super::console::Console;
use super::failure::Failure;
use super::input::Input;
use super::outcome::{is_stuck, show_how_to_settle, show_next_steps};
use super::plan::CLIPS;
use super::service_setup::{Idle, clip_folders, interval, runtime, say_torn, seconds, service, watch_signals};
use super::trust::Recipient;
use super::ui::Ui;
use super::values::Format;
use super::{Exit, project_of};
use clapboard::check::CheckedFilm;
use clapboard::kling::Target;
use clapboard::kling::price::Units;
use clapboard::ledger::{Attempt, Clip, FILE_NAME, Ledger, Location, ShotState, Snapshot, Standing};
use clapboard::plan::{self, Choice, Item, Plan, Row};
use clapboard::project::Project;
use clapboard::select::{Books, Ready, Selected, Selection, ShotName, Wanted, select};
use clapboard::submit::{Halt, Options, Outcome, Session, Summary, Who};
use clapboard::text::counted;

/// Download clips that are ready, and settle what is not known
///
/// Holds the ledger against the service. Buys nothing. Works without a storyboard, by the ledger alone.
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  clapboard status --wait\n  clapboard status --choose harbour-010=2\n  clapboard status \
                  --adopt harbour-010=829877809978941442\n\nExit status: 0 nothing has failed or is unknown, 2 the command could not run, 4 a clip failed, its outcome is not \
                  known, the service has no news of it, or with --wait it is still in flight, 130 interrupted"
)]
pub struct Status {
    #[command(flatten)]
    input: Input,
    /// Send the key where the config says, without asking
    #[arg(long, help_heading = "Settling")]
    yes: bool,
    /// Wait until everything is settled
    #[arg(long, help_heading = "Waiting")]
    wait: bool,
    /// Total time to wait
    #[arg(long, value_name = "SECONDS", default_value = "3600", value_parser = seconds, help_heading = "Waiting")]
    timeout: Duration,
    /// Delay between polls of a clip [default: 5, slowing to 15]
    #[arg(long, value_name = "SECONDS", value_parser = interval, help_heading = "Waiting")]
    poll_interval: Option<Duration>,
    /// Download clips that were bought and are not here
    #[arg(long, help_heading = "Settling")]
    fetch: bool,
    /// Put the lines back into the ledger that only its second copy has
    #[arg(long, help_heading = "Settling")]
    restore: bool,
    /// This task of the service is the shot's clip; the service is asked whether there is such a task
    #[arg(long, value_name = "[FILE:]SHOT=TASK_ID", value_parser = assignment, help_heading = "Settling")]
    adopt: Vec<Assignment>,
    /// The shot's unknown outcome was not a clip, or its task is gone: it may be bought again
    #[arg(long, value_name = "[FILE:]SHOT", help_heading = "Settling")]
    forget: Vec<ShotName>,
    /// With --forget: also what the service may still be working on
    #[arg(long, requires = "forget", help_heading = "Settling")]
    force: bool,
    /// Which take of a shot is used for the sheet and the export
    #[arg(long, value_name = "[FILE:]SHOT=N", value_parser = assignment, help_heading = "Settling")]
    choose: Vec<Assignment>,
    /// Where the clips go, from the project root
    #[arg(long, value_name = "DIR", default_value = CLIPS, help_heading = "Output")]
    out: PathBuf,
    /// Output format
    #[arg(long, value_enum, default_value = "human", help_heading = "Output")]
    format: Format,
}

/// A shot and what is said of it.
#[derive(Clone, Debug)]
struct Assignment {
    shot: ShotName,
    value: String,
}

fn assignment(text: &str) -> Result<Assignment, String> {
    let (shot, value) = text.rsplit_once('=').ok_or("write it as SHOT=VALUE")?;
    let shot = shot.parse().map_err(|_| "write it as SHOT=VALUE")?;
    Ok(Assignment { shot, value: value.trim().to_owned() })
}

/// What a run is about.
struct Scope<'c> {
    selection: Selection<Ready<'c>>,
    /// The films that were named; `None` for all that the ledger has.
    films: Option<HashSet<String>>,
    location: Location,
    usd_per_unit: f64,
}

impl Scope<'_> {
    fn has(&self, attempt: &Attempt) -> bool {
        self.films.as_ref().is_none_or(|films| films.contains(&attempt.clip.film))
    }

    /// How a shot of the ledger is shown, and whether the attempt is at what it asks for today.
    fn who(&self, attempt: &Attempt) -> (Who, bool) {
        let ready = self.selection.ready().find(|ready| attempt.counts_for(&ready.item.clip));
        if let Some(ready) = ready {
            return (Who { file: ready.item.file.clone(), clip: ready.item.clip.clone() }, true);
        }
        let of_shot = |selected: &&Selected<Ready<'_>>| {
            let (film, shot) = names(selected);
            film == attempt.clip.film && shot == attempt.clip.shot
        };
        let file = self.selection.shots.iter().find(of_shot).map_or(&attempt.clip.film, |selected| match selected {
            Selected::Ready(ready) => &ready.item.file,
            Selected::Blocked(blocked) => &blocked.file,
        });
        (Who { file: file.clone(), clip: attempt.clip.clone() }, false)
    }
}

fn names<'s>(selected: &'s Selected<Ready<'_>>) -> (&'s str, &'s str) {
    match selected {
        Selected::Ready(ready) => (&ready.item.clip.film, &ready.item.clip.shot),
        Selected::Blocked(blocked) => (&blocked.film, &blocked.shot),
    }
}

impl Status {
    pub fn run(&self, ui: &Ui) -> Result<Exit, Failure> {
        let checked = self.input.or_nothing().check(ui);
        if checked.exit == Exit::Failed {
            return Ok(Exit::Failed);
        }
        let project = match project_of(&checked.takes)? {
            Some(project) => project,
            None => self.input.project_here()?,
        };
        let target = checked.takes.first().map_or(self.input.target_of(&project), |take| take.target);
        // What is in flight is downloaded whatever the storyboards say by now: their errors hold nothing back here.
        let wanted = Wanted { shots: &[], despite_other_shots: true };
        let scope = Scope {
            selection: select(&checked.takes, &checked.report, wanted),
            films: (!self.input.is_everything()).then(|| checked.takes.iter().map(CheckedFilm::name).collect()),
            location: Location::of(project.root.as_std_path()),
            usd_per_unit: project.config.usd_per_unit,
        };
        let snapshot = Snapshot::read(&scope.location)?;
        say_torn(ui, snapshot.torn, &scope.location.root.join(FILE_NAME));
        if self.restore || !self.choose.is_empty() {
            self.write_down(&scope, ui)?;
        }
        if self.needs_the_service(&scope)? {
            return self.ask_the_service(&scope, &project, target, ui);
        }
        let snapshot = Snapshot::read(&scope.location)?;
        let books = Books::of(&snapshot, &scope.location.root, &self.out);
        let plan = self.plan(&scope, &books, &HashSet::new(), &HashMap::new());
        self.show(&plan, ui)?;
        Ok(self.exit_of(&plan, false))
    }

    /// What changes the ledger and needs no service.
    fn write_down(&self, scope: &Scope<'_>, ui: &Ui) -> Result<(), Failure> {
        let mut ledger = Ledger::open(&scope.location)?;
        let now = jiff::Timestamp::now();
        if self.restore {
            match ledger.restore(now)? {
                0 => ui.note("the ledger has every line of its second copy"),
                count => ui.note(format!("{} put back into {}", counted(count, "line"), ledger.path().display())),
            }
        }
        for Assignment { shot, value } in &self.choose {
            let (_, clip) = self.find(shot, scope, &ledger)?;
            choose(&mut ledger, &clip, value, &shot.to_string())?;
            ui.note(format!("{shot}: take {value} is chosen"));
        }
        Ok(())
    }

    /// Whether there is anything to settle, to follow or to download.
    fn needs_the_service(&self, scope: &Scope<'_>) -> Result<bool, Failure> {
        let snapshot = Snapshot::read(&scope.location)?;
        let is_open =
            |attempt: &Attempt| attempt.standing() == Standing::Unknown || attempt.open_tasks().next().is_some();
        let books = Books::of(&snapshot, &scope.location.root, &self.out);
        let is_missing = |attempt: &Attempt| attempt.standing() == Standing::Done && !books.is_here(attempt);
        let mut attempts = snapshot.state.attempts().filter(|attempt| scope.has(attempt));
        let by_hand = !self.adopt.is_empty() || !self.forget.is_empty();
        Ok(by_hand || attempts.any(|attempt| is_open(attempt) || (self.fetch && is_missing(attempt))))
    }

    fn ask_the_service(&self, scope: &Scope<'_>, project: &Project, target: Target, ui: &Ui) -> Result<Exit, Failure> {
        let service = service(project, target)?;
        Recipient::of(project, &service).check(&scope.location, self.yes, ui)?;
        clip_folders(&scope.location.root.join(&self.out), HashSet::new(), false)?;
        let ledger = Ledger::open(&scope.location)?;
        // On standard output is the plan alone, in either form.
        let console = Arc::new(Console::new(ui, Format::Human));
        let options = Options {
            jobs: 4,
            wait: self.wait,
            timeout: self.timeout,
            poll_interval: self.poll_interval,
            retry_failed: false,
            out: self.out.clone(),
        };
        let session = Arc::new(Session::new(service, ledger, scope.location.root.clone(), options, console.clone()));
        runtime()?.block_on(self.round(session, &console, scope, ui))
    }

    async fn round(
        &self,
        session: Arc<Session>,
        console: &Console,
        scope: &Scope<'_>,
        ui: &Ui,
    ) -> Result<Exit, Failure> {
        watch_signals(&session, &Idle::default(), ui)?;
        self.settle_by_hand(&session, scope).await?;
        let attempts = |wanted: &dyn Fn(&Attempt) -> bool| -> Vec<Attempt> {
            let ledger = session.ledger();
            ledger.state().attempts().filter(|attempt| scope.has(attempt) && wanted(attempt)).cloned().collect()
        };
        let unknown = attempts(&|attempt| attempt.standing() == Standing::Unknown);
        let unknown = unknown.into_iter().map(|attempt| (scope.who(&attempt).0, attempt)).collect();
        let unsettled = session.settle(unknown, self.wait).await;

        let open = attempts(&|attempt| attempt.open_tasks().next().is_some());
        let followed: HashSet<String> = open.iter().map(|attempt| attempt.id.clone()).collect();
        console.expect(open.len());
        let with_names = open.into_iter().map(|attempt| {
            let (who, is_current) = scope.who(&attempt);
            (who, attempt, is_current)
        });
        let summary = session.follow(with_names.collect()).await;
        let lost = if self.fetch { self.fetch_missing(&session, scope, ui).await } else { 0 };
        console.close();

        for (who, attempt, _) in &unsettled {
            show_how_to_settle(who, attempt.candidates.last().map(String::as_str), ui);
        }
        show_next_steps(&summary, ui);
        let plan = {
            let ledger = session.ledger();
            let books = Books::new(ledger.state(), ledger.with_second(), &scope.location.root, &self.out);
            self.plan(scope, &books, &followed, &notes(&summary))
        };
        self.show(&plan, ui)?;
        let exit = self.exit_of(&plan, lost > 0 || summary.settled.iter().any(|settled| is_stuck(&settled.outcome)));
        Ok(match &summary.halt {
            _ if summary.interrupted => Exit::Interrupted,
            Some(Halt::Ledger { .. }) => Exit::Failed,
            _ => exit,
        })
    }

    /// Downloads what was bought and is not here; how many could not be had.
    async fn fetch_missing(&self, session: &Arc<Session>, scope: &Scope<'_>, ui: &Ui) -> usize {
        let missing: Vec<(Who, Attempt)> = {
            let ledger = session.ledger();
            let books = Books::new(ledger.state(), ledger.with_second(), &scope.location.root, &self.out);
            let is_missing = |attempt: &&Attempt| attempt.standing() == Standing::Done && !books.is_here(attempt);
            let attempts = ledger.state().attempts().filter(|attempt| scope.has(attempt)).filter(is_missing);
            attempts.map(|attempt| (scope.who(attempt).0, attempt.clone())).collect()
        };
        let mut lost = 0;
        for (who, fetched) in session.fetch_again(missing).await {
            if let Err(reason) = fetched {
                lost += 1;
                ui.say(format!("{}:{}: its clip could not be downloaded again: {reason}", who.file, who.clip.shot));
            }
        }
        lost
    }

    /// Does what `--forget` and `--adopt` ask for.
    async fn settle_by_hand(&self, session: &Arc<Session>, scope: &Scope<'_>) -> Result<(), Failure> {
        for name in &self.forget {
            let (who, _) = self.find(name, scope, &session.ledger())?;
            session.forget(&who, self.force).map_err(|error| Failure::cannot(format!("{name}: {error}")))?;
        }
        for Assignment { shot, value } in &self.adopt {
            let (who, clip) = self.find(shot, scope, &session.ledger())?;
            let adopted = session.adopt(&who, &clip, value).await;
            adopted.map_err(|error| Failure::cannot(format!("{shot}: {error}")))?;
        }
        Ok(())
    }

    /// The shot that a name means: of a storyboard, else of the ledger.
    fn find(&self, name: &ShotName, scope: &Scope<'_>, ledger: &Ledger) -> Result<(Who, Clip), Failure> {
        let ready = scope.selection.ready().filter(|ready| name.names(ready.take, &ready.item.clip.shot));
        let mut found: Vec<(Who, Clip)> = ready
            .map(|ready| {
                let clip = ready.item.clip.clone();
                (Who { file: ready.item.file.clone(), clip: clip.clone() }, clip)
            })
            .collect();
        if found.is_empty() {
            // The latest attempt at each shot of the ledger that has this name.
            let mut latest: HashMap<(String, String), &Attempt> = HashMap::new();
            let attempts = ledger.state().attempts();
            for attempt in attempts.filter(|it| name.names_in_ledger(&it.clip.film, &it.clip.shot)) {
                let key = (attempt.clip.film.clone(), attempt.clip.shot.clone());
                let held = latest.entry(key).or_insert(attempt);
                if (attempt.began, &attempt.id) > (held.began, &held.id) {
                    *held = attempt;
                }
            }
            found.extend(latest.values().map(|attempt| (scope.who(attempt).0, attempt.clip.clone())));
        }
        match found.len() {
            1 => Ok(found.remove(0)),
            0 => Err(Failure::cannot(format!("neither a storyboard nor the ledger has a shot `{name}`"))),
            _ => Err(Failure::cannot(format!("there are several shots `{name}`")).hint("write FILE:SHOT")),
        }
    }

    /// The plan's rows, with what only the ledger knows: what was bought for a text that has changed since, or for a film that is
    /// gone.
    fn plan(
        &self,
        scope: &Scope<'_>,
        books: &Books<'_>,
        followed: &HashSet<String>,
        notes: &HashMap<Clip, String>,
    ) -> Plan {
        let mut rows = Vec::new();
        for shot in &scope.selection.shots {
            match shot {
                Selected::Ready(ready) => rows.push(plan::row(&ready.item, books, Choice::default())),
                Selected::Blocked(blocked) => {
                    let row = plan::blocked_row(blocked, books);
                    rows.extend(Some(row).filter(|row| row.state != ShotState::New));
                }
            }
        }
        let current: HashSet<Clip> = rows.iter().map(|row| row.item.clip.clone()).collect();
        let is_shown = |attempt: &&Attempt| {
            let is_open = matches!(attempt.standing(), Standing::InFlight | Standing::Unknown);
            let is_gone =
                scope.films.is_none() && scope.selection.shots.is_empty() && attempt.standing() > Standing::Void;
            scope.has(attempt)
                && !current.iter().any(|clip| attempt.counts_for(clip))
                && (is_open || is_gone || followed.contains(&attempt.id))
        };
        let mut others: HashSet<Clip> = HashSet::new();
        for attempt in books.ledger.attempts().filter(is_shown) {
            if others.insert(attempt.clip.clone()) {
                rows.push(plan::row(&item_of(attempt), books, Choice::default()));
            }
        }
        for row in &mut rows {
            if row.state == ShotState::InFlight
                && let Some(note) = notes.get(&row.item.clip)
            {
                row.reason = Some(note.clone());
            }
        }
        Plan { skipped: scope.selection.skipped, ..Plan::of(rows, books, scope.usd_per_unit) }
    }

    fn show(&self, plan: &Plan, ui: &Ui) -> Result<(), Failure> {
        let text = match self.format {
            Format::Human => plan::human(plan, ui.out_terminal().color),
            Format::Json => plan::json(plan),
        };
        Ok(ui.print(&text)?)
    }

    fn exit_of(&self, plan: &Plan, is_stuck: bool) -> Exit {
        let is_unsettled = |row: &Row| match row.state {
            ShotState::Failed | ShotState::Unknown => true,
            ShotState::InFlight => self.wait,
            _ => false,
        };
        if is_stuck || plan.rows.iter().any(is_unsettled) { Exit::Unsettled } else { Exit::Done }
    }
}

/// Why clips are still in flight.
fn notes(summary: &Summary) -> HashMap<Clip, String> {
    let notes = summary.settled.iter().filter_map(|settled| match &settled.outcome {
        Outcome::InFlight { note: Some(note), .. } => Some((settled.who.clip.clone(), note.clone())),
        _ => None,
    });
    notes.collect()
}

/// A clip that only the ledger knows.
fn item_of(attempt: &Attempt) -> Item {
    let intent = attempt.intent.as_ref();
    Item {
        clip: attempt.clip.clone(),
        file: attempt.clip.film.clone(),
        seconds: intent.map_or(0, |intent| intent.seconds),
        units: intent
            .and_then(|intent| intent.units)
            .map(|units| Units::from_tenths((units.max(0.0) * 10.0).round() as u64)),
        usd: intent.and_then(|intent| intent.usd),
        ..Item::default()
    }
}

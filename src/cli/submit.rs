use std::collections::HashSet;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use serde::Serialize;

use super::console::Console;
use super::failure::Failure;
use super::input::Input;
use super::outcome::{exit_of, show, show_as_json, show_next_steps};
use super::plan::{CLIPS, spend_caps};
use super::service_setup::{Idle, clip_folders, interval, runtime, say_torn, seconds, service, watch_signals};
use super::trust::Recipient;
use super::ui::Ui;
use super::values::Format;
use super::{Exit, project_of, target_settings};
use clapboard::check::CheckedFilm;
use clapboard::ledger::{Attempt, Event, Ledger, Location, Snapshot, Standing, What};
use clapboard::plan::{Choice, Hold, Item, Plan, Row, human};
use clapboard::select::{Books, Ready, Selected, Selection, ShotName, Sign, Wanted, Why, select};
use clapboard::submit::{Options, Order, RequestBody, Session, Who};
use clapboard::text::counted;
use clapboard::text::shown::line as plain;

/// Buy the clips, each one once
///
/// The clips of all shots that are new or changed. Shows the price first, asks, and downloads the clips.
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  clapboard submit --dry-run\n  clapboard submit --shot harbour-010 --max-units 5\n  \
                  clapboard submit --again harbour-010\n\nExit status: 0 all clips are here, 1 errors in the storyboards, 2 the command could not run, 3 over the budget, \
                  a clip may have been bought before, or the question was not answered with yes, 4 a clip failed, is still in \
                  flight or its outcome is not known, 130 interrupted"
)]
pub struct Submit {
    #[command(flatten)]
    input: Input,
    /// Only this shot; may be given several times
    #[arg(long, value_name = "[FILE:]SHOT", help_heading = "Input")]
    shot: Vec<ShotName>,
    /// Buy another take of this shot, and nothing else; may be given several times
    #[arg(long, value_name = "[FILE:]SHOT", help_heading = "Buying")]
    again: Vec<ShotName>,
    /// Do not ask
    #[arg(long, help_heading = "Buying")]
    yes: bool,
    /// Buy nothing if it comes to more than N Kling units
    #[arg(long, value_name = "N", help_heading = "Buying")]
    max_units: Option<f64>,
    /// Buy failed shots again
    #[arg(long, help_heading = "Buying")]
    retry_failed: bool,
    /// Do everything but send: no request is made and nothing is written
    #[arg(long, help_heading = "Buying")]
    dry_run: bool,
    /// Clips in flight at once
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u16).range(1..=1000), help_heading = "Waiting")]
    jobs: u16,
    /// Order the clips and do not wait for them: `clapboard status` downloads them
    #[arg(long, help_heading = "Waiting")]
    no_wait: bool,
    /// Total time to wait
    #[arg(long, value_name = "SECONDS", default_value = "3600", value_parser = seconds, help_heading = "Waiting")]
    timeout: Duration,
    /// Delay between polls of a clip [default: 5, slowing to 15]
    #[arg(long, value_name = "SECONDS", value_parser = interval, help_heading = "Waiting")]
    poll_interval: Option<Duration>,
    /// Where the clips go, from the project root
    #[arg(long, value_name = "DIR", default_value = CLIPS, help_heading = "Output")]
    out: PathBuf,
    /// Output format
    #[arg(long, value_enum, default_value = "human", help_heading = "Output")]
    format: Format,
}

/// What is to be bought, from where, and by which books.
struct Purchase<'c> {
    takes: &'c [CheckedFilm],
    selection: Selection<Ready<'c>>,
    location: Location,
    take: &'c CheckedFilm,
}

impl<'c> Purchase<'c> {
    /// The shots whose requests can be made, each with its row of a plan that was made of them.
    fn rows<'p>(&'p self, plan: &'p Plan) -> impl Iterator<Item = (&'p Row, &'p Ready<'c>)> {
        plan.rows.iter().zip(&self.selection.shots).filter_map(|(row, shot)| match shot {
            Selected::Ready(ready) => Some((row, &**ready)),
            Selected::Blocked(_) => None,
        })
    }
}

impl Submit {
    pub fn run(&self, ui: &Ui) -> Result<Exit, Failure> {
        let checked = self.input.check(ui);
        ui.report(&checked.report)?;
        if checked.exit == Exit::Failed {
            return Ok(Exit::Failed);
        }
        let Some(project) = project_of(&checked.takes)? else { return Ok(Exit::Done) };
        let names: Vec<ShotName> = self.shot.iter().chain(&self.again).cloned().collect();
        let wanted = Wanted { shots: &names, despite_other_shots: true };
        let selection = select(&checked.takes, &checked.report, wanted);
        if let Some(exit) = refuse_blocked(&selection, ui)? {
            return Ok(exit);
        }
        let Some(take) = selection.ready().next().map(|ready| ready.take) else {
            match selection.skipped {
                0 => ui.say("there is no shot to buy"),
                skipped => ui.say(format!("there is no shot to buy: {}", counted(skipped, "skipped shot"))),
            }
            return Ok(Exit::Done);
        };
        if selection.ready().any(|ready| ready.take.target != take.target) {
            return Err(Failure::cannot("these storyboards have different targets"));
        }
        let films: HashSet<&str> = selection.ready().map(|ready| ready.item.clip.film.as_str()).collect();
        clip_folders(&project.root.as_std_path().join(&self.out), films, self.dry_run)?;
        let location = Location::of(project.root.as_std_path());
        let purchase = Purchase { takes: &checked.takes, location, take, selection };
        let snapshot = Snapshot::read(&purchase.location)?;
        say_torn(ui, snapshot.torn, &purchase.location.root.join(clapboard::ledger::FILE_NAME));
        let books = Books::of(&snapshot, &purchase.location.root, &self.out);
        let plan = self.plan(&purchase, &books);
        if self.dry_run {
            return self.dry_run(&purchase, &plan, ui);
        }
        let is_idle = plan.totals.clips == 0 && plan.taken_over().next().is_none();
        if is_idle && !has_open(&plan, &books) {
            return self.end_without_a_service(&plan, ui);
        }
        if let Some(failure) = bought_before(&plan) {
            self.show_plan(&plan, ui)?;
            return Err(failure);
        }
        self.buy_with_service(&purchase, ui)
    }

    fn plan(&self, purchase: &Purchase<'_>, books: &Books<'_>) -> Plan {
        let rows = purchase.selection.shots.iter().map(|shot| match shot {
            Selected::Ready(ready) => {
                let choice = Choice { retry_failed: self.retry_failed, again: self.is_again(ready) };
                clapboard::plan::row(&ready.item, books, choice)
            }
            Selected::Blocked(blocked) => clapboard::plan::blocked_row(blocked, books),
        });
        let usd_per_unit = purchase.take.project.config.usd_per_unit;
        let mut plan = Plan::of(rows.collect(), books, usd_per_unit);
        plan.skipped = purchase.selection.skipped;
        plan.cap_spend(books, &spend_caps(purchase.takes));
        plan
    }

    fn is_again(&self, ready: &Ready<'_>) -> bool {
        self.again.iter().any(|name| name.names(ready.take, &ready.item.clip.shot))
    }

    fn show_plan(&self, plan: &Plan, ui: &Ui) -> io::Result<()> {
        if !ui.quiet || !self.yes {
            ui.err().write_all(human(plan, ui.err_terminal().color).as_bytes())?;
        }
        if self.format == Format::Json {
            ui.event(&PlanEvent {
                version: 1,
                event: "plan",
                clips: plan.totals.clips,
                units: plan.totals.units.map(|units| units.as_f64()),
                usd: plan.totals.usd,
            });
        }
        Ok(())
    }

    /// Nothing is to be bought, followed or looked up: no key is needed for that.
    fn end_without_a_service(&self, plan: &Plan, ui: &Ui) -> Result<Exit, Failure> {
        self.show_plan(plan, ui)?;
        if let Some(failure) = bought_before(plan).or_else(|| over_spend(plan)) {
            return Err(failure);
        }
        let exit = exit_of_plan(plan);
        match self.format {
            Format::Human => super::outcome::show_done(plan, ui)?,
            Format::Json => super::outcome::show_end(exit, false, ui),
        }
        Ok(exit)
    }

    fn buy_with_service(&self, purchase: &Purchase<'_>, ui: &Ui) -> Result<Exit, Failure> {
        let service = service(&purchase.take.project, purchase.take.target)?;
        let recipient = Recipient::of(&purchase.take.project, &service);
        let root = &purchase.location.root;
        let mut ledger = Ledger::open(&purchase.location)?;
        self.take_over(purchase, &mut ledger, ui)?;
        let console = Arc::new(Console::new(ui, self.format));
        let options = Options {
            jobs: usize::from(self.jobs),
            wait: !self.no_wait,
            timeout: self.timeout,
            poll_interval: self.poll_interval,
            retry_failed: self.retry_failed,
            out: self.out.clone(),
        };
        let session = Arc::new(Session::new(service, ledger, root.clone(), options, console.clone()));
        runtime()?.block_on(self.buy(session, &console, purchase, &recipient, ui))
    }

    /// Lets what was bought under another name count for the shots of today, and puts the clips into their places.
    fn take_over(&self, purchase: &Purchase<'_>, ledger: &mut Ledger, ui: &Ui) -> Result<(), Failure> {
        let root = &purchase.location.root;
        let moves: Vec<(Item, Sign)> = {
            let books = Books::new(ledger.state(), ledger.with_second(), root, &self.out);
            self.plan(purchase, &books).taken_over().map(|(row, sign)| (row.item.clone(), sign.clone())).collect()
        };
        for (item, sign) in moves {
            let Sign::OtherName { film, shot, attempt, .. } = sign else { continue };
            let what = What::Moved { from_film: film.clone(), from_shot: shot.clone() };
            let event = Event { at: jiff::Timestamp::now(), clip: item.clip.clone(), attempt: attempt.clone(), what };
            ledger.record(event)?;
            let to = self.out.join(&item.clip.film).join(format!("{}.mp4", item.clip.shot));
            let here = ledger.state().attempt(&attempt).and_then(|attempt| copy_clip(attempt, root, &to));
            let at = here.map_or(String::new(), |path| format!(", {path}"));
            ui.note(format!("{}: taken over from {film} {shot}, no request{at}", name_of(&item)));
        }
        Ok(())
    }

    /// Settles what is not known, shows the plan, asks, buys.
    async fn buy(
        &self,
        session: Arc<Session>,
        console: &Console,
        purchase: &Purchase<'_>,
        recipient: &Recipient<'_>,
        ui: &Ui,
    ) -> Result<Exit, Failure> {
        let idle = Idle::default();
        watch_signals(&session, &idle, ui)?;
        session.settle(unknown_of(&session, &purchase.selection), !self.no_wait).await;
        console.close();

        let plan = {
            let ledger = session.ledger();
            let books = Books::new(ledger.state(), ledger.with_second(), &purchase.location.root, &self.out);
            self.plan(purchase, &books)
        };
        self.show_plan(&plan, ui)?;
        self.confirm(&plan, recipient, &idle, ui)?;
        recipient.agree(&purchase.location);
        let orders = purchase.rows(&plan).map(|(row, ready)| Order {
            item: row.item.clone(),
            is_agreed: row.to_buy,
            is_again: row.to_buy && self.is_again(ready),
            path: ready.request.path,
            body: Arc::new(ready.request.body.clone()),
        });
        console.expect(plan.totals.clips);
        session.restart_clock();
        let summary = session.run(orders.collect()).await;
        console.close();
        let exit = exit_of(&summary, self.no_wait);
        match self.format {
            Format::Human => show(&summary, &purchase.selection, plan.usd_per_unit, ui)?,
            Format::Json => show_as_json(&summary, exit, ui),
        }
        show_next_steps(&summary, ui);
        Ok(exit)
    }

    /// Makes sure that the plan is to be bought: its limits are kept, and the person agrees.
    fn confirm(&self, plan: &Plan, recipient: &Recipient<'_>, idle: &Idle, ui: &Ui) -> Result<(), Failure> {
        if let Some(failure) = bought_before(plan).or_else(|| over_spend(plan)) {
            return Err(failure);
        }
        if plan.totals.clips == 0 {
            return Ok(());
        }
        self.within_cap(plan)?;
        if self.yes {
            ui.note(format!("sending {}", recipient.sentence()));
            return Ok(());
        }
        let clips = counted(plan.totals.clips, "clip");
        let cost = match (plan.totals.usd, plan.totals.units) {
            (Some(usd), _) => format!("for about ${usd:.2}"),
            (None, Some(units)) => format!("for about {}", counted(units, "unit")),
            (None, None) => "at a price that is not known".into(),
        };
        ui.note(format!("this sends {}", recipient.sentence()));
        idle.set(true);
        let answer = ui.ask(&format!("Buy {clips} {cost}?"))?;
        idle.set(false);
        match answer {
            Some(true) => Ok(()),
            Some(false) => Err(Failure::refused("nothing was bought")),
            None => Err(Failure::refused("nothing was bought: there is nobody to ask")
                .hint("clapboard submit --yes buys without a question")),
        }
    }

    /// Holds the plan against `--max-units`.
    fn within_cap(&self, plan: &Plan) -> Result<(), Failure> {
        let Some(most) = self.max_units.filter(|_| plan.totals.clips > 0) else { return Ok(()) };
        match plan.totals.units {
            Some(units) if units.as_f64() <= most => Ok(()),
            Some(units) => Err(Failure::refused(format!(
                "it comes to {}, and --max-units allows {most}: nothing was bought",
                counted(units, "unit")
            ))),
            None => {
                let is_unpriced = |row: &&Row| row.to_buy && row.item.units.is_none();
                let names: Vec<String> =
                    plan.rows.iter().filter(is_unpriced).take(5).map(|row| name_of(&row.item)).collect();
                Err(Failure::refused(format!(
                    "the price of {} is not known, so --max-units cannot be kept: nothing was bought",
                    names.join(", ")
                )))
            }
        }
    }

    /// Everything up to the socket: each request is made, from the frames as they are, and thrown away. Needs no key.
    fn dry_run(&self, purchase: &Purchase<'_>, plan: &Plan, ui: &Ui) -> Result<Exit, Failure> {
        ui.err().write_all(human(plan, ui.err_terminal().color).as_bytes())?;
        let target = purchase.take.target;
        let settings = target_settings(&purchase.take.project, target)?;
        let address =
            clapboard::service::Endpoint::address(target, settings.base_url.as_deref()).map_err(Failure::cannot)?;
        let has_id = settings.external_task_id || target.finds_by_external_id();
        // The length of an attempt's id is always the same.
        let id = has_id.then_some("00000000000000000000000000000000");
        for (row, ready) in purchase.rows(plan).filter(|(row, _)| row.to_buy) {
            let mut length = Length(0);
            RequestBody::write_to(&ready.request.body, &mut length, id).map_err(|error| {
                Failure::cannot(format!("{}: its request cannot be made: {error}", name_of(&row.item)))
            })?;
            let (clip, units) = (&row.item.clip, row.item.units);
            match self.format {
                Format::Human => writeln!(
                    ui.out(),
                    "would send  {} {}  {} to {address}{}",
                    plain(&clip.film),
                    clip.shot,
                    counted(length.0, "byte"),
                    ready.request.path
                )?,
                Format::Json => ui.event(&serde_json::json!({
                    "version": 1, "event": "would_send", "file": row.item.file, "film": clip.film, "shot": clip.shot,
                    "identity": clip.identity, "bytes": length.0, "units": units.map(|units| units.as_f64()),
                })),
            }
        }
        if let Some(failure) = bought_before(plan).or_else(|| over_spend(plan)) {
            return Err(failure);
        }
        self.within_cap(plan)?;
        Ok(Exit::Done)
    }
}

/// Ends the command where a shot is missing or cannot be bought: nothing is bought then.
fn refuse_blocked(selection: &Selection<Ready<'_>>, ui: &Ui) -> Result<Option<Exit>, Failure> {
    if let Some(name) = selection.missing.first() {
        return Err(Failure::cannot(format!("there is no shot `{name}`: nothing was bought")));
    }
    let blocked: Vec<_> = selection.blocked().collect();
    if blocked.is_empty() {
        return Ok(None);
    }
    for blocked in blocked.iter().filter(|blocked| blocked.why.is_failure()) {
        ui.say(blocked.sentence());
    }
    if blocked.iter().all(|blocked| matches!(blocked.why, Why::OverBudget)) {
        return Err(Failure::refused("the film is over its budget: nothing was bought"));
    }
    ui.say("nothing was bought");
    let failed = blocked.iter().any(|blocked| blocked.why.is_failure());
    Ok(Some(if failed { Exit::Failed } else { Exit::Errors }))
}

/// Names the clips that may have been bought before, with what to do.
fn bought_before(plan: &Plan) -> Option<Failure> {
    let signs: Vec<(&Row, &Sign)> = plan.bought_before().collect();
    let (first, _) = signs.first()?;
    let failure = Failure::refused("these clips may have been bought before: nothing was bought");
    let failure = signs
        .iter()
        .fold(failure, |failure, (row, sign)| failure.detail(format!("{}: {}", name_of(&row.item), sign.reason())));
    let failure = match signs.iter().any(|(_, sign)| **sign == Sign::SecondCopy) {
        true => failure.hint("clapboard status --restore puts the missing lines back into the ledger"),
        false => failure,
    };
    Some(failure.hint(format!("clapboard submit --again {} buys it all the same", name_of(&first.item))))
}

/// The films that would cost more than they may.
fn over_spend(plan: &Plan) -> Option<Failure> {
    let row = plan.rows.iter().find(|row| row.hold == Some(Hold::OverSpend))?;
    let reason = row.reason.as_deref().unwrap_or("over the budget");
    Some(Failure::refused(format!("{}: {reason}: nothing was bought", row.item.file)))
}

/// `FILE:SHOT`, as a shot is named on the command line.
fn name_of(item: &Item) -> String {
    format!("{}:{}", item.file, item.clip.shot)
}

/// Whether anything of these shots is in flight or not known: then the service is asked.
fn has_open(plan: &Plan, books: &Books<'_>) -> bool {
    plan.rows.iter().any(|row| {
        let clip = &row.item.clip;
        let mut attempts = books.ledger.of_shot(&clip.film, &clip.shot);
        attempts.any(|attempt| attempt.standing() == Standing::Unknown || attempt.open_tasks().next().is_some())
    })
}

/// The attempts at the selected shots, at whatever they said, of which nobody knows what became.
fn unknown_of(session: &Session, selection: &Selection<Ready<'_>>) -> Vec<(Who, Attempt)> {
    let ledger = session.ledger();
    let of_shot = |ready: &Ready<'_>| {
        let clip = &ready.item.clip;
        let unknown =
            ledger.state().of_shot(&clip.film, &clip.shot).filter(|attempt| attempt.standing() == Standing::Unknown);
        let who = |attempt: &Attempt| Who { file: ready.item.file.clone(), clip: attempt.clip.clone() };
        unknown.map(|attempt| (who(attempt), attempt.clone())).collect::<Vec<_>>()
    };
    selection.ready().flat_map(of_shot).collect()
}

/// The state of shots of which nothing is bought and nothing is open.
fn exit_of_plan(plan: &Plan) -> Exit {
    use clapboard::ledger::ShotState::{Failed, InFlight, Unknown};
    let is_unsettled = |row: &Row| matches!(row.state, Failed | InFlight | Unknown);
    if plan.rows.iter().any(is_unsettled) { Exit::Unsettled } else { Exit::Done }
}

/// Copies an attempt's clip to its new place, where nothing is. The old one stays: the old name may still be in use.
fn copy_clip(attempt: &Attempt, root: &Path, to: &Path) -> Option<String> {
    let target = root.join(to);
    let (from, _) = attempt.downloads().find(|(path, _)| root.join(path).is_file())?;
    if target.symlink_metadata().is_ok() {
        return None;
    }
    std::fs::create_dir_all(target.parent()?).ok()?;
    let from = root.join(from);
    std::fs::hard_link(&from, &target).or_else(|_| std::fs::copy(&from, &target).map(drop)).ok()?;
    Some(to.display().to_string())
}

#[derive(Serialize)]
struct PlanEvent {
    version: u32,
    event: &'static str,
    clips: usize,
    units: Option<f64>,
    usd: Option<f64>,
}

struct Length(u64);

impl Write for Length {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

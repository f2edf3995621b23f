use std::collections::HashSet;
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;

use super::console::Console;
use super::input::Input;
use super::say;
use super::selection::{Selected, ShotName, complain, project, select};
use super::submit::{Format, look_at_folder, tell_how_to_settle, tell_next_steps, tell_torn, who};
use super::venue::{Idle, interval, runtime, seconds, service, watch_signals};
use super::{Exit, Global};
use clapboard::kling::price::Units;
use clapboard::ledger::{Attempt, Clip, Ledger, Location, ShotState, Snapshot, Standing};
use clapboard::plan::{self, Item, Plan};
use clapboard::report;
use clapboard::submit::{Options, Session, Who};

/// Fetch clips that are ready, and settle what is not known
///
/// Holds the ledger against the service. Buys nothing.
#[derive(Args, Debug)]
#[command(
    after_help = "Exit status: 0 nothing has failed or is unknown, 2 the command could not run, 4 a clip failed, its outcome is not \
                  known, or with --wait is still in flight, 130 interrupted"
)]
pub struct Status {
    #[command(flatten)]
    input: Input,
    /// Stay until all is settled
    #[arg(long, help_heading = "Waiting")]
    wait: bool,
    /// For the whole wait
    #[arg(long, value_name = "SECONDS", default_value = "3600", value_parser = seconds, help_heading = "Waiting")]
    timeout: Duration,
    /// Between two questions for a clip [default: 5, slowing to 15]
    #[arg(long, value_name = "SECONDS", value_parser = interval, help_heading = "Waiting")]
    poll_interval: Option<Duration>,
    /// This task of the service is the shot's clip; the service is asked whether there is such a task
    #[arg(long, value_name = "[FILE:]SHOT=TASK_ID", value_parser = adoption, help_heading = "Settling")]
    adopt: Vec<Adoption>,
    /// The shot's unknown outcome was not a clip, or its task is gone at the service: it may be bought again
    #[arg(long, value_name = "[FILE:]SHOT", help_heading = "Settling")]
    forget: Vec<ShotName>,
    /// Forget even what the service may still be working on
    #[arg(long, requires = "forget", help_heading = "Settling")]
    force: bool,
    /// Where the clips go, from the project root
    #[arg(long, value_name = "DIR", default_value = "clips", help_heading = "Output")]
    out: PathBuf,
    /// The form of what is told
    #[arg(long, value_enum, default_value = "human", help_heading = "Output")]
    format: Format,
}

#[derive(Clone, Debug)]
struct Adoption {
    shot: ShotName,
    task_id: String,
}

fn adoption(text: &str) -> Result<Adoption, String> {
    let (shot, task_id) = text.split_once('=').ok_or("write it as SHOT=TASK_ID")?;
    let shot = shot.parse().map_err(|_| "write it as SHOT=TASK_ID")?;
    Ok(Adoption { shot, task_id: task_id.trim().to_owned() })
}

impl Status {
    pub fn run(&self, global: &Global) -> io::Result<Exit> {
        let checked = self.input.check();
        if checked.exit == Exit::Failed {
            return Ok(Exit::Failed);
        }
        let project = match project(&checked.takes) {
            Ok(Some(project)) => project,
            Ok(None) => return Ok(Exit::Done),
            Err(exit) => return Ok(exit),
        };
        // What is in flight is fetched whatever the storyboards look like by now: their errors hold nothing back here.
        let mut ignored = Exit::Done;
        let selected = select(&checked.takes, &checked.report, &[], true, &mut ignored);
        let films: HashSet<String> =
            checked.takes.iter().map(|take| take.project.film_name(&take.film.file.document.source.path)).collect();
        let is_meant = |clip: &Clip| self.input.is_everything() || films.contains(&clip.film);

        let snapshot = match Snapshot::read(&Location::of(project.root.as_std_path())) {
            Ok(snapshot) => snapshot,
            Err(error) => {
                complain(&error.to_string());
                return Ok(Exit::Failed);
            }
        };
        let is_open = |attempt: &Attempt| {
            matches!(attempt.standing(), Standing::InFlight | Standing::Unknown)
                || attempt.open_tasks().next().is_some()
        };
        let nothing_to_do = self.adopt.is_empty() && self.forget.is_empty();
        if nothing_to_do && !snapshot.state.attempts().any(|attempt| is_meant(&attempt.clip) && is_open(attempt)) {
            tell_torn(snapshot.torn, project.root.join(clapboard::ledger::FILE_NAME).as_std_path());
            let plan = Plan::new(selected.into_iter().map(|selected| selected.item), &snapshot.state, false);
            self.tell(&plan)?;
            return Ok(self.exit_of(&plan));
        }
        let Some(take) = checked.takes.first() else { return Ok(Exit::Done) };
        let service = match service(take) {
            Ok(service) => service,
            Err(problem) => {
                complain(&problem);
                return Ok(Exit::Failed);
            }
        };
        let out = project.root.as_std_path().join(&self.out);
        if let Err(error) = look_at_folder(&out, false) {
            complain(&format!("clips cannot be stored in {}: {error}", out.display()));
            return Ok(Exit::Failed);
        }
        let ledger = match Ledger::open(&Location::of(project.root.as_std_path())) {
            Ok(ledger) => ledger,
            Err(error) => {
                complain(&error.to_string());
                return Ok(Exit::Failed);
            }
        };
        tell_torn(ledger.torn(), ledger.path());
        // On standard output stands the plan alone, in either form.
        let console = Arc::new(Console::new(false, global));
        let options = Options {
            jobs: 1,
            wait: self.wait,
            timeout: self.timeout,
            poll_interval: self.poll_interval,
            retry_failed: false,
            out: self.out.clone(),
        };
        let session = Arc::new(Session::new(service, ledger, project.root.clone().into(), options, console.clone()));
        runtime()?.block_on(self.round(session, &console, selected, &is_meant))
    }

    async fn round(
        &self,
        session: Arc<Session>,
        console: &Console,
        selected: Vec<Selected<'_>>,
        is_meant: &dyn Fn(&Clip) -> bool,
    ) -> io::Result<Exit> {
        watch_signals(&session, &Idle::default())?;
        if !self.settle_by_hand(&session, &selected).await {
            return Ok(Exit::Failed);
        }
        let named = |attempt: &Attempt| {
            let selected = selected
                .iter()
                .find(|s| s.item.clip.film == attempt.clip.film && s.item.clip.shot == attempt.clip.shot);
            let is_current = selected.is_some_and(|selected| selected.item.clip == attempt.clip);
            (who(selected.map_or(&attempt.clip.film, |selected| &selected.item.file), attempt), is_current)
        };
        let attempts = |wanted: &dyn Fn(&Attempt) -> bool| -> Vec<Attempt> {
            let ledger = session.ledger();
            ledger.state().attempts().filter(|attempt| is_meant(&attempt.clip) && wanted(attempt)).cloned().collect()
        };
        let unknown = attempts(&|attempt| attempt.standing() == Standing::Unknown);
        let unknown = unknown.into_iter().map(|attempt| (named(&attempt).0, attempt)).collect();
        let unsettled = session.settle(unknown, self.wait).await;

        let open = attempts(&|attempt| attempt.open_tasks().next().is_some());
        let followed: Vec<Clip> = open.iter().map(|attempt| attempt.clip.clone()).collect();
        let open = open.into_iter().map(|attempt| {
            let (who, is_current) = named(&attempt);
            (who, attempt, is_current)
        });
        console.expect(followed.len());
        let summary = session.follow(open.collect()).await;
        console.close();

        for (who, attempt, _) in &unsettled {
            tell_how_to_settle(who, attempt.candidates.last().map(String::as_str));
        }
        tell_next_steps(&summary);
        let plan = {
            let ledger = session.ledger();
            let current: HashSet<Clip> = selected.iter().map(|selected| selected.item.clip.clone()).collect();
            let mut items: Vec<Item> = selected.into_iter().map(|selected| selected.item).collect();
            // What was bought for a text that has changed since, or for a film that is gone, is told as well.
            let others =
                ledger.state().attempts().filter(|attempt| is_meant(&attempt.clip) && !current.contains(&attempt.clip));
            let open = |attempt: &&Attempt| {
                matches!(attempt.standing(), Standing::InFlight | Standing::Unknown) || followed.contains(&attempt.clip)
            };
            items.extend(others.filter(open).map(item_of));
            Plan::new(items, ledger.state(), false)
        };
        self.tell(&plan)?;
        if summary.interrupted {
            return Ok(Exit::Interrupted);
        }
        if let Some(clapboard::submit::Halt::Ledger { .. }) = summary.halt {
            return Ok(Exit::Failed);
        }
        Ok(self.exit_of(&plan))
    }

    /// Does what `--adopt` and `--forget` ask for; false where one of them could not be done.
    async fn settle_by_hand(&self, session: &Arc<Session>, selected: &[Selected<'_>]) -> bool {
        let find = |name: &ShotName| -> Option<(Who, Clip)> {
            let mut found = selected.iter().filter(|selected| name.names(selected.take, &selected.item.clip.shot));
            let (first, more) = (found.next(), found.next());
            match (first, more) {
                (Some(first), None) => {
                    let clip = first.item.clip.clone();
                    let who = Who { file: first.item.file.clone(), clip: clip.clone() };
                    Some((who, clip))
                }
                (Some(_), Some(_)) => {
                    complain(&format!("there are several shots `{name}`: write FILE:SHOT"));
                    None
                }
                (None, _) => {
                    complain(&format!("there is no shot `{name}`, or its storyboard has an error"));
                    None
                }
            }
        };
        for name in &self.forget {
            let Some((who, _)) = find(name) else { return false };
            if let Err(error) = session.forget(&who, self.force) {
                complain(&format!("{name}: {error}"));
                return false;
            }
        }
        for Adoption { shot, task_id } in &self.adopt {
            let Some((who, clip)) = find(shot) else { return false };
            if let Err(error) = session.adopt(&who, &clip, task_id).await {
                complain(&format!("{shot}: {error}"));
                return false;
            }
        }
        true
    }

    fn tell(&self, plan: &Plan) -> io::Result<()> {
        let text = match self.format {
            Format::Human => plan::human(plan),
            Format::Json => plan::json(plan),
        };
        say::unless_closed(io::stdout().lock().write_all(text.as_bytes()))
    }

    fn exit_of(&self, plan: &Plan) -> Exit {
        let unsettled = |state| {
            matches!(state, ShotState::Failed | ShotState::Unknown) || (self.wait && state == ShotState::InFlight)
        };
        if plan.rows.iter().any(|row| unsettled(row.state)) { Exit::Unsettled } else { Exit::Done }
    }
}

/// A clip that only the ledger knows.
fn item_of(attempt: &Attempt) -> Item {
    let intent = attempt.intent.as_ref();
    Item {
        clip: attempt.clip.clone(),
        file: report::plain(&attempt.clip.film),
        fields: Vec::new(),
        seconds: intent.map_or(0, |intent| intent.seconds),
        units: intent
            .and_then(|intent| intent.units)
            .map(|units| Units::from_tenths((units.max(0.0) * 10.0).round() as u64)),
        usd: intent.and_then(|intent| intent.usd),
    }
}

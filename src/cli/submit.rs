use std::io::{self, BufRead, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use serde::Serialize;

use super::console::{Console, print_event};
use super::input::Input;
use super::say;
use super::selection::{Selected, ShotName, complain, is_over_budget, project, select};
use super::venue::{Idle, interval, runtime, seconds, service, watch_signals};
use super::{Exit, Global};
use clapboard::api::Request;
use clapboard::api::legacy::blamed_fields;
use clapboard::ledger::{Attempt, Ledger, Location, Snapshot, Standing};
use clapboard::plan::{self, Plan};
use clapboard::report::plain;
use clapboard::service::Service;
use clapboard::submit::{Halt, Options, Order, Outcome, Session, Settled, Summary, Who};

/// Buy the clips, each one once
///
/// The clips of all shots that are new or changed. Shows the price first, asks, and brings the clips home.
#[derive(Args, Debug)]
#[command(
    after_help = "Exit status: 0 all clips are here, 1 errors in the storyboards, 2 the command could not run, 3 over the budget \
                  or the question was not answered with yes, 4 a clip failed, is still in flight or its outcome is not known, \
                  130 interrupted"
)]
pub struct Submit {
    #[command(flatten)]
    input: Input,
    /// Only this shot; may be given several times
    #[arg(long, value_name = "[FILE:]ID", help_heading = "Input")]
    shot: Vec<ShotName>,
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
    /// Order the clips and do not wait for them: `clapboard status` fetches them
    #[arg(long, help_heading = "Waiting")]
    no_wait: bool,
    /// For the whole wait
    #[arg(long, value_name = "SECONDS", default_value = "3600", value_parser = seconds, help_heading = "Waiting")]
    timeout: Duration,
    /// Between two questions for a clip [default: 5, slowing to 15]
    #[arg(long, value_name = "SECONDS", value_parser = interval, help_heading = "Waiting")]
    poll_interval: Option<Duration>,
    /// Where the clips go, from the project root
    #[arg(long, value_name = "DIR", default_value = "clips", help_heading = "Output")]
    out: PathBuf,
    /// The form of what is told
    #[arg(long, value_enum, default_value = "human", help_heading = "Output")]
    format: Format,
}

/// How a run tells what happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For people
    Human,
    /// JSON, for programs
    Json,
}

impl Submit {
    pub fn run(&self, global: &Global) -> io::Result<Exit> {
        let checked = self.input.check();
        checked.tell(global)?;
        if checked.exit == Exit::Failed {
            return Ok(Exit::Failed);
        }
        let project = match project(&checked.takes) {
            Ok(Some(project)) => project,
            Ok(None) => return Ok(Exit::Done),
            Err(exit) => return Ok(exit),
        };
        // A film's errors count where they are about a wanted shot: see `select`.
        let mut exit = Exit::Done;
        let selected = select(&checked.takes, &checked.report, &self.shot, true, &mut exit);
        if exit != Exit::Done {
            complain("nothing was bought");
            return Ok(exit);
        }
        if is_over_budget(&checked.report, &selected) {
            complain("the film is over its budget: nothing was bought");
            return Ok(Exit::Refused);
        }
        let Some(take) = selected.first().map(|selected| selected.take) else {
            complain("there is no shot to buy");
            return Ok(Exit::Done);
        };
        let service = match service(take) {
            Ok(service) => service,
            Err(problem) => {
                complain(&problem);
                return Ok(Exit::Failed);
            }
        };
        if selected.iter().any(|selected| selected.take.target != take.target) {
            complain("these storyboards have different targets");
            return Ok(Exit::Failed);
        }
        let out = project.root.as_std_path().join(&self.out);
        if let Err(error) = look_at_folder(&out, self.dry_run) {
            complain(&format!("clips cannot be stored in {}: {error}", out.display()));
            return Ok(Exit::Failed);
        }
        if self.dry_run {
            return self.rehearse(project.root.as_std_path(), &selected, &service);
        }
        let ledger = match Ledger::open(&Location::of(project.root.as_std_path())) {
            Ok(ledger) => ledger,
            Err(error) => {
                complain(&error.to_string());
                return Ok(Exit::Failed);
            }
        };
        tell_torn(ledger.torn(), ledger.path());
        let console = Arc::new(Console::new(self.format == Format::Json, global));
        let options = Options {
            jobs: usize::from(self.jobs),
            wait: !self.no_wait,
            timeout: self.timeout,
            poll_interval: self.poll_interval,
            retry_failed: self.retry_failed,
            out: self.out.clone(),
        };
        let session = Arc::new(Session::new(service, ledger, project.root.clone().into(), options, console.clone()));
        runtime()?.block_on(self.buy(session, &console, &selected, global))
    }

    /// Settles what is not known, shows the plan, asks, buys.
    async fn buy(
        &self,
        session: Arc<Session>,
        console: &Console,
        selected: &[Selected<'_>],
        global: &Global,
    ) -> io::Result<Exit> {
        let idle = Idle::default();
        watch_signals(&session, &idle)?;
        session.settle(unknown_of(&session, selected), !self.no_wait).await;
        console.close();

        let plan = Plan::new(
            selected.iter().map(|selected| selected.item.clone()),
            session.ledger().state(),
            self.retry_failed,
        );
        if let Some(exit) = self.gates(&plan, &idle, global)? {
            return Ok(exit);
        }
        let orders = plan.rows.iter().zip(selected).map(|(row, selected)| Order {
            item: row.item.clone(),
            is_agreed: row.is_bought,
            is_again: false,
            body: Arc::new(selected.request.body.clone()),
        });
        console.expect(plan.totals.clips);
        session.restart_clock();
        let summary = session.run(orders.collect()).await;
        console.close();
        let exit = exit_of(&summary, self.no_wait);
        match self.format {
            Format::Human => tell_humans(&summary, selected)?,
            Format::Json => tell_programs(&summary, exit),
        }
        tell_next_steps(&summary);
        Ok(exit)
    }

    /// Shows the plan and the price, and asks; an exit status where nothing is to be bought after all.
    fn gates(&self, plan: &Plan, idle: &Idle, global: &Global) -> io::Result<Option<Exit>> {
        if !global.quiet || !self.yes {
            say::unless_closed(io::stderr().lock().write_all(plan::human(plan).as_bytes()))?;
        }
        if self.format == Format::Json {
            print_event(&PlanEvent {
                version: 1,
                event: "plan",
                clips: plan.totals.clips,
                units: plan.totals.units.map(|units| units.as_f64()),
                usd: plan.totals.usd,
            });
        }
        if plan.totals.clips == 0 {
            return Ok(None);
        }
        if let Some(problem) = self.over_cap(plan) {
            complain(&format!("{problem}: nothing was bought"));
            return Ok(Some(Exit::Refused));
        }
        if self.yes {
            return Ok(None);
        }
        if !io::stdin().is_terminal() {
            complain("nothing was bought: there is nobody to ask. Say --yes to buy without a question");
            return Ok(Some(Exit::Refused));
        }
        idle.set(true);
        let _ = write!(io::stderr(), "Buy? [y/N] ");
        let _ = io::stderr().flush();
        let mut answer = String::new();
        io::stdin().lock().read_line(&mut answer)?;
        idle.set(false);
        if matches!(answer.trim().to_lowercase().as_str(), "y" | "yes") {
            return Ok(None);
        }
        complain("nothing was bought");
        Ok(Some(Exit::Refused))
    }

    /// Why the plan is not inside `--max-units`.
    fn over_cap(&self, plan: &Plan) -> Option<String> {
        let most = self.max_units.filter(|_| plan.totals.clips > 0)?;
        match plan.totals.units {
            Some(units) if units.as_f64() <= most => None,
            Some(units) => Some(format!("it comes to {units} units, and --max-units allows {most}")),
            None => Some("a shot has no known price, so --max-units cannot be kept".to_owned()),
        }
    }

    /// Everything up to the socket: each request is made, from the frames as they are, and thrown away.
    fn rehearse(&self, root: &Path, selected: &[Selected<'_>], service: &Service) -> io::Result<Exit> {
        let ledger = match Snapshot::read(&Location::of(root)) {
            Ok(ledger) => ledger,
            Err(error) => {
                complain(&error.to_string());
                return Ok(Exit::Failed);
            }
        };
        tell_torn(ledger.torn, &root.join(clapboard::ledger::FILE_NAME));
        let plan = Plan::new(selected.iter().map(|selected| selected.item.clone()), &ledger.state, self.retry_failed);
        say::unless_closed(io::stderr().lock().write_all(plan::human(&plan).as_bytes()))?;
        let endpoint = service.endpoint();
        // The length of an attempt's id is always the same.
        let id = endpoint.external_task_id.then_some("00000000000000000000000000000000");
        for (row, selected) in plan.rows.iter().zip(selected).filter(|(row, _)| row.is_bought) {
            let mut length = Length(0);
            if let Err(error) = clapboard::submit::RequestBody::write_to(&selected.request.body, &mut length, id) {
                complain(&format!("{}: {}: its request cannot be made: {error}", row.item.file, row.item.clip.shot));
                return Ok(Exit::Failed);
            }
            match self.format {
                Format::Human => say::unless_closed(writeln!(
                    io::stdout().lock(),
                    "would send  {} {}  {} bytes to {}{}",
                    plain(&row.item.clip.film),
                    row.item.clip.shot,
                    length.0,
                    endpoint.base_url(),
                    clapboard::api::legacy::path(endpoint.target)
                ))?,
                Format::Json => print_event(&serde_json::json!({
                    "version": 1, "event": "would_send", "file": row.item.file, "film": row.item.clip.film, "shot": row.item.clip.shot,
                    "identity": row.item.clip.identity, "bytes": length.0, "units": row.item.units.map(|units| units.as_f64()),
                })),
            }
        }
        if let Some(problem) = self.over_cap(&plan) {
            complain(&problem);
            return Ok(Exit::Refused);
        }
        Ok(Exit::Done)
    }
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

/// Makes sure that clips can be stored, before anything is bought.
pub fn look_at_folder(folder: &Path, dry_run: bool) -> io::Result<()> {
    if dry_run {
        return match folder.metadata() {
            Ok(metadata) if !metadata.is_dir() => Err(io::Error::from(io::ErrorKind::NotADirectory)),
            _ => Ok(()),
        };
    }
    if folder.symlink_metadata().is_ok_and(|metadata| metadata.is_symlink()) {
        // A project that came from elsewhere may have a link to anywhere there.
        return Err(io::Error::other("it is a symbolic link: name the folder itself with --out"));
    }
    std::fs::create_dir_all(folder)?;
    tempfile::Builder::new().prefix(".clapboard-").tempfile_in(folder).map(drop)
}

pub fn tell_torn(line: Option<usize>, path: &Path) {
    if let Some(line) = line {
        complain(&format!(
            "{}:{line}: this line was cut off when it was written, by a crash or a full disk. It is set aside",
            path.display()
        ));
    }
}

/// The attempts at the selected shots, at whatever they said, of which nobody knows what became.
fn unknown_of(session: &Session, selected: &[Selected<'_>]) -> Vec<(Who, Attempt)> {
    let ledger = session.ledger();
    let of_shot = |selected: &Selected<'_>| {
        let clip = &selected.item.clip;
        let unknown =
            ledger.state().of_shot(&clip.film, &clip.shot).filter(|attempt| attempt.standing() == Standing::Unknown);
        unknown.map(|attempt| (who(&selected.item.file, attempt), attempt.clone())).collect::<Vec<_>>()
    };
    selected.iter().flat_map(of_shot).collect()
}

pub fn who(file: &str, attempt: &Attempt) -> Who {
    Who { file: file.to_owned(), clip: attempt.clip.clone() }
}

fn exit_of(summary: &Summary, no_wait: bool) -> Exit {
    let is_settled = |settled: &&Settled| match settled.outcome {
        Outcome::Done { .. } => true,
        Outcome::InFlight { .. } => no_wait,
        _ => false,
    };
    let unsettled = summary.settled.iter().filter(|settled| settled.is_current).any(|settled| !is_settled(&settled));
    match &summary.halt {
        _ if summary.interrupted => Exit::Interrupted,
        Some(Halt::Ledger { .. }) => Exit::Failed,
        Some(Halt::Charged { .. }) => Exit::Refused,
        Some(_) => Exit::Unsettled,
        None if unsettled => Exit::Unsettled,
        None => Exit::Done,
    }
}

/// A line a shot on standard output, and on standard error the writer's own words where the service objected to them.
fn tell_humans(summary: &Summary, selected: &[Selected<'_>]) -> io::Result<()> {
    let mut rows = String::new();
    for settled in &summary.settled {
        let who = &settled.who;
        let earlier = if settled.is_current { "" } else { " (as it was before)" };
        let (word, detail) = match &settled.outcome {
            Outcome::Done { path: Some(path), .. } => ("done", plain(&path.to_string_lossy())),
            Outcome::Done { path: None, .. } => ("done", "was here already".to_owned()),
            Outcome::Failed { code, message } => (
                "failed",
                match code {
                    Some(code) => format!("({code}) {message}"),
                    None => message.clone(),
                },
            ),
            Outcome::InFlight { task_id, note } => (
                "in flight",
                format!("task {task_id}{}", note.as_ref().map_or(String::new(), |note| format!(": {note}"))),
            ),
            Outcome::Unknown { reason, .. } => ("unknown", reason.clone()),
            Outcome::NotBought { reason } => ("not bought", reason.clone()),
        };
        rows.push_str(&format!("{word:<10}  {} {}{earlier}  {detail}\n", plain(&who.clip.film), who.clip.shot));
    }
    say::unless_closed(io::stdout().lock().write_all(rows.as_bytes()))?;
    for settled in summary.settled.iter().filter(|settled| settled.is_current) {
        if let Outcome::Failed { code, message } = &settled.outcome
            && let Some(selected) = selected.iter().find(|selected| selected.item.clip == settled.who.clip)
        {
            let _ = write!(io::stderr(), "\n{}", at_the_words(&selected.request, *code, message));
        }
    }
    Ok(())
}

/// What the service objects to, at the lines that it came from: the fields that its text names, else the shot.
fn at_the_words(request: &Request, code: Option<u32>, message: &str) -> String {
    const MOST: usize = 4;
    let fields = blamed_fields(message);
    let mut places: Vec<_> = fields.iter().flat_map(|field| request.sources.places(field)).collect();
    if places.is_empty() {
        places.push(&request.place);
    }
    let mut lines: Vec<String> = Vec::new();
    for place in places {
        let source = &place.source;
        let position = source.position(place.span.start as usize);
        let span = source.line_span(position.line - 1);
        let text = source.text.get(span.start as usize..span.end as usize).unwrap_or_default();
        let line = format!("  {}:{}:{}: {}\n", plain(&source.name), position.line, position.column, plain(text.trim()));
        if !lines.contains(&line) && lines.len() < MOST {
            lines.push(line);
        }
    }
    let row = clapboard::api::legacy::ERRORS.iter().find(|row| Some(row.code) == code);
    let next = row.map_or("change what the message names", |row| row.next);
    let code = code.map_or(String::new(), |code| format!(" ({code})"));
    format!(
        "{}: the service refused shot `{}`{code}: {message}\n{}  Next: {next}, then `clapboard submit` again (with --retry-failed if \
         nothing of it was changed).\n",
        plain(&request.storyboard),
        request.shot,
        lines.concat()
    )
}

#[derive(Serialize)]
struct ResultEvent<'a> {
    version: u32,
    event: &'static str,
    #[serde(flatten)]
    who: &'a Who,
    /// Whether this is the shot as it stands in the storyboard today.
    current: bool,
    state: &'static str,
    path: Option<String>,
    units: Option<f64>,
    code: Option<u32>,
    message: Option<&'a str>,
    task_id: Option<&'a str>,
    attempt: Option<&'a str>,
}

fn tell_programs(summary: &Summary, exit: Exit) {
    for settled in &summary.settled {
        let mut event = ResultEvent {
            version: 1,
            event: "result",
            who: &settled.who,
            current: settled.is_current,
            state: "done",
            path: None,
            units: None,
            code: None,
            message: None,
            task_id: None,
            attempt: None,
        };
        match &settled.outcome {
            Outcome::Done { path, units } => {
                event.path = path.as_ref().map(|path| path.to_string_lossy().into_owned());
                event.units = *units;
            }
            Outcome::Failed { code, message } => {
                (event.state, event.code, event.message) = ("failed", *code, Some(message.as_str()))
            }
            Outcome::InFlight { task_id, note } => {
                (event.state, event.task_id, event.message) = ("in_flight", Some(task_id.as_str()), note.as_deref());
            }
            Outcome::Unknown { attempt, reason, .. } => {
                (event.state, event.attempt, event.message) =
                    ("unknown", Some(attempt.as_str()), Some(reason.as_str()));
            }
            Outcome::NotBought { reason } => (event.state, event.message) = ("not_bought", Some(reason.as_str())),
        }
        print_event(&event);
    }
    print_event(
        &serde_json::json!({"version": 1, "event": "end", "exit": exit as u8, "interrupted": summary.interrupted}),
    );
}

const STAYS_NEW: &str = "What was not sent stays as it was";

/// How to go on, on standard error.
pub fn tell_next_steps(summary: &Summary) {
    match &summary.halt {
        Some(Halt::Account { code, message, advice }) => {
            let code = code.map_or(String::new(), |code| format!("({code}) "));
            complain(&format!("sending stopped: the service refuses it: {code}{message}. Next: {advice}. {STAYS_NEW}"));
        }
        Some(Halt::Unreachable { reason }) => {
            complain(&format!("sending stopped: the service cannot be reached: {reason}. {STAYS_NEW}"));
        }
        Some(Halt::Unknown { reason }) => {
            complain(&format!("sending stopped: the service does not answer as it should: {reason}. {STAYS_NEW}"));
        }
        Some(Halt::Charged { shown, charged }) => complain(&format!(
            "sending stopped: the service charged {charged} units for a clip that was shown as {shown} units, more than twice as much. Look at its prices before you go \
             on. {STAYS_NEW}"
        )),
        Some(Halt::Disk { reason }) => complain(&format!("sending stopped: {reason}. {STAYS_NEW}")),
        Some(Halt::Ledger { reason }) => complain(&format!("sending stopped: {reason}")),
        Some(Halt::Interrupted) | None => {}
    }
    for settled in &summary.settled {
        if let Outcome::Unknown { candidate, .. } = &settled.outcome {
            tell_how_to_settle(&settled.who, candidate.as_deref());
        }
    }
    let in_flight =
        summary.settled.iter().filter(|settled| matches!(settled.outcome, Outcome::InFlight { .. })).count();
    if summary.interrupted {
        complain(
            "interrupted. To go on: clapboard submit (buys what is left, nothing twice), or clapboard status --wait (only fetches what is in flight)",
        );
    } else if in_flight > 0 {
        complain(&format!(
            "{in_flight} in flight. To fetch what is ready: clapboard status; to wait for all: clapboard status --wait"
        ));
    }
}

/// What a writer does about an outcome that nobody knows. `candidate` looked like a task id in the service's answer.
pub fn tell_how_to_settle(who: &Who, candidate: Option<&str>) {
    let name = format!("{}:{}", who.file, who.clip.shot);
    let adopt = match candidate {
        Some(task_id) => format!("Its answer names a task. To take it: clapboard status --adopt {name}={task_id}"),
        None => {
            format!("Look for it in the service's console. If it is there: clapboard status --adopt {name}=TASK_ID")
        }
    };
    complain(&format!(
        "{name}: it is not known whether the service took this shot, so it is not sent again. {adopt}. If it is not there: \
         clapboard status --forget {name}"
    ));
}

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;
use jiff::Timestamp;

use super::failure::Failure;
use super::input::{Checked, Input};
use super::plan::{CLIPS, against};
use super::service_setup::{runtime, service};
use super::trust::Recipient;
use super::ui::Ui;
use super::{Exit, project_of};
use clapboard::api::Balance;
use clapboard::kling::price::Units;
use clapboard::ledger::{FILE_NAME, LOCK_FILE, Location, Second, Snapshot};
use clapboard::project::Project;
use clapboard::select::{Books, Wanted, select};
use clapboard::service::Health;
use clapboard::text::counted;

/// Check what `submit` needs: config, key, service, clock, balance, ledger, git, disk, proxy
///
/// Asks the service for a task that it cannot have, and Kling's own API for the account's resource packs: nothing is bought, and
/// nothing is changed.
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  clapboard doctor\n  clapboard doctor --target official\n\nExit status: 0 all is well, 2 something would stop a submit"
)]
pub struct Doctor {
    #[command(flatten)]
    input: Input,
    /// Send the key where the config says, without asking
    #[arg(long)]
    yes: bool,
}

/// How one thing is.
enum Finding {
    Good(String),
    /// Worth knowing, and no obstacle.
    Note(String),
    /// It would stop a `submit`; what it is, and what to do.
    Bad(String, String),
}

use Finding::{Bad, Good, Note};

impl Doctor {
    pub fn run(&self, ui: &Ui) -> Result<Exit, Failure> {
        let checked = self.input.or_nothing().check(ui);
        let project = match project_of(&checked.takes)? {
            Some(project) => project,
            None => self.input.project_here()?,
        };
        let location = Location::of(project.root.as_std_path());
        let target = self.input.target_of(&project);
        let mut report = Report { ui, is_bad: false };
        report.show("config", config(&project, target.as_str()))?;
        report.show("storyboards", storyboards(checked.takes.len(), checked.report.errors()))?;
        let service = service(&project, target);
        report.show("key", key(&project, &service))?;
        match service {
            Ok(service) => match Recipient::of(&project, &service).check(&location, self.yes, ui) {
                Ok(()) => {
                    let runtime = runtime()?;
                    let health = runtime.block_on(service.health());
                    let (answers, clock) = service_findings(&health);
                    report.show("service", answers)?;
                    report.show("clock", clock)?;
                    if matches!(health, Health::Answers { .. })
                        && let Some(balance) = runtime.block_on(service.balance())
                    {
                        report.show("balance", balance_finding(balance, planned(&checked, &project, &location)))?;
                    }
                }
                Err(failure) => report.show("service", Note(format!("not asked: {}", with_hints(&failure))))?,
            },
            Err(_) => report.show("service", Note("not asked: there is no key to ask with".into()))?,
        }
        report.show("proxy", proxy())?;
        report.show("ledger", ledger(&location))?;
        report.show("second copy", second_copy(&location))?;
        report.show("git", git(&location.root))?;
        report.show("disk", disk(&location.root))?;
        Ok(if report.is_bad { Exit::Failed } else { Exit::Done })
    }
}

struct Report<'u> {
    ui: &'u Ui,
    is_bad: bool,
}

impl Report<'_> {
    fn show(&mut self, what: &str, finding: Finding) -> Result<(), Failure> {
        let color = self.ui.out_terminal().color;
        let (word, on, text, next) = match finding {
            Good(text) => ("ok", "\x1b[32m", text, None),
            Note(text) => ("note", "\x1b[33m", text, None),
            Bad(text, next) => ("bad", "\x1b[31m", text, Some(next)),
        };
        self.is_bad |= next.is_some();
        let (on, off) = if color { (on, "\x1b[0m") } else { ("", "") };
        let mut out = self.ui.out();
        writeln!(out, "{on}{word:<4}{off}  {what:<11}  {}", clapboard::text::shown::line(&text))?;
        if let Some(next) = next {
            writeln!(out, "{:19}next: {}", "", clapboard::text::shown::line(&next))?;
        }
        Ok(())
    }
}

fn config(project: &Project, target: &str) -> Finding {
    let file = project.root.join(clapboard::project::CONFIG);
    match (project.config.has_errors(), file.is_file()) {
        (true, _) => Bad(format!("{} has errors", file), "clapboard check shows them".into()),
        (false, true) => Good(format!("{}, target {target}", file)),
        (false, false) => Note(format!("there is no clapboard.toml in {}: the defaults hold", project.root)),
    }
}

fn storyboards(count: usize, errors: usize) -> Finding {
    match (count, errors) {
        (0, _) => Note("none found here: status works all the same, by the ledger".into()),
        (count, 0) => Good(format!("{count} found, without errors")),
        (count, errors) => Note(format!("{count} found, {}: clapboard check shows them", counted(errors, "error"))),
    }
}

/// A failure in one line.
fn with_hints(failure: &Failure) -> String {
    failure.hints().iter().fold(failure.message().to_owned(), |text, hint| format!("{text}; next: {hint}"))
}

fn key(project: &Project, service: &Result<clapboard::service::Service, Failure>) -> Finding {
    match service {
        Ok(_) => Good(format!("found in {}", project.config.target.auth.variables().join(" and "))),
        Err(failure) => {
            let next = failure.hints().first().map_or("see clapboard.toml, [target]", String::as_str);
            Bad(failure.message().to_owned(), next.to_owned())
        }
    }
}

/// What the service's answer says of it, of the key, and of this machine's clock.
fn service_findings(health: &Health) -> (Finding, Finding) {
    /// A signed token is good from five seconds before to half an hour after it was made.
    const SKEW: i64 = 5;
    let answers = match health {
        Health::Answers { text, .. } => Good(format!("answers, and takes the key ({text})")),
        Health::Refuses { text, advice, .. } => Bad(format!("refuses: {text}"), (*advice).to_owned()),
        Health::Odd { text, .. } => Bad(
            format!("answers something that is not Kling's: {text}"),
            "look at base_url in clapboard.toml: is this the gateway's own address?".into(),
        ),
        Health::Unreachable { reason } => Bad(
            format!("cannot be reached: {reason}"),
            "look at base_url in clapboard.toml, at the network and at the proxy".into(),
        ),
    };
    let clock = match health.clock_skew() {
        None => Note("the service did not say its time".into()),
        Some(seconds) if seconds.abs() <= SKEW => Good("agrees with the service's".into()),
        Some(seconds) => Bad(
            format!(
                "this machine's clock is {} {}",
                counted(seconds.abs(), "second"),
                if seconds > 0 { "behind" } else { "ahead" }
            ),
            "set the clock (NTP): tokens are signed with it, and look-ups are timed by it".into(),
        ),
    };
    (answers, clock)
}

/// What all that `plan` would buy costs; `None` where a clip has no price, or the ledger cannot be read.
fn planned(checked: &Checked, project: &Project, location: &Location) -> Option<Units> {
    let snapshot = Snapshot::read(location).ok()?;
    let books = Books::of(&snapshot, &location.root, Path::new(CLIPS));
    let selection = select(&checked.takes, &checked.report, Wanted::default());
    against(&selection, &books, &checked.takes, project.config.usd_per_unit).totals.units
}

/// What the account has left, against what is planned.
fn balance_finding(balance: Result<Balance, String>, planned: Option<Units>) -> Finding {
    let balance = match balance {
        Ok(balance) => balance,
        Err(reason) => return Note(format!("not known: {reason}")),
    };
    if balance.packs == 0 {
        return Note("no resource pack is in effect: submit works only if the account pays as it goes".into());
    }
    let packs = counted(balance.packs, "resource pack");
    let end = balance.first_end.and_then(|end| Timestamp::from_millisecond(end).ok());
    let end = end.map(|end| format!(", the first until {}", end.strftime("%Y-%m-%d"))).unwrap_or_default();
    let text = format!("{:.1} of {:.1} units left in {packs}{end}; up to 12 hours old", balance.left, balance.bought);
    match planned {
        Some(units) if units.as_f64() > balance.left => Note(format!("{text}: less than the {units} that plan shows")),
        _ => Good(text),
    }
}

fn proxy() -> Finding {
    const NAMES: [&str; 4] = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];
    let set = |name: &&str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    match NAMES.iter().find(|name| set(name)) {
        None => Good("none is set".into()),
        Some(name) => {
            let value = std::env::var(name).unwrap_or_default();
            // It may have a password in it.
            match url::Url::parse(&value).ok().filter(|url| url.has_host()) {
                Some(url) => Note(format!("{name}: {}", url.host_str().unwrap_or_default())),
                None => Bad(
                    format!("{name} is not the address of a proxy"),
                    format!("set {name} to http://HOST:PORT, or unset it"),
                ),
            }
        }
    }
}

fn ledger(location: &Location) -> Finding {
    let path = location.root.join(FILE_NAME);
    match Snapshot::read(location) {
        Err(error) => Bad(error.to_string(), "fix that line or file: nothing is bought before".into()),
        Ok(snapshot) => {
            let count = snapshot.state.attempts().count();
            let open = |path: &Path| std::fs::File::options().append(true).open(path).map(drop);
            match open(&path) {
                Ok(()) => Good(format!("{}, {}", path.display(), counted(count, "attempt"))),
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => Good("none yet".into()),
                Err(error) => {
                    Bad(format!("{} cannot be written: {error}", path.display()), "change its permissions".into())
                }
            }
        }
    }
}

fn second_copy(location: &Location) -> Finding {
    let Some(second) = &location.second else {
        return Note(
            "there is neither a git repository nor a state folder for one: a lost ledger cannot be restored".into(),
        );
    };
    let what = match second {
        Second::Git(folder) => format!("{}, shared by all worktrees and branches", folder.display()),
        Second::State(folder) => folder.display().to_string(),
    };
    let existing = second.folder().ancestors().find(|folder| folder.exists()).unwrap_or(Path::new("/")).to_owned();
    if let Err(error) = writable(&existing) {
        let problem = format!("{what} cannot be written: {error}");
        return match second {
            Second::Git(_) => Bad(problem, "change the permissions of the .git folder".into()),
            Second::State(_) => Note(problem),
        };
    }
    match Snapshot::read(location) {
        Ok(snapshot) if snapshot.with_second != snapshot.state => {
            Note(format!("{what}; it has lines that the ledger lacks: clapboard status --restore puts them back"))
        }
        _ => Good(what),
    }
}

fn git(root: &Path) -> Finding {
    let ignored = |name: &str| {
        let mut command = std::process::Command::new("git");
        command.arg("-C").arg(root).args(["check-ignore", "-q", name]);
        // What git has to say outside a repository is said below.
        command.output().ok().and_then(|output| output.status.code())
    };
    match (ignored(FILE_NAME), ignored(LOCK_FILE)) {
        (None, _) => Note("git is not installed: plan --since needs it".into()),
        (Some(0), _) => Bad(
            format!("git ignores {FILE_NAME}: colleagues would buy everything again"),
            format!("take {FILE_NAME} out of .gitignore, and commit it"),
        ),
        (Some(1), Some(0)) => Good(format!("{FILE_NAME} is kept, {LOCK_FILE} is ignored")),
        (Some(1), _) => Note(format!("put {LOCK_FILE} and clips/ into .gitignore: clapboard init writes one")),
        _ => Note("this is not a git repository".into()),
    }
}

fn disk(root: &Path) -> Finding {
    let clips = root.join(CLIPS);
    let folder: PathBuf = if clips.is_dir() { clips } else { root.to_owned() };
    match writable(&folder) {
        Ok(()) => Good(format!("{} can be written", folder.display())),
        Err(error) => Bad(
            format!("{} cannot be written: {error}", folder.display()),
            "make room, or change its permissions".into(),
        ),
    }
}

/// Whether a file can be made and filled in a folder.
fn writable(folder: &Path) -> std::io::Result<()> {
    const SOME: usize = 1 << 20;
    let mut file = tempfile::Builder::new().prefix(".clapboard-").tempfile_in(folder)?;
    file.write_all(&vec![0; SOME])?;
    file.as_file().sync_all()
}

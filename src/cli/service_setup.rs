//! What `submit` and `status` share: the service by the config and the environment, and the way out on a signal.

use std::collections::HashSet;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::failure::Failure;
use super::ui::Ui;
use super::{Exit, target_settings};
use clapboard::files::ReadError;
use clapboard::kling::Target;
use clapboard::project::{Auth as Keys, Project};
use clapboard::service::{Auth, Endpoint, Key, Service, SystemClock};
use clapboard::submit::Session;

/// The service that a project's config names, with the keys that the environment has.
///
/// # Errors
/// There is no key, the config's address is not one to send a key to, or the network cannot be used.
pub fn service(project: &Project, target: Target) -> Result<Service, Failure> {
    let settings = target_settings(project, target)?;
    let auth = match &settings.auth {
        Keys::Key { variable } => Auth::Bearer(key(variable)?),
        Keys::Pair { access, secret } => Auth::Signed { access: key(access)?, secret: key(secret)? },
    };
    let timeout = Duration::from_secs(u64::from(settings.request_timeout));
    let endpoint = Endpoint::new(target, settings.base_url.as_deref(), auth, settings.external_task_id, timeout)
        .map_err(Failure::cannot)?;
    Service::new(endpoint, Arc::new(SystemClock::default())).map_err(Failure::cannot)
}

fn key(variable: &str) -> Result<Key, Failure> {
    let not_a_key = || Failure::cannot(format!("the environment variable {variable} does not hold a key"));
    match std::env::var(variable) {
        Ok(value) if !value.trim().is_empty() => Key::new(&value)
            .ok_or_else(|| not_a_key().hint("a key has no spaces and no special characters: copy it again")),
        // Its value is not shown: it may well be most of a key.
        Err(std::env::VarError::NotUnicode(_)) => Err(not_a_key()),
        _ => Err(Failure::cannot(format!("there is no key: the environment variable {variable} is not set"))
            .hint(format!("set {variable} to the key of your account"))),
    }
}

/// Says that a last line was cut off.
pub fn say_torn(ui: &Ui, line: Option<usize>, path: &Path) {
    if let Some(line) = line {
        ui.say(format!(
            "{}:{line}: this line was cut off when it was written, by a crash or a full disk. It is set aside",
            path.display()
        ));
    }
}

/// Makes sure that clips can be stored, before anything is bought: the folder of clips, and one for each film.
pub fn clip_folders(out: &Path, films: HashSet<&str>, dry_run: bool) -> Result<(), Failure> {
    let mut folders = vec![out.to_owned()];
    for film in films {
        // A film in a folder has a folder for each part of its name.
        folders.extend(film.split('/').scan(out.to_owned(), |folder, part| {
            folder.push(part);
            Some(folder.clone())
        }));
    }
    folders.sort();
    folders.dedup();
    folders.iter().try_for_each(|folder| {
        clip_folder(folder, dry_run).map_err(|error| {
            Failure::cannot(format!("clips cannot be stored in {}: {error}", folder.display()))
                .hint("make it an ordinary folder that you can write to, or name another one with --out")
        })
    })
}

fn clip_folder(folder: &Path, dry_run: bool) -> io::Result<()> {
    if folder.symlink_metadata().is_ok_and(|metadata| metadata.is_symlink()) {
        // A project that came from elsewhere may have a link to anywhere there.
        return Err(ReadError::Link.into());
    }
    if dry_run {
        let is_other = folder.metadata().is_ok_and(|metadata| !metadata.is_dir());
        return if is_other { Err(io::ErrorKind::NotADirectory.into()) } else { Ok(()) };
    }
    std::fs::create_dir_all(folder)?;
    tempfile::Builder::new().prefix(".clapboard-").tempfile_in(folder).map(drop)
}

/// Seconds on the command line, whole or not.
pub fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text.parse().map_err(|_| "this is not a number of seconds".to_owned())?;
    Duration::try_from_secs_f64(seconds).map_err(|_| "this is not a number of seconds".to_owned())
}

/// As [`seconds`], for a pause: never so short that the service is asked without end.
pub fn interval(text: &str) -> Result<Duration, String> {
    const SHORTEST: Duration = Duration::from_millis(10);
    seconds(text).map(|pause| pause.max(SHORTEST))
}

/// Whether there is nothing that an end would lose: no request is under way.
#[derive(Clone, Default)]
pub struct Idle(Arc<AtomicBool>);

impl Idle {
    pub fn set(&self, idle: bool) {
        self.0.store(idle, Ordering::SeqCst);
    }
}

/// From now on the first signal to end lets the run end in order, and the second ends it at once. While `idle`, the first ends it.
pub fn watch_signals(session: &Arc<Session>, idle: &Idle, ui: &Ui) -> io::Result<()> {
    let (session, idle, ui) = (session.clone(), idle.clone(), ui.clone());
    let mut signals = Signals::new()?;
    tokio::spawn(async move {
        signals.next().await;
        if !idle.0.load(Ordering::SeqCst) {
            session.interrupt();
            ui.say("stopping: nothing more is sent, what is under way is recorded. Once more to stop at once.");
            signals.next().await;
        }
        #[expect(clippy::exit, reason = "a second interrupt ends the process wherever it is")]
        std::process::exit(Exit::Interrupted as i32);
    });
    Ok(())
}

#[cfg(unix)]
struct Signals([tokio::signal::unix::Signal; 3]);

#[cfg(unix)]
impl Signals {
    fn new() -> io::Result<Signals> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Signals([signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?, signal(SignalKind::hangup())?]))
    }

    async fn next(&mut self) {
        let [interrupt, terminate, hangup] = &mut self.0;
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
            _ = hangup.recv() => {}
        }
    }
}

#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn new() -> io::Result<Signals> {
        Ok(Signals)
    }

    async fn next(&mut self) {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending().await
        }
    }
}

/// A runtime for the network.
pub fn runtime() -> io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()
}

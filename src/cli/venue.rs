//! What `submit` and `status` share: the service by the config and the environment, and the way out on a signal.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::Exit;
use super::say;
use clapboard::check::CheckedFilm;
use clapboard::project;
use clapboard::service::{Auth, Endpoint, Key, Service, SystemClock};
use clapboard::submit::Session;

/// The service that a project's config names, with the keys that the environment has. The error is for the writer.
pub fn service(take: &CheckedFilm) -> Result<Service, String> {
    let settings = &take.project.config.target;
    let auth = match &settings.auth {
        project::Auth::Key { variable } => Auth::Bearer(key(variable)?),
        project::Auth::Pair { access, secret } => Auth::Signed { access: key(access)?, secret: key(secret)? },
    };
    let timeout = Duration::from_secs(u64::from(settings.request_timeout));
    let endpoint = Endpoint::new(take.target, settings.base_url.as_deref(), auth, settings.external_task_id, timeout)
        .map_err(|error| error.to_string())?;
    Service::new(endpoint, Arc::new(SystemClock::default())).map_err(|error| error.to_string())
}

fn key(variable: &str) -> Result<Key, String> {
    match std::env::var(variable) {
        Ok(value) if !value.trim().is_empty() => Key::new(&value)
            .ok_or_else(|| format!("the environment variable {variable} has something that is no key: a key has no spaces or special characters")),
        // Its value is not shown: it may well be most of a key.
        Err(std::env::VarError::NotUnicode(_)) => Err(format!("the environment variable {variable} has something that is no key")),
        _ => Err(format!("there is no key: set the environment variable {variable} to the key of your account")),
    }
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
pub fn watch_signals(session: &Arc<Session>, idle: &Idle) -> io::Result<()> {
    let (session, idle) = (session.clone(), idle.clone());
    let mut signals = Signals::new()?;
    tokio::spawn(async move {
        signals.next().await;
        if !idle.0.load(Ordering::SeqCst) {
            session.interrupt();
            say::note("stopping: nothing more is sent, what is under way is recorded. Once more to stop at once.");
            signals.next().await;
        }
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

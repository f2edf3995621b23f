//! What `submit` and `status` share: the service by the config and the environment, and the way out on a signal.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::failure::Failure;
use super::{Exit, streams};
use clapboard::kling::Target;
use clapboard::project::{Auth as Keys, Project, TargetSettings};
use clapboard::service::{Auth, Endpoint, Key, Service, SystemClock};
use clapboard::submit::Session;

/// The service that a project's config names, with the keys that the environment has.
///
/// # Errors
/// There is no key, the config's address is not one to send a key to, or the network cannot be used.
pub fn service(project: &Project, target: Target) -> Result<Service, Failure> {
    let settings = settings(project, target)?;
    let auth = match &settings.auth {
        Keys::Key { variable } => Auth::Bearer(key(variable)?),
        Keys::Pair { access, secret } => Auth::Signed { access: key(access)?, secret: key(secret)? },
    };
    let timeout = Duration::from_secs(u64::from(settings.request_timeout));
    let endpoint = Endpoint::new(target, settings.base_url.as_deref(), auth, settings.external_task_id, timeout)
        .map_err(|error| Failure::cannot(error.to_string()))?;
    Service::new(endpoint, Arc::new(SystemClock::default())).map_err(|error| Failure::cannot(error.to_string()))
}

/// What the config says of the service that a run on `target` sends to.
///
/// # Errors
/// The config's address or key is that of another target.
pub fn settings(project: &Project, target: Target) -> Result<&TargetSettings, Failure> {
    project.config.target.for_target(target).map_err(|error| {
        Failure::cannot(error.to_string())
            .hint("leave --target out, or change `api` and what belongs to it in clapboard.toml")
    })
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
            streams::say(format_args!(
                "clapboard: stopping: nothing more is sent, what is under way is recorded. Once more to stop at once."
            ));
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

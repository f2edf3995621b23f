//! A project in the hands of the one process that buys for it.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBuilder};
use tokio::sync::Semaphore;

use super::caution::Caution;
use super::outcome::Outcome;
use super::report::{Happening, Sink, Who};
use super::stop::{Halt, Stop};
use crate::ledger::{Clip, Event, Ledger, LedgerError, What};
use crate::service::{Clock, Service};

/// Bodies that are in memory at once, in KiB: two of the largest.
pub(super) const BODIES_KIB: u32 = 80 << 10;

/// How a run goes about its work.
#[derive(Debug, Clone)]
pub struct Options {
    /// Clips in flight at once.
    pub jobs: usize,
    /// Whether to stay until the clips are here.
    pub wait: bool,
    /// For the whole run.
    pub timeout: Duration,
    /// Between two questions for a task; `None` is five seconds, slowing to fifteen.
    pub poll_interval: Option<Duration>,
    /// Whether failed shots are bought again.
    pub retry_failed: bool,
    /// Where clips go; a path from the project root, or an absolute one.
    pub out: PathBuf,
}

/// A project in the hands of the one process that buys for it.
#[expect(missing_debug_implementations, reason = "the sink is the caller's, and need not be shown")]
pub struct Session {
    pub(super) service: Service,
    ledger: Mutex<Ledger>,
    pub(super) root: PathBuf,
    pub(super) options: Options,
    sink: Arc<dyn Sink>,
    pub(super) stop: Stop,
    pub(super) caution: Caution,
    pub(super) bodies: Arc<Semaphore>,
    pub(super) slots: Arc<Semaphore>,
    /// Whether this run has seen the service find an attempt by the id that was sent along.
    pub(super) finds_attempts: tokio::sync::Mutex<bool>,
    /// `uptime` at which the run began, and at which it is to end.
    pub(super) began: Duration,
    deadline: Mutex<Duration>,
}

/// How a pause ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pause {
    Over,
    TimeIsUp,
    Stopped,
}

impl Session {
    /// A run for the project at `root`, an absolute path, whose time begins now.
    pub fn new(service: Service, ledger: Ledger, root: PathBuf, options: Options, sink: Arc<dyn Sink>) -> Session {
        let began = service.clock().uptime();
        Session {
            slots: Arc::new(Semaphore::new(options.jobs.clamp(1, Semaphore::MAX_PERMITS))),
            bodies: Arc::new(Semaphore::new(BODIES_KIB as usize)),
            deadline: Mutex::new(began.saturating_add(options.timeout)),
            finds_attempts: tokio::sync::Mutex::new(false),
            began,
            ledger: Mutex::new(ledger),
            service,
            root,
            options,
            sink,
            stop: Stop::default(),
            caution: Caution::default(),
        }
    }

    /// Nothing more is sent; what is under way is awaited and recorded.
    pub fn interrupt(&self) {
        self.stop.interrupt();
    }

    /// Starts the time of `--timeout` again: after the question, which may have waited for its answer for long.
    pub fn restart_clock(&self) {
        *self.deadline.lock().unwrap_or_else(|poisoned| poisoned.into_inner()) =
            self.clock().uptime().saturating_add(self.options.timeout);
    }

    /// The time that is left of `--timeout`.
    pub(super) fn left(&self) -> Duration {
        let deadline = *self.deadline.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        deadline.saturating_sub(self.clock().uptime())
    }

    /// The ledger, for as long as the guard lives.
    pub fn ledger(&self) -> MutexGuard<'_, Ledger> {
        self.ledger.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    pub(super) fn clock(&self) -> &dyn Clock {
        self.service.clock()
    }

    /// One attempt at a clip, in this run.
    pub(super) fn job(&self, who: Who, attempt: String) -> Job<'_> {
        let clip = who.clip.clone();
        Job { session: self, who, clip, attempt }
    }

    /// Waits, but not beyond the run's end nor after it is interrupted.
    pub(super) async fn pause(&self, pause: Duration) -> Pause {
        let left = self.left();
        if self.stop.is_interrupted() {
            return Pause::Stopped;
        }
        if left.is_zero() {
            return Pause::TimeIsUp;
        }
        tokio::select! {
            () = self.clock().sleep(pause.min(left)) => if pause < left { Pause::Over } else { Pause::TimeIsUp },
            () = self.stop.interrupted() => Pause::Stopped,
        }
    }

    /// Why nothing was bought: what stopped the run, else `reason`. What stopped the run is reported once, for all shots.
    pub(super) fn not_bought(&self, reason: &str) -> Outcome {
        let reason = match self.stop.why() {
            Some(Halt::Interrupted) => "interrupted before it was sent".to_owned(),
            Some(_) => "not sent: sending stopped before its turn".to_owned(),
            None => reason.to_owned(),
        };
        Outcome::NotBought { reason }
    }
}

/// One attempt at a clip, in a run.
#[derive(Clone)]
pub(super) struct Job<'s> {
    pub(super) session: &'s Session,
    pub(super) who: Who,
    /// The clip that the attempt was sent for, which may have had another name then.
    pub(super) clip: Clip,
    pub(super) attempt: String,
}

impl Job<'_> {
    pub(super) fn report(&self, what: Happening<'_>) {
        self.session.sink.report(&self.who, &what);
    }

    /// Records an event durably. On failure nothing more is sent.
    pub(super) fn record(&self, what: What) -> Result<(), LedgerError> {
        let at = self.session.clock().now();
        let event = Event { at, clip: self.clip.clone(), attempt: self.attempt.clone(), what };
        let recorded = self.session.ledger().record(event);
        if let Err(error) = &recorded {
            self.session.stop.halt(Halt::Ledger { reason: error.to_string() });
        }
        recorded
    }

    /// Records an event where a failure changes nothing but that nothing more is sent.
    pub(super) fn record_or_halt(&self, what: What) {
        let _ = self.record(what);
    }
}

/// Growing pauses with jitter, so that many shots do not come back at the same moment.
pub(super) fn pauses(first: Duration, longest: Duration) -> impl Iterator<Item = Duration> + Send {
    ExponentialBuilder::default()
        .with_min_delay(first)
        .with_max_delay(longest)
        .with_factor(2.0)
        .with_jitter()
        .without_max_times()
        .build()
}

//! One run: from orders and the ledger to clips.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBuilder};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;

use super::order::Order;
use super::report::{Happening, Sink, Who};
use super::settle::{Resolution, Witness};
use super::stop::{Halt, Stop};
use crate::ledger::{
    self, Attempt, Clip, Event, Intent, Learned, Ledger, LedgerError, Permit, ShotState, Standing, What,
};
use crate::service::{Clock, Created, DownloadError, Meaning, Polled, Ready, Refused, Service, shown};

/// Bodies that are in memory at once, in KiB: two of the largest.
const BODIES_KIB: u32 = 80 << 10;
/// Pauses after "too fast" and "no slot free". Source: kling-api sheet 6 (concurrency rules, 2026-11-22).
const BUSY_FIRST: Duration = Duration::from_secs(1);
const BUSY_LONGEST: Duration = Duration::from_secs(30);
/// Pauses after a connection that failed, and how many there are before a run gives up.
const CONNECT_FIRST: Duration = Duration::from_millis(500);
const CONNECT_LONGEST: Duration = Duration::from_secs(10);
const CONNECT_TIMES: usize = 6;
/// Without `--poll-interval`, a task is asked for this often at first, and ever more slowly.
const POLL_FIRST: Duration = Duration::from_secs(5);
const POLL_LONGEST: Duration = Duration::from_secs(15);
/// How often one shot is sent in a run, where the service says each time that nothing arrived.
const SENT_MOST: u32 = 3;

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

/// What became of one selected clip.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// On disk. `path` is from the project root where it lies inside; `None` where it was here before this run.
    Done {
        /// Where it is.
        path: Option<PathBuf>,
        /// Kling units.
        units: Option<f64>,
    },
    /// It failed, and is bought again only when asked for.
    Failed {
        /// Kling's code, where there was one.
        code: Option<u32>,
        /// The service's words, masked and escaped.
        message: String,
    },
    /// The service has it; `note` says what kept the clip from coming.
    InFlight {
        /// The service's id of the task.
        task_id: String,
        /// What is known besides.
        note: Option<String>,
    },
    /// Sent, and nobody knows what became of it.
    Unknown {
        /// Which attempt at it.
        attempt: String,
        /// Why, in words.
        reason: String,
    },
    /// Nothing was bought: the shot is as it was.
    NotBought {
        /// Why, in words.
        reason: String,
    },
}

/// What became of whom.
#[derive(Debug, Clone)]
pub struct Settled {
    /// The shot.
    pub who: Who,
    /// What became of it.
    pub outcome: Outcome,
    /// False for an earlier version of a shot, or one that no storyboard has any more.
    pub is_current: bool,
}

/// How a run ended.
#[derive(Debug, Default)]
pub struct Summary {
    /// The selected clips, and earlier ones of their shots.
    pub settled: Vec<Settled>,
    /// Why nothing more was sent, if so.
    pub halt: Option<Halt>,
    /// Whether a signal ended it.
    pub interrupted: bool,
}

/// A project in the hands of the one process that buys for it.
pub struct Session {
    pub(super) service: Service,
    ledger: Mutex<Ledger>,
    root: PathBuf,
    pub(super) options: Options,
    sink: Arc<dyn Sink>,
    pub(super) stop: Stop,
    bodies: Arc<Semaphore>,
    slots: Arc<Semaphore>,
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
            began,
            ledger: Mutex::new(ledger),
            service,
            root,
            options,
            sink,
            stop: Stop::default(),
        }
    }

    /// Nothing more is sent; what is under way is awaited and recorded.
    pub fn interrupt(&self) {
        self.stop.interrupt();
    }

    /// Starts the time of `--timeout` anew: after the question, which may have stood for long.
    pub fn restart_clock(&self) {
        *self.deadline.lock().unwrap_or_else(|poisoned| poisoned.into_inner()) =
            self.clock().uptime().saturating_add(self.options.timeout);
    }

    /// The time that is left of `--timeout`.
    fn left(&self) -> Duration {
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

    pub(super) fn tell(&self, who: &Who, what: Happening<'_>) {
        self.sink.report(who, &what);
    }

    /// Records an event durably. On failure nothing more is sent.
    pub(super) fn record(&self, clip: &Clip, attempt: &str, what: What) -> Result<(), LedgerError> {
        let event = Event { at: self.clock().now(), clip: clip.clone(), attempt: attempt.to_owned(), what };
        let recorded = self.ledger().record(event);
        if let Err(error) = &recorded {
            self.stop.halt(Halt::Ledger { reason: error.to_string() });
        }
        recorded
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

    /// Buys what is to be bought of `orders`, and follows what is in flight of their shots, until each is settled or time is up.
    ///
    /// What is to be bought is decided by the ledger alone, here and again under its lock before each POST.
    pub async fn run(self: &Arc<Self>, orders: Vec<Order>) -> Summary {
        let mut jobs = JoinSet::new();
        let mut settled = Vec::new();
        let mut seen: HashSet<Clip> = HashSet::new();
        let mut followed: HashSet<(String, String)> = HashSet::new();
        // What is in flight already holds its slots before anything new is sent.
        for order in &orders {
            let of_shot: Vec<Attempt> =
                self.ledger().state().of_shot(&order.item.clip.film, &order.item.clip.shot).cloned().collect();
            for attempt in of_shot {
                let is_current = attempt.clip == order.item.clip;
                for task in attempt.open_tasks() {
                    if followed.insert((attempt.id.clone(), task.to_owned())) {
                        let who = order.who_of(&attempt.clip);
                        self.spawn_follow(&mut jobs, who, &attempt, task, is_current);
                    }
                }
                if attempt.standing() == Standing::Unknown
                    && !is_current
                    && followed.insert((attempt.id.clone(), String::new()))
                {
                    settled.push(Settled {
                        who: order.who_of(&attempt.clip),
                        outcome: unknown_outcome(&attempt),
                        is_current,
                    });
                }
            }
        }
        for order in orders {
            if !seen.insert(order.item.clip.clone()) {
                continue;
            }
            let who = order.who();
            let state = self.ledger().state().shot_state(&order.item.clip);
            let earlier = self.ledger().state().of_clip(&order.item.clip).cloned().collect::<Vec<_>>();
            let of_standing = |standing| earlier.iter().rev().find(move |attempt| attempt.standing() == standing);
            let outcome = match state {
                ShotState::Done => Outcome::Done { path: None, units: None },
                ShotState::InFlight => continue,
                ShotState::Unknown => match of_standing(Standing::Unknown) {
                    Some(attempt) => unknown_outcome(attempt),
                    None => continue,
                },
                ShotState::Failed if !self.options.retry_failed => failed_outcome(of_standing(Standing::Failed)),
                _ if !order.is_agreed => self.not_bought("it was not in the plan that was shown"),
                // Slots are given here and not in the jobs, so that shots are sent in the film's order.
                ShotState::New | ShotState::Changed | ShotState::Failed => match self.slot().await {
                    Some(slot) => {
                        let session = self.clone();
                        jobs.spawn(async move {
                            let outcome = session.buy(&order).await;
                            drop(slot);
                            Settled { who: order.who(), outcome, is_current: true }
                        });
                        continue;
                    }
                    None => self.not_bought("time was up before its turn came"),
                },
            };
            settled.push(Settled { who, outcome, is_current: true });
        }
        self.finish(jobs, settled).await
    }

    /// Polls what is in flight, whether or not a storyboard has it. Without `wait`, once each.
    pub async fn follow(self: &Arc<Self>, attempts: Vec<(Who, Attempt, bool)>) -> Summary {
        let mut jobs = JoinSet::new();
        for (who, attempt, is_current) in attempts {
            for task in attempt.open_tasks() {
                self.spawn_follow(&mut jobs, who.clone(), &attempt, task, is_current);
            }
        }
        self.finish(jobs, Vec::new()).await
    }

    fn spawn_follow(
        self: &Arc<Self>,
        jobs: &mut JoinSet<Settled>,
        who: Who,
        attempt: &Attempt,
        task: &str,
        is_current: bool,
    ) {
        let (session, clip, id, task) = (self.clone(), attempt.clip.clone(), attempt.id.clone(), task.to_owned());
        let ordered_at = attempt.intent.as_ref().map(|intent| intent.base_url.clone());
        // It holds a slot at the service whether or not there is one here.
        let slot = self.slots.clone().try_acquire_owned().ok();
        jobs.spawn(async move {
            let outcome = match ordered_at.filter(|url| url != session.service.endpoint().base_url()) {
                // Another service may have another task by the same number.
                Some(url) => Outcome::InFlight {
                    task_id: task,
                    note: Some(format!("it was ordered at {}; the config names another service now", shown(&url))),
                },
                None => session.fetch(&who, &clip, &id, &task, true).await,
            };
            drop(slot);
            Settled { who, outcome, is_current }
        });
    }

    async fn finish(&self, mut jobs: JoinSet<Settled>, mut settled: Vec<Settled>) -> Summary {
        while let Some(joined) = jobs.join_next().await {
            match joined {
                Ok(done) => settled.push(done),
                Err(error) => self.stop.halt(Halt::Ledger { reason: format!("a fault inside clapboard: {error}") }),
            }
        }
        settled.sort_by(|a, b| (&a.who.file, &a.who.clip.shot).cmp(&(&b.who.file, &b.who.clip.shot)));
        Summary { settled, halt: self.stop.why(), interrupted: self.stop.is_interrupted() }
    }

    /// Buys one clip.
    async fn buy(self: &Arc<Self>, order: &Order) -> Outcome {
        let who = order.who();
        let mut busy = pauses(BUSY_FIRST, BUSY_LONGEST, None);
        let mut connects = pauses(CONNECT_FIRST, CONNECT_LONGEST, Some(CONNECT_TIMES));
        let mut token_renewed = false;
        let mut sent = 0;
        loop {
            if self.stop.why().is_some() {
                return self.not_bought("");
            }
            let sending = match self.send(order, &who).await {
                Ok(sending) => sending,
                Err(outcome) => return outcome,
            };
            match sending.created {
                Created::Accepted { task_id } => {
                    return self.accepted(order, &who, &sending.attempt, &task_id).await;
                }
                Created::NotSent(reason) => {
                    if self
                        .record(&order.item.clip, &sending.attempt, What::NotSent { reason: reason.clone() })
                        .is_err()
                    {
                        return self.not_bought("");
                    }
                    let Some(pause) = connects.next() else {
                        self.stop.halt(Halt::Unreachable { reason });
                        return self.not_bought("");
                    };
                    if !self.wait_to_send(&who, &reason, pause.min(CONNECT_LONGEST)).await {
                        return self.not_bought(&format!("the service could not be reached: {reason}"));
                    }
                }
                Created::Refused(refused) => {
                    let failed = refused.row.meaning == Meaning::Shot;
                    let code = Some(refused.row.code);
                    let what = What::Refused { code, message: refused.message.clone(), failed };
                    if self.record(&order.item.clip, &sending.attempt, what).is_err() {
                        return self.not_bought("");
                    }
                    match refused.row.meaning {
                        Meaning::Busy => {
                            let pause = busy.next().unwrap_or(BUSY_LONGEST).clamp(BUSY_FIRST, BUSY_LONGEST);
                            if !self.wait_to_send(&who, &refused.message, pause).await {
                                self.tell_refused(&who, &refused, false);
                                return self
                                    .not_bought(&format!("refused: {} ({})", refused.row.what, refused.message));
                            }
                        }
                        Meaning::Token if refused.renewed && !token_renewed => token_renewed = true,
                        Meaning::Token | Meaning::Account | Meaning::Unclear => {
                            self.tell_refused(&who, &refused, false);
                            self.stop.halt(Halt::Account {
                                code: refused.row.code,
                                message: refused.message,
                                advice: refused.row.next,
                            });
                            return self.not_bought("");
                        }
                        Meaning::Shot => {
                            self.tell_refused(&who, &refused, true);
                            return Outcome::Failed { code, message: refused.message };
                        }
                    }
                }
                Created::Unknown(reason) => {
                    sent += 1;
                    let attempt = sending.attempt;
                    // The intent alone says as much, should this line not reach the disk.
                    let recorded = self.record(
                        &order.item.clip,
                        &attempt,
                        What::Unknown { reason: reason.clone(), answer: None, candidate: None },
                    );
                    self.tell(&who, Happening::Unknown { attempt: &attempt, reason: &reason });
                    if recorded.is_err() || !self.service.endpoint().external_task_id {
                        return Outcome::Unknown { attempt, reason };
                    }
                    let ended = self.clock().uptime();
                    match self
                        .resolve(&who, &order.item.clip, &attempt, Witness::Here { ended }, self.options.wait)
                        .await
                    {
                        Resolution::Found(task_id) => {
                            return self.fetch(&who, &order.item.clip, &attempt, &task_id, false).await;
                        }
                        Resolution::Released if sent < SENT_MOST => {}
                        Resolution::Released => return self.not_bought(&reason),
                        Resolution::Unknown(look) => {
                            return Outcome::Unknown { attempt, reason: format!("{reason}; {look}") };
                        }
                    }
                }
            }
        }
    }

    /// Makes the body, writes the intent, sends. The order of these three is what everything rests on.
    async fn send(self: &Arc<Self>, order: &Order, who: &Who) -> Result<Sending, Outcome> {
        let attempt =
            ledger::new_attempt_id().map_err(|error| self.not_bought(&format!("no random numbers: {error}")))?;
        let endpoint = self.service.endpoint();
        let (body, _memory) = self.body(order, endpoint.external_task_id.then(|| attempt.clone())).await?;
        let intent = Intent {
            api: endpoint.target.as_str().to_owned(),
            base_url: endpoint.base_url().to_owned(),
            external_task_id: endpoint.external_task_id,
            seconds: order.item.seconds,
            units: units(order),
            usd: order.item.usd,
            fields: order.item.fields.iter().cloned().collect(),
            ..Intent::default()
        };
        let event = Event {
            at: self.clock().now(),
            clip: order.item.clip.clone(),
            attempt: attempt.clone(),
            what: What::Intent(intent),
        };
        if self.stop.why().is_some() {
            return Err(self.not_bought(""));
        }
        let intended = self.ledger().intend(event, Permit { failed: self.options.retry_failed, again: order.is_again });
        match intended {
            Ok(true) => {}
            Ok(false) => {
                return Err(self.not_bought("the ledger says meanwhile that it is not to be bought"));
            }
            Err(error) => {
                self.stop.halt(Halt::Ledger { reason: error.to_string() });
                return Err(self.not_bought(""));
            }
        }
        self.tell(who, Happening::Sending { attempt: &attempt, units: units(order) });
        let created = self.service.create(body).await;
        Ok(Sending { attempt, created })
    }

    /// The request's bytes, made while there is memory for them.
    async fn body(
        &self,
        order: &Order,
        external_task_id: Option<String>,
    ) -> Result<(Vec<u8>, OwnedSemaphorePermit), Outcome> {
        let kib = u32::try_from(order.body.size_hint() >> 10).unwrap_or(u32::MAX).saturating_add(1).min(BODIES_KIB);
        let memory = self.bodies.clone().acquire_many_owned(kib).await;
        let memory = memory.map_err(|_| self.not_bought("the run is over"))?;
        let (source, hint) = (order.body.clone(), order.body.size_hint());
        let made = tokio::task::spawn_blocking(move || {
            let mut body = Vec::with_capacity(usize::try_from(hint).unwrap_or(0).min((BODIES_KIB as usize) << 10));
            source.write_to(&mut body, external_task_id.as_deref()).map(|()| body)
        })
        .await;
        let body = made.map_err(|error| error.to_string()).and_then(|made| made.map_err(|error| error.to_string()));
        match body {
            Ok(body) => Ok((body, memory)),
            Err(problem) => Err(self.not_bought(&format!("its request cannot be made: {problem}"))),
        }
    }

    async fn accepted(&self, order: &Order, who: &Who, attempt: &str, task_id: &str) -> Outcome {
        let owner = self.ledger().state().owner_of_task(task_id).map(|owner| owner.id.clone());
        if let Some(owner) = owner.filter(|owner| owner != attempt) {
            let reason = format!("the service answered with the task of another attempt ({owner})");
            let _ = self.record(
                &order.item.clip,
                attempt,
                What::Unknown { reason: reason.clone(), answer: None, candidate: None },
            );
            self.tell(who, Happening::Unknown { attempt, reason: &reason });
            return Outcome::Unknown { attempt: attempt.to_owned(), reason };
        }
        let what = What::Accepted { task_id: task_id.to_owned(), how: Learned::Answer };
        match self.record(&order.item.clip, attempt, what) {
            Ok(()) => self.tell(who, Happening::Accepted { task_id, how: Learned::Answer }),
            Err(error) => self.tell(who, Happening::Unrecorded { task_id, reason: &error.to_string() }),
        }
        self.fetch(who, &order.item.clip, attempt, task_id, false).await
    }

    /// Follows a task to its clip. `at_once`: the first question is asked without a pause.
    pub(super) async fn fetch(&self, who: &Who, clip: &Clip, attempt: &str, task_id: &str, at_once: bool) -> Outcome {
        let in_flight = |note: Option<String>| Outcome::InFlight { task_id: task_id.to_owned(), note };
        if !self.options.wait && !at_once {
            return in_flight(None);
        }
        let mut intervals = pauses(POLL_FIRST, POLL_LONGEST, None);
        let mut interval =
            || self.options.poll_interval.unwrap_or_else(|| intervals.next().unwrap_or(POLL_LONGEST).min(POLL_LONGEST));
        let mut skip_pause = at_once;
        let mut note = None;
        loop {
            if !std::mem::take(&mut skip_pause) && self.pause(interval()).await != Pause::Over {
                return in_flight(note);
            }
            if self.stop.is_interrupted() {
                return in_flight(note);
            }
            match self.service.poll(task_id).await {
                Polled::Pending { word } => {
                    self.tell(who, Happening::Progress { task_id, status: &word });
                    note = Some(format!("its status is `{word}`"));
                }
                Polled::Unclear(reason) => {
                    self.tell(who, Happening::PollFailed { task_id, reason: &reason });
                    note = Some(reason);
                }
                Polled::Failed { message, units } => {
                    let what = What::Failed { task_id: task_id.to_owned(), message: message.clone(), units };
                    let _ = self.record(clip, attempt, what);
                    self.tell(who, Happening::Failed { task_id, message: &message });
                    return Outcome::Failed { code: None, message };
                }
                Polled::Ready(ready) => match self.download(who, clip, &ready).await {
                    Ok(fetched) => {
                        return self.downloaded(who, clip, attempt, task_id, ready.units, fetched);
                    }
                    Err(Some(DownloadError::Service(problem))) => {
                        let reason = format!("the clip could not be fetched: {problem}");
                        self.tell(who, Happening::PollFailed { task_id, reason: &reason });
                        note = Some(reason);
                    }
                    Err(Some(error @ DownloadError::Disk(..))) => {
                        let reason = error.to_string();
                        self.tell(who, Happening::PollFailed { task_id, reason: &reason });
                        return in_flight(Some(reason));
                    }
                    Err(None) => return in_flight(Some("its download was broken off".into())),
                },
            }
            if !self.options.wait {
                return in_flight(note);
            }
        }
    }

    /// `Err(None)`: the run ended meanwhile.
    async fn download(
        &self,
        who: &Who,
        clip: &Clip,
        ready: &Ready,
    ) -> Result<crate::service::Fetched, Option<DownloadError>> {
        let out = self.root.join(&self.options.out);
        let progress = |bytes, total| self.tell(who, Happening::Downloading { bytes, total });
        let left = self.left();
        tokio::select! {
            fetched = self.service.fetcher().fetch(ready, &out, &clip.film, &clip.shot, &progress) => fetched.map_err(Some),
            () = self.stop.interrupted() => Err(None),
            () = self.clock().sleep(left) => Err(None),
        }
    }

    fn downloaded(
        &self,
        who: &Who,
        clip: &Clip,
        attempt: &str,
        task_id: &str,
        units: Option<f64>,
        fetched: crate::service::Fetched,
    ) -> Outcome {
        let path = fetched.path.strip_prefix(&self.root).unwrap_or(&fetched.path).to_owned();
        let what = What::Downloaded {
            task_id: task_id.to_owned(),
            path: slashed(&path),
            bytes: fetched.bytes,
            sha256: fetched.sha256,
            units,
        };
        let _ = self.record(clip, attempt, what);
        self.tell(who, Happening::Downloaded { task_id, path: &path, bytes: fetched.bytes, units });
        Outcome::Done { path: Some(path), units }
    }

    /// A place among those in flight, or none where the run ends before one is free.
    async fn slot(&self) -> Option<OwnedSemaphorePermit> {
        if self.stop.why().is_some() {
            return None;
        }
        let left = self.left();
        tokio::select! {
            biased;
            () = self.stop.halted() => None,
            slot = self.slots.clone().acquire_owned() => slot.ok(),
            () = self.clock().sleep(left) => None,
        }
    }

    /// Waits before the same request is sent again; false where that will not be.
    async fn wait_to_send(&self, who: &Who, reason: &str, pause: Duration) -> bool {
        self.tell(who, Happening::Retrying { reason, pause_seconds: pause.as_secs_f64() });
        tokio::select! {
            pause = self.pause(pause) => pause == Pause::Over,
            () = self.stop.halted() => false,
        }
    }

    fn tell_refused(&self, who: &Who, refused: &Refused, failed: bool) {
        let what = Happening::Refused {
            code: Some(refused.row.code),
            message: &refused.message,
            advice: refused.row.next,
            failed,
        };
        self.tell(who, what);
    }

    /// Why nothing was bought: what stopped the run, else `reason`.
    fn not_bought(&self, reason: &str) -> Outcome {
        let reason = match self.stop.why() {
            Some(Halt::Account { message, .. }) => format!("sending stopped: {message}"),
            Some(Halt::Unreachable { reason }) => {
                format!("sending stopped: the service cannot be reached: {reason}")
            }
            Some(Halt::Ledger { reason }) => format!("sending stopped: {reason}"),
            Some(Halt::Interrupted) => "interrupted before it was sent".to_owned(),
            None => reason.to_owned(),
        };
        Outcome::NotBought { reason }
    }
}

struct Sending {
    attempt: String,
    created: Created,
}

impl Order {
    /// Which shot it is, for reports.
    pub fn who(&self) -> Who {
        self.who_of(&self.item.clip)
    }

    /// The same shot as it was in an earlier attempt.
    fn who_of(&self, clip: &Clip) -> Who {
        Who { file: self.item.file.clone(), clip: clip.clone() }
    }
}

fn units(order: &Order) -> Option<f64> {
    order.item.units.map(|units| units.as_f64())
}

fn unknown_outcome(attempt: &Attempt) -> Outcome {
    let reason = attempt.reason().unwrap_or("clapboard was stopped before the answer came").to_owned();
    Outcome::Unknown { attempt: attempt.id.clone(), reason }
}

fn failed_outcome(attempt: Option<&Attempt>) -> Outcome {
    let code = attempt.and_then(|attempt| attempt.refusals.last()).and_then(|refusal| refusal.code);
    let message = attempt.and_then(Attempt::reason).unwrap_or("the ledger gives no reason").to_owned();
    Outcome::Failed { code, message }
}

/// Growing pauses with jitter, so that many shots do not come back at the same moment.
pub(super) fn pauses(
    first: Duration,
    longest: Duration,
    times: Option<usize>,
) -> impl Iterator<Item = Duration> + Send {
    let builder =
        ExponentialBuilder::default().with_min_delay(first).with_max_delay(longest).with_factor(2.0).with_jitter();
    match times {
        Some(times) => builder.with_max_times(times),
        None => builder.without_max_times(),
    }
    .build()
}

fn slashed(path: &Path) -> String {
    let parts: Vec<_> = path.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    if path.is_absolute() { path.to_string_lossy().into_owned() } else { parts.join("/") }
}

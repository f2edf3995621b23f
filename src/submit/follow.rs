//! Following a task to its clip.

use std::path::Path;
use std::time::Duration;

use super::charge::{Charge, compare};
use super::outcome::Outcome;
use super::report::Happening;
use super::session::{Job, Pause, pauses};
use super::stop::Halt;
use crate::api::News;
use crate::ledger::What;
use crate::service::{DownloadError, Fetched};

/// Without `--poll-interval`, a task is asked for this often at first, and ever more slowly.
const POLL_FIRST: Duration = Duration::from_secs(5);
const POLL_LONGEST: Duration = Duration::from_secs(15);

/// The outcome of a poll.
enum Step {
    Ended(Outcome),
    /// Nothing yet, with what is known.
    Again(Option<String>),
    /// The service says that it failed, for the first time.
    Doubted(String),
}

impl Job<'_> {
    /// Follows a task to its clip. `at_once`: the first question is asked without a pause.
    pub(super) async fn fetch(&self, task_id: &str, at_once: bool) -> Outcome {
        let options = &self.session.options;
        let in_flight = |note: Option<String>| Outcome::InFlight { task_id: task_id.to_owned(), note };
        if !options.wait && !at_once {
            return in_flight(None);
        }
        let mut intervals = pauses(POLL_FIRST, POLL_LONGEST);
        let mut interval =
            || options.poll_interval.unwrap_or_else(|| intervals.next().unwrap_or(POLL_LONGEST).min(POLL_LONGEST));
        let (mut skip_pause, mut has_failed, mut note) = (at_once, false, None);
        loop {
            if !std::mem::take(&mut skip_pause) && self.session.pause(interval()).await != Pause::Over {
                return in_flight(note);
            }
            if self.session.stop.is_interrupted() {
                return in_flight(note);
            }
            match self.step(task_id, has_failed).await {
                Step::Ended(outcome) => return outcome,
                Step::Doubted(message) => {
                    has_failed = true;
                    note = Some(format!("the service says that it failed, and is asked once more: {message}"));
                    continue;
                }
                Step::Again(news) => (has_failed, note) = (false, news),
            }
            if !options.wait {
                return in_flight(note);
            }
        }
    }

    /// One question, and what follows from the answer. A failure is believed when it is said twice in a row.
    async fn step(&self, task_id: &str, has_failed: bool) -> Step {
        match self.session.service.poll(task_id).await.news {
            News::Pending { word } => {
                self.report(Happening::Progress { task_id, status: &word });
                Step::Again(Some(format!("its status is `{word}`")))
            }
            News::Unclear(reason) => self.no_news(task_id, reason),
            News::Gone(reason) => {
                self.record_gone(task_id, &reason);
                self.no_news(task_id, format!("the service says that it has no such task: {reason}"))
            }
            News::Failed { message, .. } if !has_failed => Step::Doubted(message),
            News::Failed { message, units } => {
                self.record_or_halt(What::Failed { task_id: task_id.to_owned(), message: message.clone(), units });
                self.report(Happening::Failed { task_id, message: &message, units });
                // A failure that is not charged makes no difference.
                self.compare_charge(task_id, units.filter(|units| *units > 0.0));
                Step::Ended(Outcome::Failed { code: None, message })
            }
            News::Ready { url, units } => {
                self.compare_charge(task_id, units);
                self.store(task_id, &url, units).await
            }
        }
    }

    fn no_news(&self, task_id: &str, reason: String) -> Step {
        self.report(Happening::PollFailed { task_id, reason: &reason });
        Step::Again(Some(reason))
    }

    /// Once for each task: it lets a person give the task up.
    fn record_gone(&self, task_id: &str, reason: &str) {
        let is_known = {
            let ledger = self.session.ledger();
            let task = ledger.state().attempt(&self.attempt).and_then(|attempt| attempt.tasks.get(task_id));
            task.is_some_and(|task| !task.gone.is_empty())
        };
        if !is_known {
            self.record_or_halt(What::Gone { task_id: task_id.to_owned(), reason: reason.to_owned() });
        }
    }

    /// Reports a charge that is not the price that was shown. More than twice as much ends the run.
    fn compare_charge(&self, task_id: &str, charged: Option<f64>) {
        let shown = {
            let ledger = self.session.ledger();
            ledger.state().attempt(&self.attempt).and_then(|attempt| attempt.intent.as_ref()?.units)
        };
        let (Some(shown), Some(charged)) = (shown, charged) else { return };
        let charge = compare(shown, charged);
        if charge != Charge::AsShown {
            self.report(Happening::Charged { task_id, shown, charged });
        }
        if charge == Charge::Excessive {
            self.session.stop.halt(Halt::Charged { shown, charged });
        }
    }

    async fn store(&self, task_id: &str, url: &str, units: Option<f64>) -> Step {
        let in_flight = |note: String| Step::Ended(Outcome::InFlight { task_id: task_id.to_owned(), note: Some(note) });
        match self.download(url).await {
            Ok(fetched) => Step::Ended(self.downloaded(task_id, units, fetched)),
            Err(Some(DownloadError::Service(problem))) => {
                self.no_news(task_id, format!("the clip could not be downloaded: {problem}"))
            }
            Err(Some(error @ DownloadError::Disk(..))) => {
                let reason = error.to_string();
                self.report(Happening::PollFailed { task_id, reason: &reason });
                self.session.stop.halt(Halt::Disk { reason: reason.clone() });
                in_flight(reason)
            }
            Err(None) => in_flight("its download was broken off".into()),
        }
    }

    /// `Err(None)`: the run ended meanwhile.
    pub(super) async fn download(&self, url: &str) -> Result<Fetched, Option<DownloadError>> {
        let session = self.session;
        let out = session.root.join(&session.options.out);
        let progress = |bytes, total| self.report(Happening::Downloading { bytes, total });
        let left = session.left();
        tokio::select! {
            fetched = session.service.fetcher().fetch(url, &out, &self.who.clip.film, &self.who.clip.shot, &progress) => {
                fetched.map_err(Some)
            }
            () = session.stop.interrupted() => Err(None),
            () = session.clock().sleep(left) => Err(None),
        }
    }

    pub(super) fn downloaded(&self, task_id: &str, units: Option<f64>, fetched: Fetched) -> Outcome {
        let path = fetched.path.strip_prefix(&self.session.root).unwrap_or(&fetched.path).to_owned();
        self.record_or_halt(What::Downloaded {
            task_id: task_id.to_owned(),
            path: slashed(&path),
            bytes: fetched.bytes,
            sha256: fetched.sha256,
            units,
        });
        self.report(Happening::Downloaded { task_id, path: &path, bytes: fetched.bytes, units });
        Outcome::Done { path: Some(path), units }
    }
}

fn slashed(path: &Path) -> String {
    let parts: Vec<_> = path.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    if path.is_absolute() { path.to_string_lossy().into_owned() } else { parts.join("/") }
}

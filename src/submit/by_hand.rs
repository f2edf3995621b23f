//! Outcomes that a person settles: a task adopted, an outcome or a task given up.

use std::fmt;
use std::time::Duration;

use super::report::{Happening, Who};
use super::session::{Job, Session};
use super::settle::SURE_AFTER;
use crate::api::News;
use crate::ledger::{self, Attempt, Clip, Learned, LedgerError, ShotState, Standing, Task, What};
use crate::text::counted;

/// Why a task was not adopted.
#[derive(Debug)]
pub enum AdoptError {
    /// The clip is done or in flight already.
    NotNeeded(ShotState),
    /// Another attempt has this task.
    Taken(Who),
    /// The service does not confirm that there is such a task.
    NotConfirmed(String),
    /// It cannot be a task id.
    NotAnId,
    /// The ledger cannot be written.
    Ledger(LedgerError),
    /// The system gives none for a new attempt.
    NoRandomNumbers,
}

impl fmt::Display for AdoptError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            AdoptError::NotNeeded(ShotState::Done) => {
                write!(f, "the clip is here already: there is nothing to adopt")
            }
            AdoptError::NotNeeded(_) => {
                write!(f, "the clip is being made already: there is nothing to adopt")
            }
            AdoptError::Taken(who) => {
                write!(f, "this task belongs to {}, shot {}", who.clip.film, who.clip.shot)
            }
            AdoptError::NotConfirmed(reason) => {
                write!(f, "the service does not confirm this task, so nothing was adopted: {reason}")
            }
            AdoptError::NotAnId => write!(f, "this is not a task id"),
            AdoptError::Ledger(error) => error.fmt(f),
            AdoptError::NoRandomNumbers => write!(f, "this system gives no random numbers"),
        }
    }
}

impl std::error::Error for AdoptError {}

/// Why an outcome was not forgotten.
#[derive(Debug)]
pub enum ForgetError {
    /// The shot has neither an unknown outcome nor a task in flight.
    Nothing,
    /// The service may still be working on the request, for at most this long.
    TooYoung(Duration),
    /// The task is in flight, and the service has not said that it does not have it.
    InFlight {
        /// The service's id of the task.
        task_id: String,
    },
    /// The ledger cannot be written.
    Ledger(LedgerError),
}

impl fmt::Display for ForgetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ForgetError::Nothing => {
                write!(f, "this shot has neither an unknown outcome nor a task in flight: there is nothing to forget")
            }
            ForgetError::TooYoung(left) => write!(
                f,
                "the service may still be working on this request, so it is too early to forget it. Try again in {}, or use --force",
                counted(left.as_secs() + 1, "second")
            ),
            ForgetError::InFlight { task_id } => write!(
                f,
                "the service is working on this shot as task {task_id}. `clapboard status` asks it; a task that the service no longer \
                 has can be forgotten, and --force forgets any"
            ),
            ForgetError::Ledger(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for ForgetError {}

impl Session {
    /// Takes a task of the service for this clip, after the service confirmed that it exists. It goes to the shot's unknown
    /// attempt where there is one, of this text or an earlier one; else it becomes an attempt of its own.
    ///
    /// # Errors
    /// The task is another attempt's, or the service does not confirm it; then the ledger is as it was.
    pub async fn adopt(&self, who: &Who, clip: &Clip, task_id: &str) -> Result<(), AdoptError> {
        if !crate::api::is_task_id(task_id) {
            return Err(AdoptError::NotAnId);
        }
        let job = self.adopter(who, clip, task_id)?;
        let task = self.service.poll(task_id).await;
        match task.news {
            News::Unclear(reason) | News::Gone(reason) => return Err(AdoptError::NotConfirmed(reason)),
            _ if !task.is_named => {
                return Err(AdoptError::NotConfirmed("its answer does not name this task".into()));
            }
            _ => {}
        }
        if let Some(owner) = task.external_id.and_then(|external_id| self.sender_of(&external_id, &job.attempt)) {
            return Err(AdoptError::Taken(owner));
        }
        job.record(What::Accepted { task_id: task_id.to_owned(), how: Learned::Hand }).map_err(AdoptError::Ledger)?;
        job.report(Happening::Accepted { task_id, how: Learned::Hand });
        Ok(())
    }

    /// The attempt that a task would go to.
    fn adopter(&self, who: &Who, clip: &Clip, task_id: &str) -> Result<Job<'_>, AdoptError> {
        if let Some(owner) = self.other_owner(task_id, "") {
            let ledger = self.ledger();
            let clip = ledger.state().attempt(&owner).map_or_else(|| clip.clone(), |owner| owner.clip.clone());
            return Err(AdoptError::Taken(Who { file: clip.film.clone(), clip }));
        }
        let ledger = self.ledger();
        let state = ledger.state();
        let unknown = |attempt: &&Attempt| attempt.standing() == Standing::Unknown;
        let latest = |attempt: &&Attempt| (attempt.began, attempt.id.clone());
        let current = state.of_clip(clip).filter(unknown).max_by_key(latest);
        let any = || state.of_shot(&clip.film, &clip.shot).filter(unknown).max_by_key(latest);
        let (attempt, clip) = match current.or_else(any) {
            Some(attempt) => (attempt.id.clone(), attempt.clip.clone()),
            None => match state.shot_state(clip) {
                state @ (ShotState::Done | ShotState::InFlight) => return Err(AdoptError::NotNeeded(state)),
                _ => (ledger::new_attempt_id().map_err(|_| AdoptError::NoRandomNumbers)?, clip.clone()),
            },
        };
        let mut job = self.job(who.clone(), attempt);
        job.clip = clip;
        Ok(job)
    }

    /// Whose request carried this `external_task_id`, if it is not this attempt's.
    fn sender_of(&self, external_id: &str, attempt: &str) -> Option<Who> {
        let ledger = self.ledger();
        let is_own = ledger.state().attempt(attempt).and_then(Attempt::external_id) == Some(external_id);
        let mut senders = ledger.state().attempts().filter(|sender| sender.external_id() == Some(external_id));
        let sender = senders.find(|sender| !is_own && sender.id != attempt)?;
        Some(Who { file: sender.clip.film.clone(), clip: sender.clip.clone() })
    }

    /// Gives up the unknown outcomes of a shot, whatever it said at the time, and its tasks that the service does not have: it may then
    /// be bought again. With `force`, also what the service may still be working on, and every task in flight.
    ///
    /// # Errors
    /// There is nothing to give up, or it is too early.
    pub fn forget(&self, who: &Who, force: bool) -> Result<(), ForgetError> {
        let of_shot: Vec<Attempt> = self.ledger().state().of_shot(&who.clip.film, &who.clip.shot).cloned().collect();
        let unknown: Vec<&Attempt> = of_shot.iter().filter(|attempt| attempt.standing() == Standing::Unknown).collect();
        let open = |attempt| -> Vec<(&Attempt, &String, &Task)> { open_tasks(attempt) };
        let open: Vec<_> = of_shot.iter().flat_map(open).collect();
        if let Some(left) = unknown.iter().filter_map(|attempt| self.may_be_at_work(attempt)).max().filter(|_| !force) {
            return Err(ForgetError::TooYoung(left));
        }
        let gone: Vec<_> = open.iter().filter(|(_, _, task)| force || !task.gone.is_empty()).collect();
        if unknown.is_empty() && gone.is_empty() {
            let in_flight = open.first().map(|(_, task_id, _)| ForgetError::InFlight { task_id: (*task_id).clone() });
            return Err(in_flight.unwrap_or(ForgetError::Nothing));
        }
        let unknown = unknown.into_iter().map(|attempt| (attempt, None));
        let gone = gone.into_iter().map(|(attempt, task_id, _)| (*attempt, Some((*task_id).clone())));
        for (attempt, task_id) in unknown.chain(gone) {
            let mut job = self.job(who.clone(), attempt.id.clone());
            job.clip = attempt.clip.clone();
            job.record(What::Released { how: Learned::Hand, task_id }).map_err(ForgetError::Ledger)?;
            job.report(Happening::Released { attempt: &attempt.id });
        }
        Ok(())
    }

    /// How long the service may still be working on the request of an attempt, if it may.
    fn may_be_at_work(&self, attempt: &Attempt) -> Option<Duration> {
        let sure_after = SURE_AFTER + self.service.endpoint().request_timeout;
        let age = self.clock().now().duration_since(attempt.began);
        // An attempt from the future is one of a clock that was set back since.
        let age = Duration::try_from(age).unwrap_or_default();
        sure_after.checked_sub(age).filter(|left| !left.is_zero())
    }
}

fn open_tasks(attempt: &Attempt) -> Vec<(&Attempt, &String, &Task)> {
    let tasks = attempt.tasks.iter().filter(|(_, task)| task.standing() == Standing::InFlight);
    tasks.map(|(task_id, task)| (attempt, task_id, task)).collect()
}

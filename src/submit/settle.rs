//! Attempts of which nobody knows what became: looked up, adopted, forgotten.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;

use super::report::{Happening, Who};
use super::run::{Pause, Session};
use crate::ledger::{self, Attempt, Clip, Learned, LedgerError, ShotState, Standing, What};
use crate::service::{Looked, Polled};

/// A look-up counts as the last one only when the attempt lies this far back: a service may know its tasks with a delay.
const SURE_AFTER: Duration = Duration::from_secs(60);
/// Between two look-ups, without `--poll-interval`.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// How often a service may fail to say, once the attempt is old enough, before its outcome stays unknown.
const CANNOT_SAY_MOST: u32 = 3;

/// Who saw the attempt, which decides by which clock its age is taken.
#[derive(Debug, Clone, Copy)]
pub(super) enum Witness {
    /// This run: its POST ended at this uptime.
    Here { ended: Duration },
    /// An earlier run: only the ledger has its time, by a wall clock that may have been set since.
    Earlier { began: jiff::Timestamp },
}

#[derive(Debug)]
pub(super) enum Resolution {
    Found(String),
    Released,
    Unknown(String),
}

/// Why a task was not adopted.
#[derive(Debug)]
pub enum AdoptError {
    /// The clip is done or in flight already.
    NotNeeded(ShotState),
    /// Another attempt has this task.
    Taken(Who),
    /// The service does not confirm that there is such a task.
    NotConfirmed(String),
    /// It is no task id.
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
                write!(f, "the clip is in work already: there is nothing to adopt")
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
    /// There is no unknown outcome of this shot.
    NotUnknown,
    /// The ledger cannot be written.
    Ledger(LedgerError),
}

impl fmt::Display for ForgetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ForgetError::NotUnknown => {
                write!(f, "there is no unknown outcome of this shot, and only an unknown outcome can be forgotten")
            }
            ForgetError::Ledger(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for ForgetError {}

impl Session {
    /// Looks up attempts of earlier runs whose outcome is not known, all at once. With `patient` it waits until the answer can be
    /// trusted; without, it asks as often as makes sense right now. Returns those that stay unknown, with the reason.
    pub async fn settle(self: &Arc<Self>, attempts: Vec<(Who, Attempt)>, patient: bool) -> Vec<(Who, Attempt, String)> {
        let looked = attempts.into_iter().map(|(who, attempt)| async move {
            let sent_along = attempt.intent.as_ref().is_some_and(|intent| intent.external_task_id);
            let same_service =
                attempt.intent.as_ref().is_some_and(|intent| intent.base_url == self.service.endpoint().base_url());
            let reason = if !sent_along {
                "its request carried no id that the service could be asked for".to_owned()
            } else if !same_service {
                "it was sent to another service than the config has now".to_owned()
            } else {
                let witness = Witness::Earlier { began: attempt.began };
                match self.resolve(&who, &attempt.clip, &attempt.id, witness, patient).await {
                    Resolution::Found(_) | Resolution::Released => return None,
                    Resolution::Unknown(reason) => reason,
                }
            };
            self.tell(&who, Happening::Unknown { attempt: &attempt.id, reason: &reason });
            Some((who, attempt, reason))
        });
        join_all(looked).await.into_iter().flatten().collect()
    }

    /// Looks one attempt up until it is settled or nothing more can be learned.
    pub(super) async fn resolve(
        &self,
        who: &Who,
        clip: &Clip,
        attempt: &str,
        witness: Witness,
        patient: bool,
    ) -> Resolution {
        self.tell(who, Happening::LookingUp { attempt });
        let mut absent = {
            let ledger = self.ledger();
            ledger.state().of_clip(clip).find(|held| held.id == attempt).map_or(0, |held| held.absent.len())
        };
        let mut cannot_say = 0;
        loop {
            let old_enough = self.is_old_enough(witness);
            let reason = match self.service.look_up(attempt).await {
                Looked::Found { task_id } => match self.adopt_found(who, clip, attempt, &task_id) {
                    Ok(()) => return Resolution::Found(task_id),
                    Err(reason) => return Resolution::Unknown(reason),
                },
                Looked::Absent => {
                    cannot_say = 0;
                    absent += 1;
                    if absent == 1
                        && let Err(error) = self.record(clip, attempt, What::Absent)
                    {
                        return Resolution::Unknown(error.to_string());
                    }
                    if absent >= 2 && old_enough {
                        return match self.record(clip, attempt, What::Released { how: Learned::Lookup, task_id: None })
                        {
                            Ok(()) => {
                                self.tell(who, Happening::Released { attempt });
                                Resolution::Released
                            }
                            Err(error) => Resolution::Unknown(error.to_string()),
                        };
                    }
                    "the service does not know it yet, and it is too early to be sure".to_owned()
                }
                Looked::CannotSay(reason) => {
                    cannot_say += 1;
                    format!("the service cannot say what became of it: {reason}")
                }
            };
            let more_may_help = if patient {
                !old_enough || cannot_say < CANNOT_SAY_MOST
            } else {
                // One more look is worth it only where it can decide.
                old_enough && cannot_say == 0
            };
            let interval = self.options.poll_interval.unwrap_or(LOOK_EVERY);
            if !more_may_help || self.pause(interval).await != Pause::Over {
                return Resolution::Unknown(reason);
            }
        }
    }

    fn is_old_enough(&self, witness: Witness) -> bool {
        let uptime = self.clock().uptime();
        match witness {
            Witness::Here { ended } => uptime.saturating_sub(ended) >= SURE_AFTER,
            Witness::Earlier { began } => {
                let age = self.clock().now().duration_since(began);
                let by_wall_clock = age >= jiff::SignedDuration::from_secs(SURE_AFTER.as_secs() as i64);
                // The wall clock may have been set back; what an earlier run did is at least as old as this one.
                by_wall_clock || uptime.saturating_sub(self.began) >= SURE_AFTER
            }
        }
    }

    fn adopt_found(&self, who: &Who, clip: &Clip, attempt: &str, task_id: &str) -> Result<(), String> {
        let owner = self.ledger().state().owner_of_task(task_id).map(|owner| owner.id.clone());
        if owner.is_some_and(|owner| owner != attempt) {
            return Err("the service answered with the task of another attempt".into());
        }
        let what = What::Accepted { task_id: task_id.to_owned(), how: Learned::Lookup };
        match self.record(clip, attempt, what) {
            Ok(()) => self.tell(who, Happening::Accepted { task_id, how: Learned::Lookup }),
            Err(error) => self.tell(who, Happening::Unrecorded { task_id, reason: &error.to_string() }),
        }
        Ok(())
    }

    /// Takes a task of the service for this clip, after the service confirmed that it exists. It goes to the shot's unknown
    /// attempt where there is one, of this text or an earlier one; else it stands for itself.
    pub async fn adopt(&self, who: &Who, clip: &Clip, task_id: &str) -> Result<(), AdoptError> {
        if !crate::service::is_task_id(task_id) {
            return Err(AdoptError::NotAnId);
        }
        let (attempt, clip) = {
            let ledger = self.ledger();
            let state = ledger.state();
            if let Some(owner) = state.owner_of_task(task_id) {
                let who = Who { file: owner.clip.film.clone(), clip: owner.clip.clone() };
                return Err(AdoptError::Taken(who));
            }
            let unknown = |attempt: &&Attempt| attempt.standing() == Standing::Unknown;
            let latest = |attempt: &&Attempt| (attempt.began, attempt.id.clone());
            let current = state.of_clip(clip).filter(unknown).max_by_key(latest);
            let any = || state.of_shot(&clip.film, &clip.shot).filter(unknown).max_by_key(latest);
            match current.or_else(any) {
                Some(attempt) => (attempt.id.clone(), attempt.clip.clone()),
                None => match state.shot_state(clip) {
                    state @ (ShotState::Done | ShotState::InFlight) => {
                        return Err(AdoptError::NotNeeded(state));
                    }
                    _ => (ledger::new_attempt_id().map_err(|_| AdoptError::NoRandomNumbers)?, clip.clone()),
                },
            }
        };
        if let Polled::Unclear(reason) = self.service.poll(task_id).await {
            return Err(AdoptError::NotConfirmed(reason));
        }
        let what = What::Accepted { task_id: task_id.to_owned(), how: Learned::Hand };
        self.record(&clip, &attempt, what).map_err(AdoptError::Ledger)?;
        self.tell(who, Happening::Accepted { task_id, how: Learned::Hand });
        Ok(())
    }

    /// Gives up the unknown outcomes of a shot, whatever it said at the time: it may then be bought again.
    pub fn forget(&self, who: &Who) -> Result<(), ForgetError> {
        let unknown: Vec<(Clip, String)> = self
            .ledger()
            .state()
            .of_shot(&who.clip.film, &who.clip.shot)
            .filter(|attempt| attempt.standing() == Standing::Unknown)
            .map(|attempt| (attempt.clip.clone(), attempt.id.clone()))
            .collect();
        if unknown.is_empty() {
            return Err(ForgetError::NotUnknown);
        }
        for (clip, attempt) in unknown {
            self.record(&clip, &attempt, What::Released { how: Learned::Hand, task_id: None })
                .map_err(ForgetError::Ledger)?;
            self.tell(who, Happening::Released { attempt: &attempt });
        }
        Ok(())
    }
}

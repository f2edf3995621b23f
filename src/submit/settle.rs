//! Attempts of which nobody knows what became: looked up at the service.
//!
//! "Found" is believed at once. "Does not exist" is believed only with proof, because a purchase follows from it: said twice, the last time
//! a minute after the request had ended, for the account that the request was sent for, by a service that was seen to find another
//! attempt in the same way.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;

use super::report::{Happening, Who};
use super::session::{Job, Pause, Session};
use crate::api::Looked;
use crate::kling::Target;
use crate::ledger::{Attempt, Clip, Learned, Standing, What};
use crate::service::shown;

/// A look-up counts as the last one only when the request ended this far back: a service may know its tasks with a delay.
pub(super) const SURE_AFTER: Duration = Duration::from_secs(60);
/// Between two look-ups, without `--poll-interval`.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// How often a service may fail to say, once the attempt is old enough, before its outcome stays unknown.
const CANNOT_SAY_MOST: u32 = 3;
/// How many attempts are asked for to see that the service finds them: an old one may have expired.
const CONTROLS: usize = 3;

/// Who recorded the attempt, which decides by which clock its age is measured.
#[derive(Debug, Clone, Copy)]
pub(super) enum SeenBy {
    /// This run: its POST ended at this uptime.
    ThisRun { ended: Duration },
    /// An earlier run, of which the ledger has the times, by a wall clock that may have been set since.
    EarlierRun {
        began: jiff::Timestamp,
        /// When the POST had ended, where a line says so.
        ended: Option<jiff::Timestamp>,
        /// The longest that the POST may have taken.
        longest: Duration,
    },
}

#[derive(Debug)]
pub(super) enum Resolution {
    Found(String),
    Released,
    Unknown(String),
}

/// The outcome of one look-up.
enum Look {
    Settled(Resolution),
    /// The service does not know it. That proves nothing yet, but asking again may.
    Wait(String),
    CannotSay(String),
}

impl Session {
    /// Looks up attempts of earlier runs whose outcome is not known, all at once. With `patient` it waits until the answer can be
    /// trusted; without, it asks as often as makes sense right now. Returns those that stay unknown, with the reason.
    pub async fn settle(self: &Arc<Self>, attempts: Vec<(Who, Attempt)>, patient: bool) -> Vec<(Who, Attempt, String)> {
        let looked = attempts.into_iter().map(|(who, attempt)| async move {
            let mut job = self.job(who.clone(), attempt.id.clone());
            job.clip = attempt.clip.clone();
            let reason = if attempt.external_id().is_none() {
                "its request carried no id that the service could be asked for".to_owned()
            } else if !self.is_same_service(&attempt) {
                "it was sent to another service, or in another form, than the config has now".to_owned()
            } else {
                let longest = attempt.intent.as_ref().and_then(|intent| intent.longest_seconds);
                let seen = SeenBy::EarlierRun {
                    began: attempt.began,
                    ended: attempt.ended(),
                    longest: longest.map_or_else(|| self.service.longest(0), Duration::from_secs),
                };
                match job.resolve(seen, patient).await {
                    Resolution::Found(_) | Resolution::Released => return None,
                    Resolution::Unknown(reason) => reason,
                }
            };
            let candidate = attempt.candidates.last().map(String::as_str);
            job.report(Happening::Unknown { attempt: &attempt.id, reason: &reason, answer: None, candidate });
            Some((who, attempt, reason))
        });
        join_all(looked).await.into_iter().flatten().collect()
    }

    /// Whether it was sent to the service that the config has, in the form that it has: what one form of an API says it does not
    /// have may well be in the other.
    fn is_same_service(&self, attempt: &Attempt) -> bool {
        let api = self.service.endpoint().target.as_str();
        self.is_same_address(attempt) && attempt.intent.as_ref().is_some_and(|intent| intent.api == api)
    }

    fn is_same_address(&self, attempt: &Attempt) -> bool {
        attempt.intent.as_ref().is_some_and(|intent| intent.base_url == self.service.endpoint().base_url())
    }

    /// Why a task of this attempt is not asked for: another service may have another task by the same number.
    pub(super) fn elsewhere(&self, attempt: &Attempt) -> Option<String> {
        let intent = attempt.intent.as_ref()?;
        let endpoint = self.service.endpoint();
        if intent.base_url != endpoint.base_url() {
            let url = shown(&intent.base_url);
            return Some(format!("it was ordered at {url}, and the config names another service now"));
        }
        let is_known = Target::parse(&intent.api).is_none_or(|api| endpoint.target.knows_tasks_of(api));
        let (api, now) = (shown(&intent.api), endpoint.target.as_str());
        (!is_known)
            .then(|| format!("it was ordered with `api = \"{api}\"`, and `{now}` may not know it: ask with that one"))
    }

    fn is_same_account(&self, attempt: &Attempt) -> bool {
        attempt.intent.as_ref().is_some_and(|intent| intent.account.as_deref() == Some(self.service.account()))
    }

    /// The attempt that has this task already, if it is another one at the same service.
    pub(super) fn other_owner(&self, task_id: &str, attempt: &str) -> Option<String> {
        let ledger = self.ledger();
        let mut owners = ledger.state().attempts().filter(|owner| owner.tasks.contains_key(task_id));
        // Two services may count their tasks alike.
        let is_here = |owner: &&Attempt| owner.intent.is_none() || self.is_same_address(owner);
        owners.find(|owner| owner.id != attempt && is_here(owner)).map(|owner| owner.id.clone())
    }

    /// The `external_task_id` of the attempt at this clip that was last given up: sent again under the same one, the service itself
    /// refuses a second purchase.
    pub(super) fn repeated_id(&self, clip: &Clip) -> Option<String> {
        let ledger = self.ledger();
        let released = ledger.state().of_clip(clip).filter(|attempt| {
            attempt.released
                && attempt.tasks.is_empty()
                && self.is_same_address(attempt)
                && self.is_same_account(attempt)
        });
        let last = released.max_by_key(|attempt| (attempt.began, &attempt.id))?;
        last.external_id().map(str::to_owned)
    }

    /// Whether the service finds an attempt that it is known to have, asked for by the id that was sent along. Without that, "does not
    /// exist" says nothing: a gateway may drop the id on its way.
    async fn finds_what_it_has(&self) -> bool {
        let mut is_proven = self.finds_attempts.lock().await;
        if *is_proven {
            return true;
        }
        let mut known: Vec<Attempt> = {
            let ledger = self.ledger();
            let accepted = ledger.state().attempts().filter(|attempt| attempt.standing() >= Standing::InFlight);
            accepted.filter(|it| self.is_same_service(it) && self.is_same_account(it)).cloned().collect()
        };
        known.sort_by_key(|attempt| std::cmp::Reverse(attempt.began));
        for attempt in known.iter().take(CONTROLS) {
            let Some(external_id) = attempt.external_id() else { continue };
            if let Looked::Found { task_id } = self.service.look_up(external_id).await
                && attempt.tasks.contains_key(&task_id)
            {
                *is_proven = true;
                return true;
            }
        }
        false
    }

    fn is_old_enough(&self, seen: SeenBy) -> bool {
        let uptime = self.clock().uptime();
        match seen {
            SeenBy::ThisRun { ended } => uptime.saturating_sub(ended) >= SURE_AFTER,
            SeenBy::EarlierRun { began, ended, longest } => {
                let here = uptime.saturating_sub(self.began);
                let since = |then: jiff::Timestamp| {
                    Duration::try_from(self.clock().now().duration_since(then)).unwrap_or_default()
                };
                match ended {
                    // The wall clock may have been set back; what an earlier run did is at least as old as this one.
                    Some(ended) => since(ended) >= SURE_AFTER || here >= SURE_AFTER,
                    // Its POST may have ended just before this run began, or even be under way at the service.
                    None => here >= SURE_AFTER && (since(began) >= longest || here >= SURE_AFTER + longest),
                }
            }
        }
    }
}

impl Job<'_> {
    /// Looks the attempt up until it is settled or nothing more can be learned.
    pub(super) async fn resolve(&self, seen: SeenBy, patient: bool) -> Resolution {
        self.report(Happening::LookingUp { attempt: &self.attempt });
        let (external_id, mut absent) = {
            let ledger = self.session.ledger();
            let Some(attempt) = ledger.state().attempt(&self.attempt) else {
                return Resolution::Unknown("the ledger does not have it".into());
            };
            let Some(external_id) = attempt.external_id() else {
                return Resolution::Unknown("its request carried no id that the service could be asked for".into());
            };
            (external_id.to_owned(), attempt.absent.len())
        };
        let mut cannot_say = 0;
        loop {
            let old_enough = self.session.is_old_enough(seen);
            let reason = match self.look(&external_id, &mut absent, old_enough).await {
                Look::Settled(resolution) => return resolution,
                Look::Wait(reason) => {
                    cannot_say = 0;
                    reason
                }
                Look::CannotSay(reason) => {
                    cannot_say += 1;
                    reason
                }
            };
            let more_may_help = if patient {
                !old_enough || cannot_say < CANNOT_SAY_MOST
            } else {
                // One more look is worth it only where it can decide.
                old_enough && cannot_say == 0
            };
            let interval = self.session.options.poll_interval.unwrap_or(LOOK_EVERY);
            if !more_may_help || self.session.pause(interval).await != Pause::Over {
                return Resolution::Unknown(reason);
            }
        }
    }

    async fn look(&self, external_id: &str, absent: &mut usize, old_enough: bool) -> Look {
        let unknown = |reason: String| Look::Settled(Resolution::Unknown(reason));
        match self.session.service.look_up(external_id).await {
            Looked::Found { task_id } => match self.adopt_found(&task_id) {
                Ok(()) => Look::Settled(Resolution::Found(task_id)),
                Err(reason) => unknown(reason),
            },
            Looked::Absent => {
                *absent += 1;
                if *absent == 1
                    && let Err(error) = self.record(What::Absent)
                {
                    return unknown(error.to_string());
                }
                if *absent < 2 || !old_enough {
                    return Look::Wait("the service does not know it yet, and it is too early to be sure".into());
                }
                match self.doubt_absence().await {
                    Some(doubt) => Look::CannotSay(format!("the service says that it does not have it, but {doubt}")),
                    None => Look::Settled(self.release()),
                }
            }
            Looked::CannotSay(reason) => Look::CannotSay(format!("the service cannot say what became of it: {reason}")),
        }
    }

    /// Why "does not exist" is not believed.
    async fn doubt_absence(&self) -> Option<&'static str> {
        let is_same_account = {
            let ledger = self.session.ledger();
            ledger.state().attempt(&self.attempt).is_some_and(|attempt| self.session.is_same_account(attempt))
        };
        if !is_same_account {
            return Some("it was sent with the key of another account, or with another key of this one");
        }
        let finds = self.session.finds_what_it_has().await;
        (!finds).then_some("it has not been seen to find any clip by the id that was sent along")
    }

    fn release(&self) -> Resolution {
        match self.record(What::Released { how: Learned::Lookup, task_id: None }) {
            Ok(()) => {
                self.report(Happening::Released { attempt: &self.attempt });
                Resolution::Released
            }
            Err(error) => Resolution::Unknown(error.to_string()),
        }
    }

    fn adopt_found(&self, task_id: &str) -> Result<(), String> {
        if self.session.other_owner(task_id, &self.attempt).is_some() {
            return Err("the service answered with the task of another attempt".into());
        }
        match self.record(What::Accepted { task_id: task_id.to_owned(), how: Learned::Lookup }) {
            Ok(()) => self.report(Happening::Accepted { task_id, how: Learned::Lookup }),
            Err(error) => self.report(Happening::Unrecorded { task_id, reason: &error.to_string() }),
        }
        Ok(())
    }
}

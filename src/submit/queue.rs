//! Decides which clips are bought, which are followed, and which are left as they are.

use std::collections::HashSet;
use std::sync::Arc;

use tokio::sync::OwnedSemaphorePermit;
use tokio::task::JoinSet;

use super::order::Order;
use super::outcome::{Outcome, Settled, Summary};
use super::report::Who;
use super::session::Session;
use super::stop::Halt;
use crate::ledger::{Attempt, Clip, ShotState, Standing};

/// The decision about an order.
enum Way {
    Buy,
    /// A task of it is followed already.
    Follow,
    Leave(Outcome),
}

impl Session {
    /// Buys what is to be bought of `orders`, and follows what is in flight of their shots, until each is settled or time is up.
    ///
    /// Only the ledger decides what is bought, here and again under its lock before each POST.
    pub async fn run(self: &Arc<Self>, orders: Vec<Order>) -> Summary {
        let mut jobs = JoinSet::new();
        // What is in flight already holds its slots before anything new is sent.
        let mut settled = self.follow_earlier(&mut jobs, &orders);
        let mut seen: HashSet<Clip> = HashSet::new();
        for order in orders {
            if !seen.insert(order.item.clip.clone()) {
                continue;
            }
            let outcome = match self.way(&order) {
                Way::Follow => continue,
                Way::Leave(outcome) => outcome,
                // Slots are given here and not in the jobs, so that shots are sent in the film's order.
                Way::Buy => match self.slot().await {
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
            settled.push(Settled { who: order.who(), outcome, is_current: true });
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

    /// Follows what earlier runs ordered for the shots of `orders`. Returns what of it is unknown and not what a shot says today.
    fn follow_earlier(self: &Arc<Self>, jobs: &mut JoinSet<Settled>, orders: &[Order]) -> Vec<Settled> {
        let mut unknown = Vec::new();
        let mut followed: HashSet<(String, String)> = HashSet::new();
        for order in orders {
            let clip = &order.item.clip;
            let of_shot: Vec<Attempt> = self.ledger().state().of_shot(&clip.film, &clip.shot).cloned().collect();
            for attempt in of_shot {
                let is_current = attempt.counts_for(clip);
                for task in attempt.open_tasks() {
                    if followed.insert((attempt.id.clone(), task.to_owned())) {
                        // A renamed shot's clip goes to its new place.
                        let who = if is_current { order.who() } else { order.who_of(&attempt.clip) };
                        self.spawn_follow(jobs, who, &attempt, task, is_current);
                    }
                }
                let is_open = attempt.standing() == Standing::Unknown && !is_current;
                if is_open && followed.insert((attempt.id.clone(), String::new())) {
                    let who = order.who_of(&attempt.clip);
                    unknown.push(Settled { who, outcome: Outcome::unknown(&attempt), is_current });
                }
            }
        }
        unknown
    }

    fn way(&self, order: &Order) -> Way {
        let ledger = self.ledger();
        let state = ledger.state();
        let latest = |standing| {
            let attempts = state.of_clip(&order.item.clip).filter(|attempt| attempt.standing() == standing);
            attempts.max_by_key(|attempt| (attempt.began, &attempt.id))
        };
        match state.shot_state(&order.item.clip) {
            ShotState::Done if !order.is_again => Way::Leave(Outcome::Done { path: None, units: None }),
            ShotState::InFlight => Way::Follow,
            ShotState::Unknown => latest(Standing::Unknown).map_or(Way::Follow, |it| Way::Leave(Outcome::unknown(it))),
            ShotState::Failed if !self.options.retry_failed => Way::Leave(Outcome::failed(latest(Standing::Failed))),
            _ if !order.is_agreed => Way::Leave(self.not_bought("it was not in the plan that was shown")),
            ShotState::New | ShotState::Changed | ShotState::Failed | ShotState::Done => Way::Buy,
        }
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
        let elsewhere = self.elsewhere(attempt);
        // It holds a slot at the service whether or not there is one here.
        let slot = self.slots.clone().try_acquire_owned().ok();
        jobs.spawn(async move {
            let outcome = match elsewhere {
                Some(reason) => Outcome::InFlight { task_id: task, note: Some(reason) },
                None => {
                    let mut job = session.job(who.clone(), id);
                    job.clip = clip;
                    job.fetch(&task, true).await
                }
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

    /// A place among those in flight, or none where the run ends before one is free.
    async fn slot(&self) -> Option<OwnedSemaphorePermit> {
        if self.stop.is_halted() {
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

//! How many POSTs may be under way at once, after what became of the last ones.
//!
//! A service that answers as it should gets as many as there are jobs. After an outcome that is not known, and after a connection
//! that failed, the next POST goes alone: a gateway that takes orders and loses their answers must not get the whole film.

use std::collections::VecDeque;

use tokio::sync::watch;

/// Outcomes that are looked back at, and how many of them may be unknown.
const LOOK_BACK: usize = 5;
const MOST_UNKNOWN: usize = 2;

/// Shared by all jobs of a run.
#[derive(Debug)]
pub(super) struct Caution(watch::Sender<State>);

#[derive(Debug, Default)]
struct State {
    under_way: usize,
    /// Whether the last outcome was not known.
    is_doubtful: bool,
    /// Connections that failed, one after the other.
    failed_connections: usize,
    /// Whether each of the last outcomes was unknown.
    recent: VecDeque<bool>,
    /// The words of the last refusal of a shot that had no code of Kling's.
    refusal: Option<String>,
}

impl State {
    fn goes_alone(&self) -> bool {
        self.is_doubtful || self.failed_connections > 0
    }

    fn remember(&mut self, is_unknown: bool) {
        self.recent.push_back(is_unknown);
        if self.recent.len() > LOOK_BACK {
            self.recent.pop_front();
        }
    }
}

/// The right to one POST, until it is dropped.
#[derive(Debug)]
pub(super) struct Turn<'c> {
    caution: &'c Caution,
    goes_alone: bool,
    /// Connections that failed before it, one after the other.
    pub(super) failed_connections: usize,
}

impl Default for Caution {
    fn default() -> Self {
        Caution(watch::Sender::new(State::default()))
    }
}

impl Caution {
    /// Waits until a POST may be sent.
    pub(super) async fn turn(&self) -> Turn<'_> {
        let mut changes = self.0.subscribe();
        loop {
            // The sender lives as long as `self`, so waiting cannot fail.
            let _ = changes.wait_for(|state| !state.goes_alone() || state.under_way == 0).await;
            let mut turn = None;
            self.0.send_if_modified(|state| {
                let is_free = !state.goes_alone() || state.under_way == 0;
                if is_free {
                    state.under_way += 1;
                    let (goes_alone, failed_connections) = (state.goes_alone(), state.failed_connections);
                    turn = Some(Turn { caution: self, goes_alone, failed_connections });
                }
                is_free
            });
            if let Some(turn) = turn {
                return turn;
            }
        }
    }

    /// An unknown outcome has been settled: it no longer counts against the service.
    pub(super) fn settled(&self) {
        self.0.send_modify(|state| {
            if let Some(unknown) = state.recent.iter_mut().rfind(|is_unknown| **is_unknown) {
                *unknown = false;
            }
            state.is_doubtful = false;
        });
    }

    /// A shot was refused without a code of Kling's. True where the one before was refused with the same words: then it is not the
    /// shots' fault.
    pub(super) fn is_refused_alike(&self, words: &str) -> bool {
        let mut is_alike = false;
        self.0.send_modify(|state| {
            is_alike = state.refusal.as_deref() == Some(words);
            state.refusal = Some(words.to_owned());
        });
        is_alike
    }
}

impl Turn<'_> {
    /// The service took the order, or refused this shot.
    pub(super) fn ended_well(self, is_accepted: bool) {
        self.caution.0.send_modify(|state| {
            state.remember(false);
            (state.is_doubtful, state.failed_connections) = (false, 0);
            if is_accepted {
                state.refusal = None;
            }
        });
    }

    /// The service answered that this is not the time for an order.
    pub(super) fn was_put_off(self) {
        self.caution.0.send_modify(|state| state.failed_connections = 0);
    }

    /// It is not known whether the service took the order. True where that happened too often.
    pub(super) fn ended_unknown(self) -> bool {
        let mut is_too_often = false;
        self.caution.0.send_modify(|state| {
            state.remember(true);
            (state.is_doubtful, state.failed_connections) = (true, 0);
            is_too_often = state.recent.iter().filter(|is_unknown| **is_unknown).count() >= MOST_UNKNOWN;
        });
        is_too_often
    }

    /// There was no connection. Returns how often that has happened, one after the other: jobs that failed at the same moment count once.
    pub(super) fn was_not_sent(self) -> usize {
        let mut failed = 0;
        self.caution.0.send_modify(|state| {
            if self.goes_alone || state.failed_connections == 0 {
                state.failed_connections += 1;
            }
            failed = state.failed_connections;
        });
        failed
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.caution.0.send_modify(|state| state.under_way -= 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt as _;

    fn now(caution: &Caution) -> Option<Turn<'_>> {
        caution.turn().now_or_never()
    }

    #[test]
    fn after_an_unknown_outcome_the_next_goes_alone_until_one_has_ended_well() {
        let caution = Caution::default();
        let (first, second) = (now(&caution).unwrap(), now(&caution).unwrap());
        assert!(!first.ended_unknown());
        assert!(now(&caution).is_none(), "the other one is awaited");
        second.was_put_off();
        let alone = now(&caution).unwrap();
        assert!(now(&caution).is_none());
        alone.ended_well(true);
        let (_a, _b) = (now(&caution).unwrap(), now(&caution).unwrap());
    }

    #[test]
    fn two_unknown_of_five_are_too_many_and_settled_ones_do_not_count() {
        for (well_between, is_too_often) in [(0, true), (3, true), (4, false)] {
            let caution = Caution::default();
            assert!(!now(&caution).unwrap().ended_unknown());
            (0..well_between).for_each(|_| now(&caution).unwrap().ended_well(true));
            assert_eq!(now(&caution).unwrap().ended_unknown(), is_too_often, "{well_between}");
        }
        let caution = Caution::default();
        now(&caution).unwrap().ended_unknown();
        caution.settled();
        assert!(!now(&caution).unwrap().ended_unknown());
    }

    #[test]
    fn connections_that_fail_at_once_count_once() {
        let caution = Caution::default();
        let turns: Vec<_> = (0..4).map(|_| now(&caution).unwrap()).collect();
        for turn in turns {
            assert_eq!(turn.was_not_sent(), 1);
        }
        let alone = now(&caution).unwrap();
        assert_eq!(alone.failed_connections, 1);
        assert!(now(&caution).is_none());
        assert_eq!(alone.was_not_sent(), 2);
        now(&caution).unwrap().ended_well(true);
        assert_eq!(now(&caution).unwrap().failed_connections, 0);
    }

    #[test]
    fn the_same_refusal_twice_in_a_row_is_no_fault_of_the_shots() {
        let caution = Caution::default();
        assert!(!caution.is_refused_alike("too large"));
        assert!(!caution.is_refused_alike("prompt is required"));
        assert!(caution.is_refused_alike("prompt is required"));
        now(&caution).unwrap().ended_well(true);
        assert!(!caution.is_refused_alike("prompt is required"));
    }
}

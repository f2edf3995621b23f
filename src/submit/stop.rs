//! The reasons to end a run before its work is done.

use tokio::sync::watch;

/// Why nothing more is sent.
#[derive(Debug, Clone, PartialEq)]
pub enum Halt {
    /// The service refuses every shot alike: the account, the key or the config must be fixed.
    Account {
        /// Kling's code, where there was one.
        code: Option<u32>,
        /// The service's words, masked and escaped.
        message: String,
        /// The next step for the user.
        advice: &'static str,
    },
    /// There is no connection.
    Unreachable {
        /// Why not.
        reason: String,
    },
    /// Too often it is not known whether the service took a request.
    Unknown {
        /// Why it was not known the last time.
        reason: String,
    },
    /// A clip was charged with more than twice the price that was shown.
    Charged {
        /// Kling units by the price table.
        shown: f64,
        /// Kling units that the service says it charged.
        charged: f64,
    },
    /// A clip cannot be stored.
    Disk {
        /// Why not.
        reason: String,
    },
    /// A request could not be recorded.
    Ledger {
        /// Why not.
        reason: String,
    },
    /// Somebody wants it to end.
    Interrupted,
}

/// Shared by all jobs of a run.
#[derive(Debug)]
pub(super) struct Stop(watch::Sender<State>);

#[derive(Debug, Clone, Default)]
struct State {
    halt: Option<Halt>,
    interrupted: bool,
}

impl Default for Stop {
    fn default() -> Self {
        Stop(watch::Sender::new(State::default()))
    }
}

impl Stop {
    /// The first reason stays; what is in flight goes on.
    pub(super) fn halt(&self, why: Halt) {
        self.0.send_modify(|state| {
            state.halt.get_or_insert(why);
        });
    }

    /// Nothing is sent and nothing is waited for any more.
    pub(super) fn interrupt(&self) {
        self.0.send_modify(|state| {
            state.interrupted = true;
            state.halt.get_or_insert(Halt::Interrupted);
        });
    }

    pub(super) fn why(&self) -> Option<Halt> {
        self.0.borrow().halt.clone()
    }

    pub(super) fn is_halted(&self) -> bool {
        self.0.borrow().halt.is_some()
    }

    pub(super) fn is_interrupted(&self) -> bool {
        self.0.borrow().interrupted
    }

    /// Returns once nothing more is to be sent.
    pub(super) async fn halted(&self) {
        self.reached(|state| state.halt.is_some()).await;
    }

    /// Returns once the run is interrupted.
    pub(super) async fn interrupted(&self) {
        self.reached(|state| state.interrupted).await;
    }

    async fn reached(&self, condition: impl FnMut(&State) -> bool) {
        // The sender lives as long as `self`, so waiting cannot fail.
        let _ = self.0.subscribe().wait_for(condition).await;
    }
}

//! Time, as far as money depends on it.

use std::fmt;
use std::pin::Pin;
use std::time::{Duration, Instant};

use jiff::Timestamp;

/// The wall clock, a clock that never jumps, and waiting. Tests put their own in its place, so that no test waits for a minute to
/// pass; the program only has [`SystemClock`].
pub trait Clock: fmt::Debug + Send + Sync {
    /// The wall clock: for the ledger and for tokens. It may be set back or forth.
    fn now(&self) -> Timestamp;
    /// Time since some fixed moment of this process. Never jumps.
    fn uptime(&self) -> Duration;
    /// Waits.
    fn sleep(&self, pause: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>>;
}

/// The system's clocks.
#[derive(Debug)]
pub struct SystemClock(Instant);

impl Default for SystemClock {
    fn default() -> Self {
        SystemClock(Instant::now())
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    fn uptime(&self) -> Duration {
        self.0.elapsed()
    }

    fn sleep(&self, pause: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(tokio::time::sleep(pause))
    }
}

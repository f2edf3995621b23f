//! Buying clips: each one once, whatever breaks.
//!
//! The order that makes a paid request safe is in `buy.rs`: intent on disk, POST, answer on disk. Everything else waits, asks, downloads
//! and reports.

mod again;
mod buy;
mod by_hand;
mod caution;
mod charge;
mod follow;
mod order;
mod outcome;
mod queue;
mod report;
mod session;
mod settle;
mod stop;

pub use by_hand::{AdoptError, ForgetError};
pub use order::{Order, RequestBody};
pub use outcome::{Outcome, Settled, Summary};
pub use report::{Happening, Sink, Who};
pub use session::{Options, Session};
pub use stop::Halt;

//! Buying clips: each one once, whatever breaks.
//!
//! The order that makes a paid request safe is in [`Session`]'s `buy`: intent on disk, POST, answer on disk. Everything else waits,
//! asks, fetches and tells.

mod order;
mod report;
mod run;
mod settle;
mod stop;

pub use order::{Order, RequestBody};
pub use report::{Happening, Sink, Who};
pub use run::{Options, Outcome, Session, Settled, Summary};
pub use settle::{AdoptError, ForgetError};
pub use stop::Halt;

//! The one place that decides what is reported: how severe, silenced or not, once, and in which order.

mod allow;
mod allowing;
mod levels;
pub mod sink;

pub use allowing::allowing;
pub use levels::Levels;
pub use sink::{Page, Sink};

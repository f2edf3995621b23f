//! The one place that decides what is reported: how severe, silenced or not, once, and in which order.

mod allow;
mod allowing;
mod foreseen;
mod levels;
mod page;
pub mod sink;

pub use allowing::allowing;
pub use foreseen::Foreseen;
pub use levels::Levels;
pub use page::Page;
pub use sink::Sink;

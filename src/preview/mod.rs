//! The film as a page: the reel of its shots with what will be sent, what it costs and what is wrong with it, the animatic, and
//! the takes that were bought. A face over the settled clips, the report and the plan: nothing is worked out a second time.

mod card;
mod drawing;
mod frame;
mod html;
mod link;
mod markdown;
mod pictures;
mod playlist;
mod reel;
mod shrink;
mod takes;

pub use html::html;
pub use link::clip_key;
pub use markdown::markdown;
pub use pictures::{Pictures, TooMuch};
pub use reel::{Clips, Reel, Sources};

/// The most shots in one page. Each has at most a few thousand characters of text, so a page stays readable by a browser.
pub const MOST_SHOTS: usize = 2_000;

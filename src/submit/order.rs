//! The orders of a run.

use std::fmt;
use std::io::{self, Write};
use std::sync::Arc;

use crate::api::{Body, Pictures};
use crate::plan::Item;

/// A shot, compiled: all that buying its clip needs to know of it.
#[derive(Clone)]
pub struct Order {
    /// Which clip, at which price.
    pub item: Item,
    /// Whether its price was shown and agreed to. Without, it is followed where it is in flight, and never bought, whatever
    /// has come into the ledger since.
    pub is_agreed: bool,
    /// Whether another take is bought where the clip is done.
    pub is_again: bool,
    /// The path that the request is posted to, below the base URL.
    pub path: &'static str,
    /// The request.
    pub body: Arc<dyn RequestBody>,
}

impl fmt::Debug for Order {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Order").field("item", &self.item).finish_non_exhaustive()
    }
}

/// A request's body, which is made when it is sent: with its frames in it, it may have 40 MB.
pub trait RequestBody: Send + Sync {
    /// About how many bytes it will have. Decides how many bodies are in memory at once, and nothing else.
    fn size_hint(&self) -> u64;

    /// Writes the JSON, with `external_task_id` as its last field where there is one.
    ///
    /// # Errors
    ///
    /// Where a frame cannot be read, or is no longer the one that the identity was made of.
    fn write_to(&self, out: &mut dyn Write, external_task_id: Option<&str>) -> io::Result<()>;
}

impl RequestBody for Body {
    fn size_hint(&self) -> u64 {
        const AROUND: u64 = 16 << 10;
        self.pictures().iter().map(|picture| picture.bytes / 3 * 4 + 8).sum::<u64>() + AROUND
    }

    fn write_to(&self, out: &mut dyn Write, external_task_id: Option<&str>) -> io::Result<()> {
        let mut out = out;
        self.write(&mut out, Pictures::Inline, external_task_id)
    }
}

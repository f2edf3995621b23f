//! What there is to buy.

use std::fmt;
use std::io::{self, Write};
use std::sync::Arc;

use crate::ledger::Clip;

/// A shot, compiled: all that buying its clip needs to know of it.
#[derive(Clone)]
pub struct Order {
    /// The clip that it would buy. `clip.film` names the folder of the clip.
    pub clip: Clip,
    /// The storyboard's path as found, for messages.
    pub file: String,
    /// Body field → digest of its value, for the intent.
    pub fields: Vec<(String, String)>,
    pub seconds: u32,
    /// By the price table; `None` where it has no price.
    pub units: Option<f64>,
    pub usd: Option<f64>,
    pub body: Arc<dyn RequestBody>,
}

impl fmt::Debug for Order {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Order").field("clip", &self.clip).field("file", &self.file).finish_non_exhaustive()
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

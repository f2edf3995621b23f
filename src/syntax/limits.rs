//! Limits on a file, so that a hostile one costs neither time nor memory.

/// A file's size in bytes.
pub const MAX_BYTES: usize = 16 * 1024 * 1024;
/// Collections within collections.
pub const MAX_DEPTH: usize = 128;
/// Values that aliases may add.
pub const MAX_ALIAS_NODES: u64 = 100_000;
/// Bibles that extend one another, behind one film.
pub const MAX_BIBLES: usize = 16;

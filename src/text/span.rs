use std::ops::Range;

/// A half-open range of bytes in one [`Source`](super::Source)'s text. Lines and columns are worked out only where
/// something is shown.
///
/// Kept in half the room of two `usize`, since a tree has several for each node; asked in `usize`, as `str` counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    start: u32,
    end: u32,
}

impl Span {
    /// The span from `start` up to `end`. Offsets fit: a source is at most 16 MiB.
    pub fn new(start: usize, end: usize) -> Self {
        debug_assert!(start <= end && end <= u32::MAX as usize);
        Self { start: start as u32, end: end as u32 }
    }

    /// The `len` bytes from `start` on.
    pub fn at(start: usize, len: usize) -> Self {
        Self::new(start, start + len)
    }

    /// The empty span at `at`.
    pub fn empty(at: usize) -> Self {
        Self::new(at, at)
    }

    /// The first byte.
    pub fn start(self) -> usize {
        self.start as usize
    }

    /// One past the last byte.
    pub fn end(self) -> usize {
        self.end as usize
    }

    /// As a range of byte indices, for slicing.
    pub fn range(self) -> Range<usize> {
        self.start()..self.end()
    }

    /// Whether `other` is wholly within this span.
    pub fn contains(self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Whether `offset` is within this span or just behind it, as the cursor of an editor is.
    pub fn touches(self, offset: usize) -> bool {
        (self.start()..=self.end()).contains(&offset)
    }

    /// The smallest span that holds both.
    pub fn join(self, other: Span) -> Span {
        Span { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// The same span up to `end`, which is not before its start.
    pub fn up_to(self, end: usize) -> Span {
        Span::new(self.start(), end)
    }

    /// Length in bytes.
    pub fn len(self) -> usize {
        self.end() - self.start()
    }

    /// Whether the span has no byte.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }
}

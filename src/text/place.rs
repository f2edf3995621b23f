use std::sync::Arc;

use super::{Position, Source, Span};

/// A place in a text.
#[derive(Clone, Debug)]
pub struct Place {
    /// The text.
    pub source: Arc<Source>,
    /// The bytes of it.
    pub span: Span,
}

impl Place {
    /// Line and column where it begins.
    pub fn position(&self) -> Position {
        self.source.position(self.span.start())
    }

    /// Whether both are the same place of the same text.
    pub fn same(&self, other: &Place) -> bool {
        Arc::ptr_eq(&self.source, &other.source) && self.span == other.span
    }
}

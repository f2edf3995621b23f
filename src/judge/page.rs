//! What judging needs of a document. It is made while the document is at hand, so that a check of many files can let go of their
//! trees.

use std::sync::Arc;

use super::allow::Allows;
use crate::diagnostic::Label;
use crate::language::shots_of;
use crate::syntax::Document;
use crate::text::{Nested, Place, Source, Span, shown};

/// A document as the sink needs it.
#[derive(Debug)]
pub struct Page {
    /// The text.
    pub(super) source: Arc<Source>,
    /// Its allow comments.
    pub(super) allows: Allows,
    /// Whether it is a bible: what its allow comments are for may be in files that are not checked now.
    pub(super) lends: bool,
    /// Whether some of its film could not be read: what its allow comments are for may be there.
    pub(super) is_incomplete: bool,
    /// The extents of its shots, with their ids.
    shots: Vec<(Span, String)>,
    /// The anchored values that are used elsewhere.
    anchors: Nested<Used>,
}

/// Where an anchored value is used.
#[derive(Debug)]
struct Used {
    name: String,
    at: Vec<Span>,
}

/// How many uses of an anchored value a finding names.
const MOST_USES: usize = 5;

impl Page {
    /// The page of a document; `lends` says whether it is a bible, `is_incomplete` whether some of its film could not be read.
    pub fn new(document: &Document, lends: bool, is_incomplete: bool) -> Self {
        let tree = &document.tree;
        let used = tree.anchors.iter().filter(|anchor| !anchor.uses.is_empty()).map(|anchor| {
            let at = anchor.uses.iter().copied().take(MOST_USES).collect();
            (tree.node(anchor.node).extent, Used { name: anchor.name.to_string(), at })
        });
        Self {
            allows: Allows::of(document),
            lends,
            is_incomplete,
            shots: shots_of(document),
            anchors: Nested::new(used),
            source: document.source.clone(),
        }
    }

    /// The text.
    pub fn source(&self) -> &Arc<Source> {
        &self.source
    }

    /// A place in the text.
    pub(super) fn place(&self, span: Span) -> Place {
        Place { source: self.source.clone(), span }
    }

    /// The shot whose text contains a place.
    pub(super) fn shot_at(&self, span: Span) -> Option<String> {
        let index = self.shots.partition_point(|(extent, _)| extent.start() <= span.start());
        let (extent, id) = self.shots.get(index.checked_sub(1)?)?;
        // A comment behind the shot's last value is the shot's too.
        let source = &self.source;
        let end = extent.end();
        let line_end = source.line_around(end.saturating_sub(1)).end();
        let rest = source.text.get(end..line_end).unwrap_or_default().trim_start();
        // Where the value itself is lost to the comment, the shot ends at its key.
        let has_comment = rest.strip_prefix(':').unwrap_or(rest).trim_start().starts_with('#');
        let end = if has_comment { line_end } else { end };
        (span.start() < end).then(|| id.clone())
    }

    /// Where an anchored text that holds `span` is used: what is wrong in it is wrong there too.
    pub(super) fn uses_of(&self, span: Span) -> Vec<Label> {
        let label = |used: &Used, at: Span| Label {
            place: self.place(at),
            message: format!("used here, as `*{}`", shown::words(&used.name)),
        };
        let around = self.anchors.around(span);
        around.flat_map(|used| used.at.iter().map(|&at| label(used, at))).take(MOST_USES).collect()
    }
}

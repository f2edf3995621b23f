//! Rules about how a file is written, whatever the film means: keys that are there twice, what a comment swallows, quotation
//! marks, secrets. One file per rule, its document next to it, as in `rules`, which lists and runs them all. These see the document
//! and not the film; the rules about what a film means see the film and not the document.

pub(crate) mod comment_after_text;
pub(crate) mod comment_in_text;
pub(crate) mod duplicate_key;
pub(crate) mod secret_in_file;
mod sent;
pub(crate) mod text_lost_to_comment;
pub(crate) mod typographic_quotes;

use std::sync::Arc;

use crate::diagnostic::Finding;
use crate::syntax::Document;

/// A rule about one document.
pub(crate) type Check = fn(&Arc<Document>, &mut Vec<Finding>);

//! The checker in an editor: a language server. What is wrong, what it costs and what is sent comes from the rooms below; here it
//! is put into the protocol's words.
//!
//! One thread answers one message after another, each in milliseconds. What has arrived in the meantime is looked at first, so
//! that a text is checked once for a burst of keystrokes, and a request that was cancelled while it waited is not worked on.

mod actions;
mod analysis;
mod capabilities;
mod card;
mod commands;
mod completion;
mod cursor;
mod diagnostics;
mod dispatch;
mod documents;
mod form;
mod hover;
mod inlay;
mod links;
mod moved;
mod names;
mod navigation;
mod outline;
mod position;
mod server;
mod session;
mod snippet;
mod typing;
mod uri;

pub use server::{ServeError, serve};

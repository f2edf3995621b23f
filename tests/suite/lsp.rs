//! The language server, by an editor in memory that has to look at every message.

mod client;
mod clients;
mod conversation;
mod diagnostics;
mod fixes;
mod moved;
mod places;
mod robust;

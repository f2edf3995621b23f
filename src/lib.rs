//! The compiler for AI-film storyboards: YAML or TOML in, checked image-to-video requests for Kling out.
//!
//! A [`Workspace`](check::Workspace) checks storyboards and says all that is wrong with them; a film without errors becomes
//! [`clips`](clip::clips), and each clip the exact [`request`](api::request) that buys it. Nothing here opens a socket but
//! `service`, and everything is read through [`Files`](files::Files): the disk, or, as here, memory.
//!
//! ```
//! use std::sync::Arc;
//!
//! use clapboard::api::{Pictures, request};
//! use clapboard::check::Workspace;
//! use clapboard::clip::clips;
//! use clapboard::files::Memory;
//! use clapboard::judge::Levels;
//! use clapboard::text::FileId;
//!
//! let mut files = Memory::default();
//! files.insert("/films/harbour.storyboard.yaml", *b"\
//! storyboard: 1
//! shots:
//!   - id: fog
//!     model: kling-v2-6
//!     first_frame: https://stills.example.com/fog.png
//!     prompt: Fog lifts off the water.
//! ");
//! let workspace = Workspace::new(Arc::new(files), None, Levels::default());
//! let checked = workspace.check(&FileId::new("harbour.storyboard.yaml", "/films/harbour.storyboard.yaml"))?;
//!
//! let report = workspace.report(std::slice::from_ref(&checked));
//! for finding in &report.diagnostics {
//!     println!("{}: {}", finding.code.as_str(), finding.message);
//! }
//! assert_eq!(report.errors(), 0);
//!
//! let mut body = Vec::new();
//! for clip in clips(&checked.film, checked.facts, checked.target) {
//!     request(&clip, &checked.project.library)?.body.write(&mut body, Pictures::Inline, None)?;
//! }
//! assert!(String::from_utf8(body)?.starts_with(r#"{"model_name":"kling-v2-6","#));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod api;
pub mod assets;
pub mod check;
pub mod clip;
pub mod diagnostic;
#[cfg(feature = "ledger")]
pub mod export;
pub mod files;
pub mod fix;
pub mod import;
pub mod judge;
pub mod kling;
pub mod language;
#[cfg(feature = "ledger")]
pub mod ledger;
#[cfg(feature = "lsp")]
pub mod lsp;
pub mod models;
#[cfg(feature = "ledger")]
pub mod plan;
#[cfg(feature = "preview")]
pub mod preview;
pub mod project;
pub mod report;
pub mod rules;
#[cfg(feature = "ledger")]
pub mod select;
#[cfg(feature = "submit")]
pub mod service;
#[cfg(feature = "submit")]
pub mod submit;
pub mod syntax;
pub mod text;
mod written;

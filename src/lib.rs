//! The compiler for AI-film storyboards: YAML or TOML in, checked image-to-video requests for Kling out.

pub mod api;
pub mod assets;
pub mod check;
pub mod clip;
pub mod diagnostic;
pub mod files;
pub mod fix;
pub mod import;
pub mod judge;
pub mod kling;
pub mod language;
pub mod ledger;
pub mod plan;
pub mod project;
pub mod report;
pub mod rules;
#[cfg(feature = "submit")]
pub mod service;
#[cfg(feature = "submit")]
pub mod submit;
pub mod syntax;
pub mod text;

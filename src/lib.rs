//! The compiler for AI-film storyboards: YAML or TOML in, checked image-to-video requests for Kling out.

pub mod assets;
pub mod compile;
pub mod diagnostic;
pub mod kling;
pub mod language;
pub mod source;

//! A storyboard as text, as a person would lay it out.

mod toml;
mod yaml;

use serde_json::{Map, Value};

use crate::language::storyboard::Storyboard;
use crate::text::Format;

/// The storyboard as YAML or TOML.
///
/// # Errors
/// It has a value that the format cannot write; says which.
pub fn write(storyboard: &Storyboard, format: Format) -> Result<String, String> {
    let film = match serde_json::to_value(storyboard) {
        Ok(Value::Object(film)) => film,
        Ok(_) => Map::new(),
        Err(error) => return Err(error.to_string()),
    };
    match format {
        Format::Yaml => Ok(yaml::write(&film)),
        Format::Toml => toml::write(&film),
    }
}

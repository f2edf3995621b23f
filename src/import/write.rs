//! A storyboard as text, as a person would lay it out.

use crate::language::storyboard::Storyboard;
use crate::source::Format;

/// The storyboard as YAML or TOML.
///
/// # Errors
/// The library that writes the format cannot; says why.
pub fn write(storyboard: &Storyboard, format: Format) -> Result<String, String> {
    match format {
        Format::Yaml => serde_yaml::to_string(storyboard).map(|text| spaced(&text)).map_err(|error| error.to_string()),
        Format::Toml => toml::to_string(storyboard).map_err(|error| error.to_string()),
    }
}

/// A blank line before each field of the film and each shot. Only these begin at a line's start: what lies deeper is indented.
fn spaced(yaml: &str) -> String {
    let mut spaced = String::with_capacity(yaml.len() + yaml.len() / 16);
    let mut before = "";
    for line in yaml.lines() {
        let begins = line.starts_with(|first: char| first.is_ascii_alphabetic()) || line.starts_with("- id:");
        if begins && !before.is_empty() && !before.ends_with(':') {
            spaced.push('\n');
        }
        spaced.push_str(line);
        spaced.push('\n');
        before = line;
    }
    spaced
}

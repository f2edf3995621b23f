use std::io::{self, Write};

use clap::Args;

use super::{Exit, Global};
use clapboard::kling::Facts;
use clapboard::models;

/// Show what each model can do, and what a second costs
///
/// Modes, lengths, last frame, sound, voices and cuts for each model and target, Kling's list prices, and where voice ids
/// come from. With --verbose: retired models too, and the source of each row.
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  clapboard models\n  clapboard models --format json\n  clapboard models --format markdown > models.md"
)]
pub struct Models {
    /// Output format
    #[arg(long, value_enum, default_value = "human", help_heading = "Output")]
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For people
    Human,
    /// For scripts
    Json,
    /// For documentation
    Markdown,
}

impl Models {
    pub fn run(&self, global: &Global) -> io::Result<Exit> {
        let facts = Facts::kling();
        let stdout = io::stdout();
        let width = global.color.terminal(&stdout).width;
        let text = match self.format {
            Format::Human => models::human(facts, global.verbose, width),
            Format::Json => serde_json::to_string_pretty(&models::json(facts))? + "\n",
            Format::Markdown => models::markdown(facts),
        };
        stdout.lock().write_all(text.as_bytes())?;
        Ok(Exit::Done)
    }
}

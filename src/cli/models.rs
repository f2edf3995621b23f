use clap::Args;

use super::Exit;
use super::failure::Failure;
use super::ui::Ui;
use super::values::PageFormat;
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
    format: PageFormat,
}

impl Models {
    pub fn run(&self, ui: &Ui) -> Result<Exit, Failure> {
        let facts = Facts::kling();
        let text = match self.format {
            PageFormat::Human => models::human(facts, ui.verbose, ui.out_terminal().width),
            PageFormat::Json => format!("{:#}\n", models::json(facts)),
            PageFormat::Markdown => models::markdown(facts),
        };
        ui.print(&text)?;
        Ok(Exit::Done)
    }
}

use clap::Args;

use super::Exit;
use super::failure::Failure;
use super::ui::Ui;

/// Print the JSON Schema of storyboards, for editors
///
/// With it they complete, explain on hover, and underline errors while one writes.
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  clapboard schema > storyboard.schema.json\n  clapboard schema --config > clapboard.schema.json"
)]
pub struct Schema {
    /// The schema of clapboard.toml instead
    #[arg(long)]
    config: bool,
}

impl Schema {
    pub fn run(&self, ui: &Ui) -> Result<Exit, Failure> {
        let schema = if self.config { clapboard::project::SCHEMA } else { clapboard::language::schema::STORYBOARD };
        ui.print(schema)?;
        Ok(Exit::Done)
    }
}

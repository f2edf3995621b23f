use std::io::{self, Write};

use clap::Args;

use super::Exit;

/// Prints the JSON Schema, for editors: completion, help on hover, and errors while one writes.
#[derive(Args, Debug)]
pub struct Schema {
    /// The schema of clapboard.toml instead
    #[arg(long)]
    config: bool,
}

impl Schema {
    pub fn run(&self) -> io::Result<Exit> {
        let schema = if self.config { crate::project::SCHEMA } else { crate::language::schema::STORYBOARD };
        io::stdout().lock().write_all(schema.as_bytes())?;
        Ok(Exit::Done)
    }
}

use camino::Utf8PathBuf;
use clap::Args;
use lsp_server::Connection;

use super::Exit;
use super::failure::Failure;
use super::ui::Ui;
use clapboard::files::Disk;
use clapboard::lsp::serve;

/// Check storyboards while they are written: a language server for editors
///
/// An editor starts it and talks with it over standard input and output. How to set yours up: docs/editors.md.
#[derive(Args, Debug)]
pub struct Lsp {
    /// Ignored: editors that can start servers in several ways pass it
    #[arg(long, hide = true)]
    stdio: bool,
}

impl Lsp {
    pub fn run(&self, _: &Ui) -> Result<Exit, Failure> {
        let folder = std::env::current_dir()?;
        let folder = Utf8PathBuf::from_path_buf(folder).unwrap_or_else(|_| Utf8PathBuf::from("/"));
        let (connection, threads) = Connection::stdio();
        let result = serve(&connection, std::sync::Arc::new(Disk), folder);
        // The thread that writes ends when nobody can send any more.
        drop(connection);
        threads.join()?;
        result.map_err(Failure::cannot)?;
        Ok(Exit::Done)
    }
}

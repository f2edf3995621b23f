//! Whether a key may go where a project's config says.
//!
//! A project can come from anywhere, and its config names both the variable that holds a key and the address that the key is sent
//! to. Buying is always asked for, by the question or `--yes`; what merely looks (`status`, `doctor`) sends a key only where it
//! belongs: to Kling's own hosts or this machine from a variable of a Kling key, or wherever this person has bought before. What
//! was agreed to is kept next to the second copy of the ledger, where no clone brings it along.

use std::fs::File;
use std::io::{Read as _, Write as _};

use clapboard::ledger::Location;
use clapboard::project::Project;
use clapboard::service::Service;

use super::failure::Failure;
use super::ui::Ui;

/// The file that keeps what was agreed to.
const FILE: &str = "agreed";
const MOST: u64 = 1 << 20;

/// An address and the variables whose values are sent to it.
pub struct Recipient<'p> {
    address: String,
    variables: Vec<&'p str>,
    is_own: bool,
}

impl<'p> Recipient<'p> {
    /// Who gets the key of a project.
    pub fn of(project: &'p Project, service: &Service) -> Recipient<'p> {
        let endpoint = service.endpoint();
        let is_own = endpoint.is_loopback() || endpoint.is_official();
        Recipient { address: endpoint.base_url().to_owned(), variables: project.config.target.auth.variables(), is_own }
    }

    /// What is agreed to, in words.
    pub fn sentence(&self) -> String {
        format!("the key in {} to {}", self.variables.join(" and "), self.address)
    }

    /// Lets a command that only looks send the key, asking where it must.
    ///
    /// # Errors
    /// It was not agreed to.
    pub fn check(&self, location: &Location, yes: bool, ui: &Ui) -> Result<(), Failure> {
        let is_kling_key = |name: &&str| name.to_ascii_uppercase().contains("KLING");
        if yes || (self.is_own && self.variables.iter().all(is_kling_key)) || self.was_agreed(location) {
            return Ok(());
        }
        match ui.ask(&format!("This project's config sends {}. Send it?", self.sentence()))? {
            Some(true) => self.agree(location),
            Some(false) => return Err(Failure::refused("the key was not sent")),
            None => {
                let problem =
                    format!("this project's config would send {}, and nobody has agreed to that here", self.sentence());
                return Err(Failure::cannot(problem).hint("run the command in a terminal, where it asks, or say --yes"));
            }
        }
        Ok(())
    }

    fn lines(&self) -> impl Iterator<Item = String> + '_ {
        self.variables.iter().map(|name| format!("{name} {}", self.address))
    }

    fn was_agreed(&self, location: &Location) -> bool {
        let Some(second) = &location.second else { return false };
        let mut text = String::new();
        let read = File::open(second.folder().join(FILE)).and_then(|file| file.take(MOST).read_to_string(&mut text));
        read.is_ok() && self.lines().all(|line| text.lines().any(|agreed| agreed == line))
    }

    /// Keeps that it was agreed to. Where that cannot be kept, it is asked again.
    pub fn agree(&self, location: &Location) {
        let Some(second) = &location.second else { return };
        if self.was_agreed(location) {
            return;
        }
        let kept = std::fs::create_dir_all(second.folder()).and_then(|()| {
            let mut file = File::options().append(true).create(true).open(second.folder().join(FILE))?;
            self.lines().try_for_each(|line| writeln!(file, "{line}"))
        });
        let _ = kept;
    }
}

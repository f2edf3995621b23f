use std::io::{self, Write};
use std::path::Path;

use clap::Args;
use similar::TextDiff;

use super::input::Input;
use super::{Exit, Global};
use crate::check::read;
use crate::diagnostic::Safety;
use crate::fix::{self, Subject};
use crate::report::{self, Format, render};
use crate::source::Format as SourceFormat;

/// Checks storyboards and says what is wrong, where, and what to do about it. Needs no network and no key.
#[derive(Args, Debug)]
#[command(after_help = "Exit status: 0 no errors, 1 errors in the storyboards, 2 the command could not run")]
pub struct Check {
    #[command(flatten)]
    input: Input,
    /// The form of what is told
    #[arg(long, value_enum, default_value = "human", help_heading = "Output")]
    format: Format,
    /// Mend what can be mended without changing what is meant
    #[arg(long, help_heading = "Fixes")]
    fix: bool,
    /// Mend also what may change what is meant, or what a clip costs
    #[arg(long, help_heading = "Fixes")]
    unsafe_fixes: bool,
    /// Show what would be mended, and change nothing
    #[arg(long, help_heading = "Fixes")]
    diff: bool,
}

impl Check {
    pub fn run(&self, global: &Global) -> io::Result<Exit> {
        let stdout = io::stdout();
        let terminal = global.color.terminal(&stdout);
        let mut out = io::BufWriter::new(stdout.lock());
        if self.diff {
            let exit = self.show_fixes(&mut out)?;
            out.flush()?;
            return Ok(exit);
        }
        let mut result = Exit::Done;
        if self.fix || self.unsafe_fixes {
            result = self.apply_fixes(global)?;
        }
        let checked = self.input.check();
        render(self.format, &checked.report, &terminal, &mut out)?;
        out.flush()?;
        Ok(checked.exit.max(result))
    }

    fn safety(&self) -> Safety {
        if self.unsafe_fixes { Safety::Unsafe } else { Safety::Safe }
    }

    /// Calls `change` with the name, the path, and the text before and after, of each storyboard that can be mended.
    fn each_fixed(&self, mut change: impl FnMut(&str, &Path, &str, fix::Fixed) -> io::Result<()>) -> io::Result<()> {
        let session = self.input.session();
        for (name, path) in self.input.paths_of_files(&session) {
            // What cannot be read is told by the check that follows.
            let (Some(format), Ok(bytes)) = (SourceFormat::of(&path), read(&path)) else { continue };
            let Ok(text) = String::from_utf8(bytes) else { continue };
            let subject = Subject { name: &name, path: &path, format };
            let fixed = fix::fix(&session, subject, text.clone(), self.safety());
            if fixed.text != text {
                change(&name, &path, &text, fixed)?;
            }
        }
        Ok(())
    }

    fn apply_fixes(&self, global: &Global) -> io::Result<Exit> {
        let mut exit = Exit::Done;
        self.each_fixed(|name, path, _, fixed| {
            let message = match fix::replace(path, &fixed.text) {
                Ok(()) if global.quiet => return Ok(()),
                Ok(()) => {
                    format!("{name}: mended {} problem{}", fixed.mended, if fixed.mended == 1 { "" } else { "s" })
                }
                Err(error) => {
                    exit = Exit::Failed;
                    format!("{name}: it cannot be written: {error}")
                }
            };
            eprintln!("clapboard: {}", report::plain(&message));
            Ok(())
        })?;
        Ok(exit)
    }

    fn show_fixes(&self, out: &mut impl Write) -> io::Result<Exit> {
        self.each_fixed(|name, _, before, fixed| {
            let diff = TextDiff::from_lines(before, &fixed.text);
            let text = diff.unified_diff().context_radius(1).header(name, name).to_string();
            text.lines().try_for_each(|line| writeln!(out, "{}", report::plain(line)))
        })?;
        Ok(self.input.check().exit)
    }
}

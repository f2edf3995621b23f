#[cfg(feature = "watch")]
use std::io::IsTerminal;
use std::io::{self, Write};

use clap::Args;
use similar::TextDiff;

use super::input::{Checked, Input};
use super::new_file::replace;
use super::outputs::Outputs;
#[cfg(feature = "watch")]
use super::watch::watch;
use super::{Exit, Global};
use clapboard::diagnostic::Safety;
use clapboard::files::read_open;
use clapboard::fix;
use clapboard::report::{self, Terminal};
use clapboard::syntax::limits::MAX_BYTES;
use clapboard::text::FileId;

/// Check storyboards; offline, no key needed
///
/// Says what is wrong, where, and what to do about it: all of it in one run.
#[derive(Args, Debug)]
#[command(after_help = "Exit status: 0 no errors, 1 errors in the storyboards, 2 the command could not run")]
pub struct Check {
    #[command(flatten)]
    input: Input,
    #[command(flatten)]
    outputs: Outputs,
    /// Mend what can be mended without changing what is meant
    #[arg(long, help_heading = "Fixes")]
    fix: bool,
    /// Mend also what may change what is meant, or what a clip costs
    #[arg(long, help_heading = "Fixes")]
    unsafe_fixes: bool,
    /// Show what would be mended, and change nothing
    #[arg(long, help_heading = "Fixes")]
    diff: bool,
    /// Say at the end how often each rule speaks
    #[arg(long, help_heading = "Output")]
    statistics: bool,
    /// Check again whenever a storyboard, bible, frame or the config changes; Ctrl+C ends it
    #[cfg(feature = "watch")]
    #[arg(long, help_heading = "Output", conflicts_with = "diff")]
    watch: bool,
}

impl Check {
    pub fn run(&self, global: &Global) -> io::Result<Exit> {
        let stdout = io::stdout();
        let terminal = global.color.terminal(&stdout);
        if self.diff {
            let mut out = io::BufWriter::new(stdout.lock());
            let exit = self.show_fixes(&mut out)?;
            out.flush()?;
            return Ok(exit);
        }
        #[cfg(feature = "watch")]
        if self.watch {
            return self.watch(&terminal, global);
        }
        let (checked, exit) = self.once(&terminal, global)?;
        // The process ends here: to free each value of each storyboard first would only take time.
        std::mem::forget(checked);
        Ok(exit)
    }

    fn once(&self, terminal: &Terminal, global: &Global) -> io::Result<(Checked, Exit)> {
        let mut result = Exit::Done;
        if self.fix || self.unsafe_fixes {
            result = self.apply_fixes(global)?;
        }
        let checked = self.input.check();
        self.outputs.write(&checked.report, terminal, global)?;
        if self.statistics {
            self.outputs.write_statistics(&checked.report)?;
        }
        let exit = checked.exit.max(result);
        Ok((checked, exit))
    }

    /// Checks again and again; only a failure or a signal ends it.
    #[cfg(feature = "watch")]
    fn watch(&self, terminal: &Terminal, global: &Global) -> io::Result<Exit> {
        if self.input.reads_standard_input() {
            return Err(io::Error::other("standard input cannot be watched: name files or folders"));
        }
        watch(|| {
            if io::stdout().is_terminal() {
                // The screen and what scrolled out of it, then the cursor home.
                print!("\x1b[2J\x1b[3J\x1b[H");
            }
            let (checked, _) = self.once(terminal, global)?;
            if !global.quiet {
                let summary = report::summary(&checked.report);
                eprintln!("clapboard: {summary}; checked again when something changes, Ctrl+C ends");
            }
            Ok(checked.followed())
        })?;
        Ok(Exit::Done)
    }

    fn safety(&self) -> Safety {
        if self.unsafe_fixes { Safety::Unsafe } else { Safety::Safe }
    }

    /// Calls `change` with each storyboard that can be fixed, its text and what that becomes.
    fn each_fixed(&self, mut change: impl FnMut(&FileId, &str, fix::Fixed) -> io::Result<()>) -> io::Result<()> {
        let workspace = self.input.workspace();
        for mut file in self.input.named_files(&workspace) {
            // What cannot be read is reported by the check that follows.
            let Ok(bytes) = read_open(&**workspace.files(), &file.path, MAX_BYTES as u64) else { continue };
            file.format = Some(file.format_of(&bytes));
            let Ok(text) = String::from_utf8(bytes) else { continue };
            let fixed = fix::fix(&workspace, &file, text.clone(), self.safety());
            if fixed.text != text {
                change(&file, &text, fixed)?;
            }
        }
        Ok(())
    }

    fn apply_fixes(&self, global: &Global) -> io::Result<Exit> {
        let mut exit = Exit::Done;
        self.each_fixed(|file, _, fixed| {
            let name = &file.shown;
            let message = match replace(file.path.as_std_path(), &fixed.text) {
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
        self.each_fixed(|file, before, fixed| {
            let diff = TextDiff::from_lines(before, &fixed.text);
            let text = diff.unified_diff().context_radius(1).header(&file.shown, &file.shown).to_string();
            text.lines().try_for_each(|line| writeln!(out, "{}", report::plain(line)))
        })?;
        Ok(self.input.check().exit)
    }
}

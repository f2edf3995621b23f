#[cfg(feature = "watch")]
use std::io::IsTerminal;
use std::io::{self, Write};

use clap::Args;
use similar::{ChangeTag, TextDiff};

use super::input::{Checked, Input};
use super::new_file::replace;
use super::outputs::{Outputs, Stream};
#[cfg(feature = "watch")]
use super::watch::watch;
use super::{Exit, Global, say};
use clapboard::check::{Workspace, totals};
use clapboard::diagnostic::Safety;
use clapboard::files::read_open;
use clapboard::fix::{self, Fixed};
use clapboard::report::Terminal;
#[cfg(feature = "watch")]
use clapboard::report::summary;
use clapboard::syntax::limits::MAX_BYTES;
use clapboard::text::{FileId, counted, shown};

/// Check storyboards; works offline and needs no key
///
/// Reports every problem in one run: what is wrong, where, and what to do about it.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  clapboard check                                   all storyboards below the current folder
  clapboard check films/ferry.storyboard.yaml --fix
  clapboard check --format github --format sarif=clapboard.sarif
  clapboard check - --stdin-filename film.storyboard.yaml < draft.yaml

Exit status: 0 no errors, 1 errors in the storyboards, 2 the command could not run")]
pub struct Check {
    #[command(flatten)]
    input: Input,
    #[command(flatten)]
    outputs: Outputs,
    /// Apply safe fixes; with `-`, print the fixed text
    #[arg(long, help_heading = "Fixes")]
    fix: bool,
    /// Also apply fixes that may change the meaning or the price
    #[arg(long, help_heading = "Fixes")]
    unsafe_fixes: bool,
    /// Show what the fixes would change, and change nothing
    #[arg(long, help_heading = "Fixes")]
    diff: bool,
    /// Print how often each rule was broken
    #[arg(long, help_heading = "Output")]
    statistics: bool,
    /// Exit 0 even if the storyboards have errors
    #[arg(long, help_heading = "Output")]
    exit_zero: bool,
    /// Check again whenever a storyboard, bible, frame or the config changes (Ctrl+C to stop)
    #[cfg(feature = "watch")]
    #[arg(long, help_heading = "Output", conflicts_with = "diff")]
    watch: bool,
}

impl Check {
    pub fn run(&self, global: &Global) -> io::Result<Exit> {
        let terminal = global.color.terminal(&io::stdout());
        #[cfg(feature = "watch")]
        if self.watch {
            return self.watch(&terminal, global);
        }
        let (checked, exit) =
            if self.diff { self.show_fixes(&terminal, global)? } else { self.once(&terminal, global)? };
        // The process ends here: freeing each value of each storyboard first would only take time.
        std::mem::forget(checked);
        Ok(match exit {
            Exit::Errors if self.exit_zero => Exit::Done,
            exit => exit,
        })
    }

    fn once(&self, terminal: &Terminal, global: &Global) -> io::Result<(Checked, Exit)> {
        let mut input = self.input.standard_input();
        let mut result = Exit::Done;
        let fixes = self.fix || self.unsafe_fixes;
        let mut stream = Stream::Output;
        if fixes {
            result = self.apply_fixes(global)?;
            if let Some(Ok(bytes)) = &mut input {
                // Standard output is for the text.
                stream = Stream::Error;
                *bytes = self.print_fixed(std::mem::take(bytes), global)?;
            }
        }
        let mut checked = self.input.check_with(input);
        let has_verdict = !global.quiet && checked.exit == Exit::Done;
        checked.report.totals = has_verdict.then(|| totals(&checked.takes));
        say::unless_closed(self.outputs.write(&checked.report, stream, terminal, global))?;
        if self.statistics {
            say::unless_closed(self.outputs.write_statistics(&checked.report))?;
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
            let clears = io::stdout().is_terminal();
            if clears {
                // The screen and what scrolled out of it, then the cursor home.
                print!("\x1b[2J\x1b[3J\x1b[H");
            }
            let (checked, _) = self.once(terminal, global)?;
            if !global.quiet {
                let counts = if clears { String::new() } else { format!("{}; ", summary(&checked.report)) };
                say::note(&format!("{counts}watching for changes (Ctrl+C to stop)"));
            }
            Ok(checked.followed())
        })?;
        Ok(Exit::Done)
    }

    fn safety(&self) -> Safety {
        if self.unsafe_fixes { Safety::Unsafe } else { Safety::Safe }
    }

    fn fixed(&self, workspace: &Workspace, file: &FileId, bytes: &[u8]) -> Option<(String, Fixed)> {
        // A text that cannot be read is reported by the check that follows.
        let text = String::from_utf8(bytes.to_vec()).ok()?;
        let file = FileId { format: Some(file.format_of(bytes)), ..file.clone() };
        let fixed = fix::fix(workspace, &file, text.clone(), self.safety());
        (fixed.text != text).then_some((text, fixed))
    }

    fn apply_fixes(&self, global: &Global) -> io::Result<Exit> {
        let mut exit = Exit::Done;
        let workspace = self.input.workspace();
        for file in self.input.named_files(&workspace) {
            let Ok(bytes) = read_open(&**workspace.files(), &file.path, MAX_BYTES as u64) else { continue };
            let Some((_, fixed)) = self.fixed(&workspace, &file, &bytes) else { continue };
            match replace(file.path.as_std_path(), &fixed.text) {
                Ok(()) if global.quiet => {}
                Ok(()) => say::note(&list(&file.shown, &fixed)),
                Err(error) => {
                    exit = Exit::Failed;
                    say::problem(&format!("{}: it cannot be written: {error}", file.shown));
                }
            }
        }
        Ok(exit)
    }

    /// Prints the text from standard input with its fixes.
    fn print_fixed(&self, bytes: Vec<u8>, global: &Global) -> io::Result<Vec<u8>> {
        let file = self.input.standard_input_file();
        let fixed = self.fixed(&self.input.workspace(), &file, &bytes);
        let bytes = match fixed {
            Some((_, fixed)) => {
                if !global.quiet {
                    say::note(&list(&file.shown, &fixed));
                }
                fixed.text.into_bytes()
            }
            None => bytes,
        };
        let mut out = io::stdout().lock();
        say::unless_closed(out.write_all(&bytes).and_then(|()| out.flush()))?;
        Ok(bytes)
    }

    fn show_fixes(&self, terminal: &Terminal, global: &Global) -> io::Result<(Checked, Exit)> {
        let mut out = io::BufWriter::new(io::stdout().lock());
        let workspace = self.input.workspace();
        let input = self.input.standard_input();
        let (mut files, mut fixes) = (0, 0);
        let mut show = |file: &FileId, bytes: &[u8]| -> io::Result<()> {
            let Some((before, fixed)) = self.fixed(&workspace, file, bytes) else { return Ok(()) };
            files += 1;
            fixes += fixed.applied.len();
            diff(&mut out, &file.shown, &before, &fixed.text, terminal.color)
        };
        if let Some(Ok(bytes)) = &input {
            say::unless_closed(show(&self.input.standard_input_file(), bytes))?;
        }
        for file in self.input.named_files(&workspace) {
            if let Ok(bytes) = read_open(&**workspace.files(), &file.path, MAX_BYTES as u64) {
                say::unless_closed(show(&file, &bytes))?;
            }
        }
        say::unless_closed(out.flush())?;
        let checked = self.input.check_with(input);
        if !global.quiet {
            let left = (checked.report.errors() + checked.report.warnings()).saturating_sub(fixes);
            let [fixes, left] = [fixes, left].map(|count| counted(count, "problem"));
            say::note(&format!("would fix {fixes} in {}; {left} left to you", counted(files, "file")));
        }
        let exit = checked.exit;
        Ok((checked, exit))
    }
}

/// What was changed: `fixed 1 problem in film.storyboard.yaml` and a line for each.
fn list(name: &str, fixed: &Fixed) -> String {
    const MOST: usize = 20;
    let mut text = format!("fixed {} in {}", counted(fixed.applied.len(), "problem"), shown::line(name));
    for applied in fixed.applied.iter().take(MOST) {
        text.push_str(&format!("\n  line {}: {}", applied.line, shown::line(&applied.what)));
    }
    match fixed.applied.len().saturating_sub(MOST) {
        0 => text,
        more => format!("{text}\n  … and {more} more"),
    }
}

fn diff(out: &mut impl Write, name: &str, before: &str, after: &str, color: bool) -> io::Result<()> {
    let text = TextDiff::from_lines(before, after);
    let name = shown::line(name);
    writeln!(out, "--- {name}\n+++ {name}")?;
    for hunk in text.unified_diff().context_radius(1).iter_hunks() {
        writeln!(out, "{}", styled(&hunk.header().to_string(), "36", color))?;
        for change in hunk.iter_changes() {
            let (sign, style) = match change.tag() {
                ChangeTag::Equal => (" ", ""),
                ChangeTag::Delete => ("-", "31"),
                ChangeTag::Insert => ("+", "32"),
            };
            let line = format!("{sign}{}", shown::line(change.value().trim_end_matches(['\r', '\n'])));
            writeln!(out, "{}", styled(&line, style, color))?;
        }
    }
    Ok(())
}

fn styled(text: &str, style: &str, color: bool) -> String {
    if color && !style.is_empty() { format!("\x1b[{style}m{text}\x1b[0m") } else { text.to_owned() }
}

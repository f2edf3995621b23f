use std::io::{self, Write};

use clap::Args;
use similar::{ChangeTag, TextDiff};

use super::Exit;
use super::failure::Failure;
use super::input::{Checked, Input};
use super::new_file::replace;
use super::outputs::{Outputs, Stream};
use super::ui::Ui;
#[cfg(feature = "watch")]
use super::watch::watch;
use clapboard::check::{Verdict, Workspace};
use clapboard::diagnostic::Safety;
use clapboard::files::read_open;
use clapboard::fix::{self, Fixed};
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
    pub fn run(&self, ui: &Ui) -> Result<Exit, Failure> {
        #[cfg(feature = "watch")]
        if self.watch {
            return self.watch(ui);
        }
        let (checked, exit) = if self.diff { self.show_fixes(ui)? } else { self.once(ui)? };
        // The process ends here: freeing each value of each storyboard first would only take time.
        #[expect(clippy::mem_forget, reason = "the process ends here, and the system frees all of it at once")]
        std::mem::forget(checked);
        Ok(match exit {
            Exit::Errors if self.exit_zero => Exit::Done,
            exit => exit,
        })
    }

    fn once(&self, ui: &Ui) -> Result<(Checked<Verdict>, Exit), Failure> {
        let mut input = self.input.standard_input();
        let mut result = Exit::Done;
        let mut stream = Stream::Output;
        if self.fix || self.unsafe_fixes {
            result = self.apply_fixes(ui);
            if let Some(Ok(bytes)) = &mut input {
                // Standard output is for the text.
                stream = Stream::Error;
                *bytes = self.print_fixed(std::mem::take(bytes), ui)?;
            }
        }
        let mut checked = self.input.judge(input, ui);
        let has_verdict = !ui.quiet && checked.exit == Exit::Done;
        checked.report.totals = has_verdict.then(|| checked.takes.iter().map(|take| take.totals).sum());
        self.outputs.write(&checked.report, stream, ui)?;
        if self.statistics {
            self.outputs.write_statistics(&checked.report, ui)?;
        }
        let exit = checked.exit.max(result);
        Ok((checked, exit))
    }

    /// Checks again and again; only a failure or a signal ends it.
    #[cfg(feature = "watch")]
    fn watch(&self, ui: &Ui) -> Result<Exit, Failure> {
        if self.input.reads_standard_input() {
            return Err(Failure::cannot("standard input cannot be watched").hint("name files or folders"));
        }
        watch(|| {
            ui.clear();
            let (checked, _) = self.once(ui)?;
            let counts =
                if ui.prints_to_terminal() { String::new() } else { format!("{}; ", summary(&checked.report)) };
            ui.note(format!("{counts}watching for changes (Ctrl+C to stop)"));
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

    /// The storyboards that are files and have something to fix: each with its text before, and after.
    fn fixed_files(&self, workspace: &Workspace) -> impl Iterator<Item = (FileId, String, Fixed)> {
        self.input.named_files(workspace).into_iter().filter_map(|file| {
            let bytes = read_open(&**workspace.files(), &file.path, MAX_BYTES as u64).ok()?;
            let (before, fixed) = self.fixed(workspace, &file, &bytes)?;
            Some((file, before, fixed))
        })
    }

    fn apply_fixes(&self, ui: &Ui) -> Exit {
        let mut exit = Exit::Done;
        for (file, _, fixed) in self.fixed_files(&self.input.workspace()) {
            match replace(file.path.as_std_path(), &fixed.text) {
                Ok(()) => note_fixes(&file.shown, &fixed, ui),
                Err(failure) => {
                    ui.fail(&failure);
                    exit = failure.exit();
                }
            }
        }
        exit
    }

    /// Prints the text from standard input with its fixes.
    fn print_fixed(&self, bytes: Vec<u8>, ui: &Ui) -> io::Result<Vec<u8>> {
        let file = self.input.standard_input_file();
        let bytes = match self.fixed(&self.input.workspace(), &file, &bytes) {
            Some((_, fixed)) => {
                note_fixes(&file.shown, &fixed, ui);
                fixed.text.into_bytes()
            }
            None => bytes,
        };
        let mut out = ui.out();
        out.write_all(&bytes)?;
        out.flush()?;
        Ok(bytes)
    }

    fn show_fixes(&self, ui: &Ui) -> Result<(Checked<Verdict>, Exit), Failure> {
        let workspace = self.input.workspace();
        let input = self.input.standard_input();
        let of_input = input.iter().flatten().filter_map(|bytes| {
            let file = self.input.standard_input_file();
            let (before, fixed) = self.fixed(&workspace, &file, bytes)?;
            Some((file, before, fixed))
        });
        let (mut files, mut fixes) = (0, 0);
        let mut out = io::BufWriter::new(ui.out());
        for (file, before, fixed) in of_input.chain(self.fixed_files(&workspace)) {
            files += 1;
            fixes += fixed.applied.len();
            diff(&mut out, &file.shown, &before, &fixed.text, ui.out_terminal().color)?;
        }
        out.flush()?;
        let checked = self.input.judge(input, ui);
        let left = (checked.report.errors() + checked.report.warnings()).saturating_sub(fixes);
        let [fixes, left] = [fixes, left].map(|count| counted(count, "problem"));
        ui.note(format!("would fix {fixes} in {}; {left} left to you", counted(files, "file")));
        let exit = checked.exit;
        Ok((checked, exit))
    }
}

/// Says what was changed: `fixed 1 problem in film.storyboard.yaml` and a line for each.
fn note_fixes(name: &str, fixed: &Fixed, ui: &Ui) {
    const MOST: usize = 20;
    if ui.quiet {
        return;
    }
    ui.say(format!("fixed {} in {name}", counted(fixed.applied.len(), "problem")));
    for applied in fixed.applied.iter().take(MOST) {
        ui.line(&format!("  line {}: {}", applied.line, applied.what));
    }
    if let Some(more) = fixed.applied.len().checked_sub(MOST + 1) {
        ui.line(&format!("  … and {} more", more + 1));
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

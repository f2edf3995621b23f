//! Remarks on standard error, and what a closed pipe means.

use std::io::{self, Write};

use clapboard::text::shown;

/// Says what went wrong. A standard error that is closed takes nothing, and that is nobody's problem.
pub fn problem(what: &str) {
    let _ = writeln!(io::stderr(), "clapboard: {}", shown::line(what));
}

/// Says what was done, in one line or several.
pub fn note(what: &str) {
    let _ = writeln!(io::stderr(), "clapboard: {}", shown::lines(what));
}

/// A reader that closed its end of the pipe has seen enough: the command goes on and ends with its own status.
///
/// # Errors
/// Any other failure to write.
pub fn unless_closed(written: io::Result<()>) -> io::Result<()> {
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}

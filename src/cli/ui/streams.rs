//! Standard output and standard error, where a reader that goes away changes nothing.
//!
//! `clapboard check … | head -1` ends with the status of the run, and a `submit` whose log reader is gone still records what it bought.

use std::fs::File;
use std::io::{self, ErrorKind, Write};
#[cfg(unix)]
use std::os::fd::AsFd as _;
#[cfg(windows)]
use std::os::windows::io::AsHandle as _;

/// A stream that takes what it is given after its reader has gone, and drops it.
pub struct Open<W>(pub W);

impl<W: Write> Write for Open<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        unless_gone(self.0.write(bytes), bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        unless_gone(self.0.flush(), ())
    }
}

/// Standard output without the standard library's buffer, which looks for line ends in all that goes through it: a quarter of the
/// time where pictures do.
///
/// # Errors
/// The system gives no second handle to it.
pub fn unbuffered_output() -> io::Result<File> {
    let mut output = io::stdout().lock();
    output.flush()?;
    #[cfg(unix)]
    let handle = output.as_fd().try_clone_to_owned();
    #[cfg(windows)]
    let handle = output.as_handle().try_clone_to_owned();
    handle.map(File::from)
}

fn unless_gone<T>(result: io::Result<T>, dropped: T) -> io::Result<T> {
    match result {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(dropped),
        result => result,
    }
}

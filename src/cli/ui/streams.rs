//! Standard output and standard error, where a reader that goes away changes nothing.
//!
//! `clapboard check … | head -1` ends with the status of the run, and a `submit` whose log reader is gone still records what it bought.

use std::io::{self, ErrorKind, Write};

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

fn unless_gone<T>(result: io::Result<T>, dropped: T) -> io::Result<T> {
    match result {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(dropped),
        result => result,
    }
}

//! A file of events that only grows: read whole, appended to durably.

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::event::{Event, Line, set_aside_line};
use super::lock::same_file;
use super::sha256_hex;

/// The longest file that is read, for it is read whole. A film of a thousand shots with ten takes each has some 20 MB.
pub(super) const MOST_BYTES: u64 = 256 << 20;

/// A file of events in the hands of the one process that may write it.
#[derive(Debug)]
pub(super) struct Log {
    pub path: PathBuf,
    file: Option<File>,
    /// How long the file is after what this process read and wrote; `None` where a write went wrong or the end needs a look.
    length: Option<u64>,
    /// The lines that this process wrote, to be written again if git puts another file in its place.
    written: Vec<String>,
}

/// The content of a log.
#[derive(Debug, Default)]
pub(super) struct Contents {
    /// Each event after its line as written, in the file's order.
    pub events: Vec<(Vec<u8>, Event)>,
    /// The number, from 1, of a last line that was cut off in writing and is passed over.
    pub torn: Option<usize>,
    /// Whether the file ends with a whole line and its line end.
    is_closed: bool,
    length: u64,
}

/// Why a log cannot be used.
#[derive(Debug)]
pub(super) enum LogError {
    Read(io::Error),
    /// A line's number, from 1, and what is wrong with it.
    Line(usize, String),
}

impl Log {
    /// A log whose file has not been looked at yet.
    pub fn new(path: PathBuf) -> Log {
        Log { path, file: None, length: None, written: Vec::new() }
    }

    /// Reads the whole file again, and opens it for writing where it exists, so that a file that cannot be written is
    /// noticed early.
    pub fn reread(&mut self) -> Result<Contents, LogError> {
        let contents = read(&self.path)?;
        // An open last line is dealt with by the next append, which looks at the end again when the length is not known.
        self.length = contents.is_closed.then_some(contents.length);
        Ok(contents)
    }

    /// Opens the file for writing where it exists.
    pub fn open_existing(&mut self) -> io::Result<()> {
        if self.file.is_none() && self.path.try_exists()? {
            self.file = Some(append_to(&self.path)?);
        }
        Ok(())
    }

    /// Whether the file is not what this process last saw.
    pub fn changed_by_others(&self) -> io::Result<bool> {
        let found = match std::fs::metadata(&self.path) {
            Ok(metadata) => metadata.len(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => 0,
            Err(error) => return Err(error),
        };
        Ok(self.was_replaced()? || self.length != Some(found))
    }

    fn was_replaced(&self) -> io::Result<bool> {
        Ok(self.file.as_ref().map(|file| same_file(file, &self.path)).transpose()? == Some(false))
    }

    /// Appends whole lines and makes them durable before it returns.
    pub fn append(&mut self, lines: &str, now: Timestamp) -> io::Result<()> {
        let appended = self.try_append(lines, now);
        match &appended {
            Ok(()) => self.written.push(lines.to_owned()),
            Err(_) => self.length = None,
        }
        appended
    }

    fn try_append(&mut self, lines: &str, now: Timestamp) -> io::Result<()> {
        let replaced = self.was_replaced()?;
        let mut text = Vec::new();
        if self.length.is_none() || self.changed_by_others()? {
            // The end of the file is read again. Broken lines in its middle are not a reason to lose this one.
            let bytes = bytes_of(&self.path, MOST_BYTES)?.unwrap_or_default();
            text = Tail::of(&bytes).closing(now);
            self.length = Some(bytes.len() as u64);
        }
        if replaced {
            self.file = None;
            text.extend(self.written.iter().flat_map(|line| line.bytes()));
        }
        text.extend_from_slice(lines.as_bytes());

        let is_new = self.file.is_none();
        if is_new {
            self.file = Some(append_to(&self.path)?);
        }
        let Some(file) = &mut self.file else {
            return Err(io::Error::other("the file is not open"));
        };
        file.write_all(&text)?;
        file.sync_data()?;
        if is_new {
            sync_folder(&self.path)?;
        }
        self.length = self.length.map(|length| length + text.len() as u64);
        Ok(())
    }
}

/// Reads a log. A missing file is an empty one.
pub(super) fn read(path: &Path) -> Result<Contents, LogError> {
    let bytes = bytes_of(path, MOST_BYTES).map_err(LogError::Read)?.unwrap_or_default();
    scan(&bytes).map_err(|(line, problem)| LogError::Line(line, problem))
}

/// A project that came from elsewhere may have a link to any file, or a pipe that never ends, by the name of one of ours.
pub(super) fn must_be_ordinary(path: &Path) -> io::Result<()> {
    match path.symlink_metadata() {
        Ok(metadata) if !metadata.is_file() => Err(io::Error::other("it is not an ordinary file")),
        _ => Ok(()),
    }
}

fn append_to(path: &Path) -> io::Result<File> {
    must_be_ordinary(path)?;
    File::options().append(true).create(true).open(path)
}

/// Makes the name of a new file as durable as its bytes.
fn sync_folder(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    if let Some(folder) = path.parent() {
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        File::open(folder)?.sync_all()?;
    }
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}

/// A file's bytes, if they are not more than `most`; `None` where it does not exist.
fn bytes_of(path: &Path, most: u64) -> io::Result<Option<Vec<u8>>> {
    must_be_ordinary(path)?;
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let mut bytes = Vec::new();
    file.take(most + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most {
        return Err(io::Error::other(format!("it is larger than {} MB", most >> 20)));
    }
    Ok(Some(bytes))
}

/// How a log ends.
#[derive(Debug, Default)]
struct Tail<'a> {
    /// Lines at the very end that were cut off in writing. Usually none, or one; more where the writing of the line that vouches
    /// for the first was cut off as well.
    torn: Vec<&'a [u8]>,
    /// Whether the last line lacks its line end.
    open: bool,
}

impl<'a> Tail<'a> {
    fn of(bytes: &'a [u8]) -> Tail<'a> {
        let open = bytes.last().is_some_and(|byte| *byte != b'\n');
        let lines = lines_of(bytes).rev().filter(|line| !line.trim_ascii().is_empty());
        let mut torn: Vec<&[u8]> = lines
            .enumerate()
            .take_while(|(index, line)| is_cut_off(line, open && *index == 0))
            .map(|(_, line)| line)
            .collect();
        torn.reverse();
        Tail { torn, open }
    }

    /// The text to write before the next event, so that it begins on a new line and a cut-off line is accounted for.
    fn closing(&self, now: Timestamp) -> Vec<u8> {
        let mut text = Vec::new();
        if self.open {
            text.push(b'\n');
        }
        for torn in &self.torn {
            text.extend_from_slice(set_aside_line(torn, now).as_bytes());
        }
        text
    }
}

fn lines_of(bytes: &[u8]) -> impl DoubleEndedIterator<Item = &[u8]> {
    bytes.split(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line))
}

/// After a power cut a file may end in zeros in place of what was never written.
fn without_zeros(line: &[u8]) -> &[u8] {
    line.iter().rposition(|byte| *byte != 0).map_or(&[], |last| &line[..=last])
}

/// Whether this is the beginning of a line of ours, and no more than that. `is_open`: nothing follows it, not even a line end,
/// so that whatever the parser says of it, it was cut off.
fn is_cut_off(line: &[u8], is_open: bool) -> bool {
    let written = without_zeros(line);
    if written.is_empty() {
        return true;
    }
    let whole = || serde_json::from_slice::<serde::de::IgnoredAny>(written);
    // Cut behind `1.` the parser reports a bad number, and not the end of the text; an unfinished number is the only such case.
    let unfinished = |error: &serde_json::Error| error.is_eof() || is_open || ends_in_a_number(written);
    written[0] == b'{' && whole().is_err_and(|error| unfinished(&error))
}

fn ends_in_a_number(line: &[u8]) -> bool {
    line.last().is_some_and(|byte| matches!(byte, b'.' | b'-' | b'+' | b'e' | b'E'))
}

/// Reads all lines; the error is a broken line's number and what is wrong with it.
fn scan(bytes: &[u8]) -> Result<Contents, (usize, String)> {
    let tail = Tail::of(bytes);
    let mut contents = Contents { length: bytes.len() as u64, ..Contents::default() };
    let mut set_aside = HashSet::new();
    let mut broken = Vec::new();
    for (index, line) in lines_of(bytes).enumerate() {
        if line.trim_ascii().is_empty() {
            continue;
        }
        // A whole line with zeros behind it is whole.
        let written = without_zeros(line);
        match Line::parse(written) {
            Ok(Line::Event(event)) => contents.events.push((written.to_owned(), *event)),
            Ok(Line::SetAside { sha256 }) => {
                set_aside.insert(sha256);
            }
            Err(problem) => broken.push((index + 1, line, problem)),
        }
    }
    // The torn lines of the tail are the last of the broken ones: each of them is broken, and nothing follows them.
    let torn = broken.split_off(broken.len().saturating_sub(tail.torn.len()));
    if let Some((number, _, problem)) = broken.into_iter().find(|(_, line, _)| !set_aside.contains(&sha256_hex(line))) {
        return Err((number, problem));
    }
    contents.torn = torn.first().map(|(number, ..)| *number);
    contents.is_closed = !tail.open && tail.torn.is_empty();
    Ok(contents)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_up_to_its_limit() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("ledger");
        for (bytes, is_read) in [(0, true), (7, true), (8, true), (9, false), (10, false)] {
            std::fs::write(&path, vec![b'x'; bytes]).unwrap();
            let read = bytes_of(&path, 8).map(|read| read.map(|read| read.len()));
            assert_eq!(read.ok(), is_read.then_some(Some(bytes)), "{bytes}");
        }
    }

    #[test]
    fn only_a_file_that_others_changed_is_read_again() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("ledger");
        let mut log = Log::new(path.clone());
        log.reread().unwrap();
        assert!(!log.changed_by_others().unwrap(), "there is no file yet");
        for line in ["{\"v\":1}\n", "{\"v\":1,\"event\":\"x\"}\n"] {
            log.append(line, Timestamp::UNIX_EPOCH).unwrap();
            assert!(!log.changed_by_others().unwrap());
        }
        std::fs::write(&path, "{\"v\":1}\n").unwrap();
        assert!(log.changed_by_others().unwrap());
        // What cannot be looked at is not known to be gone.
        assert!(Log::new(path.join("ledger")).changed_by_others().is_err());
    }

    #[test]
    fn only_the_end_of_a_file_can_be_cut_off() {
        // What the beginning of a line can look like, and whether it is one also where a line end follows it: then another run
        // was cut off before it could vouch for the line.
        for (line, is_one_when_closed) in [
            (r#"{"v":1"#, true),
            (r#"{"units":1."#, true),
            (r#"{"units":-"#, true),
            (r#"{"units":1e"#, true),
            (r#"{"units":1E+"#, true),
            (r#"{"v":1,x"#, false),
            (r#"{"v":1,x."#, true),
        ] {
            let torn = |text: String| scan(text.as_bytes()).map(|contents| contents.torn).map_err(|(line, _)| line);
            assert_eq!(torn(line.into()), Ok(Some(1)), "{line}");
            assert_eq!(torn(format!("{line}\n")), if is_one_when_closed { Ok(Some(1)) } else { Err(1) }, "{line}");
            assert_eq!(torn(format!("{line}\nnonsense\n")), Err(1), "{line}");
        }
    }
}

//! A film for the edit: a timeline of what was bought, and of what is still missing, in the forms that editing programs read.
//!
//! [`Timeline`] is the film in frames; each form has a file of its own, which writes it and says what it cannot carry.

mod concat;
mod csv;
mod edl;
mod fcpxml;
mod otio;
mod settled;
mod subtitles;
mod timeline;
mod xml;

use std::fmt;

pub use crate::language::frames::Rate;
pub use timeline::{Line, Options, Picture, Scene, Shot, Timeline};

/// A form that a timeline can be written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub enum Format {
    /// OpenTimelineIO: DaVinci Resolve, Premiere, Avid, Blender, RV
    Otio,
    /// Final Cut Pro's XML, version 1.9: Final Cut Pro, DaVinci Resolve
    Fcpxml,
    /// A table for spreadsheets, which `import` reads back
    Csv,
    /// SubRip subtitles of the spoken lines
    Srt,
    /// WebVTT subtitles of the spoken lines
    Vtt,
    /// A list that ffmpeg plays or joins
    Concat,
    /// An edit decision list, CMX 3600: nearly everything
    Edl,
}

impl Format {
    /// All of them.
    pub const ALL: &[Format] =
        &[Format::Otio, Format::Fcpxml, Format::Csv, Format::Srt, Format::Vtt, Format::Concat, Format::Edl];

    /// The ending of its files.
    pub fn extension(self) -> &'static str {
        match self {
            Format::Otio => "otio",
            Format::Fcpxml => "fcpxml",
            Format::Csv => "csv",
            Format::Srt => "srt",
            Format::Vtt => "vtt",
            Format::Concat => "ffconcat",
            Format::Edl => "edl",
        }
    }

    /// The form of a file with this ending.
    pub fn of_extension(extension: &str) -> Option<Format> {
        Self::ALL.iter().copied().find(|format| format.extension().eq_ignore_ascii_case(extension))
    }
}

/// A timeline as text.
#[derive(Debug)]
pub struct Exported {
    /// The text.
    pub text: String,
    /// The parts of this film that the format cannot express, in words.
    pub left_out: Vec<String>,
}

/// Why a timeline cannot be written in a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CannotExport(pub String);

impl fmt::Display for CannotExport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for CannotExport {}

/// Writes a timeline.
///
/// # Errors
/// The form cannot hold it: says why.
pub fn write(timeline: &Timeline, format: Format) -> Result<Exported, CannotExport> {
    match format {
        Format::Otio => Ok(otio::write(timeline)),
        Format::Fcpxml => Ok(fcpxml::write(timeline)),
        Format::Csv => csv::write(timeline),
        Format::Srt => Ok(subtitles::srt(timeline)),
        Format::Vtt => Ok(subtitles::vtt(timeline)),
        Format::Concat => Ok(concat::write(timeline)),
        Format::Edl => edl::write(timeline),
    }
}

/// The parts that only a table and OpenTimelineIO can express, reported if there are any.
fn spoken_lines(timeline: &Timeline) -> Option<String> {
    let count: usize = timeline.shots.iter().map(|shot| shot.lines.len()).sum();
    (count > 0)
        .then(|| format!("{}: `--format srt` writes them as subtitles", crate::text::counted(count, "spoken line")))
}

/// A path as a relative URL: all but letters, digits and `-._~/` as `%XX`. An address stays as it is.
fn url(path: &str) -> String {
    use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
    const KEPT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');
    if is_address(path) { path.to_owned() } else { utf8_percent_encode(path, KEPT).to_string() }
}

/// Whether a picture is at an address rather than in a file.
fn is_address(path: &str) -> bool {
    matches!(crate::assets::Reference::of(path), crate::assets::Reference::Url(_))
}

//! A list for ffmpeg's concat demuxer, which plays or joins the clips.

use std::fmt::Write;

use super::{Exported, Picture, Timeline, is_address, spoken_lines};

pub(super) fn write(timeline: &Timeline) -> Exported {
    let mut text = String::from("ffconcat version 1.0\n");
    let name = "LIST.ffconcat";
    let _ = writeln!(text, "# {}", timeline.title);
    let _ = writeln!(text, "# to look at it: ffplay -f concat -safe 0 {name}");
    let _ = writeln!(text, "# to make one file: ffmpeg -f concat -safe 0 -i {name} film.mp4");
    let mut left_out = Vec::new();
    let (mut takes, mut stills) = (0, 0);
    let mut absent = Vec::new();
    let mut last_still = None;
    for shot in &timeline.shots {
        let seconds = |frame: u64| format!("{:.6}", timeline.rate.seconds(frame));
        match &shot.picture {
            Picture::Take { path, is_here: true } if is_writable(path) => {
                takes += 1;
                let _ = writeln!(text, "file {}", quoted(path));
                if (shot.from, shot.length) != (0, shot.whole) {
                    let _ = writeln!(text, "inpoint {}", seconds(shot.from));
                    let _ = writeln!(text, "outpoint {}", seconds(shot.from + shot.length));
                }
                last_still = None;
            }
            Picture::Still(path) if is_writable(path) => {
                stills += 1;
                let _ = writeln!(text, "file {}\nduration {}", quoted(path), seconds(shot.length));
                last_still = Some(path);
            }
            _ => absent.push(shot.id.as_str()),
        }
    }
    if let Some(path) = last_still {
        // ffmpeg shows a last picture for its seconds only where something follows.
        let _ = writeln!(text, "file {}", quoted(path));
    }
    if !absent.is_empty() {
        let shots = crate::text::counted(absent.len(), "shot");
        left_out.push(format!("{shots} with no file to play, which the list passes over: {}", names(&absent)));
    }
    if takes > 0 && stills > 0 {
        left_out.push("stills between clips: ffmpeg joins only files of one kind. Use `--format otio` for both".into());
    }
    if !timeline.scenes.is_empty() || timeline.shots.iter().any(|shot| shot.notes.is_some()) {
        left_out.push("scenes, notes and all that is known of a shot".into());
    }
    left_out.extend(spoken_lines(timeline));
    Exported { text, left_out }
}

/// The first few names of many.
fn names(names: &[&str]) -> String {
    const MOST: usize = 8;
    let more = names.len().saturating_sub(MOST);
    let shown = names[..names.len() - more].join(", ");
    if more > 0 { format!("{shown} and {more} more") } else { shown }
}

/// A name that a line of the list can hold.
fn is_writable(path: &str) -> bool {
    !path.contains(char::is_control) && !is_address(path)
}

/// In single quotes, in which only `'` has to be written another way. What looks like a protocol (`a:b.mp4`) gets a folder.
fn quoted(path: &str) -> String {
    let first = path.split('/').next().unwrap_or(path);
    let folder = if first.contains(':') { "./" } else { "" };
    format!("'{folder}{}'", path.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_quoted_as_ffmpeg_reads_them() {
        assert_eq!(quoted("clips/It's #1.mp4"), r"'clips/It'\''s #1.mp4'");
        assert_eq!(quoted("a:b/c.mp4"), "'./a:b/c.mp4'");
    }
}

//! An edit decision list, CMX 3600: one track of video, cuts only.

use std::fmt::Write;

use super::{CannotExport, Exported, Picture, Shot, Timeline, spoken_lines};

/// Where the timeline begins, in hours: where editors expect it.
const START: u64 = 1;
/// A day, behind which timecode begins again.
const LAST: u64 = 24;
/// The events that the format numbers with three digits.
const MOST: usize = 999;
/// The longest line that readers are sure to take.
const LINE: usize = 200;

pub(super) fn write(timeline: &Timeline) -> Result<Exported, CannotExport> {
    let rate = timeline.rate;
    let hour = rate.counted() * 3600;
    if START * hour + timeline.length() > LAST * hour {
        let hours = LAST - START;
        return Err(CannotExport(format!("an edit decision list ends after {hours} hours, and the film is longer")));
    }
    let mut text = format!("TITLE: {}\nFCM: NON-DROP FRAME\n\n", cut(&timeline.title, 70));
    let mut scenes = timeline.scenes.iter().peekable();
    for (index, shot) in timeline.shots.iter().enumerate() {
        let record = START * hour + shot.start;
        // Reel names are of eight letters at most; `AX` is a file, which a comment names, and `BL` is black.
        let reel = if shot.picture == Picture::Missing { "BL" } else { "AX" };
        let ends = [shot.from, shot.from + shot.length, record, record + shot.length];
        let times = ends.map(|frame| rate.timecode(frame));
        let _ = writeln!(text, "{:03}  {reel:<8} V     C        {}", index + 1, times.join(" "));
        comments(&mut text, shot);
        if let Some(scene) = scenes.next_if(|scene| scene.first == index) {
            let _ = writeln!(text, "* LOC: {} BLUE    {}", rate.timecode(record), cut(&scene.name, LINE));
        }
        if let Some(notes) = &shot.notes {
            let _ = writeln!(text, "* LOC: {} YELLOW  {}", rate.timecode(record), cut(notes, LINE));
        }
        text.push('\n');
    }
    let mut left_out = Vec::new();
    if timeline.shots.len() > MOST {
        left_out.push(format!(
            "a number of three digits for the shots behind the first {MOST}: some programs read no more"
        ));
    }
    let missing = timeline.shots.iter().filter(|shot| shot.picture == Picture::Missing).count();
    if missing > 0 {
        left_out.push(format!("{} without a picture: black here", crate::text::counted(missing, "shot")));
    }
    left_out.push("prompts, models and prices".into());
    left_out.extend(spoken_lines(timeline));
    Ok(Exported { text, left_out })
}

fn comments(text: &mut String, shot: &Shot) {
    if let Some(path) = shot.picture.path() {
        let name = path.rsplit('/').next().unwrap_or(path);
        let _ = writeln!(text, "* FROM CLIP NAME: {}", cut(name, LINE));
        let _ = writeln!(text, "* SOURCE FILE: {}", cut(path, LINE));
    }
    let _ = writeln!(text, "* CLAPBOARD SHOT: {}", cut(&shot.id, LINE));
    if let Some(take) = shot.facts.get("take") {
        let _ = writeln!(text, "* CLAPBOARD TAKE: {take}");
    }
}

/// A text as the rest of a line.
fn cut(text: &str, most: usize) -> String {
    let line = crate::text::shown::line(text).split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(most) {
        Some((end, _)) => line[..end].to_owned(),
        None => line,
    }
}

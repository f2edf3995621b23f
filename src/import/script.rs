//! A screenplay's parts to shots, whichever program wrote it: a scene for each heading, a shot for each paragraph of action, the
//! words that follow it spoken in it.

use super::find::Finder;
use super::node::{Data, Group, Node};
use super::record::{Kind, Record};

/// A part of a screenplay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part {
    Heading(String),
    /// A line that says how the camera sees what follows, `CLOSE ON`.
    View(String),
    Action(String),
    /// Who speaks, with extensions: `MARA (V.O.)`.
    Character(String),
    Parenthetical(String),
    Dialogue(String),
    /// Sections, synopses, transitions, the writer's remarks.
    Note(String),
}

/// Makes shots of a screenplay's parts, each with its line.
pub(super) fn shots(finder: &mut Finder, parts: Vec<(usize, Part)>) {
    let mut script = Script { finder, scene: None, shot: None, view: None, speech: None, notes: Vec::new() };
    parts.into_iter().for_each(|(line, part)| script.part(line, part));
    script.end();
}

struct Script<'f> {
    finder: &'f mut Finder,
    scene: Option<String>,
    shot: Option<Shot>,
    view: Option<String>,
    speech: Option<Speech>,
    /// Remarks for the shot that comes next.
    notes: Vec<String>,
}

struct Shot {
    line: usize,
    camera: Option<String>,
    action: Option<String>,
    lines: Vec<Node>,
    notes: Vec<String>,
}

struct Speech {
    line: usize,
    speaker: String,
    manner: Vec<String>,
    text: Vec<String>,
}

impl Script<'_> {
    fn part(&mut self, line: usize, part: Part) {
        if !matches!(part, Part::Parenthetical(_) | Part::Dialogue(_)) {
            self.end_speech();
        }
        match part {
            Part::Heading(heading) => {
                self.end_shot();
                self.scene = Some(heading);
            }
            Part::View(words) => self.view = Some(words),
            Part::Action(action) => {
                self.end_shot();
                self.begin(line).action = Some(action);
            }
            Part::Character(name) => {
                let (speaker, manner) = speaker(&name);
                self.speech = Some(Speech { line, speaker, manner, text: Vec::new() });
            }
            Part::Parenthetical(words) => {
                // A new direction in the middle of a speech begins another line.
                if self.speech.as_ref().is_some_and(|speech| !speech.text.is_empty()) {
                    let speaker = self.speech.as_ref().map(|speech| speech.speaker.clone()).unwrap_or_default();
                    self.end_speech();
                    self.speech = Some(Speech { line, speaker, manner: Vec::new(), text: Vec::new() });
                }
                let words = words.trim().trim_start_matches('(').trim_end_matches(')').trim().to_owned();
                // A pause is nothing that a line is said in.
                let is_pause = matches!(&*words.to_lowercase(), "beat" | "a beat" | "long beat" | "pause" | "a pause");
                if is_pause {
                    return;
                }
                if let Some(speech) = self.speech.as_mut().filter(|_| !words.is_empty()) {
                    speech.manner.push(words);
                }
            }
            Part::Dialogue(text) => {
                if let Some(speech) = &mut self.speech {
                    speech.text.push(text);
                }
            }
            Part::Note(text) => match &mut self.shot {
                Some(shot) => shot.notes.push(text),
                None => self.notes.push(text),
            },
        }
    }

    fn begin(&mut self, line: usize) -> &mut Shot {
        let (camera, notes) = (self.view.take(), std::mem::take(&mut self.notes));
        self.shot.insert(Shot { line, camera, action: None, lines: Vec::new(), notes })
    }

    fn end_speech(&mut self) {
        let Some(speech) = self.speech.take().filter(|speech| !speech.text.is_empty()) else { return };
        let text = Node::text(speech.line, speech.text.join(" "));
        let said = if speech.manner.is_empty() {
            text
        } else {
            let manner = Node::text(speech.line, speech.manner.join(", "));
            let fields = [("text".to_owned(), text), ("manner".to_owned(), manner)];
            Node::new(speech.line, Data::Group(fields.into_iter().collect()))
        };
        let line = Node::new(speech.line, Data::Group(Group::from([(speech.speaker, said)])));
        match &mut self.shot {
            Some(shot) => shot.lines.push(line),
            None => self.begin(speech.line).lines.push(line),
        }
    }

    fn end_shot(&mut self) {
        self.end_speech();
        let Some(shot) = self.shot.take() else { return };
        let mut record = Record::new(&self.finder.file, shot.line, Kind::Row);
        record.scene.clone_from(&self.scene);
        let line = shot.line;
        if let Some(action) = shot.action {
            record.add("prompt", Node::text(line, action));
        }
        if !shot.lines.is_empty() {
            record.add("lines", Node::new(line, Data::List(shot.lines)));
        }
        if let Some(camera) = shot.camera {
            record.add("camera", Node::text(line, camera));
        }
        if !shot.notes.is_empty() {
            record.add("notes", Node::text(line, shot.notes.join("\n")));
        }
        self.finder.found.records.push(record);
    }

    /// Remarks that no shot follows belong to the film.
    fn end(&mut self) {
        self.end_shot();
        if !self.notes.is_empty() {
            let text = std::mem::take(&mut self.notes).join("\n");
            self.finder.found.notes.insert("script".into(), Node::text(1, text));
        }
    }
}

/// The name before the extensions of `MARA (V.O.) (CONT'D)`, and what those say of how it is spoken.
fn speaker(cue: &str) -> (String, Vec<String>) {
    let cue = cue.trim().trim_end_matches('^').trim();
    let name = cue.split('(').next().unwrap_or(cue).trim();
    let extensions = cue.split('(').skip(1).filter_map(|rest| rest.split(')').next());
    let manner = extensions.filter_map(|extension| {
        let plain: String = extension.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect();
        match &*plain {
            "VO" | "VOICEOVER" => Some("in voice-over".to_owned()),
            "OS" | "OC" | "OFFSCREEN" | "OFFCAMERA" => Some("off screen".to_owned()),
            "CONTD" | "CONT" | "CONTINUED" | "MORE" | "" => None,
            _ => Some(extension.trim().to_lowercase()),
        }
    });
    (name.to_owned(), manner.collect())
}

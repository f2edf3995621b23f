//! A screenplay's parts to shots, whichever program wrote it: a scene for each heading, a shot for each paragraph of action, the
//! words that follow it spoken in it, as far as one clip holds them.

use std::collections::HashSet;

use super::find::{Actor, Finder};
use super::node::{Data, Group, Node};
use super::record::{Kind, Record};

/// A part of a screenplay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part {
    Heading(String),
    /// A line that says how the camera sees what follows, `CLOSE ON`.
    View(String),
    Action(String),
    /// Words on the screen.
    Title(String),
    /// The speaker, with extensions: `MARA (V.O.)`.
    Character(String),
    Parenthetical(String),
    Dialogue(String),
    /// Sections, synopses, transitions, the writer's remarks.
    Note(String),
}

/// Makes shots of a screenplay's parts, each with its line.
pub(super) fn shots(finder: &mut Finder, mut parts: Vec<(usize, Part)>) {
    looks(finder, &mut parts);
    let mut script = Script { finder, scene: None, shot: None, view: None, speech: None, notes: Vec::new() };
    parts.into_iter().for_each(|(line, part)| script.part(line, part));
    script.end();
}

struct Script<'f> {
    finder: &'f mut Finder,
    scene: Option<String>,
    shot: Option<Shot>,
    /// How the camera sees what comes next, and the line that says so.
    view: Option<(usize, String)>,
    speech: Option<Speech>,
    /// Remarks for the shot that comes next.
    notes: Vec<String>,
}

struct Shot {
    line: usize,
    camera: Option<String>,
    action: Option<String>,
    lines: Vec<Node>,
    /// How long the lines take.
    spoken: f64,
    /// Words on the screen, which nobody films.
    titles: Vec<String>,
    notes: Vec<String>,
}

/// The lengths that every model makes, in seconds: what is not said in the longer one is said in another clip.
const SHORT: f64 = 5.0;
const LONG: f64 = 10.0;

/// How long a line takes to say, in seconds: fifteen characters each, and a moment before the next.
fn spoken_seconds(text: &str) -> f64 {
    text.chars().count() as f64 / 15.0 + 0.5
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
                self.end_scene();
                self.scene = Some(heading);
            }
            Part::Action(text) if is_transition(&text) => self.note(text),
            Part::Action(words) if is_view(&words) => {
                self.end_scene();
                self.view = Some((line, words));
            }
            Part::View(words) => {
                self.end_scene();
                self.view = Some((line, words));
            }
            Part::Action(action) => {
                self.end_shot();
                self.begin(line).action = Some(action);
            }
            Part::Title(words) => match &mut self.shot {
                Some(shot) if !shot.titles.is_empty() => shot.titles.push(words),
                _ => {
                    self.end_shot();
                    self.begin(line).titles.push(words);
                }
            },
            Part::Character(name) => {
                if self.shot.as_ref().is_some_and(|shot| !shot.titles.is_empty()) {
                    self.end_shot();
                }
                let (speaker, manner) = speaker(&name);
                self.speech = Some(Speech { line, speaker, manner, text: Vec::new() });
            }
            Part::Parenthetical(words) => self.direction(line, &words),
            Part::Dialogue(text) => {
                if let Some(speech) = &mut self.speech {
                    speech.text.push(text);
                }
            }
            Part::Note(text) => self.note(text),
        }
    }

    /// How a line is said.
    fn direction(&mut self, line: usize, words: &str) {
        // A new direction in the middle of a speech begins another line.
        if self.speech.as_ref().is_some_and(|speech| !speech.text.is_empty()) {
            let speaker = self.speech.as_ref().map(|speech| speech.speaker.clone()).unwrap_or_default();
            self.end_speech();
            self.speech = Some(Speech { line, speaker, manner: Vec::new(), text: Vec::new() });
        }
        let words = words.trim().trim_start_matches('(').trim_end_matches(')').trim();
        // A pause is nothing that a line is said in.
        if matches!(&*words.to_lowercase(), "" | "beat" | "a beat" | "long beat" | "pause" | "a pause") {
            return;
        }
        if let Some(speech) = &mut self.speech {
            speech.manner.push(words.to_owned());
        }
    }

    fn note(&mut self, text: String) {
        match &mut self.shot {
            Some(shot) => shot.notes.push(text),
            None => self.notes.push(text),
        }
    }

    fn begin(&mut self, line: usize) -> &mut Shot {
        let (camera, notes) = (self.view.take().map(|(_, words)| words), std::mem::take(&mut self.notes));
        let (lines, titles) = (Vec::new(), Vec::new());
        self.shot.insert(Shot { line, camera, action: None, lines, spoken: 0.0, titles, notes })
    }

    /// Ends the shot; a view that nothing followed is one itself.
    fn end_scene(&mut self) {
        self.end_shot();
        if let Some((line, words)) = self.view.take() {
            self.begin(line).action = Some(words);
            self.end_shot();
        }
    }

    fn end_speech(&mut self) {
        let Some(speech) = self.speech.take().filter(|speech| !speech.text.is_empty()) else { return };
        let words = speech.text.join(" ");
        let seconds = spoken_seconds(&words);
        let is_full = |shot: &Shot| !shot.lines.is_empty() && shot.spoken + seconds > LONG;
        if self.shot.as_ref().is_some_and(is_full) {
            self.end_shot();
        }
        let text = Node::text(speech.line, words);
        let said = if speech.manner.is_empty() {
            text
        } else {
            let manner = Node::text(speech.line, speech.manner.join(", "));
            let fields = [("text".to_owned(), text), ("manner".to_owned(), manner)];
            Node::new(speech.line, Data::Group(fields.into_iter().collect()))
        };
        let line = Node::new(speech.line, Data::Group(Group::from([(speech.speaker, said)])));
        let shot = match &mut self.shot {
            Some(shot) => shot,
            None => self.begin(speech.line),
        };
        shot.lines.push(line);
        shot.spoken += seconds;
    }

    fn end_shot(&mut self) {
        self.end_speech();
        let Some(mut shot) = self.shot.take() else { return };
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
        if shot.spoken > SHORT {
            record.add("duration", Node::text(line, LONG.to_string()));
        }
        if !shot.titles.is_empty() {
            shot.notes.insert(0, format!("Title card: {}", shot.titles.join(" ")));
        }
        if !shot.notes.is_empty() {
            record.add("notes", Node::text(line, shot.notes.join("\n")));
        }
        self.finder.found.records.push(record);
    }

    /// Remarks that no shot follows belong to the film.
    fn end(&mut self) {
        self.end_scene();
        if !self.notes.is_empty() {
            let text = std::mem::take(&mut self.notes).join("\n");
            self.finder.found.notes.insert("script".into(), Node::text(1, text));
        }
    }
}

/// Whether a paragraph says how one scene becomes the next, as `FADE IN:` does.
fn is_transition(text: &str) -> bool {
    #[rustfmt::skip]
    const WORDS: &[&str] = &[
        "FADE IN", "FADE OUT", "FADE UP", "FADE TO BLACK", "FADE TO WHITE", "CUT TO BLACK", "SMASH TO BLACK", "BLACKOUT",
        "BLACK OUT", "DISSOLVE", "INTERCUT", "END INTERCUT", "BACK TO SCENE",
    ];
    WORDS.contains(&text.trim().trim_end_matches(['.', ':', '!']))
}

/// Whether a paragraph in capitals says how the camera sees what follows.
fn is_view(text: &str) -> bool {
    #[rustfmt::skip]
    const WORDS: &[&str] = &[
        "CLOSE ON", "CLOSE UP", "CLOSE-UP", "CLOSER ON", "EXTREME CLOSE", "ANGLE ON", "NEW ANGLE", "REVERSE ANGLE", "HIGH ANGLE",
        "LOW ANGLE", "WIDE ON", "WIDE SHOT", "WIDE ANGLE", "WIDER", "TRACKING SHOT", "AERIAL", "INSERT", "OVER THE SHOULDER",
        "TWO SHOT", "LONG SHOT", "MEDIUM SHOT", "ESTABLISHING SHOT",
    ];
    const LONGEST: usize = 60;
    text.chars().count() <= LONGEST && text == text.to_uppercase() && WORDS.iter().any(|word| text.starts_with(word))
}

/// Takes how people look out of the paragraphs that bring them in, as `JACK (20s, cropped hair)` does: each prompt that names
/// them says it from then on. Only of those who speak.
fn looks(finder: &mut Finder, parts: &mut [(usize, Part)]) {
    let cues = parts.iter().filter_map(|(_, part)| if let Part::Character(cue) = part { Some(cue) } else { None });
    let names: HashSet<String> = cues.map(|cue| speaker(cue).0.to_uppercase()).collect();
    let mut seen = HashSet::new();
    for (_, part) in parts {
        let Part::Action(text) = part else { continue };
        let mut kept = String::with_capacity(text.len());
        let mut rest = text.as_str();
        while let Some((before, behind)) = rest.split_once(" (") {
            kept.push_str(before);
            let look = behind.split_once(')').filter(|(look, _)| is_look(look));
            let name = look.and_then(|_| name_at_end(&kept, &names));
            match (look, name) {
                (Some((look, after)), Some(name)) if seen.insert(name.clone()) => {
                    finder.found.cast.push(Actor { name, look: Some(look.trim().to_owned()), voice: None });
                    rest = after;
                }
                _ => {
                    kept.push_str(" (");
                    rest = behind;
                }
            }
        }
        kept.push_str(rest);
        *text = kept;
    }
}

/// The longest of these names in the capitals that a text ends with: a script says DICK STEEL or TOMAS VALE once, and STEEL or
/// TOMAS from then on.
fn name_at_end(text: &str, names: &HashSet<String>) -> Option<String> {
    const MOST: usize = 4;
    let capitals = text.split_whitespace().rev().take_while(|word| *word == word.to_uppercase());
    let mut words: Vec<&str> = capitals.take(MOST).collect();
    words.reverse();
    // Of parts that are as long, the last one: the family's name.
    let parts = (1..=words.len()).rev().flat_map(|length| words.windows(length).rev());
    parts.map(|part| part.join(" ")).find(|name| names.contains(name))
}

/// Whether the brackets after a name describe how somebody looks: an age, or more than a word.
fn is_look(text: &str) -> bool {
    const LONGEST: usize = 160;
    let is_extension = text == text.to_uppercase() && !text.contains(|c: char| c.is_ascii_digit());
    let says = text.contains(|c: char| c.is_ascii_digit()) || text.contains(',') || text.split_whitespace().count() > 2;
    !is_extension && says && text.chars().count() <= LONGEST
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

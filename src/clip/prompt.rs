//! The prompt of a shot or a cut: put together from parts, measured before it is built, and built only where it is sent.

use std::fmt;

use super::{Clip, styles};
use crate::language::length::Length;
use crate::language::lent::CastMember;
use crate::language::names::{mentions, pieces, pieces_with};
use crate::language::{Cut, Film, Line, Text};

/// The longest text that is built, in UTF-16 units: forty times what Kling takes. Names and styles can make a text of any
/// length out of a small file.
pub const LONGEST_TEXT: usize = 100_000;

/// A part of a prompt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The texts of the styles.
    Styles,
    /// How the people look that the shot names.
    Looks,
    /// The prompt or cut itself.
    Action,
    /// The spoken lines.
    Lines,
    /// The camera's words.
    Camera,
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Part::Styles => "styles",
            Part::Looks => "looks",
            Part::Action => "action",
            Part::Lines => "lines",
            Part::Camera => "camera",
        })
    }
}

/// A text would be longer than [`LONGEST_TEXT`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it would be {} characters long, and clapboard builds texts of at most {}", thousands(*.0), thousands(LONGEST_TEXT))]
pub struct TooLong(
    /// The length that it would have, in UTF-16 units.
    pub usize,
);

/// A text of the writer's as it is sent: trimmed, names replaced.
#[derive(Clone, Copy, Debug)]
pub struct SentText<'f> {
    /// The text as written.
    pub text: &'f Text,
    film: &'f Film,
}

impl<'f> SentText<'f> {
    /// The text as a shot of `film` sends it.
    pub fn new(text: &'f Text, film: &'f Film) -> Self {
        Self { text, film }
    }

    fn pieces(self) -> impl Iterator<Item = &'f str> {
        pieces(&self.text.value, self.film.cast())
    }

    /// The same with the markers of `elements` for the names of the people they show.
    fn pieces_with(self, elements: &[&'f CastMember]) -> impl Iterator<Item = &'f str> {
        pieces_with(&self.text.value, self.film.cast(), move |member| {
            marker_of(member, elements).unwrap_or(&member.name)
        })
    }

    /// How long it is. Measured once, however often it is asked.
    pub fn length(self) -> Length {
        self.film
            .lengths
            .get_or_measure(self.text, || self.pieces().map(Length::of).fold(Length::default(), Length::then))
    }

    /// The text itself.
    ///
    /// # Errors
    /// It would be too long.
    pub fn build(self) -> Result<String, TooLong> {
        let units = self.length().units;
        if units > LONGEST_TEXT { Err(TooLong(units)) } else { Ok(self.pieces().collect()) }
    }
}

/// Kling's markers of elements, by their place in its list.
const ELEMENT_MARKERS: &[&str] = &["<<<element_1>>>", "<<<element_2>>>", "<<<element_3>>>"];

/// The marker of somebody who is shown as an element.
fn marker_of(member: &CastMember, elements: &[&CastMember]) -> Option<&'static str> {
    let place = elements.iter().position(|element| std::ptr::eq(*element, member))?;
    ELEMENT_MARKERS.get(place).copied()
}

/// What a prompt is made of.
#[derive(Clone, Copy, Debug)]
enum Piece<'f> {
    Literal(&'static str),
    Number(usize),
    Name(&'f str),
    Person(&'f CastMember),
    Sent(SentText<'f>),
}

impl<'f> Piece<'f> {
    fn length(&self) -> Length {
        match self {
            Piece::Literal(text) => Length::of(text),
            Piece::Number(number) => Length::of(&number.to_string()),
            Piece::Name(name) => Length::of(name),
            Piece::Person(member) => Length::of(&member.name),
            Piece::Sent(text) => text.length(),
        }
    }

    fn write(&self, out: &mut String, elements: &[&'f CastMember]) {
        match self {
            Piece::Literal(text) => out.push_str(text),
            Piece::Number(number) => out.push_str(&number.to_string()),
            Piece::Name(name) => out.push_str(name),
            Piece::Person(member) => out.push_str(marker_of(member, elements).unwrap_or(&member.name)),
            Piece::Sent(text) => text.pieces_with(elements).for_each(|piece| out.push_str(piece)),
        }
    }
}

/// A run of pieces with its length.
#[derive(Clone, Debug, Default)]
struct Run<'f> {
    /// Each piece with whose look it is a part of: who is shown as an element needs no words.
    pieces: Vec<(Option<&'f CastMember>, Piece<'f>)>,
    look_of: Option<&'f CastMember>,
    length: Length,
}

impl<'f> Run<'f> {
    fn push(&mut self, piece: Piece<'f>) {
        self.length = self.length.then(piece.length());
        self.pieces.push((self.look_of, piece));
    }

    fn write(&self, elements: &[&'f CastMember]) -> String {
        let mut text = String::new();
        for (look_of, piece) in &self.pieces {
            if look_of.is_none_or(|member| marker_of(member, elements).is_none()) {
                piece.write(&mut text, elements);
            }
        }
        text
    }

    fn literal(&mut self, text: &'static str) {
        self.push(Piece::Literal(text));
    }

    /// `separator` unless this is the first thing in the run.
    fn separate(&mut self, separator: &'static str) {
        if !self.pieces.is_empty() {
            self.literal(separator);
        }
    }

    /// A full stop, unless the run ends a sentence already.
    fn end_sentence(&mut self) {
        if !self.length.is_empty() && !self.length.ends_sentence() {
            self.literal(".");
        }
    }
}

/// A text that is sent, with the parts that it is made of.
#[derive(Clone, Debug, Default)]
pub struct Prompt<'f> {
    parts: Vec<(Part, Run<'f>)>,
}

impl<'f> Prompt<'f> {
    /// The prompt of a shot without cuts.
    pub(super) fn of_shot(clip: &Clip<'f>) -> Self {
        let action = clip.shot.action();
        let speakers = clip.shot.spoken().iter().map(|line| &*line.speaker.value);
        let mut prompt = Prompt::default();
        prompt.add(Part::Styles, style_text(clip.film, &clip.styles));
        prompt.add(Part::Looks, looks(clip.film, action, speakers));
        prompt.add(Part::Action, plain(clip.film, action));
        prompt.add(Part::Lines, dialogue(clip));
        prompt.add(Part::Camera, camera(clip));
        prompt
    }

    /// The prompt of one cut.
    pub(super) fn of_cut(clip: &Clip<'f>, cut: &'f Cut) -> Self {
        let action = cut.prompt.value();
        let mut prompt = Prompt::default();
        prompt.add(Part::Styles, style_text(clip.film, &styles::of_cut(&clip.styles, cut)));
        prompt.add(Part::Looks, looks(clip.film, action, std::iter::empty()));
        prompt.add(Part::Action, plain(clip.film, action));
        prompt.add(Part::Camera, camera(clip));
        prompt
    }

    fn add(&mut self, part: Part, run: Run<'f>) {
        if !run.length.is_empty() {
            self.parts.push((part, run));
        }
    }

    /// The parts that are there, in the order sent, each with its length.
    pub fn parts(&self) -> impl Iterator<Item = (Part, Length)> + '_ {
        self.parts.iter().map(|(part, run)| (*part, run.length))
    }

    /// How long the whole text is.
    pub fn length(&self) -> Length {
        let space = Length::of(" ");
        self.parts.iter().fold(Length::default(), |sum, (_, run)| {
            let sum = if sum.is_empty() { sum } else { sum.then(space) };
            sum.then(run.length)
        })
    }

    /// The text of one part; nothing where the prompt has no such part.
    ///
    /// # Errors
    /// The prompt would be too long.
    pub fn part(&self, part: Part) -> Result<String, TooLong> {
        self.check_length()?;
        let run = self.parts.iter().find(|(found, _)| *found == part).map(|(_, run)| run);
        Ok(run.map(|run| run.write(&[])).unwrap_or_default())
    }

    /// The whole text: the parts, joined by one space.
    ///
    /// # Errors
    /// It would be too long.
    pub fn text(&self) -> Result<String, TooLong> {
        self.text_with(&[])
    }

    /// The whole text with Kling's markers, `<<<element_1>>>` and so on, for the people that `elements` show, and without their looks.
    ///
    /// # Errors
    /// It would be too long.
    pub fn text_with(&self, elements: &[&'f CastMember]) -> Result<String, TooLong> {
        self.check_length()?;
        let mut text = String::with_capacity(self.length().bytes);
        for (_, run) in &self.parts {
            let part = run.write(elements);
            // Without the first look there is nothing before the second one's separator.
            let part = if elements.is_empty() { &*part } else { part.trim_start_matches(' ') };
            if !text.is_empty() && !part.is_empty() {
                text.push(' ');
            }
            text.push_str(part);
        }
        Ok(text)
    }

    fn check_length(&self) -> Result<(), TooLong> {
        let units = self.length().units;
        if units > LONGEST_TEXT { Err(TooLong(units)) } else { Ok(()) }
    }

    /// How the length is made up: "styles 212, looks 340, action 1,820".
    pub fn made_of(&self) -> String {
        let parts: Vec<_> = self.parts().map(|(part, length)| format!("{part} {}", thousands(length.units))).collect();
        parts.join(", ")
    }
}

/// `1820` as `1,820`.
pub fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

fn plain<'f>(film: &'f Film, text: Option<&'f Text>) -> Run<'f> {
    let mut run = Run::default();
    if let Some(text) = text {
        run.push(Piece::Sent(SentText::new(text, film)));
    }
    run
}

fn style_text<'f>(film: &'f Film, styles: &[&'f Text]) -> Run<'f> {
    let mut run = Run::default();
    for name in styles {
        let Some(text) = film.styles().get(&name.value).and_then(|style| style.text.as_ref()) else { continue };
        let text = SentText::new(text, film);
        if !text.length().is_empty() {
            run.separate(", ");
            run.push(Piece::Sent(text));
        }
    }
    run.end_sentence();
    run
}

/// The looks of the people named in `action`, then of those of `speakers` that are not yet named, each once.
fn looks<'f>(film: &'f Film, action: Option<&'f Text>, speakers: impl Iterator<Item = &'f str>) -> Run<'f> {
    let mut named: Vec<&CastMember> = Vec::new();
    let in_action = action.into_iter().flat_map(|action| mentions(&action.value)).map(|(_, name)| name);
    for name in in_action.chain(speakers) {
        if let Some(member) = film.cast().get(name)
            && !named.iter().any(|earlier| std::ptr::eq(*earlier, member))
        {
            named.push(member);
        }
    }
    let mut looks = Run::default();
    for member in named {
        let Some(look) = member.look.value().map(|look| SentText::new(look, film)) else { continue };
        if look.length().is_empty() {
            continue;
        }
        looks.look_of = Some(member);
        looks.separate(" ");
        looks.push(Piece::Name(&member.name));
        looks.literal(" is ");
        looks.push(Piece::Sent(look));
        looks.end_sentence();
    }
    looks
}

fn dialogue<'f>(clip: &Clip<'f>) -> Run<'f> {
    let mut run = Run::default();
    for line in clip.shot.spoken() {
        if line.text.is_some() {
            run.separate(" ");
            speak(clip, line, &mut run);
        }
    }
    run
}

fn speak<'f>(clip: &Clip<'f>, line: &'f Line, run: &mut Run<'f>) {
    let Some(text) = &line.text else { return };
    let member = clip.film.cast().get(&line.speaker.value);
    run.push(member.map_or(Piece::Name(&line.speaker.value), Piece::Person));
    let voice = clip.voices.iter().position(|voice| member.is_some_and(|member| std::ptr::eq(*voice, member)));
    if let Some(index) = voice {
        run.literal(" <<<voice_");
        run.push(Piece::Number(index + 1));
        run.literal(">>>");
    }
    run.literal(" says");
    let manner = line.manner.as_ref().map(|manner| SentText::new(manner, clip.film));
    if let Some(manner) = manner.filter(|manner| !manner.length().is_empty()) {
        run.literal(", ");
        run.push(Piece::Sent(manner));
    }
    run.literal(": \"");
    run.push(Piece::Sent(SentText::new(text, clip.film)));
    run.literal("\"");
}

fn camera<'f>(clip: &Clip<'f>) -> Run<'f> {
    let mut run = Run::default();
    let words = clip.camera_words().map(|words| SentText::new(words, clip.film));
    if let Some(words) = words.filter(|words| !words.length().is_empty()) {
        run.literal("Camera: ");
        run.push(Piece::Sent(words));
        run.end_sentence();
    }
    run
}

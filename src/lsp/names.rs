//! The names of a film (styles, people, shots, scenes) and every place that has one.

use crate::language::names::{is_cast_name, is_style_name, mentions};
use crate::language::storyboard::NAME_LENGTH;
use crate::language::{Camera, Field, Film, List, Settings, Text};
use crate::text::{Place, Span};

/// The kind of thing that has a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A style.
    Style,
    /// One of the cast.
    Cast,
    /// A shot's id.
    Shot,
    /// A scene's id.
    Scene,
}

impl Kind {
    /// In words.
    pub fn noun(self) -> &'static str {
        match self {
            Kind::Style => "style",
            Kind::Cast => "cast member",
            Kind::Shot => "shot",
            Kind::Scene => "scene",
        }
    }

    /// Why `name` cannot be a name of this kind.
    pub fn fault(self, name: &str) -> Option<String> {
        let (fits, form) = match self {
            Kind::Cast => {
                (is_cast_name(name), "begins with a letter, has letters, digits, `-` and `_`, and no `-` at its end")
            }
            _ => (is_style_name(name), "begins with a letter or digit, and has letters, digits, `-` and `_`"),
        };
        if !fits {
            return Some(format!("the name of a {} {form}", self.noun()));
        }
        (name.len() > NAME_LENGTH).then(|| format!("a name has at most {NAME_LENGTH} characters"))
    }
}

/// A name at one place.
#[derive(Clone, Debug)]
pub struct Mention {
    /// The kind of thing that has it.
    pub kind: Kind,
    /// The name.
    pub name: String,
    /// Where, quotes and `$` not included.
    pub place: Place,
    /// Whether it is here that the name is given, rather than used.
    pub is_given: bool,
}

impl Mention {
    /// Whether both are the name of one thing.
    pub fn means(&self, other: &Mention) -> bool {
        self.kind == other.kind && self.name == other.name
    }
}

/// All names of a film with their places, in the storyboard and in its bibles.
pub fn names_of(film: &Film) -> Vec<Mention> {
    let mut names = Names::default();
    for style in film.styles().values() {
        names.add(Kind::Style, &style.name, true);
        style.text.iter().for_each(|text| names.in_text(text));
    }
    for member in film.cast().values() {
        names.add(Kind::Cast, &member.key, true);
        member.look.value().iter().for_each(|text| names.in_text(text));
    }
    film.all_defaults().for_each(|settings| names.in_settings(settings));
    film.scenes.iter().filter_map(|scene| scene.id.valid()).for_each(|id| names.add(Kind::Scene, &id.value, true));
    for shot in &film.shots {
        shot.id.valid().into_iter().for_each(|id| names.add(Kind::Shot, &id.value, true));
        names.in_settings(&shot.settings);
        names.in_field(&shot.prompt);
        shot.voices().iter().for_each(|name| names.add(Kind::Cast, name, false));
        for line in shot.lines.valid().into_iter().flat_map(|lines| &lines.value.items) {
            names.add(Kind::Cast, &line.speaker, false);
            line.text.iter().chain(&line.manner).for_each(|text| names.in_text(text));
        }
        for cut in shot.cuts() {
            names.in_field(&cut.prompt);
            names.in_styles(&cut.style);
            names.in_styles(&cut.add_style);
        }
    }
    names.found
}

/// The name at byte `offset` of the film's own file.
pub fn name_at(film: &Film, offset: usize) -> Option<Mention> {
    let own = &film.file.document.source.path;
    names_of(film).into_iter().find(|mention| {
        let Place { source, span } = &mention.place;
        source.path == *own && span.touches(offset)
    })
}

/// Where a film, or one of its bibles, gives a name.
pub fn given<'n>(names: &'n [Mention], wanted: &Mention) -> Option<&'n Mention> {
    names.iter().find(|mention| mention.is_given && mention.means(wanted))
}

#[derive(Default)]
struct Names {
    found: Vec<Mention>,
}

impl Names {
    fn add(&mut self, kind: Kind, name: &Text, is_given: bool) {
        self.push(kind, &name.value, name.place(), is_given);
    }

    /// A place that is not written as the name (with an escape, for example) is left out: no editor could rename it.
    fn push(&mut self, kind: Kind, name: &str, place: Place, is_given: bool) {
        let written = place.source.slice(place.span);
        let span = match written.find(name) {
            Some(at) if written.trim_matches(['"', '\'', '$']) == name => {
                let start = place.span.start() + at;
                Span::at(start, name.len())
            }
            _ => return,
        };
        self.found.push(Mention { kind, name: name.to_owned(), place: Place { span, ..place }, is_given });
    }

    fn in_text(&mut self, text: &Text) {
        for (range, name) in mentions(&text.value) {
            self.push(Kind::Cast, name, text.part(range), false);
        }
    }

    fn in_field(&mut self, text: &Field<Text>) {
        text.valid().into_iter().for_each(|text| self.in_text(&text.value));
    }

    fn in_styles(&mut self, styles: &Field<List<Text>>) {
        let names = styles.valid().into_iter().flat_map(|styles| &styles.value.items);
        names.for_each(|name| self.add(Kind::Style, name, false));
    }

    fn in_settings(&mut self, settings: &Settings) {
        self.in_styles(&settings.style);
        self.in_styles(&settings.add_style);
        self.in_field(&settings.negative_prompt);
        if let Some(Camera::Words(words)) = settings.camera.value() {
            self.in_text(words);
        }
    }
}

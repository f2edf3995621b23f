//! The prompt of a shot or a cut, put together as the language's page says, with what each part adds to its length.

use std::fmt;

use super::at::{Field, Text};
use super::decode::{Camera, Cut, List};
use super::film::{CastMember, Film, Shot};
use super::names::{expand, mentions};

/// A text that is sent, with the parts that it is made of.
#[derive(Debug, Clone, Default)]
pub struct Prompt {
    /// The text.
    pub text: String,
    /// Each part that is there, with its length in UTF-16 units.
    pub parts: Vec<(Part, usize)>,
}

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

/// Length as Kling counts it: UTF-16 code units.
pub fn units(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

impl Prompt {
    fn add(&mut self, part: Part, text: String) {
        if text.is_empty() {
            return;
        }
        if !self.text.is_empty() {
            self.text.push(' ');
        }
        self.parts.push((part, units(&text)));
        self.text.push_str(&text);
    }

    /// Length in UTF-16 units.
    pub fn units(&self) -> usize {
        units(&self.text)
    }

    /// How the length is made up: "styles 212, looks 340, action 1,820".
    pub fn made_of(&self) -> String {
        let parts: Vec<_> = self.parts.iter().map(|(part, units)| format!("{part} {}", thousands(*units))).collect();
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

impl Film {
    /// The prompt of a shot without cuts.
    pub fn prompt(&self, shot: &Shot) -> Prompt {
        let mut prompt = Prompt::default();
        prompt.add(Part::Styles, self.style_text(&shot.settings.style));
        let action = shot.action().map(|action| &*action.value).unwrap_or_default();
        let speakers = shot.spoken().iter().map(|line| &*line.speaker.value);
        prompt.add(Part::Looks, self.looks(action, speakers));
        prompt.add(Part::Action, expand(action, &self.cast));
        prompt.add(Part::Lines, self.dialogue(shot));
        prompt.add(Part::Camera, self.camera_text(shot));
        prompt
    }

    /// The prompt of one cut of a shot.
    pub fn cut_prompt(&self, shot: &Shot, cut: &Cut) -> Prompt {
        let mut prompt = Prompt::default();
        let style = if cut.style.is_absent() { &shot.settings.style } else { &cut.style };
        let action = cut.prompt.valid().map(|prompt| &*prompt.value.value).unwrap_or_default();
        prompt.add(Part::Styles, self.style_text(style));
        prompt.add(Part::Looks, self.looks(action, std::iter::empty()));
        prompt.add(Part::Action, expand(action, &self.cast));
        prompt.add(Part::Camera, self.camera_text(shot));
        prompt
    }

    fn style_text(&self, style: &Field<List<Text>>) -> String {
        let names = style.valid().map(|style| &style.value.items[..]).unwrap_or_default();
        let texts: Vec<String> = names
            .iter()
            .filter_map(|name| self.styles.get(&name.value)?.text.as_ref())
            .map(|text| expand(&text.value, &self.cast))
            .filter(|text| !text.is_empty())
            .collect();
        sentence(texts.join(", "))
    }

    /// The people named in `action`, then those of `speakers` that are not yet named, each once.
    fn looks<'a>(&self, action: &'a str, speakers: impl Iterator<Item = &'a str>) -> String {
        let mut named: Vec<&CastMember> = Vec::new();
        for name in mentions(action).map(|(_, name)| name).chain(speakers) {
            if let Some(member) = self.cast.get(name)
                && !named.iter().any(|earlier| std::ptr::eq(*earlier, member))
            {
                named.push(member);
            }
        }
        let looks: Vec<String> = named
            .into_iter()
            .filter_map(|member| {
                let look = expand(&member.look.as_ref()?.value, &self.cast);
                (!look.is_empty()).then(|| sentence(format!("{} is {look}", member.name)))
            })
            .collect();
        looks.join(" ")
    }

    fn dialogue(&self, shot: &Shot) -> String {
        let order = self.voice_order(shot);
        let lines: Vec<String> = shot
            .spoken()
            .iter()
            .filter_map(|line| {
                let number = order.iter().position(|name| *name == &*line.speaker.value)? + 1;
                let name = self.cast.get(&line.speaker.value).map_or(&*line.speaker.value, |member| &*member.name);
                let text = expand(&line.text.as_ref()?.value, &self.cast);
                Some(format!("{name} <<<voice_{number}>>> says: \"{text}\""))
            })
            .collect();
        lines.join(" ")
    }

    /// The cast names of `voice_list`, in order: the speakers by their first line, or what `voices` names.
    pub fn voice_order<'s>(&self, shot: &'s Shot) -> Vec<&'s str> {
        if shot.spoken().is_empty() {
            return shot.voices().iter().map(|name| &*name.value).collect();
        }
        let mut order: Vec<&str> = Vec::new();
        for line in shot.spoken() {
            if !order.contains(&&*line.speaker.value) {
                order.push(&line.speaker.value);
            }
        }
        order
    }

    fn camera_text(&self, shot: &Shot) -> String {
        match shot.camera.valid().map(|camera| &camera.value) {
            Some(Camera::Words(words)) if !words.is_blank() => {
                sentence(format!("Camera: {}", expand(&words.value, &self.cast)))
            }
            _ => String::new(),
        }
    }

    /// The negative prompt as it is sent; `None` where there is none or a blank one.
    pub fn negative_prompt(&self, shot: &Shot) -> Option<String> {
        let text = expand(&shot.settings.negative_prompt.valid()?.value.value, &self.cast);
        (!text.is_empty()).then_some(text)
    }
}

/// Ends a text with a full stop unless it ends a sentence already. Nothing stays nothing.
fn sentence(mut text: String) -> String {
    if !text.is_empty() && !text.ends_with(['.', '!', '?', '…', '。', '！', '？']) {
        text.push('.');
    }
    text
}

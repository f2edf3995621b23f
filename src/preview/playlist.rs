//! The playlist of the animatic: the shots one after another, each with its pictures, its captions and, if it was bought, its clip.

use serde::Serialize;

use super::card::Card;
use super::frame::Frame;

#[derive(Debug, Default, Serialize)]
pub(super) struct Playlist {
    pub items: Vec<Item>,
    /// Films and their scenes.
    pub ranges: Vec<Range>,
}

#[derive(Debug, Serialize)]
pub(super) struct Item {
    /// The card's element.
    card: String,
    name: String,
    scene: Option<String>,
    seconds: f64,
    stills: Vec<Still>,
    captions: Vec<Caption>,
    clip: Option<Footage>,
}

#[derive(Debug, Serialize)]
struct Still {
    /// Seconds from the shot's begin.
    at: f64,
    picture: Option<String>,
    width: usize,
    height: usize,
    /// The text in place of a picture.
    label: String,
}

#[derive(Debug, Serialize)]
struct Caption {
    from: f64,
    to: f64,
    /// The speaker; `None` for action.
    who: Option<String>,
    text: String,
}

#[derive(Debug, Serialize)]
struct Footage {
    link: String,
    /// Where in the clip the shot begins, in seconds.
    from: f64,
}

#[derive(Debug, Serialize)]
pub(super) struct Range {
    name: String,
    first: usize,
    /// How many shots.
    count: usize,
    is_part: bool,
}

impl Playlist {
    pub fn add(&mut self, card: &Card, scene: Option<&str>) {
        let still = |at: f64, frame: &Frame| Still {
            at,
            picture: frame.picture.clone(),
            width: frame.width,
            height: frame.height,
            label: [frame.name.as_str(), frame.why.as_deref().unwrap_or("")].join(" ").trim().to_owned(),
        };
        let last = card.last.iter().map(|frame| still(card.used / 2.0, frame));
        let counted = card.takes.iter().find(|take| take.counts).and_then(|take| take.link.clone());
        self.items.push(Item {
            card: card.anchor.clone(),
            name: card.name.clone(),
            scene: scene.map(str::to_owned),
            seconds: card.used,
            stills: std::iter::once(still(0.0, &card.first)).chain(last).collect(),
            captions: captions(card),
            clip: counted.map(|link| Footage { link, from: card.from }),
        });
    }

    /// A film, from `first` to what was added last.
    pub fn add_range(&mut self, name: String, first: usize) {
        self.ranges.push(Range { name, first, count: self.items.len() - first, is_part: false });
    }

    /// A scene of the film that was added last.
    pub fn add_part(&mut self, name: String, first: usize, count: usize) {
        if count > 0 {
            self.ranges.push(Range { name, first, count, is_part: true });
        }
    }
}

/// The cuts at their seconds; else the spoken lines, each for its share of the words; else what happens.
fn captions(card: &Card) -> Vec<Caption> {
    if !card.cuts.is_empty() {
        let mut end = -card.from;
        let cuts = card.cuts.iter().map(|cut| {
            let from = end;
            end += cut.width as f64 / 10.0;
            Caption { from: from.max(0.0), to: end.min(card.used), who: None, text: cut.action.clone() }
        });
        return cuts.filter(|caption| caption.from < caption.to).collect();
    }
    if card.lines.is_empty() {
        return vec![Caption { from: 0.0, to: card.used, who: None, text: card.action.clone() }];
    }
    let length = |text: &str| text.chars().count() + 8;
    let whole: usize = card.lines.iter().map(|line| length(&line.text)).sum();
    let mut end = 0.0;
    let lines = card.lines.iter().map(|line| {
        let from = end;
        end += card.used * length(&line.text) as f64 / whole as f64;
        Caption { from, to: end, who: Some(line.who.clone()), text: line.text.clone() }
    });
    lines.collect()
}

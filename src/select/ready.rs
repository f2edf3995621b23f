//! A shot whose request can be made.

use crate::api::{Request, request};
use crate::check::CheckedFilm;
use crate::clip::{Clip as SettledClip, Unbuildable};
use crate::kling::price::Units;
use crate::kling::raw::is_free;
use crate::ledger::Clip;

use super::{Blocked, Selected, Why};

/// A compiled shot, as far as its price and its place in the ledger go.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Item {
    /// The clip that it would buy.
    pub clip: Clip,
    /// The storyboard's path as found.
    pub file: String,
    /// Each part of the clip: a short plain value as it is, anything else as `sha256:` and the beginning of its digest.
    pub fields: Vec<(String, String)>,
    /// The clip's length in seconds; 0 where it is not known.
    pub seconds: u32,
    /// By the price table; `None` for what is not in it.
    pub units: Option<Units>,
    /// US dollars, at the project's rate.
    pub usd: Option<f64>,
    /// The expected properties of its clip.
    pub expected: Expected,
    /// The raw fields for which nobody knows the price.
    pub unpriced: Vec<String>,
    /// Fields that a gateway may silently drop.
    pub may_be_dropped: Vec<&'static str>,
}

/// The expected properties of a clip, as far as they are known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Expected {
    /// Whether it has sound.
    pub sound: bool,
    /// Width and height in pixels of its first frame, whose shape it has.
    pub frame: Option<(usize, usize)>,
    /// How many lines it has where it is wide.
    pub lines: Option<u32>,
}

/// A shot whose request can be made.
#[derive(Debug)]
pub struct Compiled<'c> {
    /// Its storyboard.
    pub take: &'c CheckedFilm,
    /// The request.
    pub request: Request,
}

/// A shot that can be bought.
#[derive(Debug)]
pub struct Ready<'c> {
    /// Its storyboard.
    pub take: &'c CheckedFilm,
    /// The request.
    pub request: Request,
    /// The purchase.
    pub item: Item,
}

/// A shot on its way into a selection.
pub(super) struct Row<'c> {
    pub take: &'c CheckedFilm,
    pub clip: SettledClip<'c>,
    pub film: String,
    pub id: String,
}

impl<'c> Row<'c> {
    pub fn compiled(&self) -> Result<Compiled<'c>, Why> {
        let request = request(&self.clip, &self.take.project.library).map_err(Why::Unbuildable)?;
        Ok(Compiled { take: self.take, request })
    }

    pub fn make(&self) -> Selected<Ready<'c>> {
        match self.ready() {
            Ok(ready) => Selected::Ready(Box::new(ready)),
            Err(why) => Selected::Blocked(Box::new(self.without_item(why))),
        }
    }

    /// With what it would be, where its request can be made all the same.
    pub fn blocked(&self, why: Why) -> Blocked {
        let item = self.ready().ok().map(|ready| ready.item);
        Blocked { item, ..self.without_item(why) }
    }

    pub fn without_item(&self, why: Why) -> Blocked {
        Blocked {
            file: self.take.film.file.document.source.name.clone(),
            film: self.film.clone(),
            shot: self.id.clone(),
            item: None,
            why,
        }
    }

    fn ready(&self) -> Result<Ready<'c>, Why> {
        let Compiled { take, request } = self.compiled()?;
        let item = self.item(&request)?;
        item.clip.validate().map_err(|problem| {
            let reason = format!("{problem}, and the ledger could not be read again. Rename it");
            Why::Unbuildable(Unbuildable { place: request.place.clone(), reason })
        })?;
        Ok(Ready { take, request, item })
    }

    fn item(&self, request: &Request) -> Result<Item, Why> {
        let (take, clip) = (self.take, &self.clip);
        let identity = clip.identity(&take.project.library).map_err(Why::Unbuildable)?;
        let units = clip.price().units();
        let raw = clip.shot.kling.valid().into_iter().flat_map(|kling| &kling.value.fields);
        let unpriced = raw.map(|(name, _)| name.value.to_string()).filter(|name| !is_free(name)).collect();
        Ok(Item {
            clip: Clip { film: self.film.clone(), shot: self.id.clone(), identity: identity.sha256 },
            file: request.storyboard.clone(),
            fields: identity.parts.into_iter().collect(),
            seconds: clip.seconds.value().and_then(|seconds| u32::try_from(seconds).ok()).unwrap_or(0),
            units,
            usd: units.map(|units| units.usd(take.project.config.usd_per_unit)),
            expected: self.expected(),
            unpriced,
            may_be_dropped: dropped_by_gateways(take, request),
        })
    }

    fn expected(&self) -> Expected {
        let (take, clip) = (self.take, &self.clip);
        let frame = clip.first_frame.value().and_then(|text| clip.picture(text, &take.project.library).ok()?);
        let lines = clip.model.value().zip(clip.mode.value()).and_then(|(model, mode)| model.lines(mode));
        let sound = clip.can_sound() && clip.sound.value() == Some(true);
        Expected { sound, frame: frame.and_then(|picture| picture.pixels), lines }
    }
}

/// Fields that the gateways of today leave out without a word, so that another clip is made and paid for. Source: new-api's
/// `relay/channel/task/kling/adaptor.go`, which decodes the body into a fixed structure (2026-11).
const DROPPED: &[&str] = &["multi_prompt", "voice_list"];

/// The fields of a request that a gateway may drop, unless the config says that it passes them on.
fn dropped_by_gateways(take: &CheckedFilm, request: &Request) -> Vec<&'static str> {
    if take.target != crate::kling::Target::Gateway {
        return Vec::new();
    }
    let passes = &take.project.config.target.passes;
    let is_sent = |name: &str| request.body.fields().iter().any(|(field, _)| field == name);
    let is_passed = |name: &str| passes.iter().any(|passed| passed == name);
    DROPPED.iter().copied().filter(|name| is_sent(name) && !is_passed(name)).collect()
}

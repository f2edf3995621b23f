//! A shot's card.

use serde::Serialize;

use super::Pictures;
use super::drawing::{Drawing, camera_label};
use super::frame::Frame;
use super::reel::{Sources, number};
use super::takes::{Take, takes};
use crate::api;
use crate::check::CheckedFilm;
use crate::clip::{Clip, Part, Prompt, SentText, thousands};
use crate::diagnostic::Diagnostic;
use crate::language::{Line, Text};
use crate::plan::{self, Hold, Row};
use crate::text::shown::{line, lines};

/// More of a text is not shown: it is twice as long as the longest that Kling takes.
const MOST_SHOWN: usize = 5_000;
/// More findings of one shot are only counted.
const MOST_FINDINGS: usize = 12;
/// Kling takes six cuts; of a list that is too long, no more than a strip holds are shown.
const MOST_CUTS: usize = 24;
/// A clip is shown as if it were at most this long, in seconds. The longest that Kling makes has 15.
const LONGEST: f64 = 600.0;

#[derive(Debug, Serialize)]
pub(super) struct Card {
    pub anchor: String,
    /// From 1, within its film.
    pub number: usize,
    pub name: String,
    /// The sheet's slate: it is not to be made yet.
    pub skip: bool,
    pub state: State,
    pub first: Frame,
    pub last: Option<Frame>,
    pub drawing: Drawing,
    pub cuts: Vec<CutView>,
    pub prompts: Vec<PromptView>,
    pub negative: Option<String>,
    pub model: String,
    pub mode: &'static str,
    pub bought: String,
    /// The seconds that go into the edit.
    pub used: f64,
    pub used_text: String,
    /// Where in the clip they begin.
    pub from: f64,
    /// `use`, where it is written.
    pub excerpt: Option<String>,
    /// The class of its width in the timeline: tenths of a second.
    pub width: u64,
    pub sound: &'static str,
    pub voices: Vec<String>,
    pub price: String,
    pub to_buy: bool,
    pub action: String,
    pub lines: Vec<LineView>,
    pub camera: Option<String>,
    pub findings: Vec<Finding>,
    pub more_findings: usize,
    pub takes: Vec<Take>,
    /// The command that chooses a take, without its number.
    pub choose: String,
    /// Its film and its shot, as the ledger has them.
    #[serde(skip)]
    pub in_ledger: (String, String),
}

/// A shot's state in the plan.
#[derive(Debug, Serialize)]
pub(super) struct State {
    /// For the style.
    pub word: &'static str,
    pub label: String,
    pub reason: String,
}

#[derive(Debug, Serialize)]
pub(super) struct CutView {
    pub number: usize,
    pub seconds: String,
    pub width: u64,
    pub action: String,
}

#[derive(Debug, Serialize)]
pub(super) struct PromptView {
    /// The cut's number; 0 for a shot without cuts.
    pub cut: usize,
    pub parts: Vec<PartView>,
    pub text: String,
    pub is_over: bool,
}

#[derive(Debug, Serialize)]
pub(super) struct PartView {
    pub name: String,
    pub text: String,
    /// Where it begins in the bar, in percent.
    pub x: f64,
    pub width: f64,
}

#[derive(Debug, Serialize)]
pub(super) struct LineView {
    pub who: String,
    pub text: String,
    pub manner: Option<String>,
}

#[derive(Debug, Serialize)]
pub(super) struct Finding {
    pub severity: &'static str,
    pub code: &'static str,
    pub message: String,
    pub help: Option<String>,
    pub place: String,
    /// Whether the place is not the shot's own: the film's findings have all of it.
    pub is_shared: bool,
}

impl Finding {
    pub fn new(found: &Diagnostic) -> Finding {
        let source = &found.place.source;
        let position = source.position(found.place.span.start());
        Finding {
            severity: found.severity.as_str(),
            code: found.code.as_str(),
            message: lines(&found.message),
            help: found.help.as_deref().map(lines),
            place: line(&format!("{}:{}:{}", source.name, position.line, position.column)),
            is_shared: found.shot.is_none(),
        }
    }
}

impl Card {
    pub fn new(
        sources: &Sources<'_>,
        pictures: &Pictures,
        take: &CheckedFilm,
        clip: &Clip<'_>,
        row: Option<&Row>,
        (index, number_in_film): (usize, usize),
    ) -> Card {
        let shot = clip.shot;
        let id = shot.name();
        let first = clip.first_frame.value();
        let frame = |role, text| Frame::new(role, text, clip, take, pictures, sources.folder);
        let (from, used) = edit(clip);
        let (findings, more_findings) = findings(sources, take, &id);
        let units = clip.price().units();
        let (takes, choose) = takes(sources, take, &id, row);
        Card {
            anchor: format!("shot-{index}"),
            number: number_in_film,
            name: if id.is_empty() { "without an id".into() } else { line(&id) },
            skip: shot.is_skipped(),
            state: State::of(shot.is_skipped(), row),
            first: frame("First frame", first),
            last: shot.last_frame.valid().map(|text| frame("Last frame", Some(&text.value))),
            drawing: Drawing::new(clip, take, pictures),
            cuts: cuts(clip),
            prompts: prompts(clip),
            negative: clip.sent_negative_prompt().map(|text| sent(text, line)),
            model: clip.model.value().map_or_else(|| "no model".into(), |model| line(model.as_str())),
            mode: clip.mode.value().filter(|_| has_modes(clip)).map_or("", |mode| mode.as_str()),
            bought: clip.seconds.value().map_or_else(|| "?".into(), |seconds| seconds.to_string()),
            used,
            used_text: number(used),
            from,
            excerpt: shot.r#use.valid().map(|_| format!("{}–{} s", number(from), number(from + used))),
            width: if shot.is_skipped() { 0 } else { (used * 10.0).round() as u64 },
            sound: sound(clip),
            voices: clip.voices.iter().map(|voice| line(&voice.name)).collect(),
            price: plan::price(units, units.map(|units| units.usd(take.project.config.usd_per_unit))),
            to_buy: row.is_some_and(|row| row.to_buy),
            action: action(clip),
            lines: shot.spoken().iter().filter_map(|spoken| LineView::new(clip, spoken)).collect(),
            camera: camera_label(clip),
            findings,
            more_findings,
            takes,
            choose,
            in_ledger: (take.name(), id),
        }
    }
}

impl Card {
    /// The seconds that it has in the edit.
    pub fn seconds(&self) -> f64 {
        if self.skip { 0.0 } else { self.used }
    }
}

fn has_modes(clip: &Clip<'_>) -> bool {
    clip.model.value().is_none_or(|model| model.has_modes())
}

/// Where the part that is used begins, and how long it is. What `use` asks for beyond the clip is not there.
fn edit(clip: &Clip<'_>) -> (f64, f64) {
    let whole = clip.seconds.value().unwrap_or(crate::clip::DEFAULT_SECONDS) as f64;
    let whole = whole.clamp(0.0, LONGEST);
    let Some(excerpt) = clip.shot.r#use.valid() else { return (0.0, whole) };
    let (from, to) = (excerpt.value.from.clamp(0.0, whole), excerpt.value.to.clamp(0.0, whole));
    if from < to { (from, to - from) } else { (0.0, whole) }
}

fn sound(clip: &Clip<'_>) -> &'static str {
    match clip.sound.value() {
        Some(true) if clip.can_sound() => "sound",
        Some(true) => "sound asked for",
        _ => "silent",
    }
}

impl State {
    fn of(skip: bool, row: Option<&Row>) -> State {
        let Some(row) = row.filter(|_| !skip) else {
            let (word, label) = if skip { ("skip", "skip") } else { ("held", "held back") };
            return State { word, label: label.into(), reason: String::new() };
        };
        let reason = line(&plan::reason(row));
        let (word, label) = match &row.hold {
            _ if row.is_missing => ("missing", "done, not here".to_owned()),
            Some(Hold::Blocked | Hold::Unbuildable) => ("held", "held back".to_owned()),
            _ => (row.state.word(), row.state.word().replace('_', " ")),
        };
        State { word, label, reason }
    }
}

fn cuts(clip: &Clip<'_>) -> Vec<CutView> {
    let cuts = clip.shot.cuts().iter().take(MOST_CUTS).enumerate();
    let view = |(index, cut): (usize, &crate::language::Cut)| {
        let seconds = cut.duration.valid().map_or(0, |seconds| seconds.value.0).clamp(0, LONGEST as i64);
        let action = cut.prompt.valid().map(|text| sent(SentText::new(&text.value, clip.film), line));
        CutView {
            number: index + 1,
            seconds: seconds.to_string(),
            width: seconds as u64 * 10,
            action: action.unwrap_or_default(),
        }
    };
    cuts.map(view).collect()
}

fn prompts(clip: &Clip<'_>) -> Vec<PromptView> {
    let is_cut = !clip.shot.cuts().is_empty();
    let limits = api::of(clip.target).limits(clip.model.value());
    let prompts = clip.prompts.iter().take(MOST_CUTS).enumerate();
    let view = |(index, prompt): (usize, &Prompt<'_>)| {
        let most = if is_cut { limits.cut_units } else { limits.prompt_units };
        PromptView::new(prompt, if is_cut { index + 1 } else { 0 }, most)
    };
    prompts.map(view).filter(|prompt| !prompt.parts.is_empty()).collect()
}

impl PromptView {
    fn new(prompt: &Prompt<'_>, cut: usize, most: usize) -> PromptView {
        let units = prompt.length().units;
        let percent = |of: usize| (1000.0 * of as f64 / units.max(most) as f64).round() / 10.0;
        let mut at = 0;
        let mut parts = Vec::new();
        for (part, length) in prompt.parts() {
            let text = prompt.part(part).map_or_else(|why| why.to_string(), |text| clipped(lines(&text)));
            parts.push(PartView { name: part.to_string(), text, x: percent(at), width: percent(length.units) });
            at += length.units + 1;
        }
        let text = format!("{} of {}", thousands(units), thousands(most));
        PromptView { cut, parts, text, is_over: units > most }
    }
}

/// The action alone, for the sheet and the captions; of a clip with cuts, theirs.
fn action(clip: &Clip<'_>) -> String {
    let prompts = clip.prompts.iter().take(MOST_CUTS);
    let actions =
        prompts.map(|prompt| prompt.part(Part::Action).map_or_else(|why| why.to_string(), |text| line(&text)));
    clipped(actions.filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" / "))
}

/// A text as it is sent, safe to show.
fn sent(text: SentText<'_>, shown: fn(&str) -> String) -> String {
    text.build().map_or_else(|why| why.to_string(), |text| clipped(shown(&text)))
}

fn clipped(text: String) -> String {
    match text.char_indices().nth(MOST_SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

impl LineView {
    fn new(clip: &Clip<'_>, spoken: &Line) -> Option<LineView> {
        let of = |text: &Text| sent(SentText::new(text, clip.film), line);
        let member = clip.film.cast().get(&spoken.speaker.value);
        Some(LineView {
            who: line(member.map_or(&*spoken.speaker.value, |member| &*member.name)),
            text: of(spoken.text.as_ref()?),
            manner: spoken.manner.as_ref().map(of).filter(|manner| !manner.is_empty()),
        })
    }
}

/// The findings about a shot, and how many more there are.
fn findings(sources: &Sources<'_>, take: &CheckedFilm, id: &str) -> (Vec<Finding>, usize) {
    let files = take.film.files();
    let all = files.flat_map(|file| sources.report.of(&file.document.source.path));
    let of_shot: Vec<&Diagnostic> = all.filter(|found| found.shots.iter().any(|shot| shot == id)).collect();
    let shown = of_shot.iter().take(MOST_FINDINGS).map(|found| Finding::new(found)).collect();
    (shown, of_shot.len().saturating_sub(MOST_FINDINGS))
}

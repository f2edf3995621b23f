//! What a `submit` would buy: each shot against the ledger, and what it comes to.

mod human;
mod json;
mod markdown;

use std::collections::HashSet;

use crate::kling::price::Units;
use crate::ledger::{Clip, ShotState, State};

pub use human::human;
pub use json::json;
pub use markdown::markdown;

/// A compiled shot, as far as its price and its place in the ledger go.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// The clip that it would buy.
    pub clip: Clip,
    /// The storyboard's path as found.
    pub file: String,
    /// Body field → short digest of its value.
    pub fields: Vec<(String, String)>,
    /// The clip's length.
    pub seconds: u32,
    /// By the price table; `None` for what is not in it.
    pub units: Option<Units>,
    /// US dollars, at the project's rate.
    pub usd: Option<f64>,
}

/// A shot in the plan.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The shot.
    pub item: Item,
    /// Where it stands.
    pub state: ShotState,
    /// For a changed shot, the body fields that differ from the latest attempt.
    pub changed: Vec<String>,
    /// Whether a `submit` would buy it.
    pub is_bought: bool,
}

/// What is bought comes to.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Totals {
    /// Requests.
    pub clips: usize,
    /// Bought seconds.
    pub seconds: u64,
    /// `None` where one of the clips has no price.
    pub units: Option<Units>,
    /// US dollars; `None` where one of the clips has no price.
    pub usd: Option<f64>,
}

/// All selected shots, in their order, and what is to be bought of them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Plan {
    /// A row a shot.
    pub rows: Vec<Row>,
    /// Over what is bought.
    pub totals: Totals,
}

impl Plan {
    /// Holds `items` against the ledger. A clip that is asked for twice is bought, and counted, once.
    pub fn new(items: impl IntoIterator<Item = Item>, ledger: &State, retry_failed: bool) -> Plan {
        let mut planned: HashSet<Clip> = HashSet::new();
        let rows: Vec<Row> = items
            .into_iter()
            .map(|item| {
                let state = ledger.shot_state(&item.clip);
                let changed = match state {
                    ShotState::Changed => ledger.changed_fields(&item.clip, &item.fields),
                    _ => Vec::new(),
                };
                let is_bought = state.needs_buying(retry_failed) && planned.insert(item.clip.clone());
                Row { item, state, changed, is_bought }
            })
            .collect();
        let bought = || rows.iter().filter(|row| row.is_bought).map(|row| &row.item);
        let totals = Totals {
            clips: bought().count(),
            seconds: bought().map(|item| u64::from(item.seconds)).sum(),
            units: bought().map(|item| item.units).sum(),
            usd: bought().map(|item| item.usd).sum::<Option<f64>>().map(to_cents_hundredth),
        };
        Plan { rows, totals }
    }
}

/// Sums of prices, without binary dust.
fn to_cents_hundredth(usd: f64) -> f64 {
    (usd * 10_000.0).round() / 10_000.0
}

/// `4.5 units, $0.63`: a price for the eye.
fn price(units: Option<Units>, usd: Option<f64>) -> String {
    match (units, usd) {
        (Some(units), Some(usd)) => format!("{units} units, ${usd:.2}"),
        (Some(units), None) => format!("{units} units"),
        (None, _) => "no known price".to_owned(),
    }
}

/// The totals as a sentence.
pub fn total_sentence(totals: &Totals) -> String {
    if totals.clips == 0 {
        return "Nothing to buy.".to_owned();
    }
    let clips = if totals.clips == 1 { "1 clip".to_owned() } else { format!("{} clips", totals.clips) };
    format!(
        "{clips} to buy: {} s, {}. Estimated by {} ({}); what the service charges may differ.",
        totals.seconds,
        price(totals.units, totals.usd),
        crate::kling::price::TABLE.page,
        crate::kling::price::TABLE.date
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::{Event, Intent, Learned, What};
    use jiff::Timestamp;

    pub(super) fn item(shot: &str, identity: char, tenths: Option<u64>) -> Item {
        let units = tenths.map(Units::from_tenths);
        Item {
            clip: Clip { film: "ferry".into(), shot: shot.into(), identity: identity.to_string().repeat(64) },
            file: "ferry.storyboard.yaml".into(),
            fields: vec![("mode".into(), "m".into()), ("prompt".into(), format!("p{identity}"))],
            seconds: 5,
            units,
            usd: units.map(|units| units.usd(0.14)),
        }
    }

    /// A ledger in which `done` is done and `old` was done with another prompt, `lost` is unknown and `bad` has failed.
    pub(super) fn ledger() -> State {
        let at = Timestamp::from_second(1).unwrap();
        let intent = |identity: char| {
            What::Intent(Intent {
                api: "gateway".into(),
                base_url: "https://x".into(),
                seconds: 5,
                fields: item("x", identity, None).fields.into_iter().collect(),
                ..Intent::default()
            })
        };
        let mut events = Vec::new();
        for (shot, identity) in [("done", 'a'), ("old", 'b'), ("lost", 'a'), ("bad", 'a')] {
            let clip = item(shot, identity, None).clip;
            events.push(Event { at, clip: clip.clone(), attempt: shot.into(), what: intent(identity) });
            let more = match shot {
                "lost" => continue,
                "bad" => What::Refused { code: Some(1301), message: "no".into(), failed: true },
                _ => What::Downloaded {
                    task_id: shot.into(),
                    path: "x".into(),
                    bytes: 1,
                    sha256: "x".into(),
                    units: None,
                },
            };
            events.push(Event {
                at,
                clip: clip.clone(),
                attempt: shot.into(),
                what: What::Accepted { task_id: shot.into(), how: Learned::Answer },
            });
            if shot == "bad" {
                events.pop();
            }
            events.push(Event { at, clip, attempt: shot.into(), what: more });
        }
        events.into_iter().collect()
    }

    pub(super) fn plan() -> Plan {
        let items = [
            item("done", 'a', Some(40)),
            item("old", 'a', Some(40)),
            item("lost", 'a', Some(40)),
            item("bad", 'a', Some(40)),
            item("fresh", 'a', Some(25)),
            item("fresh", 'a', Some(25)),
        ];
        Plan::new(items, &ledger(), false)
    }

    #[test]
    fn only_what_would_be_bought_is_counted_and_once() {
        let plan = plan();
        let states: Vec<_> = plan.rows.iter().map(|row| row.state.word()).collect();
        assert_eq!(states, ["done", "changed", "unknown", "failed", "new", "new"]);
        assert_eq!(plan.rows[1].changed, ["prompt"]);
        let expected = Totals { clips: 2, seconds: 10, units: Some(Units::from_tenths(65)), usd: Some(0.91) };
        assert_eq!(plan.totals, expected);
    }

    #[test]
    fn one_clip_without_a_price_leaves_the_total_open() {
        let plan = Plan::new([item("a", 'a', Some(10)), item("b", 'a', None)], &State::default(), false);
        assert_eq!((plan.totals.clips, plan.totals.units, plan.totals.usd), (2, None, None));
    }

    #[test]
    fn failed_shots_are_bought_where_asked_for() {
        let plan = Plan::new([item("bad", 'a', Some(10))], &ledger(), true);
        assert_eq!(plan.totals.clips, 1);
    }
}

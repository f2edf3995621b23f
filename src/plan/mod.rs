//! The plan of a `submit`: each shot compared with the ledger, with the reason, and the totals.

mod compare;
mod footage;
mod human;
mod json;
mod markdown;
#[cfg(test)]
mod samples;

use std::collections::{HashMap, HashSet};

use crate::kling::price::Units;
use crate::ledger::{Clip, ShotState, Spent, Standing};
use crate::select::{Blocked, Books, Ready, Selected, Selection, Sign, Why};
use crate::text::counted;

pub use crate::select::Item;
pub use compare::{Comparison, Difference};
pub use footage::differences;
pub use human::{human, reason, total_sentence};
pub use json::json;
pub use markdown::markdown;

/// A shot in the plan.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The shot. Without an identity where no request can be made of it.
    pub item: Item,
    /// Its state by the ledger.
    pub state: ShotState,
    /// For a changed shot, what differs from the latest attempt.
    pub changed: Vec<Change>,
    /// Whether a `submit` would buy it.
    pub to_buy: bool,
    /// Why it is, or is not, bought, where its state alone does not say so.
    pub reason: Option<String>,
    /// The reason why it cannot be bought.
    pub hold: Option<Hold>,
    /// Whether its clip was bought and its file is missing here.
    pub is_missing: bool,
    /// How its clips differ from what was bought.
    pub notes: Vec<String>,
    /// How it differs from an earlier revision, where the plan is held against one.
    pub since: Option<Difference>,
}

/// The reason why a shot cannot be bought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hold {
    /// It cannot be bought as it is, and `clapboard check` says why.
    Blocked,
    /// No request can be made of it, although no error that is reported says so.
    Unbuildable,
    /// It may have been bought before.
    Before(Sign),
    /// Another take of it cannot be bought now.
    Open,
    /// Its film would cost more than it may over its life.
    OverSpend,
}

/// A part of a clip that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The part's name.
    pub name: String,
    /// The old and the new value, if both are short and plain.
    pub values: Option<(String, String)>,
}

impl std::fmt::Display for Change {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.values {
            Some((was, is)) => write!(f, "{} {was} → {is}", self.name),
            None => f.write_str(&self.name),
        }
    }
}

/// The totals of a purchase.
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

/// Charges are sums of decimal fractions.
const SLACK: f64 = 1e-6;

/// The shots to buy in addition to new and changed ones.
#[derive(Debug, Clone, Copy, Default)]
pub struct Choice {
    /// Failed shots are bought again.
    pub retry_failed: bool,
    /// It is bought once more, whatever is known of it.
    pub again: bool,
}

/// All selected shots, in their order, and what is to be bought of them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Plan {
    /// A row a shot.
    pub rows: Vec<Row>,
    /// Over what is bought.
    pub totals: Totals,
    /// The amount that the films of these shots have cost so far.
    pub spent: Spent,
    /// How many shots have `skip: true`: they have no row.
    pub skipped: usize,
    /// US dollars for a unit.
    pub usd_per_unit: f64,
    /// The differences from an earlier revision, if the plan is compared with one.
    pub since: Option<Comparison>,
}

impl Plan {
    /// Holds a selection against the books.
    pub fn new(selection: &Selection<Ready<'_>>, books: &Books<'_>, choice: Choice, usd_per_unit: f64) -> Plan {
        let rows = selection.shots.iter().map(|shot| match shot {
            Selected::Ready(ready) => row(&ready.item, books, choice),
            Selected::Blocked(blocked) => blocked_row(blocked, books),
        });
        Plan { skipped: selection.skipped, ..Plan::of(rows.collect(), books, usd_per_unit) }
    }

    /// A plan of these rows.
    pub fn of(rows: Vec<Row>, books: &Books<'_>, usd_per_unit: f64) -> Plan {
        let films: HashSet<&str> = rows.iter().map(|row| row.item.clip.film.as_str()).collect();
        let spent = books.ledger.spent(|film| films.contains(film));
        Plan { totals: totals(&rows), spent, rows, skipped: 0, usd_per_unit, since: None }
    }

    /// Holds back what would make a film cost more over its life than its budget allows. `caps`: film → units.
    pub fn cap_spend(&mut self, books: &Books<'_>, caps: &HashMap<String, f64>) {
        for (film, cap) in caps {
            let is_bought = |row: &&Row| row.to_buy && row.item.clip.film == *film;
            let more: Option<Units> = self.rows.iter().filter(is_bought).map(|row| row.item.units).sum();
            let spent = books.ledger.spent(|of| of == film).most;
            let sum = more.map(|more| spent + more.as_f64());
            if sum.is_some_and(|sum| sum <= cap + SLACK) {
                continue;
            }
            let reason = match sum {
                Some(sum) => {
                    let sum = counted((sum * 10.0).round() / 10.0, "unit");
                    format!("over the budget: the film would come to {sum} over its life, and may cost {cap}")
                }
                None => {
                    let cap = counted(cap, "unit");
                    format!("over the budget: a price is not known, and the film may cost {cap} over its life")
                }
            };
            for row in self.rows.iter_mut().filter(|row| row.to_buy && row.item.clip.film == *film) {
                (row.to_buy, row.hold, row.reason) = (false, Some(Hold::OverSpend), Some(reason.clone()));
            }
        }
        self.totals = totals(&self.rows);
    }

    /// The rows that need a decision: a clip may have been bought before.
    pub fn bought_before(&self) -> impl Iterator<Item = (&Row, &Sign)> {
        self.rows.iter().filter_map(|row| match &row.hold {
            Some(Hold::Before(sign)) if !sign.is_taken_over() => Some((row, sign)),
            _ => None,
        })
    }

    /// The rows that are taken over from another name.
    pub fn taken_over(&self) -> impl Iterator<Item = (&Row, &Sign)> {
        self.rows.iter().filter_map(|row| match &row.hold {
            Some(Hold::Before(sign)) if sign.is_taken_over() => Some((row, sign)),
            _ => None,
        })
    }
}

fn totals(rows: &[Row]) -> Totals {
    let bought = || rows.iter().filter(|row| row.to_buy).map(|row| &row.item);
    Totals {
        clips: bought().count(),
        seconds: bought().map(|item| u64::from(item.seconds)).sum(),
        units: bought().map(|item| item.units).sum(),
        usd: bought().map(|item| item.usd).sum::<Option<f64>>().map(without_dust),
    }
}

/// A row of a shot whose request can be made.
pub fn row(item: &Item, books: &Books<'_>, choice: Choice) -> Row {
    let clip = &item.clip;
    let state = books.ledger.shot_state(clip);
    let mut row = Row {
        item: item.clone(),
        state,
        changed: changed(item, state, books),
        to_buy: false,
        reason: None,
        hold: None,
        is_missing: false,
        notes: Vec::new(),
        since: None,
    };
    describe(&mut row, books);
    if choice.again {
        let is_open = |standing| matches!(standing, Standing::InFlight | Standing::Unknown);
        match books.ledger.of_clip(clip).any(|attempt| is_open(attempt.standing())) {
            true => row.hold = Some(Hold::Open),
            false => (row.to_buy, row.reason) = (true, Some(another_take(state, books, clip))),
        }
        return row;
    }
    if !state.needs_buying(choice.retry_failed) {
        return row;
    }
    if let Some(sign) = books.sign(clip) {
        row.reason = Some(sign.reason());
        if let Sign::OtherName { state, .. } = &sign {
            row.state = *state;
        }
        row.hold = Some(Hold::Before(sign));
    } else {
        row.to_buy = true;
        row.reason = caution(item).or(row.reason.take());
    }
    row
}

/// How a changed shot differs from its latest attempt.
fn changed(item: &Item, state: ShotState, books: &Books<'_>) -> Vec<Change> {
    fn parts<'p>(part: (&'p String, &'p String)) -> (&'p str, &'p str) {
        (part.0.as_str(), part.1.as_str())
    }
    match books.ledger.sent_before(&item.clip).filter(|_| state == ShotState::Changed) {
        Some(intent) => {
            changes(intent.fields.iter().map(parts), item.fields.iter().map(|(name, value)| parts((name, value))))
        }
        None => Vec::new(),
    }
}

fn another_take(state: ShotState, books: &Books<'_>, clip: &Clip) -> String {
    let takes = books.ledger.takes(&clip.film, &clip.shot).len();
    if state == ShotState::Done || takes > 0 { format!("take {}", takes + 1) } else { "asked for with --again".into() }
}

/// The ledger's details about a shot, besides its state.
fn describe(row: &mut Row, books: &Books<'_>) {
    let clip = &row.item.clip;
    let of_standing = |standing| {
        let attempts = books.ledger.of_clip(clip).filter(move |attempt| attempt.standing() == standing);
        attempts.max_by_key(|attempt| attempt.began)
    };
    row.reason = match row.state {
        ShotState::Failed => of_standing(Standing::Failed).and_then(|attempt| attempt.reason()).map(str::to_owned),
        ShotState::Unknown => of_standing(Standing::Unknown).and_then(|attempt| attempt.reason()).map(str::to_owned),
        ShotState::InFlight => of_standing(Standing::InFlight).and_then(|attempt| {
            let gone = attempt.tasks.values().flat_map(|task| &task.gone).max();
            gone.map(|(_, words)| format!("the service says that it has no such task: {words}"))
        }),
        ShotState::Done => {
            let takes: Vec<_> = books.ledger.of_clip(clip).filter(|take| take.standing() == Standing::Done).collect();
            row.is_missing = !takes.iter().any(|take| books.is_here(take));
            row.notes = footage::notes(&row.item, books);
            let chosen = books.ledger.chosen_take(&clip.film, &clip.shot);
            let unknown = of_standing(Standing::Unknown).map(|_| "the outcome of another take is not known".to_owned());
            let missing = row.is_missing.then(|| "not here: `clapboard status --fetch` gets it".to_owned());
            unknown.or(missing).or(chosen.map(|number| format!("take {number} is chosen")))
        }
        ShotState::New | ShotState::Changed => None,
    };
}

/// Notes to read before a shot is bought.
fn caution(item: &Item) -> Option<String> {
    if !item.unpriced.is_empty() {
        return Some(format!("price not known: {} under `kling:`", item.unpriced.join(", ")));
    }
    if !item.may_be_dropped.is_empty() {
        return Some(format!("the gateway may drop {}", item.may_be_dropped.join(" and ")));
    }
    None
}

/// A row of a shot that cannot be bought.
pub fn blocked_row(blocked: &Blocked, books: &Books<'_>) -> Row {
    let item = blocked.item.clone().unwrap_or_else(|| {
        let clip = Clip { film: blocked.film.clone(), shot: blocked.shot.clone(), identity: String::new() };
        Item { clip, file: blocked.file.clone(), ..Item::default() }
    });
    let state = books.ledger.shot_state(&item.clip);
    let reason = Some(blocked.why.to_string());
    let hold = Some(match &blocked.why {
        Why::Unbuildable(_) => Hold::Unbuildable,
        _ => Hold::Blocked,
    });
    let changed = if blocked.item.is_some() { changed(&item, state, books) } else { Vec::new() };
    Row { item, state, changed, to_buy: false, reason, hold, is_missing: false, notes: Vec::new(), since: None }
}

/// The parts that differ, by name.
pub fn changes<'p>(
    then: impl Iterator<Item = (&'p str, &'p str)>,
    now: impl Iterator<Item = (&'p str, &'p str)>,
) -> Vec<Change> {
    use std::collections::{BTreeMap, BTreeSet};
    let (then, now): (BTreeMap<_, _>, BTreeMap<_, _>) = (then.collect(), now.collect());
    let names: BTreeSet<&str> = then.keys().chain(now.keys()).copied().collect();
    let is_plain = |value: &&&str| !value.starts_with("sha256:");
    let differ = names.into_iter().filter(|name| then.get(name) != now.get(name));
    differ
        .map(|name| {
            let values = then.get(name).filter(is_plain).zip(now.get(name).filter(is_plain));
            Change { name: name.to_owned(), values: values.map(|(was, is)| ((*was).to_owned(), (*is).to_owned())) }
        })
        .collect()
}

/// Sums of prices, without binary dust.
fn without_dust(usd: f64) -> f64 {
    (usd * 10_000.0).round() / 10_000.0
}

/// `4.5 units, $0.63`: a price for the eye.
pub fn price(units: Option<Units>, usd: Option<f64>) -> String {
    match (units, usd) {
        (Some(units), Some(usd)) => format!("{}, ${usd:.2}", counted(units, "unit")),
        (Some(units), None) => counted(units, "unit"),
        (None, _) => "price not known".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::samples::{item, ledger, plan, plan_of};
    use super::*;
    use crate::ledger::State;

    #[test]
    fn only_what_would_be_bought_is_counted() {
        let plan = plan();
        let states: Vec<_> = plan.rows.iter().map(|row| row.state.word()).collect();
        assert_eq!(states, ["done", "changed", "unknown", "failed", "new"]);
        assert_eq!(
            plan.rows[1].changed.iter().map(Change::to_string).collect::<Vec<_>>(),
            ["duration 10 → 5", "prompt"]
        );
        let expected = Totals { clips: 2, seconds: 10, units: Some(Units::from_tenths(65)), usd: Some(0.91) };
        assert_eq!(plan.totals, expected);
    }

    #[test]
    fn one_clip_without_a_price_leaves_the_total_open() {
        let plan = plan_of([item("a", 'a', Some(10)), item("b", 'b', None)], &State::default(), Choice::default());
        assert_eq!((plan.totals.clips, plan.totals.units, plan.totals.usd), (2, None, None));
    }

    #[test]
    fn failed_shots_and_other_takes_are_bought_where_asked_for() {
        let retry = Choice { retry_failed: true, ..Choice::default() };
        assert_eq!(plan_of([item("bad", 'f', Some(10))], &ledger(), retry).totals.clips, 1);
        let again = Choice { again: true, ..Choice::default() };
        let plan = plan_of([item("done", 'a', Some(10)), item("lost", 'e', Some(10))], &ledger(), again);
        assert_eq!(plan.rows[0].reason.as_deref(), Some("take 2"));
        assert_eq!((plan.totals.clips, &plan.rows[1].hold), (1, &Some(Hold::Open)));
    }

    #[test]
    fn a_renamed_shot_is_taken_over() {
        let plan = plan_of([item("renamed", 'a', Some(10))], &ledger(), Choice::default());
        assert_eq!((plan.totals.clips, plan.rows[0].state), (0, ShotState::Done));
        assert_eq!(plan.taken_over().count(), 1);
    }
}

//! A plan held against the film as it was at an earlier revision.

use std::collections::HashMap;

use super::{Change, Item, Plan, changes, without_dust};
use crate::kling::price::Units;

/// How a shot differs from the earlier revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Difference {
    /// It was not there.
    New,
    /// It asked for another clip.
    Changed(Vec<Change>),
}

/// The differences between two revisions, besides the shots of the plan.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// The earlier revision, as it was named.
    pub revision: String,
    /// Shots that are no longer there.
    pub removed: Vec<Item>,
    /// The price of all clips at the revision; `None` if one has no price.
    pub before: Option<Units>,
    /// The price of all clips now.
    pub after: Option<Units>,
}

impl Comparison {
    /// The difference in money: units and US dollars, signed.
    pub fn difference(&self, usd_per_unit: f64) -> Option<(f64, f64)> {
        let units = self.after?.as_f64() - self.before?.as_f64();
        Some(((units * 10.0).round() / 10.0, without_dust(units * usd_per_unit)))
    }
}

impl Plan {
    /// Keeps the rows that differ from `then`, the shots of an earlier revision, and says how.
    #[must_use]
    pub fn since(mut self, revision: &str, then: Vec<Item>) -> Plan {
        let now: Vec<&Item> = self.rows.iter().map(|row| &row.item).collect();
        let after = now.iter().map(|item| item.units).sum();
        let before = then.iter().map(|item| item.units).sum();
        let mut earlier: HashMap<(String, String), Item> =
            then.into_iter().map(|item| ((item.clip.film.clone(), item.clip.shot.clone()), item)).collect();
        self.rows.retain_mut(|row| {
            let clip = &row.item.clip;
            row.since = match earlier.remove(&(clip.film.clone(), clip.shot.clone())) {
                // What cannot be made now, or differs in nothing, is not a change of the film.
                Some(item) if item.clip.identity == clip.identity => None,
                Some(item) => Some(Difference::Changed(parts_that_differ(&item, &row.item))),
                None => Some(Difference::New),
            };
            row.since.is_some()
        });
        let mut removed: Vec<Item> = earlier.into_values().collect();
        removed.sort_by(|a, b| a.clip.cmp(&b.clip));
        self.totals = super::totals(&self.rows);
        self.since = Some(Comparison { revision: revision.to_owned(), removed, before, after });
        self
    }
}

fn parts_that_differ(then: &Item, now: &Item) -> Vec<Change> {
    let parts = |item: &'_ Item| item.fields.clone();
    let (then, now) = (parts(then), parts(now));
    changes(then.iter().map(|(n, v)| (n.as_str(), v.as_str())), now.iter().map(|(n, v)| (n.as_str(), v.as_str())))
}

#[cfg(test)]
mod tests {
    use super::super::samples::{item, ledger, plan_of};
    use super::super::{Choice, Difference};

    #[test]
    fn only_what_differs_is_left_and_the_difference_in_money() {
        let now = [item("same", 'e', Some(25)), item("old", 'c', Some(40)), item("fresh", 'd', Some(25))];
        let then = vec![item("same", 'e', Some(25)), item("old", 'b', Some(80)), item("gone", 'f', Some(10))];
        let plan = plan_of(now, &ledger(), Choice::default()).since("main", then);
        assert_eq!(plan.rows.len(), 2);
        let Some(Difference::Changed(changes)) = &plan.rows[0].since else { panic!("{:?}", plan.rows[0]) };
        assert_eq!(changes.iter().map(ToString::to_string).collect::<Vec<_>>(), ["duration 10 → 5", "prompt"]);
        assert_eq!(plan.rows[1].since, Some(Difference::New));
        let since = plan.since.unwrap();
        assert_eq!(since.removed.len(), 1);
        assert_eq!(since.difference(0.14), Some((-2.5, -0.35)));
    }
}

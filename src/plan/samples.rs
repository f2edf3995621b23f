//! Plans for the tests of this room.

use std::path::Path;

use jiff::Timestamp;

use super::{Choice, Item, Plan, row};
use crate::kling::price::Units;
use crate::ledger::{Clip, Event, Intent, Learned, State, What};
use crate::select::Books;

pub fn item(shot: &str, identity: char, tenths: Option<u64>) -> Item {
    let units = tenths.map(Units::from_tenths);
    let part = |name: &str, value: String| (name.to_owned(), value);
    Item {
        clip: Clip { film: "ferry".into(), shot: shot.into(), identity: identity.to_string().repeat(64) },
        file: "ferry.storyboard.yaml".into(),
        fields: vec![
            part("duration", if identity == 'b' { "10" } else { "5" }.into()),
            part("mode", "std".into()),
            part("prompt", format!("sha256:{identity}")),
        ],
        seconds: 5,
        units,
        usd: units.map(|units| units.usd(0.14)),
        ..Item::default()
    }
}

/// A ledger in which `done` is done and `old` was done with another prompt, `lost` is unknown and `bad` has failed.
pub fn ledger() -> State {
    let at = Timestamp::from_second(1).unwrap();
    let intent = |identity: char| {
        What::Intent(Intent {
            seconds: 5,
            units: Some(4.0),
            fields: item("x", identity, None).fields.into_iter().collect(),
            ..Intent::default()
        })
    };
    let downloaded = |shot: &str| What::Downloaded {
        task_id: shot.into(),
        path: "Cargo.toml".into(),
        bytes: 1,
        sha256: "x".into(),
        units: Some(4.0),
    };
    let accepted = |shot: &str| What::Accepted { task_id: shot.into(), how: Learned::Answer };
    let refused = What::Refused { code: Some(1301), message: "no".into(), failed: true };
    let shots = [
        ("done", 'a', vec![accepted("done"), downloaded("done")]),
        ("old", 'b', vec![accepted("old"), downloaded("old")]),
        ("lost", 'e', vec![]),
        ("bad", 'f', vec![refused]),
    ];
    let mut events = Vec::new();
    for (shot, identity, whats) in shots {
        for what in std::iter::once(intent(identity)).chain(whats) {
            events.push(Event { at, clip: item(shot, identity, None).clip, attempt: shot.into(), what });
        }
    }
    events.into_iter().collect()
}

/// A plan of these items, in a project at this repository's root.
pub fn plan_of(items: impl IntoIterator<Item = Item>, ledger: &State, choice: Choice) -> Plan {
    let books = Books::new(ledger, ledger, Path::new(env!("CARGO_MANIFEST_DIR")), Path::new("clips"));
    let rows = items.into_iter().map(|item| row(&item, &books, choice)).collect();
    Plan::of(rows, &books, 0.14)
}

pub fn plan() -> Plan {
    let items = [
        item("done", 'a', Some(40)),
        item("old", 'c', Some(40)),
        item("lost", 'e', Some(40)),
        item("bad", 'f', Some(40)),
        item("fresh", 'd', Some(25)),
    ];
    plan_of(items, &ledger(), Choice::default())
}

//! The plan for programs.

use serde::Serialize;

use super::{Change, Difference, Plan};

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    shots: Vec<Shot<'a>>,
    totals: Totals,
}

#[derive(Serialize)]
struct Shot<'a> {
    file: &'a str,
    shot: &'a str,
    state: &'static str,
    identity: &'a str,
    seconds: u32,
    units: Option<f64>,
    usd: Option<f64>,
    changed: Vec<&'a str>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    notes: &'a [String],
}

#[derive(Serialize)]
struct Totals {
    clips: usize,
    seconds: u64,
    units: Option<f64>,
    usd: Option<f64>,
}

/// The contract's object, with a line end.
pub fn json(plan: &Plan) -> String {
    let names = |changes: &'_ [Change]| -> Vec<String> { changes.iter().map(|change| change.name.clone()).collect() };
    let changed: Vec<Vec<String>> = plan
        .rows
        .iter()
        .map(|row| match &row.since {
            Some(Difference::Changed(changes)) => names(changes),
            _ => names(&row.changed),
        })
        .collect();
    let shots = plan.rows.iter().zip(&changed).map(|(row, changed)| Shot {
        file: &row.item.file,
        shot: &row.item.clip.shot,
        state: row.state.word(),
        identity: &row.item.clip.identity,
        seconds: row.item.seconds,
        units: row.item.units.map(|units| units.as_f64()),
        usd: row.item.usd,
        changed: changed.iter().map(String::as_str).collect(),
        notes: &row.notes,
    });
    let totals = Totals {
        clips: plan.totals.clips,
        seconds: plan.totals.seconds,
        units: plan.totals.units.map(|units| units.as_f64()),
        usd: plan.totals.usd,
    };
    let document = Document { version: 1, shots: shots.collect(), totals };
    let mut text = serde_json::to_string_pretty(&document).expect("strings and numbers always serialise");
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_contracts_shape() {
        let text = super::json(&super::super::samples::plan());
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(value["version"], 1);
        assert_eq!(value["totals"], serde_json::json!({"clips": 2, "seconds": 10, "units": 6.5, "usd": 0.91}));
        assert_eq!(
            value["shots"][1],
            serde_json::json!({"file": "ferry.storyboard.yaml", "shot": "old", "state": "changed", "identity": "c".repeat(64),
                "seconds": 5, "units": 4.0, "usd": 0.56, "changed": ["duration", "prompt"]})
        );
    }
}

use std::fmt::Write as _;

use super::{VOICES, Variant, facts_about, length_words, lengths, price_note, retired, source_words};
use crate::kling::price::Track;
use crate::kling::{Certainty, Facts, Feature, Model, Target};

/// The table's columns that are features.
const COLUMNS: &[(&str, Feature)] = &[
    ("last frame", Feature::LastFrame),
    ("sound", Feature::Sound),
    ("voices", Feature::Voices),
    ("cuts", Feature::Cuts),
];

/// The models for the eye, at most `width` columns wide where the words allow. With `verbose`: the retired ones too, and where
/// each row comes from.
pub fn human(facts: &Facts, verbose: bool, width: usize) -> String {
    let mut text = table(facts.current());
    text.push('\n');
    let mut notes = notes(facts);
    if verbose {
        let _ = write!(text, "Retired by Kling; a gateway may still have them\n\n{}\n", table(retired(facts)));
        let _ = write!(text, "{}\n\n", sources(facts));
    } else if let Some(first) = retired(facts).next() {
        let count = retired(facts).count();
        notes.push(format!(
            "{count} older models, `{first}` and before, are retired: `--verbose` lists them with all sources."
        ));
    }
    notes.push("`clapboard plan` prices a storyboard.".to_owned());
    for note in notes {
        let _ = writeln!(text, "{}", textwrap::fill(&note, textwrap::Options::new(width).break_words(false)));
    }
    text
}

fn notes(facts: &Facts) -> Vec<String> {
    let mut notes = vec![
        "`$/s` is the price of a second: silent, with sound, with a chosen voice. `silent` under `last frame`: not \
         together with sound. `?`: Kling's pages contradict each other."
            .to_owned(),
        price_note(),
    ];
    for model in facts.current() {
        for target in Target::ALL {
            let (sure, all) = lengths(model, *target);
            if !all.is_empty() {
                let to = target.name();
                notes.push(format!(
                    "`{model}` on {to}: documented at {sure} seconds only; many gateways pass on {all}."
                ));
            }
        }
        for variant in Variant::of(model) {
            if let [only] = variant.targets()[..]
                && model.facts().retired.is_none()
            {
                notes.push(format!("`{model}` in `{}`: only on {}.", variant.mode_name(), only.name()));
            }
        }
    }
    notes.push(VOICES.to_owned());
    notes
}

fn table(models: impl Iterator<Item = Model>) -> String {
    let mut head = vec!["model".to_owned(), "mode".into(), "seconds".into()];
    head.extend(COLUMNS.iter().map(|(name, _)| (*name).to_owned()));
    head.extend(["$/s".into(), "sound".into(), "voice".into()]);
    let mut rows = vec![head];
    for model in models {
        for (index, variant) in Variant::of(model).iter().enumerate() {
            let name = if index == 0 { model.as_str() } else { "" };
            let seconds =
                Target::ALL.iter().map(|target| model.lengths(*target)).max_by_key(Vec::len).unwrap_or_default();
            let seconds: Vec<i64> = seconds.into_iter().map(|(seconds, _)| seconds).collect();
            let mut row = vec![name.to_owned(), variant.mode_name().to_owned(), super::numbers(&seconds)];
            row.extend(COLUMNS.iter().map(|(_, feature)| variant.support(*feature)));
            row.extend(
                [Track::Silent, Track::Sound, Track::Voice]
                    .map(|track| variant.usd(track).map_or(String::new(), |usd| format!("{usd:.3}"))),
            );
            rows.push(row);
        }
    }
    align(&rows)
}

fn align(rows: &[Vec<String>]) -> String {
    let columns = rows.first().map_or(0, Vec::len);
    let width = |column: usize| rows.iter().map(|row| row[column].len()).max().unwrap_or_default();
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut text = String::new();
    for row in rows {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}"));
        let _ = writeln!(text, "{}", cells.collect::<Vec<_>>().join("  ").trim_end());
    }
    text
}

/// Everything about each model, with its source.
fn sources(facts: &Facts) -> String {
    let mut text = String::new();
    for model in facts.models() {
        let row = model.facts();
        let _ = writeln!(text, "{model}: {}", row.about);
        for target in Target::ALL.iter().filter(|target| model.is_available(**target)) {
            let _ = writeln!(text, "  seconds on {}: {}", target.name(), length_words(*model, *target));
        }
        let unclear = row.abilities.iter().filter(|ability| ability.certainty == Certainty::Undocumented);
        for ability in unclear {
            let _ = writeln!(text, "  {}: Kling's pages contradict each other", ability.feature.noun());
        }
        if let Some(day) = row.retired {
            let _ = writeln!(text, "  retired {day}");
        }
        for sold in row.sold {
            let targets: Vec<&str> = sold.targets.iter().map(|target| target.as_str()).collect();
            let _ = writeln!(text, "  on {}: {}", targets.join(", "), source_words(sold.source));
        }
        for target in model.targets() {
            for lack in Feature::ALL.iter().filter_map(|feature| model.lack(*feature, target)) {
                let (noun, source) = (lack.feature.noun(), source_words(lack.source));
                let _ = writeln!(text, "  on {}: no field for {noun}: {source}", target.as_str());
            }
        }
    }
    text.push('\n');
    for line in Feature::ALL.iter().flat_map(|feature| facts_about(facts, *feature)) {
        let _ = writeln!(text, "{line}");
    }
    text.trim_end().to_owned()
}

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::{VOICES, Variant, length_words, on_target, price_note, retired};
use crate::kling::price::Track;
use crate::kling::{Facts, Feature, Model, RETIREMENT, Source, Target};

/// The models as a page: `docs/models.md`.
pub fn markdown(facts: &Facts) -> String {
    let mut page = String::from(
        "# The models\n\n\
         What each of Kling's models can do in image-to-video, at which lengths, and what a second costs. `clapboard models` \
         shows the same in a terminal, `clapboard check` holds your storyboard against it, and `clapboard plan` prices it.\n\n\
         ## Today's models\n\n",
    );
    features(
        &mut page,
        facts.current(),
        &[Feature::LastFrame, Feature::Sound, Feature::Voices, Feature::Cuts, Feature::CfgScale],
    );
    page.push_str(
        "\n`silent`: not together with sound. `?`: Kling's pages contradict each other; buy one clip before you rely on it.\n\n\
         ### Lengths\n\n",
    );
    lengths(&mut page, facts.current());
    page.push_str("\n### On each target\n\n");
    on_targets(&mut page, facts.current());
    page.push_str("\nWhat a target has no place for is `not-on-target`. [One storyboard, three targets](targets.md) shows the forms.\n");
    page.push_str("\nA length that is not documented for a target gives a warning: it may be refused.\n\n## What a second costs\n\n");
    prices(&mut page, facts.current());
    let _ = write!(page, "\n{} A shot costs its seconds times this.\n\n## Voices\n\n{VOICES}\n", price_note());
    if retired(facts).next().is_some() {
        let _ = write!(
            page,
            "\n## Retired models\n\nKling has retired these on its own API ({}, {}). A gateway may still have them; \
             clapboard warns. Only they have the motion brush and camera control.\n\n",
            RETIREMENT.page, RETIREMENT.date
        );
        let columns = [
            Feature::LastFrame,
            Feature::LastFrameAlone,
            Feature::CfgScale,
            Feature::Brush,
            Feature::CameraAxes,
            Feature::CameraPresets,
        ];
        features(&mut page, retired(facts), &columns);
        page.push('\n');
        prices(&mut page, retired(facts));
    }
    page.push_str("\n## Sources\n\n| what | page | date |\n| --- | --- | --- |\n");
    for (what, source) in sources(facts) {
        let _ = writeln!(page, "| {what} | {} | {} |", source.0, source.1);
    }
    page
}

pub(super) fn features(page: &mut String, models: impl Iterator<Item = Model>, columns: &[Feature]) {
    let names: Vec<String> = columns.iter().map(|feature| feature.noun().to_owned()).collect();
    let _ = writeln!(page, "| model | mode | where | {} |", names.join(" | "));
    let _ = writeln!(page, "| --- | --- | --- |{}", " --- |".repeat(columns.len()));
    for variant in models.flat_map(Variant::of) {
        let targets: Vec<&str> = variant.targets().into_iter().map(Target::as_str).collect();
        let cells: Vec<String> = columns.iter().map(|feature| variant.support(*feature)).collect();
        let _ = writeln!(
            page,
            "| `{}` | {} | {} | {} |",
            variant.model,
            variant.mode_name(),
            targets.join(", "),
            cells.join(" | ")
        );
    }
}

fn lengths(page: &mut String, models: impl Iterator<Item = Model>) {
    let targets: Vec<&str> = Target::ALL.iter().map(|target| target.name()).collect();
    let _ = writeln!(page, "| seconds | {} |\n| --- |{}", targets.join(" | "), " --- |".repeat(targets.len()));
    for model in models {
        let cells: Vec<String> = Target::ALL.iter().map(|target| length_words(model, *target)).collect();
        let _ = writeln!(page, "| `{model}` | {} |", cells.join(" | "));
    }
}

/// A column a target; what is the same everywhere is in the tables above.
fn on_targets(page: &mut String, models: impl Iterator<Item = Model>) {
    let names: Vec<String> = Target::ALL.iter().map(|target| format!("`{}`", target.as_str())).collect();
    let _ = writeln!(page, "| model | | {} |\n| --- | --- |{}", names.join(" | "), " --- |".repeat(names.len()));
    for model in models {
        let sold = |target: &Target| if model.is_available(*target) { "yes" } else { "" };
        let cells: Vec<&str> = Target::ALL.iter().map(sold).collect();
        let _ = writeln!(page, "| `{model}` | sold | {} |", cells.join(" | "));
        for feature in Feature::ALL {
            let cells: Vec<String> =
                Target::ALL.iter().map(|target| on_target(model, *feature, *target).unwrap_or_default()).collect();
            let said: BTreeSet<&String> = cells.iter().filter(|cell| !cell.is_empty()).collect();
            if said.len() > 1 {
                let _ = writeln!(page, "| `{model}` | {} | {} |", feature.noun(), cells.join(" | "));
            }
        }
    }
}

pub(super) fn prices(page: &mut String, models: impl Iterator<Item = Model>) {
    page.push_str("| model | mode | silent | with sound | with a chosen voice |\n| --- | --- | --: | --: | --: |\n");
    for variant in models.flat_map(Variant::of) {
        let cell = |track| match (variant.price(track), variant.usd(track)) {
            (Some(price), Some(usd)) => format!("${usd:.3} ({} U)", price.tenths_per_second as f64 / 10.0),
            _ => String::new(),
        };
        let cells = [Track::Silent, Track::Sound, Track::Voice].map(cell);
        let _ = writeln!(page, "| `{}` | {} | {} |", variant.model, variant.mode_name(), cells.join(" | "));
    }
}

/// Each page that a fact comes from, with what it is cited for.
fn sources(facts: &Facts) -> BTreeSet<(String, (&'static str, &'static str))> {
    let pair = |source: Source| (source.page, source.date);
    let mut found = BTreeSet::new();
    for model in facts.models() {
        let row = model.facts();
        found.extend(row.sold.iter().map(|sold| (format!("`{model}`"), pair(sold.source))));
        for ability in row.abilities {
            found.extend(ability.source.map(|source| (format!("`{model}`: {}", ability.feature.noun()), pair(source))));
        }
        for price in row.prices {
            found.insert((format!("`{model}`: price"), pair(price.source)));
        }
    }
    found
}

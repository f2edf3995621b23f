//! The abilities and prices of each model, for people and scripts: `clapboard models` and `docs/models.md`. All of it
//! comes from the facts table.

mod card;
#[cfg(feature = "render")]
mod human;
mod json;
mod markdown;

use crate::kling::price::{Price, Track, USD_PER_UNIT};
use crate::kling::{Certainty, Facts, Feature, Mode, Model, Source, Support, Target};

pub use card::{card, line, price_of_second};
#[cfg(feature = "render")]
pub use human::human;
pub use json::json;
pub use markdown::markdown;

/// Where the ids that `voice` takes come from.
pub const VOICES: &str = "A voice id comes from Kling: from its list of ready-made voices, or from a voice that you have made \
there (the pages on voices in Kling's API documentation, https://kling.ai/document-api). Ids for lip sync are other ids. \
Write it in quotes: it has more digits than a number keeps.";

/// The facts about all prices.
pub fn price_note() -> String {
    format!(
        "Kling's list prices in US dollars, at ${USD_PER_UNIT:.2} a unit. A gateway's prices differ, and what Kling charges in the \
         end comes with the finished clip."
    )
}

/// A quality of a model with all that depends on it; a model without modes has one.
struct Variant {
    model: Model,
    mode: Option<Mode>,
}

impl Variant {
    /// The variants of a model, the cheapest first.
    fn of(model: Model) -> Vec<Variant> {
        match model.facts().modes {
            [] => vec![Variant { model, mode: None }],
            modes => modes.iter().map(|fact| Variant { model, mode: Some(fact.mode) }).collect(),
        }
    }

    fn mode_name(&self) -> &'static str {
        self.mode.map_or("", Mode::as_str)
    }

    /// The targets that have it.
    fn targets(&self) -> Vec<Target> {
        let has = |target: &Target| {
            self.model.is_available(*target) && self.mode.is_none_or(|mode| self.model.has_mode(mode, *target))
        };
        Target::ALL.iter().copied().filter(has).collect()
    }

    /// "yes", "5 s", "" and the like, with "?" behind what Kling's pages leave open.
    fn support(&self, feature: Feature) -> String {
        let support = self.model.supports(feature);
        let mut text = match support {
            Support::Never => return String::new(),
            Support::Only { modes, .. }
                if !modes.is_empty() && self.mode.is_some_and(|mode| !modes.contains(&mode)) =>
            {
                return String::new();
            }
            Support::Only { seconds: [], .. } | Support::Always => "yes".to_owned(),
            Support::Only { seconds, .. } => format!("{} s", numbers(seconds)),
        };
        if feature == Feature::LastFrame && self.is_silent_with_last_frame() {
            text = "silent".into();
        }
        let ability = self.model.ability(feature);
        if ability.is_some_and(|ability| ability.certainty == Certainty::Undocumented) {
            text.push('?');
        }
        text
    }

    fn is_silent_with_last_frame(&self) -> bool {
        let can = |feature| self.model.supports(feature).has(self.mode, None);
        can(Feature::Sound) && !can(Feature::SoundWithLastFrame)
    }

    /// US dollars a second, `None` where it is not sold.
    fn usd(&self, track: Track) -> Option<f64> {
        Some(self.price(track)?.tenths_per_second as f64 / 10.0 * USD_PER_UNIT)
    }

    fn price(&self, track: Track) -> Option<&'static Price> {
        let fits = |price: &&Price| price.mode == self.mode && price.tracks.contains(&track);
        self.model.facts().prices.iter().find(fits)
    }
}

/// The cell for a feature of a model on a target: "yes", "in `pro`", "no"; `None` where the target does not sell the model.
fn on_target(model: Model, feature: Feature, target: Target) -> Option<String> {
    if !model.is_available(target) {
        return None;
    }
    let unsure = model.ability(feature).is_some_and(|ability| ability.certainty == Certainty::Undocumented);
    Some(match model.supports_on(feature, target) {
        Support::Never => "no".to_owned(),
        Support::Only { modes, .. } if !modes.is_empty() => {
            let modes: Vec<String> = modes.iter().map(|mode| format!("`{mode}`")).collect();
            format!("in {}", modes.join(", "))
        }
        _ if unsure => "yes?".to_owned(),
        _ => "yes".to_owned(),
    })
}

/// Where the fact about a feature of a model on a target comes from.
fn source_on(model: Model, feature: Feature, target: Target) -> Option<Source> {
    let of_lack = model.lack(feature, target).map(|lack| lack.source);
    let of_ability = || model.ability(feature).and_then(|ability| ability.source);
    of_lack.or_else(of_ability).or_else(|| model.source(target))
}

/// All that the table has about a feature, a line for each current model and target, each with its source, its date and how sure it is.
pub fn facts_about(facts: &Facts, feature: Feature) -> Vec<String> {
    let mut lines = Vec::new();
    for model in facts.current() {
        for target in Target::ALL {
            let (Some(cell), Some(source)) = (on_target(model, feature, *target), source_on(model, feature, *target))
            else {
                continue;
            };
            let (noun, target) = (feature.noun(), target.as_str());
            lines.push(format!("{noun}, `{model}` on `{target}`: {cell} — {}", source_words(source)));
        }
    }
    lines
}

fn source_words(source: Source) -> String {
    format!("{} ({}; {})", source.page, source.date, source.sure.as_str())
}

/// The lengths of a model on one target: "3-15", "5, 10", and apart from them those that are not documented there.
fn lengths(model: Model, target: Target) -> (String, String) {
    let of = |certainty| {
        let lengths = model.lengths(target).into_iter().filter(|(_, sure)| *sure == certainty);
        numbers(&lengths.map(|(seconds, _)| seconds).collect::<Vec<_>>())
    };
    let all: Vec<i64> = model.lengths(target).into_iter().map(|(seconds, _)| seconds).collect();
    if of(Certainty::Undocumented).is_empty() {
        (numbers(&all), String::new())
    } else {
        (of(Certainty::Documented), numbers(&all))
    }
}

/// The lengths of a model in a few words.
fn length_words(model: Model, target: Target) -> String {
    match lengths(model, target) {
        (sure, all) if all.is_empty() => sure,
        (sure, all) => format!("{all} ({sure} documented)"),
    }
}

/// "3-15" for a range without gaps, else "5, 10".
fn numbers(numbers: &[i64]) -> String {
    match numbers {
        [first, .., last] if numbers.len() > 2 && last - first + 1 == numbers.len() as i64 => format!("{first}-{last}"),
        _ => numbers.iter().map(i64::to_string).collect::<Vec<_>>().join(", "),
    }
}

fn retired(facts: &Facts) -> impl Iterator<Item = Model> + '_ {
    facts.models().iter().copied().filter(|model| model.facts().retired.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_ranges_where_they_have_no_gaps() {
        assert_eq!(numbers(&[3, 4, 5, 6]), "3-6");
        assert_eq!(numbers(&[5, 10]), "5, 10");
        assert_eq!(numbers(&[5, 6]), "5, 6");
        let v3 = Model::parse("kling-v3").expect("it is in the table");
        assert_eq!(length_words(v3, Target::Gateway), "3-15 (5, 10 documented)");
        assert_eq!(length_words(v3, Target::Official), "3-15");
    }
}

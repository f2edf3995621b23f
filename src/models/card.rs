use std::fmt::Write as _;

use super::markdown::{features, prices};
use super::{length_words, numbers};
use crate::kling::price::Track;
use crate::kling::{Feature, Mode, Model, Target};

/// One model in a line, for a list to choose from: "std, pro; 5, 10 s; from $0.042/s".
pub fn line(model: Model, target: Target) -> String {
    let variants = super::Variant::of(model);
    let has = |variant: &&super::Variant| variant.targets().contains(&target);
    let modes: Vec<&str> = variants.iter().filter(has).filter_map(|it| it.mode).map(Mode::as_str).collect();
    let seconds: Vec<i64> = model.lengths(target).into_iter().map(|(seconds, _)| seconds).collect();
    if seconds.is_empty() {
        return format!("not on {}", target.name());
    }
    let cheapest = variants.iter().filter_map(|variant| variant.usd(Track::Silent)).min_by(f64::total_cmp);
    let price = cheapest.map(|usd| format!("from ${usd:.3}/s"));
    let parts = [(!modes.is_empty()).then(|| modes.join(", ")), Some(format!("{} s", numbers(&seconds))), price];
    parts.into_iter().flatten().collect::<Vec<_>>().join("; ")
}

/// One model with all that it can do and costs, as Markdown.
pub fn card(model: Model) -> String {
    let row = model.facts();
    let mut card = format!("**`{model}`**\n\n{}\n\n", row.about);
    if let Some(day) = row.retired {
        let _ = write!(card, "Retired on Kling's own API on {day}.\n\n");
    }
    let used: Vec<Feature> = Feature::ALL.iter().copied().filter(|feature| model.ability(*feature).is_some()).collect();
    features(&mut card, std::iter::once(model), &used);
    card.push_str("\nSeconds: ");
    let words = |target: &Target| format!("{} on {}", length_words(model, *target), target.name());
    let lengths: Vec<String> = Target::ALL.iter().filter(|target| model.is_available(**target)).map(words).collect();
    let _ = write!(card, "{}.\n\nThe price of a second:\n\n", lengths.join("; "));
    prices(&mut card, std::iter::once(model));
    let mut sources: Vec<String> = Vec::new();
    for sold in row.sold {
        let source = format!("{}, {}", sold.source.page, sold.source.date);
        if !sources.contains(&source) {
            sources.push(source);
        }
    }
    let _ = write!(card, "\n{}.\n", sources.join("; "));
    card
}

/// The price of a silent second in a mode: "$0.070/s".
pub fn price_of_second(model: Model, mode: Mode) -> Option<String> {
    let variant = super::Variant::of(model).into_iter().find(|it| it.mode.is_none_or(|own| own == mode))?;
    Some(format!("${:.3}/s", variant.usd(Track::Silent)?))
}

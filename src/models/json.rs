use serde_json::{Value, json};

use super::{VOICES, Variant, price_note};
use crate::api;
use crate::kling::price::{Track, USD_PER_UNIT};
use crate::kling::{Certainty, Facts, Feature, Harm, Lack, Mode, Model, Source, Support, Target};

/// The models for scripts.
pub fn json(facts: &Facts) -> Value {
    json!({
        "models": facts.models().iter().map(|model| of_model(*model)).collect::<Value>(),
        "usd_per_unit": USD_PER_UNIT,
        "prices_note": price_note(),
        "voices_note": VOICES,
    })
}

fn of_model(model: Model) -> Value {
    let row = model.facts();
    json!({
        "name": row.name,
        "about": row.about,
        "retired": row.retired,
        "targets": Target::ALL.iter().filter(|target| model.is_available(**target)).map(|target| of_target(model, *target)).collect::<Value>(),
        "features": Feature::ALL.iter().map(|feature| of_feature(model, *feature)).collect::<Value>(),
        "prices": Variant::of(model).iter().flat_map(prices).collect::<Value>(),
        "source": row.sold.first().map(|sold| of_source(sold.source)),
    })
}

fn of_target(model: Model, target: Target) -> Value {
    let seconds = |certainty| -> Vec<i64> {
        let lengths = model.lengths(target).into_iter().filter(|(_, sure)| *sure == certainty);
        lengths.map(|(seconds, _)| seconds).collect()
    };
    let modes: Vec<&str> = Mode::ALL
        .iter()
        .filter(|mode| model.has_modes() && model.has_mode(**mode, target))
        .map(|mode| mode.as_str())
        .collect();
    json!({
        "target": target.as_str(),
        "path": api::of(target).path(model),
        "prompt_characters": api::of(target).limits(Some(model)).prompt_units,
        "modes": modes,
        "seconds": seconds(Certainty::Documented),
        "seconds_undocumented": seconds(Certainty::Undocumented),
        "lacks": Feature::ALL.iter().filter_map(|feature| model.lack(*feature, target)).map(of_lack).collect::<Value>(),
        "source": model.source(target).map(of_source),
    })
}

/// `modes` and `seconds` are what the feature needs; `null` is no restriction.
fn of_feature(model: Model, feature: Feature) -> Value {
    let support = model.supports(feature);
    let (modes, seconds) = match support {
        Support::Only { modes, seconds } => (modes, seconds),
        Support::Never | Support::Always => (&[][..], &[][..]),
    };
    let modes: Vec<&str> = modes.iter().map(|mode| mode.as_str()).collect();
    let ability = model.ability(feature);
    json!({
        "feature": feature.key(),
        "supported": support != Support::Never,
        "documented": ability.is_none_or(|ability| ability.certainty == Certainty::Documented),
        "modes": (!modes.is_empty()).then_some(modes),
        "seconds": (!seconds.is_empty()).then_some(seconds),
        "source": ability.and_then(|ability| ability.source).map(of_source),
    })
}

fn prices(variant: &Variant) -> Vec<Value> {
    let tracks = [(Track::Silent, "silent"), (Track::Sound, "sound"), (Track::Voice, "voice")];
    let price = |(track, name)| {
        let price = variant.price(track)?;
        Some(json!({
            "mode": variant.mode.map(Mode::as_str),
            "track": name,
            "units_per_second": price.tenths_per_second as f64 / 10.0,
            "usd_per_second": (price.tenths_per_second as f64 * USD_PER_UNIT * 1_000.0).round() / 10_000.0,
            "source": of_source(price.source),
        }))
    };
    tracks.into_iter().filter_map(price).collect()
}

/// A feature that the target cannot express; `harm` is the effect on the clip: `other_clip` or `perhaps_none`.
fn of_lack(lack: &Lack) -> Value {
    let harm = match lack.harm {
        Harm::OtherClip => "other_clip",
        Harm::PerhapsNone => "perhaps_none",
    };
    json!({ "feature": lack.feature.key(), "harm": harm, "source": of_source(lack.source) })
}

fn of_source(source: Source) -> Value {
    json!({ "page": source.page, "date": source.date, "sure": source.sure.as_str() })
}

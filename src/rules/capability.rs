//! Missing abilities of models: one wording for all rules that compare a clip with the facts table.

use crate::clip::Clip;
use crate::diagnostic::{Code, Finding};
use crate::kling::{Facts, Feature, Mode, Model, Support, Target};
use crate::text::{Place, counted};

use super::context::{inherited, list};

/// The finding that the clip's model does not support `feature` there, if it does not. `instead` says what else the writer can
/// do: "remove the last frame".
pub(super) fn unsupported(
    facts: &Facts,
    clip: &Clip<'_>,
    code: Code,
    feature: Feature,
    place: Place,
    instead: &str,
) -> Option<Finding> {
    let model = clip.model.value()?;
    // What the target cannot say of it is `not-on-target`.
    if model.lack(feature, clip.target).is_some() {
        return None;
    }
    let support = model.supports(feature);
    // A length that the model does not make is reported as such, and a mode likewise.
    let mode = clip.mode.value().filter(|mode| model.has_mode(*mode, clip.target));
    let seconds = clip.made_seconds();
    if support.has(mode, seconds) {
        return None;
    }
    let (message, help) = match support {
        Support::Always => return None,
        Support::Never => {
            (format!("`{model}` does not support {}", feature.noun()), works_with(facts, feature, clip.target, instead))
        }
        Support::Only { modes, seconds: lengths } => {
            (only(model, feature, modes, lengths, clip), change(modes, lengths, mode, seconds, instead))
        }
    };
    let finding = Finding::new(code, place, message).help(help);
    let finding = inherited(finding, "model", &clip.model);
    // A model that never has a feature does not lack it for its mode or length.
    let Support::Only { modes, seconds: lengths } = support else { return Some(finding) };
    let finding = if modes.is_empty() { finding } else { inherited(finding, "mode", &clip.mode) };
    Some(match &clip.seconds {
        crate::clip::Seconds::Length(length) if !lengths.is_empty() => inherited(finding, "duration", length),
        _ => finding,
    })
}

/// "`kling-v2-6` supports a last frame only in `pro` mode; this shot uses `std`"
fn only(model: Model, feature: Feature, modes: &[Mode], lengths: &[i64], clip: &Clip<'_>) -> String {
    let mut conditions = String::new();
    let mut uses = Vec::new();
    if !modes.is_empty() {
        conditions += &format!(" in {} mode", list(modes, "or"));
        uses.extend(clip.mode.value().map(|mode| format!("`{mode}`")));
    }
    if !lengths.is_empty() {
        let lengths: Vec<String> = lengths.iter().map(i64::to_string).collect();
        conditions += &format!(" at {} seconds", lengths.join(" or "));
        uses.extend(clip.seconds.value().map(|seconds| counted(seconds, "second")));
    }
    format!("`{model}` supports {} only{conditions}; this shot uses {}", feature.noun(), uses.join(" and "))
}

/// The help: what to write so that the model supports it.
fn change(modes: &[Mode], lengths: &[i64], mode: Option<Mode>, seconds: Option<i64>, instead: &str) -> String {
    let mut changes = Vec::new();
    if let (Some(needed), true) = (modes.first(), mode.is_some_and(|mode| !modes.contains(&mode))) {
        let costs = if mode.is_some_and(|mode| *needed > mode) { " (it costs more)" } else { "" };
        changes.push(format!("`mode: {needed}`{costs}"));
    }
    if let (Some(needed), true) = (lengths.first(), seconds.is_some_and(|seconds| !lengths.contains(&seconds))) {
        changes.push(format!("`duration: {needed}`"));
    }
    format!("write {}, or {instead}", changes.join(" and "))
}

/// "use `kling-v3`, or `kling-v2-6` in `pro`, or remove the last frame": current models only.
pub(super) fn works_with(facts: &Facts, feature: Feature, target: Target, instead: &str) -> String {
    let models: Vec<String> = facts.models_that(feature, target).map(|model| where_it_works(model, feature)).collect();
    if !models.is_empty() {
        return format!("use {}, or {instead}", models.join(" or "));
    }
    let elsewhere: Vec<&str> = Target::ALL
        .iter()
        .filter(|target| facts.models_that(feature, **target).next().is_some())
        .map(|target| target.as_str())
        .collect();
    if elsewhere.is_empty() {
        return format!("no current model supports it: {instead}");
    }
    format!("it works only on {}; otherwise, {instead}", list(&elsewhere, "and"))
}

/// "`kling-v2-6` in `pro`"
pub(super) fn where_it_works(model: Model, feature: Feature) -> String {
    match model.supports(feature) {
        Support::Only { modes, seconds } => {
            let mode = if modes.is_empty() { String::new() } else { format!(" in {}", list(modes, "or")) };
            let lengths: Vec<String> = seconds.iter().map(i64::to_string).collect();
            let length = if lengths.is_empty() { String::new() } else { format!(" at {} s", lengths.join(" or ")) };
            format!("`{model}`{mode}{length}")
        }
        _ => format!("`{model}`"),
    }
}

//! `multi_prompt` to cuts.

use serde_json::Value;

use super::shot::{escape, seconds};
use crate::language::storyboard::Cut;

/// The cuts of a `multi_prompt`, in the order of their `index`, and what is to be said of them.
pub(super) fn cuts(list: &Value) -> Result<(Vec<Cut>, Option<&'static str>), String> {
    let list = list.as_array().filter(|list| !list.is_empty()).ok_or("`multi_prompt` has no cuts")?;
    let mut note = None;
    let mut cuts = Vec::new();
    for (place, item) in list.iter().enumerate() {
        let number = place + 1;
        let fields = item.as_object().ok_or_else(|| format!("cut {number} is no group of fields"))?;
        if let Some(unknown) = fields.keys().find(|name| !["index", "prompt", "duration"].contains(&&***name)) {
            return Err(format!("cut {number} has a field that a cut cannot have, `{unknown}`"));
        }
        let prompt = match fields.get("prompt") {
            Some(Value::String(prompt)) => escape(prompt.trim()),
            _ => return Err(format!("cut {number} has no prompt")),
        };
        let duration = fields.get("duration").ok_or_else(|| format!("cut {number} has no duration"))?;
        let (duration, odd) = seconds(duration).map_err(|why| format!("cut {number}: {why}"))?;
        note = note.or(odd);
        let index = match fields.get("index") {
            None | Some(Value::Null) => None,
            Some(Value::Number(index)) if index.is_i64() => index.as_i64(),
            Some(_) => return Err(format!("cut {number} has an index that is no whole number")),
        };
        cuts.push((index, Cut { duration, prompt, ..Cut::default() }));
    }
    let in_order = cuts.iter().zip(1..).all(|((index, _), number)| *index == Some(number));
    if !in_order {
        if cuts.iter().all(|(index, _)| index.is_some()) {
            cuts.sort_by_key(|(index, _)| *index);
            if cuts.windows(2).any(|pair| pair[0].0 == pair[1].0) {
                return Err("two cuts have the same `index`".into());
            }
        }
        note = Some("the cuts are numbered from 1 anew, in the order of their `index`");
    }
    Ok((cuts.into_iter().map(|(_, cut)| cut).collect(), note))
}

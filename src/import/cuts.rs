//! `multi_prompt` to cuts.

use super::node::{Data, Node};
use super::seconds::seconds;
use super::shot::escape;
use super::words::{self, Place};
use crate::language::storyboard::Cut;

/// The cuts of a `multi_prompt`, in the order of their `index`, and what is to be said of them.
pub(super) fn cuts(list: &Node) -> Result<(Vec<Cut>, Option<&'static str>), String> {
    let list = list.as_list().filter(|list| !list.is_empty()).ok_or("there are no cuts in it")?;
    let mut note = None;
    let mut cuts = Vec::new();
    for (place, item) in list.iter().enumerate() {
        let number = place + 1;
        let (index, cut) = cut(item, &mut note).map_err(|why| format!("cut {number} {why}"))?;
        cuts.push((index, cut));
    }
    let in_order = cuts.iter().zip(1..).all(|((index, _), number)| *index == Some(number));
    if !in_order {
        if cuts.iter().all(|(index, _)| index.is_some()) {
            cuts.sort_by_key(|(index, _)| *index);
            if cuts.windows(2).any(|pair| pair[0].0 == pair[1].0) {
                return Err("two cuts have the same `index`".into());
            }
            note = Some("the cuts are numbered from 1 again, in the order of their `index`");
        } else {
            note = Some("the cuts are numbered from 1, in the order written");
        }
    }
    Ok((cuts.into_iter().map(|(_, cut)| cut).collect(), note))
}

fn cut(item: &Node, note: &mut Option<&'static str>) -> Result<(Option<i64>, Cut), String> {
    let fields = item.as_group().ok_or("is not a group of fields")?;
    let (mut index, mut cut) = (None, Cut::default());
    let (mut has_prompt, mut has_duration) = (false, false);
    for (name, node) in fields {
        match words::place(name) {
            Some(Place::Prompt) if !has_prompt => {
                cut.prompt = escape(node.as_str().ok_or("has no prompt")?.trim());
                has_prompt = true;
            }
            Some(Place::Duration) if !has_duration => {
                let (whole, odd) = seconds(node).map_err(|why| format!("has a wrong length: {why}"))?;
                (cut.duration, *note) = (whole, note.or(odd));
                has_duration = true;
            }
            Some(Place::Id) => {
                index = match &node.data {
                    Data::Null => None,
                    Data::Number(index) if index.is_i64() => index.as_i64(),
                    _ => return Err("has an index that is not a whole number".into()),
                }
            }
            _ if node.is_blank() => {}
            _ => return Err(format!("has a field that a cut cannot have, `{name}`")),
        }
    }
    if !has_prompt {
        return Err("has no prompt".into());
    }
    if !has_duration {
        return Err("has no duration".into());
    }
    Ok((index, cut))
}

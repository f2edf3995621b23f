//! `voice_list` to cast members: each voice id is one of the cast, whichever shots use it.

use std::collections::HashMap;

use indexmap::IndexMap;
use serde_json::Value;

use crate::language::storyboard::CastMember;

/// The cast that the bodies' voices make.
#[derive(Debug, Default)]
pub(super) struct Voices {
    pub cast: IndexMap<String, CastMember>,
    by_id: HashMap<String, String>,
}

impl Voices {
    /// The cast names for a `voice_list`, in its order, and what is to be said of it.
    pub fn names(&mut self, list: &Value) -> Result<(Vec<String>, Option<&'static str>), String> {
        let list = list.as_array().ok_or("a list of `{\"voice_id\": …}` belongs here")?;
        let mut note = None;
        let ids = list.iter().map(|item| voice_id(item, &mut note)).collect::<Result<Vec<_>, _>>()?;
        Ok((ids.into_iter().map(|id| self.name(id)).collect(), note))
    }

    fn name(&mut self, id: String) -> String {
        let next = self.cast.len() + 1;
        let name = self.by_id.entry(id.clone()).or_insert_with(|| format!("speaker-{next}"));
        self.cast.entry(name.clone()).or_insert_with(|| CastMember { voice: Some(id), ..CastMember::default() });
        name.clone()
    }
}

fn voice_id(item: &Value, note: &mut Option<&'static str>) -> Result<String, String> {
    let wrong = || "each voice is `{\"voice_id\": \"…\"}` and nothing else".to_owned();
    let fields = item.as_object().filter(|fields| fields.len() == 1).ok_or_else(wrong)?;
    let (name, id) = fields.iter().next().ok_or_else(wrong)?;
    match &**name {
        "voice_id" => {}
        "voiceId" => *note = Some("Kling's name for it is `voice_id`: that is sent"),
        _ => return Err(wrong()),
    }
    match id {
        Value::String(id) => Ok(id.clone()),
        Value::Number(number) if number.is_u64() => {
            *note = Some("a voice id is text, in quotes: its digits are sent so. Compare them with Kling's list");
            Ok(number.to_string())
        }
        Value::Number(_) => {
            Err("the voice id's digits did not survive as a number: look it up and write it in `cast`, in quotes"
                .into())
        }
        _ => Err(wrong()),
    }
}

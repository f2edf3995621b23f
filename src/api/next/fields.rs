use serde_json::Value;

use crate::api::body::{ELEMENT_LIST, EXTERNAL_TASK_ID};
use crate::api::legacy::BODY_FIELDS;
use crate::kling::raw::RawField;

/// The groups of fields of a body.
pub(super) const CONTENTS: &str = "contents";
pub(super) const SETTINGS: &str = "settings";
pub(super) const OPTIONS: &str = "options";

pub(super) const CALLBACK_URL: &str = "callback_url";

/// The fields that the language produces, with its words for them. Those of the other form are the same settings by other names: at
/// the top of this one the service ignores them, and charges.
const FIELDS: &[(&str, &str)] = &[
    (CONTENTS, "the frames and the `prompt`"),
    ("resolution", "`mode`"),
    ("audio", "`sound`"),
    ("multi_shot", "`cuts`"),
    ("duration", "`duration`"),
    ("watermark_info", "`watermark`"),
];

/// The fields that may be written under `kling`.
pub(super) const RAW_FIELDS: &[RawField] = &[
    RawField { name: CALLBACK_URL, about: "an address that Kling calls whenever the task's state changes" },
    RawField { name: ELEMENT_LIST, about: "up to three elements from Kling's element library, `kling-v3` only" },
    RawField { name: SETTINGS, about: "settings that clapboard has no word for" },
    RawField { name: OPTIONS, about: "options that clapboard has no word for" },
];

fn all() -> impl Iterator<Item = &'static (&'static str, &'static str)> {
    FIELDS.iter().chain(BODY_FIELDS)
}

/// The storyboard's word for a produced field.
pub(super) fn our_field(field: &str) -> Option<&'static str> {
    all().find(|(name, _)| *name == field).map(|(_, ours)| *ours)
}

/// The names of the produced fields.
pub(super) fn names() -> Vec<&'static str> {
    all().map(|(name, _)| *name).collect()
}

/// The produced field that one under `kling` would be sent in addition to; in `settings` and `options` their own fields count.
pub(super) fn conflict(name: &str, value: &Value) -> Option<&'static str> {
    let known = all().map(|(field, _)| *field).chain([EXTERNAL_TASK_ID]).find(|field| plain(field) == plain(name));
    let is_group = [SETTINGS, OPTIONS].contains(&name);
    let inner = value.as_object().filter(|_| is_group);
    known.or_else(|| inner?.iter().find_map(|(name, _)| conflict(name, &Value::Null)))
}

fn plain(name: &str) -> String {
    name.chars().filter(|c| !matches!(c, '_' | '-')).map(|c| c.to_ascii_lowercase()).collect()
}

use crate::api::body::EXTERNAL_TASK_ID;

/// The fields of a request body that the language produces, in the order in which they are sent, each with the storyboard's
/// word for it.
pub const BODY_FIELDS: &[(&str, &str)] = &[
    ("model_name", "`model`"),
    ("image", "`first_frame`"),
    ("image_tail", "`last_frame`"),
    ("prompt", "`prompt`"),
    ("negative_prompt", "`negative_prompt`"),
    ("voice_list", "`voices` or `lines`"),
    ("sound", "`sound`"),
    ("cfg_scale", "`cfg_scale`"),
    ("mode", "`mode`"),
    ("static_mask", "`brush`"),
    ("multi_shot", "`cuts`"),
    ("shot_type", "`cuts`"),
    ("multi_prompt", "`cuts`"),
    ("dynamic_masks", "`brush`"),
    ("camera_control", "`camera`"),
    ("duration", "`duration`"),
    ("watermark_info", "`watermark`"),
];

/// The produced field that `name` is, whatever its case, `_` and `-`: some gateways read `imageTail` too.
pub(in crate::api) fn produced(name: &str) -> Option<&'static str> {
    let name = plain(name);
    let fields = BODY_FIELDS.iter().map(|(field, _)| *field).chain([EXTERNAL_TASK_ID]);
    fields.into_iter().find(|field| plain(field) == name)
}

/// The storyboard's word for a produced field; `None` for the one that `submit` sets.
pub(in crate::api) fn our_field(field: &str) -> Option<&'static str> {
    BODY_FIELDS.iter().find(|(name, _)| *name == field).map(|(_, ours)| *ours)
}

fn plain(name: &str) -> String {
    name.chars().filter(|c| !matches!(c, '_' | '-')).map(|c| c.to_ascii_lowercase()).collect()
}

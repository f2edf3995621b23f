use crate::diagnostic::{Code, Finding};
use crate::kling::limits::{BODY_FIELDS, EXTERNAL_TASK_ID};
use crate::language::Shot;
use crate::text::shown::shorten;

use super::Context;

pub(super) fn check(_: &Context, shot: &Shot, out: &mut Vec<Finding>) {
    for (name, _) in shot.kling.valid().into_iter().flat_map(|kling| &kling.value.fields) {
        let field = &*name.value;
        if !BODY_FIELDS.contains(&field) && field != EXTERNAL_TASK_ID {
            continue;
        }
        let help = match field {
            EXTERNAL_TASK_ID => "remove it: `submit` sets it, so that no clip is bought twice".to_owned(),
            field => format!("remove it, and write {} on the shot instead", ours(field)),
        };
        let message = format!("`{}` under `kling` is a field that clapboard writes itself", shorten(field));
        out.push(Finding::new(Code::RawFieldConflict, name.place(), message).help(help));
    }
}

/// The storyboard's word for a field of the request.
fn ours(field: &str) -> &'static str {
    match field {
        "model_name" => "`model`",
        "image" => "`first_frame`",
        "image_tail" => "`last_frame`",
        "prompt" => "`prompt`",
        "negative_prompt" => "`negative_prompt`",
        "voice_list" => "`voices` or `lines`",
        "sound" => "`sound`",
        "cfg_scale" => "`cfg_scale`",
        "mode" => "`mode`",
        "static_mask" | "dynamic_masks" => "`brush`",
        "camera_control" => "`camera`",
        "duration" => "`duration`",
        "watermark_info" => "`watermark`",
        _ => "`cuts`",
    }
}

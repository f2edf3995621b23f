use crate::api::legacy::{our_field, produced};
use crate::clip::Clip;
use crate::diagnostic::{Code, Finding};
use crate::text::shown::shorten;

use super::Context;

pub(super) fn check(_: &Context, clip: &Clip, out: &mut Vec<Finding>) {
    for (name, _) in clip.shot.kling.valid().into_iter().flat_map(|kling| &kling.value.fields) {
        let Some(field) = produced(&name.value) else { continue };
        let help = match our_field(field) {
            Some(ours) => format!("remove it, and write {ours} on the shot instead"),
            None => "remove it: `submit` sets it, so that no clip is bought twice".to_owned(),
        };
        let message = match shorten(&name.value) {
            written if written == field => format!("`{field}` under `kling` is a field that clapboard writes itself"),
            written => format!("`{written}` under `kling` is `{field}`, a field that clapboard writes itself"),
        };
        out.push(Finding::new(Code::RawFieldConflict, name.place(), message).help(help));
    }
}

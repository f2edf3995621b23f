use crate::api;
use crate::clip::Clip;
use crate::diagnostic::{Code, Finding};
use crate::text::shown;

use super::Context;

pub(super) fn check(_: &Context, clip: &Clip, out: &mut Vec<Finding>) {
    let api = api::of(clip.target);
    for (name, value) in clip.shot.kling.valid().into_iter().flat_map(|kling| &kling.value.fields) {
        if &*name.value == "element_list" && !clip.sent_elements().is_empty() {
            let message =
                "`element_list` under `kling` is a field that clapboard writes itself for the cast's elements";
            let finding = Finding::new(Code::RawFieldConflict, name.place(), message);
            out.push(finding.help("remove it: `element` in the cast says who is shown"));
            continue;
        }
        let Some(field) = api.conflict(&name.value, value) else { continue };
        let help = match api.our_field(field) {
            Some(ours) => format!("remove it, and write {ours} on the shot instead"),
            None => "remove it: `submit` sets it, so that no clip is bought twice".to_owned(),
        };
        let message = match shown::words(&name.value) {
            group if value.is_object() => {
                format!("`{group}` under `kling` has `{field}`, a field that clapboard writes itself")
            }
            written if written == field => format!("`{field}` under `kling` is a field that clapboard writes itself"),
            written => format!("`{written}` under `kling` is `{field}`, a field that clapboard writes itself"),
        };
        out.push(Finding::new(Code::RawFieldConflict, name.place(), message).help(help));
    }
}

use crate::api::{self, Api};
use crate::clip::Clip;
use crate::diagnostic::{Code, Finding};
use crate::language::words::fold;
use crate::text::near::nearest;
use crate::text::shown;

use super::Context;
use super::context::list;

pub(super) fn check(_: &Context, clip: &Clip, out: &mut Vec<Finding>) {
    let api = api::of(clip.target);
    for (name, value) in clip.shot.kling.valid().into_iter().flat_map(|kling| &kling.value.fields) {
        let is_known = api.raw_fields().iter().any(|field| field.name == &*name.value);
        // A field that the language produces is `raw-field-conflict`.
        if is_known || api.conflict(&name.value, value).is_some() {
            continue;
        }
        let message =
            format!("Kling has no field `{}` here: it would ignore it without an error", shown::words(&name.value));
        out.push(Finding::new(Code::RawFieldUnknown, name.place(), message).help(help(api, &name.value)));
    }
}

fn help(api: &dyn Api, name: &str) -> String {
    // Kling's names are in snake_case; `callbackUrl` is one of them in another spelling.
    let folded = fold(name);
    let raw = api.raw_fields().iter().map(|field| field.name);
    let known: Vec<&str> = raw.chain(api.fields()).collect();
    let near = known
        .iter()
        .copied()
        .find(|known| fold(known) == folded)
        .or_else(|| nearest(&name.to_lowercase(), known.iter().copied()));
    match near.map(|near| (near, api.our_field(near))) {
        Some((_, Some(ours))) => format!("did you mean {ours}? It belongs on the shot, not under `kling`"),
        Some((near, None)) => format!("did you mean `{near}`?"),
        None => {
            let names: Vec<&str> = api.raw_fields().iter().map(|field| field.name).collect();
            format!(
                "Kling's fields that clapboard has no word for are {}; keep another one only if your gateway reads it",
                list(&names, "and")
            )
        }
    }
}

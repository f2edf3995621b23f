use crate::api::legacy::{BODY_FIELDS, our_field, produced};
use crate::clip::Clip;
use crate::diagnostic::{Code, Finding};
use crate::kling::raw::RAW_FIELDS;
use crate::text::near::nearest;
use crate::text::shown::shorten;

use super::Context;
use super::context::list;

pub(super) fn check(_: &Context, clip: &Clip, out: &mut Vec<Finding>) {
    for (name, _) in clip.shot.kling.valid().into_iter().flat_map(|kling| &kling.value.fields) {
        let is_known = RAW_FIELDS.iter().any(|field| field.name == &*name.value);
        // A field that the language produces is `raw-field-conflict`.
        if is_known || produced(&name.value).is_some() {
            continue;
        }
        let message =
            format!("Kling has no field `{}` here: it would ignore it without an error", shorten(&name.value));
        out.push(Finding::new(Code::RawFieldUnknown, name.place(), message).help(help(&name.value)));
    }
}

fn help(name: &str) -> String {
    // Kling's names are in snake_case; `callbackUrl` is one of them in another spelling.
    let mut snake = String::new();
    for c in name.chars() {
        if c.is_uppercase() && !snake.is_empty() && !snake.ends_with(['_', '-']) {
            snake.push('_');
        }
        snake.extend(c.to_lowercase());
    }
    let snake = snake.replace('-', "_");
    let raw = RAW_FIELDS.iter().map(|field| field.name);
    let known: Vec<&str> = raw.chain(BODY_FIELDS.iter().map(|(field, _)| *field)).collect();
    let near = known.iter().copied().find(|known| *known == snake).or_else(|| nearest(&snake, known.iter().copied()));
    match near.map(|near| (near, our_field(near))) {
        Some((_, Some(ours))) => format!("did you mean {ours}? It belongs on the shot, not under `kling`"),
        Some((near, None)) => format!("did you mean `{near}`?"),
        None => {
            let names: Vec<&str> = RAW_FIELDS.iter().map(|field| field.name).collect();
            format!(
                "Kling's fields that clapboard has no word for are {}; keep another one only if your gateway reads it",
                list(&names, "and")
            )
        }
    }
}

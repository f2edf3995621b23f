use crate::diagnostic::{Code, Finding};

use super::Context;

pub(super) fn check(context: &Context, out: &mut Vec<Finding>) {
    let film = context.film;
    let top = &film.top;
    let Some(root) = &top.root else { return };
    let is_suggested = ["shots", "scenes", "defaults", "styles", "cast"]
        .iter()
        .any(|field| film.file.shape.is_suggested(root.node, field));
    match (&top.shots, &top.scenes) {
        (Some(_), Some(_)) => {
            let keys = [("shots", "scenes"), ("scenes", "shots")].map(|(name, other)| (root.key_of(name), name, other));
            let [(Some(one), ..), (Some(two), ..)] = &keys else { return };
            let (first, second) = if one.span < two.span { (&keys[0], &keys[1]) } else { (&keys[1], &keys[0]) };
            if let (Some(first_place), Some(second_place)) = (&first.0, &second.0) {
                let message =
                    format!("a film has either `shots` or `scenes`, and `{}` is already written above", first.1);
                let finding = Finding::new(Code::ShotsOrScenes, second_place.clone(), message);
                let help = "put these shots into a scene, or the scenes' shots all under `shots`";
                out.push(finding.label(first_place.clone(), format!("`{}` here", first.1)).help(help));
            }
        }
        (None, None) if !top.lends && !root.is_partial() && !is_suggested => {
            let message = "the film has neither `shots` nor `scenes`";
            let finding = Finding::new(Code::ShotsOrScenes, root.first_key(), message);
            let help = "add `shots`, or `scenes` with `shots`; a file with only `defaults`, `styles` or `cast` is a bible for others";
            out.push(finding.help(help));
        }
        _ => {}
    }
}

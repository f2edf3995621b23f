use crate::diagnostic::{Code, Edit, Finding, Safety};
use crate::language::check::requote;
use crate::language::{Field, Film, List, Text};
use crate::text::near;
use crate::text::shown::shorten;

use super::Context;
use super::context::{list, style_names};

pub(super) fn check(_: &Context, film: &Film, out: &mut Vec<Finding>) {
    if film.styles_unknown {
        return;
    }
    let defaults =
        film.defaults.iter().chain(film.scenes.iter().map(|scene| &scene.defaults)).map(|settings| &settings.style);
    defaults.for_each(|style| look_up(film, style, out));
    for shot in &film.shots {
        let first = out.len();
        look_up(film, &shot.settings.style, out);
        // One in defaults names the shots that it hits.
        out[first..].iter_mut().for_each(|finding| finding.shots.push(shot.name()));
        shot.cuts().iter().for_each(|cut| look_up(film, &cut.style, out));
    }
}

fn look_up(film: &Film, style: &Field<List<Text>>, out: &mut Vec<Finding>) {
    for name in style_names(style).filter(|name| !film.styles.contains_key(&name.value)) {
        let message = format!("there is no style `{}`", shorten(&name.value));
        let finding = Finding::new(Code::UnknownStyle, name.place(), message);
        let styles: Vec<&str> = film.styles.keys().map(|key| &**key).collect();
        let near = near::near(&name.value, styles.iter().copied());
        out.push(match near[..] {
            [only] => {
                let node = name.at.document.tree.node(name.at.node);
                let edit = Edit { span: node.span, text: requote(node.style, only) };
                finding.help(format!("did you mean `{only}`?")).fix(Safety::Safe, format!("write `{only}`"), vec![edit])
            }
            [_, ..] => finding.help(format!("did you mean {}?", list(&near, "or"))),
            [] if styles.is_empty() => finding.help("add it under `styles`: there is none yet"),
            [] => finding.help(format!("add it under `styles`, or use {}", list(&styles[..styles.len().min(8)], "or"))),
        });
    }
}

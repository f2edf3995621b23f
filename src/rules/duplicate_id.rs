use std::collections::HashMap;

use crate::diagnostic::{Code, Finding};
use crate::language::{Field, Text};

use super::Context;

pub(super) fn check(context: &Context, out: &mut Vec<Finding>) {
    let film = context.film;
    doubled("shot", film.shots.iter().map(|shot| &shot.id), out);
    doubled("scene", film.scenes.iter().map(|scene| &scene.id), out);
}

fn doubled<'f>(what: &str, ids: impl Iterator<Item = &'f Field<Text>>, out: &mut Vec<Finding>) {
    let mut seen: HashMap<&str, &Text> = HashMap::new();
    for id in ids.filter_map(|id| Some(&id.valid()?.value)) {
        match seen.get(&*id.value) {
            None => {
                seen.insert(&id.value, id);
            }
            Some(first) => {
                let message = format!("the {what} id `{}` is used twice", id.value);
                let finding = Finding::new(Code::DuplicateId, id.place(), message);
                let why = if what == "shot" {
                    "it names the clip's file and its row in the ledger"
                } else {
                    "scenes are told apart by it"
                };
                let help = format!("give one of them another id: {why}");
                out.push(finding.label(first.place(), "first used here").help(help));
            }
        }
    }
}

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
    let mut seen: HashMap<String, &Text> = HashMap::new();
    for id in ids.filter_map(|id| Some(&id.valid()?.value)) {
        // Most disks take names that differ only in case for one file.
        let first = *seen.entry(id.value.to_lowercase()).or_insert(id);
        if std::ptr::eq(first, id) {
            continue;
        }
        let message = if first.value == id.value {
            format!("the {what} id `{}` is used twice", id.value)
        } else {
            format!("the {what} ids `{}` and `{}` differ only in upper and lower case", first.value, id.value)
        };
        let why = match what {
            "shot" if first.value == id.value => "it names the clip's file and its row in the ledger",
            "shot" => "macOS and Windows would take both clips for one file",
            _ => "each scene needs an id of its own",
        };
        let finding = Finding::new(Code::DuplicateId, id.place(), message);
        let help = format!("give one of them another id: {why}");
        out.push(finding.label(first.place(), "first used here").help(help));
    }
}

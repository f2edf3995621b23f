use crate::assets::Missing;
use crate::clip::Clip;
use crate::diagnostic::{Code, Finding};
use crate::text::shown;

use super::Context;
use super::context::assets;

pub(super) fn check(context: &Context, clip: &Clip, out: &mut Vec<Finding>) {
    for (_, path) in assets(clip) {
        let shown = || shown::words(&path.value);
        let (message, help) = match context.picture(path) {
            Some(Err(Missing::NotFound { nearest })) => {
                let help = match nearest {
                    _ if path.value.contains('\\') => {
                        format!("write `/` between folders: `{}`", shown::words(&path.value.replace('\\', "/")))
                    }
                    Some(near) => format!("did you mean `{}`?", shown::words(&near)),
                    None => {
                        "the path is relative to the folder of this file; letters in upper and lower case are different"
                            .into()
                    }
                };
                (format!("there is no file `{}`", shown()), help)
            }
            _ if path.value.is_empty() => {
                ("there is no path in these quotes".into(), "name a picture file, or remove the field".into())
            }
            Some(Err(Missing::Unreadable(why))) => {
                (format!("`{}` cannot be read: {why}", shown()), "name a picture file".into())
            }
            _ => continue,
        };
        out.push(Finding::new(Code::AssetNotFound, path.place(), message).help(help));
    }
}

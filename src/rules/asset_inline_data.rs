use crate::assets::Reference;
use crate::clip::Clip;
use crate::diagnostic::{Code, Finding};

use super::Context;
use super::context::assets;

pub(super) fn check(_: &Context, clip: &Clip, out: &mut Vec<Finding>) {
    for (field, text) in assets(clip) {
        if Reference::of(&text.value) == Reference::Inline {
            let message = format!("`{field}` has the picture's own data in it");
            let finding = Finding::new(Code::AssetInlineData, text.place(), message);
            let help = "save the picture as a file and give its path: clapboard encodes it when it is sent";
            out.push(finding.help(help));
        }
    }
}

use crate::assets::Reference;
use crate::clip::Clip;
use crate::diagnostic::{Code, Finding};

use super::Context;
use super::context::assets;

pub(super) fn check(_: &Context, clip: &Clip, out: &mut Vec<Finding>) {
    for (_, text) in assets(clip) {
        let Reference::Url(url) = Reference::of(&text.value) else { continue };
        if url.get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case("http:")) {
            let message = "this address is not encrypted: anybody on the way can swap the picture";
            let finding = Finding::new(Code::UrlInsecure, text.place(), message);
            out.push(finding.help("write `https://`, if the server has it"));
        }
    }
}

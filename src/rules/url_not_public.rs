use crate::assets::{HostFault, Reference, host_fault};
use crate::clip::Clip;
use crate::diagnostic::{Code, Finding};
use crate::text::shown::shorten;

use super::Context;
use super::context::assets;

pub(super) fn check(_: &Context, clip: &Clip, out: &mut Vec<Finding>) {
    for (_, text) in assets(clip) {
        let Reference::Url(url) = Reference::of(&text.value) else { continue };
        let Some(fault) = host_fault(url) else { continue };
        let why = match fault {
            HostFault::NotAnAddress => "is no complete address",
            HostFault::Loopback => "is the address of one's own machine",
            HostFault::Private => "is an address within a private network",
            HostFault::LinkLocal => "is an address that only the nearest machines reach",
            HostFault::Local => "is a name that only the local network knows",
        };
        let message = format!("Kling cannot fetch `{}`: it {why}", shorten(url));
        let finding = Finding::new(Code::UrlNotPublic, text.place(), message);
        out.push(finding.help("put the picture where everybody can fetch it, or name it as a file of this project"));
    }
}

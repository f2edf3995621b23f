use crate::assets::{HostFault, Reference, host_fault};
use crate::clip::Clip;
use crate::diagnostic::{Code, Finding};
use crate::text::shown;

use super::Context;
use super::context::assets;

pub(super) fn check(_: &Context, clip: &Clip, out: &mut Vec<Finding>) {
    for (_, text) in assets(clip) {
        let Reference::Url(url) = Reference::of(&text.value) else { continue };
        if url.contains(' ') {
            let message = format!("`{}` has a space in it, and an address has none", shown::words(url));
            let finding = Finding::new(Code::UrlNotPublic, text.place(), message);
            out.push(finding.help(format!("write `{}`", shown::words(&url.replace(' ', "%20")))));
            continue;
        }
        let Some(fault) = host_fault(url) else { continue };
        let why = match fault {
            HostFault::NotAnAddress => "is not a complete address",
            HostFault::Loopback => "is this computer's own address",
            HostFault::Private => "is an address in a private network",
            HostFault::Shared => "is an address in a network that only its provider's or VPN's members reach",
            HostFault::LinkLocal => "is an address that only this network segment reaches",
            HostFault::Reserved => "is an address outside the public internet",
            HostFault::LocalName => "is a name that only a local network knows",
            HostFault::BareName => "is a name without a dot, which only a local network knows",
        };
        let message = format!("Kling cannot fetch `{}`: it {why}", shown::words(url));
        let finding = Finding::new(Code::UrlNotPublic, text.place(), message);
        out.push(
            finding.help(
                "put the picture on a public address, or name it as a file of this project: it is then sent along",
            ),
        );
    }
}

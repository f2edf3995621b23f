use std::net::{Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

/// What a writer gave as a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reference<'t> {
    /// The picture's own bytes, as a `data:` URI or as base64.
    Inline,
    /// An http or https address.
    Url(&'t str),
    /// A path, relative or not.
    Path(&'t str),
}

impl<'t> Reference<'t> {
    /// Tells them apart; inline data is looked for before anything else.
    pub fn of(text: &'t str) -> Self {
        let starts_with =
            |prefix: &str| text.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix));
        if starts_with("data:") || is_base64(text) {
            Self::Inline
        } else if starts_with("http://") || starts_with("https://") {
            Self::Url(text)
        } else {
            Self::Path(text)
        }
    }
}

/// The base64 of a PNG or JPEG, or a long text of nothing but base64's alphabet. (A path of that length has a dot.)
fn is_base64(text: &str) -> bool {
    const LONG: usize = 64;
    let alphabet = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
    text.starts_with("iVBORw0KGgo") || text.starts_with("/9j/") || (text.len() >= LONG && text.bytes().all(alphabet))
}

/// Why Kling's servers could not fetch an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HostFault {
    /// It is no address.
    NotAnAddress,
    /// The machine itself.
    Loopback,
    /// A private network.
    Private,
    /// The link only.
    LinkLocal,
    /// A `.local` name.
    Local,
}

/// Why Kling's servers could not fetch `address`; `None` where nothing speaks against it.
pub fn host_fault(address: &str) -> Option<HostFault> {
    let Ok(url) = Url::parse(address) else { return Some(HostFault::NotAnAddress) };
    match url.host()? {
        Host::Ipv4(address) => ipv4_fault(address),
        Host::Ipv6(address) => ipv6_fault(address),
        Host::Domain(name) => {
            let name = name.trim_end_matches('.');
            if name == "localhost" || name.ends_with(".localhost") {
                Some(HostFault::Loopback)
            } else if name == "local" || name.ends_with(".local") {
                Some(HostFault::Local)
            } else {
                None
            }
        }
    }
}

fn ipv4_fault(address: Ipv4Addr) -> Option<HostFault> {
    if address.is_loopback() || address.is_unspecified() {
        Some(HostFault::Loopback)
    } else if address.is_private() {
        Some(HostFault::Private)
    } else if address.is_link_local() {
        Some(HostFault::LinkLocal)
    } else {
        None
    }
}

fn ipv6_fault(address: Ipv6Addr) -> Option<HostFault> {
    if let Some(mapped) = address.to_ipv4_mapped() {
        ipv4_fault(mapped)
    } else if address.is_loopback() || address.is_unspecified() {
        Some(HostFault::Loopback)
    } else if address.is_unique_local() {
        Some(HostFault::Private)
    } else if address.is_unicast_link_local() {
        Some(HostFault::LinkLocal)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inline_data_is_seen_before_paths() {
        assert_eq!(Reference::of("data:image/png;base64,AAAA"), Reference::Inline);
        assert_eq!(Reference::of("/9j/4AAQ"), Reference::Inline);
        assert_eq!(Reference::of(&"Ab3/".repeat(16)), Reference::Inline);
        assert_eq!(Reference::of("HTTPS://a.example/x.png"), Reference::Url("HTTPS://a.example/x.png"));
        assert_eq!(Reference::of("frames/a.png"), Reference::Path("frames/a.png"));
    }

    #[test]
    fn hosts_that_kling_cannot_reach() {
        assert_eq!(host_fault("http://localhost:8000/a.png"), Some(HostFault::Loopback));
        assert_eq!(host_fault("https://0x7f.1/a.png"), Some(HostFault::Loopback));
        assert_eq!(host_fault("https://[::ffff:10.0.0.1]/a.png"), Some(HostFault::Private));
        assert_eq!(host_fault("https://[fd00::1]/a.png"), Some(HostFault::Private));
        assert_eq!(host_fault("https://nas.local./a.png"), Some(HostFault::Local));
        assert_eq!(host_fault("https:///"), Some(HostFault::NotAnAddress));
        assert_eq!(host_fault("https://stills.example.com/a.png"), None);
    }
}

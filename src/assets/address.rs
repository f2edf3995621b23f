//! Checks of a picture's address that need no network: hosts that Kling cannot reach, and pages that only
//! show a picture.

use std::net::{Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

/// Why Kling's servers could not fetch an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HostFault {
    /// It is not an address.
    NotAnAddress,
    /// This computer.
    Loopback,
    /// A private network.
    Private,
    /// A network that a provider or a VPN shares among its customers.
    Shared,
    /// This network segment only.
    LinkLocal,
    /// A range that is not part of the public internet.
    Reserved,
    /// A name that only the local network knows.
    LocalName,
    /// A name without a dot.
    BareName,
}

/// Endings of names that only a local network resolves (RFC 6761, RFC 6762, RFC 8375, and ICANN's `.internal`).
const LOCAL_NAMES: &[&str] = &["local", "internal", "lan", "home.arpa", "test", "invalid"];

/// Why Kling's servers could not fetch `address`; `None` where nothing is known against it.
pub fn host_fault(address: &str) -> Option<HostFault> {
    let Ok(url) = Url::parse(address) else { return Some(HostFault::NotAnAddress) };
    match url.host()? {
        Host::Ipv4(address) => ipv4_fault(address),
        Host::Ipv6(address) => ipv6_fault(address),
        Host::Domain(name) => name_fault(name.trim_end_matches('.')),
    }
}

fn name_fault(name: &str) -> Option<HostFault> {
    if is_within(name, "localhost") {
        Some(HostFault::Loopback)
    } else if LOCAL_NAMES.iter().any(|ending| is_within(name, ending)) {
        Some(HostFault::LocalName)
    } else if !name.contains('.') {
        Some(HostFault::BareName)
    } else {
        None
    }
}

/// Whether `name` is `domain` or a name in it.
fn is_within(name: &str, domain: &str) -> bool {
    name.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

fn ipv4_fault(address: Ipv4Addr) -> Option<HostFault> {
    let [first, second, third, _] = address.octets();
    match [first, second] {
        _ if address.is_loopback() || address.is_unspecified() => Some(HostFault::Loopback),
        _ if address.is_private() => Some(HostFault::Private),
        _ if address.is_link_local() => Some(HostFault::LinkLocal),
        [100, 64..=127] => Some(HostFault::Shared),
        // "This network", protocol assignments, benchmarks, multicast and what is kept for later.
        [0, _] | [198, 18 | 19] | [224..=255, _] => Some(HostFault::Reserved),
        [192, 0] if third == 0 => Some(HostFault::Reserved),
        _ if address.is_documentation() => Some(HostFault::Reserved),
        _ => None,
    }
}

fn ipv6_fault(address: Ipv6Addr) -> Option<HostFault> {
    if let Some(inner) = embedded(address) {
        return ipv4_fault(inner);
    }
    match address.segments() {
        _ if address.is_loopback() || address.is_unspecified() => Some(HostFault::Loopback),
        _ if address.is_unique_local() => Some(HostFault::Private),
        _ if address.is_unicast_link_local() => Some(HostFault::LinkLocal),
        // Site-local (withdrawn), multicast, documentation, discard.
        [0xfec0..=0xfeff, ..] | [0xff00..=0xffff, ..] | [0x2001, 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => {
            Some(HostFault::Reserved)
        }
        [0x100, 0, 0, 0, ..] => Some(HostFault::Reserved),
        _ => None,
    }
}

/// The IPv4 address inside an IPv6 one: mapped, NAT64 or 6to4.
fn embedded(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let from = |high: u16, low: u16| Ipv4Addr::from((u32::from(high) << 16) | u32::from(low));
    match address.segments() {
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0x2002, high, low, ..] => {
            Some(from(high, low))
        }
        _ => None,
    }
}

/// Why an address does not lead to a picture that Kling takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageFault {
    /// A page of this site that shows the picture, and how to get at the picture itself.
    Page(&'static str, &'static str),
    /// A file whose name ends in this, which is not PNG or JPEG.
    Extension(&'static str),
}

/// A site whose links lead to pages.
struct Site {
    name: &'static str,
    /// The host, or the end of one.
    domains: &'static [&'static str],
    /// Parts of a path that make it a page; empty: every path is one.
    pages: &'static [&'static str],
    /// Parts of a path or query that lead to the file itself.
    files: &'static [&'static str],
    /// The address to write instead.
    instead: &'static str,
}

const SITES: &[Site] = &[
    Site {
        name: "Google Drive",
        domains: &["drive.google.com", "docs.google.com"],
        pages: &[],
        files: &["/uc?", "/thumbnail?", "export=download"],
        instead: "`https://drive.google.com/uc?export=download&id=…` leads to the file itself",
    },
    Site {
        name: "Google Photos",
        domains: &["photos.google.com", "photos.app.goo.gl"],
        pages: &[],
        files: &[],
        instead: "download the picture and name it as a file of this project",
    },
    Site {
        name: "Dropbox",
        domains: &["dropbox.com"],
        pages: &[],
        files: &["raw=1", "dl=1"],
        instead: "end the address in `raw=1` instead of `dl=0` for the file itself",
    },
    Site {
        name: "OneDrive",
        domains: &["1drv.ms", "onedrive.live.com", "sharepoint.com"],
        pages: &[],
        files: &["/download", "download=1", "download.aspx"],
        instead: "download the picture and name it as a file of this project",
    },
    Site {
        name: "iCloud",
        domains: &["icloud.com"],
        pages: &[],
        files: &[],
        instead: "download the picture and name it as a file of this project",
    },
    Site {
        name: "Imgur",
        domains: &["imgur.com"],
        pages: &[],
        files: &["//i.imgur.com/"],
        instead: "the picture itself is at `https://i.imgur.com/….png`",
    },
    Site {
        name: "GitHub",
        domains: &["github.com"],
        pages: &["/blob/", "/tree/", "/blame/"],
        files: &["raw=true", "raw=1"],
        instead: "write `/raw/` in place of `/blob/` for the file itself",
    },
    Site {
        name: "GitLab",
        domains: &["gitlab.com"],
        pages: &["/blob/", "/tree/"],
        files: &[],
        instead: "write `/raw/` in place of `/blob/` for the file itself",
    },
    Site {
        name: "Hugging Face",
        domains: &["huggingface.co"],
        pages: &["/blob/", "/tree/"],
        files: &[],
        instead: "write `/resolve/` in place of `/blob/` for the file itself",
    },
];

/// Endings of pictures that are neither PNG nor JPEG, of films, and of pages and documents.
const OTHER_EXTENSIONS: &[&str] = &[
    "webp", "heic", "heif", "avif", "gif", "svg", "bmp", "tif", "tiff", "ico", "psd", "jxl", "jp2", "dng", "cr2",
    "nef", "arw", "ai", "eps", "pdf", "html", "htm", "mp4", "mov", "m4v", "webm", "mkv", "avi", "mpg", "mpeg", "wmv",
    "flv",
];

/// Why the address of a picture leads to something else, as far as its words tell.
pub fn page_fault(address: &str) -> Option<PageFault> {
    let url = Url::parse(address).ok()?;
    let host = url.host_str()?.trim_end_matches('.');
    let target = url.as_str();
    let is_page = |site: &&Site| {
        site.domains.iter().any(|domain| is_within(host, domain))
            && (site.pages.is_empty() || site.pages.iter().any(|page| url.path().contains(page)))
            && !site.files.iter().any(|file| target.contains(file))
    };
    if let Some(site) = SITES.iter().find(is_page) {
        return Some(PageFault::Page(site.name, site.instead));
    }
    let name = url.path().rsplit('/').next()?;
    let extension = name.rsplit_once('.')?.1;
    let other = OTHER_EXTENSIONS.iter().find(|other| extension.eq_ignore_ascii_case(other))?;
    Some(PageFault::Extension(other))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_that_kling_cannot_reach() {
        let fault = |host: &str| host_fault(&format!("https://{host}/a.png"));
        for (host, expected) in [
            ("localhost:8000", HostFault::Loopback),
            ("app.localhost", HostFault::Loopback),
            ("0x7f.1", HostFault::Loopback),
            ("0.0.0.0", HostFault::Loopback),
            ("[::1]", HostFault::Loopback),
            ("[::ffff:10.0.0.1]", HostFault::Private),
            ("[64:ff9b::10.0.0.1]", HostFault::Private),
            ("[2002:0a00:0001::1]", HostFault::Private),
            ("[fd00::1]", HostFault::Private),
            ("172.31.0.1", HostFault::Private),
            ("169.254.169.254", HostFault::LinkLocal),
            ("100.127.255.255", HostFault::Shared),
            ("0.1.2.3", HostFault::Reserved),
            ("198.19.0.1", HostFault::Reserved),
            ("192.0.0.8", HostFault::Reserved),
            ("203.0.113.9", HostFault::Reserved),
            ("224.0.0.1", HostFault::Reserved),
            ("255.255.255.255", HostFault::Reserved),
            ("[2001:db8::1]", HostFault::Reserved),
            ("[ff02::1]", HostFault::Reserved),
            ("nas.local.", HostFault::LocalName),
            ("host.docker.internal", HostFault::LocalName),
            ("stills.home.arpa", HostFault::LocalName),
            ("minio:9000", HostFault::BareName),
        ] {
            assert_eq!(fault(host), Some(expected), "{host}");
        }
        for host in [
            "stills.example.com",
            "100.63.0.1",
            "100.128.0.1",
            "172.32.0.1",
            "8.8.8.8",
            "[2606:4700::1]",
            "notlocal.dev",
        ] {
            assert_eq!(fault(host), None, "{host}");
        }
        assert_eq!(host_fault("https:///"), Some(HostFault::NotAnAddress));
    }

    #[test]
    fn addresses_that_lead_to_pages() {
        let site = |address: &str| match page_fault(address) {
            Some(PageFault::Page(site, _)) => site,
            Some(PageFault::Extension(extension)) => extension,
            None => "",
        };
        for (address, expected) in [
            ("https://drive.google.com/file/d/1AbC/view?usp=sharing", "Google Drive"),
            ("https://drive.google.com/open?id=1AbC", "Google Drive"),
            ("https://drive.google.com/uc?export=download&id=1AbC", ""),
            ("https://www.dropbox.com/s/abc/a.png?dl=0", "Dropbox"),
            ("https://www.dropbox.com/scl/fi/abc/a.png?rlkey=x&raw=1", ""),
            ("https://dl.dropboxusercontent.com/s/abc/a.png", ""),
            ("https://1drv.ms/i/s!Abc", "OneDrive"),
            ("https://studio-my.sharepoint.com/:i:/g/a.png", "OneDrive"),
            ("https://www.icloud.com/photos/#0abc", "iCloud"),
            ("https://imgur.com/a/AbC", "Imgur"),
            ("https://i.imgur.com/AbC.png", ""),
            ("https://github.com/a/b/blob/main/a.png", "GitHub"),
            ("https://github.com/a/b/blob/main/a.png?raw=true", ""),
            ("https://github.com/a/b/raw/main/a.png", ""),
            ("https://raw.githubusercontent.com/a/b/main/a.png", ""),
            ("https://stills.example.com/a.WEBP?v=2#x", "webp"),
            ("https://stills.example.com/a.mp4", "mp4"),
            ("https://stills.example.com/a.png?from=b.webp", ""),
            ("https://stills.example.com/a.b/picture", ""),
            ("https://stills.example.com", ""),
        ] {
            assert_eq!(site(address), expected, "{address}");
        }
    }
}

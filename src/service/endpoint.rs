//! Where requests go, and with which key.

use std::fmt;
use std::net::IpAddr;
use std::time::Duration;

use url::form_urlencoded::byte_serialize;
use url::{Host, Url};

use super::secret::Key;
use crate::api::{Api, Question};
use crate::kling::Target;

/// The domains of Kling's own API. Source: kling-api sheet 7 (2026-11-22).
const OFFICIAL_DOMAINS: &[&str] = &["klingai.com"];

/// How a request is signed.
#[derive(Debug, Clone)]
pub enum Auth {
    /// A key that is sent as it is.
    Bearer(Key),
    /// An access key and a secret key, from which a token is signed that lives for half an hour.
    Signed {
        /// The access key, which is sent in the token.
        access: Key,
        /// The secret key, which signs it.
        secret: Key,
    },
}

/// Everything about the service that a project's config decides.
#[derive(Debug, Clone)]
pub struct Endpoint {
    /// Which API is spoken.
    pub target: Target,
    /// The keys.
    pub auth: Auth,
    /// Whether the attempt id is sent along, and an unknown outcome looked up by it.
    pub external_task_id: bool,
    /// How long the service may be silent.
    pub request_timeout: Duration,
    base: Url,
}

/// Why a base URL is none to send a key to. Its `Display` is for the writer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EndpointError {
    /// There is none.
    NoBaseUrl,
    /// It is not a URL.
    NotAUrl,
    /// It is not http or https.
    Scheme,
    /// It is http, and leaves this machine.
    Plain,
    /// It has a user name, a password, `?` or `#`.
    Extras,
}

impl fmt::Display for EndpointError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            EndpointError::NoBaseUrl => {
                "the target `gateway` needs to know its gateway: write `base_url = \"https://…\"` under `[target]` in clapboard.toml"
            }
            EndpointError::NotAUrl => "`base_url` in clapboard.toml is not a URL such as `https://gateway.example`",
            EndpointError::Scheme => "`base_url` in clapboard.toml must begin with `https://`",
            EndpointError::Plain => {
                "`base_url` in clapboard.toml must begin with `https://`: over `http://` everybody on the way could read the key"
            }
            EndpointError::Extras => {
                "`base_url` in clapboard.toml must be a plain address, with no user name, password, `?` or `#` in it"
            }
        })
    }
}

impl std::error::Error for EndpointError {}

impl Endpoint {
    /// `base_url` as the config has it; without one, Kling's own targets go to its global host.
    ///
    /// # Errors
    /// The address is missing, is not one that a key may be sent to, or does not belong to the target.
    pub fn new(
        target: Target,
        base_url: Option<&str>,
        auth: Auth,
        external_task_id: bool,
        request_timeout: Duration,
    ) -> Result<Endpoint, EndpointError> {
        let base = base(target, base_url)?;
        Ok(Endpoint {
            target,
            auth,
            external_task_id: external_task_id || target.finds_by_external_id(),
            request_timeout,
            base,
        })
    }

    /// Where requests of a config would go, without a key.
    ///
    /// # Errors
    /// It is not an address to send a key to.
    pub fn address(target: Target, base_url: Option<&str>) -> Result<String, EndpointError> {
        base(target, base_url).map(|base| base.as_str().trim_end_matches('/').to_owned())
    }

    /// Whether this is one of Kling's own hosts.
    pub fn is_official(&self) -> bool {
        let host = self.base.host_str().unwrap_or_default();
        OFFICIAL_DOMAINS
            .iter()
            .any(|domain| host == *domain || host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.')))
    }

    /// The base URL, which has no key in it.
    pub fn base_url(&self) -> &str {
        self.base.as_str().trim_end_matches('/')
    }

    /// The API that is spoken.
    pub(super) fn api(&self) -> &'static dyn Api {
        crate::api::of(self.target)
    }

    /// Where a clip is ordered whose request is posted to `path`.
    pub(super) fn create_url(&self, path: &str) -> Url {
        self.url(path, None)
    }

    /// Where a question is asked.
    pub(super) fn question_url(&self, question: &Question) -> Url {
        let mut url = self.url(question.path, question.id.as_deref());
        // Kling's pages show the commas as they are.
        let query = question.query.iter().map(|(name, values)| {
            let values: Vec<String> = values.iter().map(|value| byte_serialize(value.as_bytes()).collect()).collect();
            format!("{name}={}", values.join(","))
        });
        let query: Vec<String> = query.collect();
        if !query.is_empty() {
            url.set_query(Some(&query.join("&")));
        }
        url
    }

    fn url(&self, path: &str, id: Option<&str>) -> Url {
        let mut url = self.base.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(path.split('/').filter(|part| !part.is_empty())).extend(id);
        }
        url
    }

    /// Whether requests stay on this machine.
    pub fn is_loopback(&self) -> bool {
        self.base.host().is_some_and(|host| is_loopback(&host))
    }
}

/// The checked base URL.
fn base(target: Target, base_url: Option<&str>) -> Result<Url, EndpointError> {
    let text = base_url.or(target.url()).ok_or(EndpointError::NoBaseUrl)?;
    let base = Url::parse(text.trim()).map_err(|_| EndpointError::NotAUrl)?;
    let host = base.host().ok_or(EndpointError::NotAUrl)?;
    match base.scheme() {
        "https" => {}
        "http" if is_loopback(&host) => {}
        "http" => return Err(EndpointError::Plain),
        _ => return Err(EndpointError::Scheme),
    }
    if !base.username().is_empty() || base.password().is_some() || base.query().is_some() || base.fragment().is_some() {
        return Err(EndpointError::Extras);
    }
    Ok(base)
}

pub(super) fn is_loopback(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => *name == "localhost",
        Host::Ipv4(address) => IpAddr::V4(*address).is_loopback(),
        Host::Ipv6(address) => IpAddr::V6(*address).is_loopback(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn endpoint(target: Target, base_url: Option<&str>) -> Result<Endpoint, EndpointError> {
        let auth = Auth::Bearer(Key::new("k").unwrap());
        Endpoint::new(target, base_url, auth, false, Duration::from_secs(60))
    }

    #[test]
    fn the_key_goes_nowhere_unsafe() {
        for (url, error) in [
            ("http://gateway.example", EndpointError::Plain),
            ("http://127.0.0.1.example", EndpointError::Plain),
            ("http://localhost.example", EndpointError::Plain),
            ("ftp://gateway.example", EndpointError::Scheme),
            ("gateway.example", EndpointError::NotAUrl),
            ("https://me:key@gateway.example", EndpointError::Extras),
            ("https://gateway.example/?key=x", EndpointError::Extras),
        ] {
            assert_eq!(endpoint(Target::Gateway, Some(url)).unwrap_err(), error, "{url}");
        }
        assert_eq!(endpoint(Target::Gateway, None).unwrap_err(), EndpointError::NoBaseUrl);
        for url in ["http://127.0.0.1:8080", "http://[::1]:8080", "http://localhost:1", "https://gateway.example/v"] {
            endpoint(Target::Gateway, Some(url)).unwrap();
        }
    }

    #[test]
    fn urls_are_put_together() {
        let official = endpoint(Target::Official, None).unwrap();
        assert!(official.external_task_id);
        assert_eq!(
            official.create_url("/v1/videos/image2video").as_str(),
            "https://api-singapore.klingai.com/v1/videos/image2video"
        );
        let gateway = endpoint(Target::Gateway, Some("https://g.example/kling-proxy/")).unwrap();
        assert!(!gateway.external_task_id);
        assert_eq!(
            gateway.question_url(&gateway.api().ask_for_tasks(&["829?x/y"])).as_str(),
            "https://g.example/kling-proxy/kling/v1/videos/image2video/829%3Fx%2Fy"
        );
        let official = endpoint(Target::Official, None).unwrap();
        assert_eq!(
            official.question_url(&official.api().ask_for_balance(1, 20).unwrap()).as_str(),
            "https://api-singapore.klingai.com/account/costs?start_time=1&end_time=20"
        );
        let kling = endpoint(Target::Kling, None).unwrap();
        assert!(kling.external_task_id);
        assert_eq!(
            kling.question_url(&kling.api().ask_for_tasks(&["829", "83&0"])).as_str(),
            "https://api-singapore.klingai.com/tasks?task_ids=829,83%260"
        );
    }
}

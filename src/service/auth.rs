//! The `Authorization` header.

use std::sync::Mutex;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::Timestamp;
use reqwest::header::{HeaderValue, InvalidHeaderValue};
use sha2::Sha256;

use super::endpoint::Auth;
use super::secret::{Key, Mask};

/// How long a token lives, and how far it reaches back for clocks that differ, in seconds.
/// Source: kling-api sheet 7 (Kling's API document, 2026-11-22).
const LIFE: i64 = 1800;
const BACK: i64 = 5;
/// A token is used for this long; the rest of its life is for requests under way.
const USE: i64 = 1200;

/// Signs requests, and knows when to sign again.
#[derive(Debug)]
pub(super) struct Signer {
    auth: Auth,
    mask: Mask,
    token: Mutex<Token>,
}

#[derive(Debug, Default)]
struct Token {
    current: Option<(Key, Timestamp)>,
    /// Seconds by which the service's clock is ahead of ours, as far as it said.
    skew: i64,
}

impl Signer {
    pub(super) fn new(auth: Auth, mask: Mask) -> Signer {
        Signer { auth, mask, token: Mutex::default() }
    }

    /// Whether a new token could help where the last one was refused.
    pub(super) fn can_renew(&self) -> bool {
        matches!(self.auth, Auth::Signed { .. })
    }

    /// Forgets the token, and learns the service's clock where its answer has it.
    pub(super) fn renew(&self, now: Timestamp, service_clock: Option<Timestamp>) {
        let mut token = self.token.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        token.current = None;
        if let Some(theirs) = service_clock {
            token.skew = theirs.as_second().saturating_sub(now.as_second());
        }
    }

    pub(super) fn header(&self, now: Timestamp) -> Result<HeaderValue, InvalidHeaderValue> {
        let mut value = match &self.auth {
            Auth::Bearer(key) => HeaderValue::try_from(format!("Bearer {}", key.expose()))?,
            Auth::Signed { access, secret } => {
                let mut token = self.token.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
                let age = |signed: Timestamp| now.as_second().saturating_sub(signed.as_second());
                // A clock that was set back makes a token from the future: that one is signed again as well.
                let fresh = token.current.as_ref().is_some_and(|(_, signed)| (0..USE).contains(&age(*signed)));
                if !fresh && let Some(key) = Key::new(&sign(access, secret, now.as_second().saturating_add(token.skew)))
                {
                    self.mask.add(key.clone());
                    token.current = Some((key, now));
                }
                let text = token.current.as_ref().map_or("", |(key, _)| key.expose());
                HeaderValue::try_from(format!("Bearer {text}"))?
            }
        };
        value.set_sensitive(true);
        Ok(value)
    }
}

/// Which account a key belongs to, without giving the key away: 32 bits of a keyed digest.
pub(super) fn fingerprint(auth: &Auth) -> String {
    let key = match auth {
        Auth::Bearer(key) => key,
        Auth::Signed { access, .. } => access,
    };
    let mut mac = Hmac::<Sha256>::new_from_slice(key.expose().as_bytes()).expect("HMAC takes keys of every length");
    mac.update(b"clapboard account");
    hex::encode(&mac.finalize().into_bytes()[..4])
}

/// A JWT (HS256) as Kling wants it; `now` in Unix seconds.
fn sign(access: &Key, secret: &Key, now: i64) -> String {
    let header = URL_SAFE_NO_PAD.encode(r#"{"alg":"HS256","typ":"JWT"}"#);
    let claims = serde_json::json!({
        "iss": access.expose(),
        "exp": now.saturating_add(LIFE),
        "nbf": now.saturating_sub(BACK),
    });
    let signed = format!("{header}.{}", URL_SAFE_NO_PAD.encode(claims.to_string()));
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.expose().as_bytes()).expect("HMAC takes keys of every length");
    mac.update(signed.as_bytes());
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(text: &str) -> Key {
        Key::new(text).unwrap()
    }

    /// Made by an independent implementation (Python's hmac and base64).
    #[test]
    fn a_token_is_signed_as_others_sign_it() {
        assert_eq!(sign(&key("ak"), &key("sk-0123456789"), 1_763_820_000), ELSEWHERE);
    }

    const ELSEWHERE: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJhayIsImV4cCI6MTc2MzgyMTgwMCwibmJmIjoxNzYzODE5OTk1fQ._1xGbxM2iTTAh3ba-YETQ4Rizpa_fuIRNE1o_RqtKrI";

    #[test]
    fn an_account_has_one_fingerprint_whatever_its_secret_key() {
        let signed = |access, secret| fingerprint(&Auth::Signed { access: key(access), secret: key(secret) });
        assert_eq!(signed("ak-one", "sk"), signed("ak-one", "sk-renewed"));
        assert_ne!(signed("ak-one", "sk"), signed("ak-two", "sk"));
        assert_eq!(fingerprint(&Auth::Bearer(key("k"))).len(), 8);
    }

    #[test]
    fn a_token_is_kept_while_fresh_and_renewed_when_the_clock_jumps() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let mask = Mask::default();
        let signer = Signer::new(Auth::Signed { access: key("ak"), secret: key("sk") }, mask.clone());
        let first = signer.header(at(10_000)).unwrap();
        assert!(first.is_sensitive());
        assert!(mask.finds(first.to_str().unwrap()));
        assert_eq!(signer.header(at(10_500)).unwrap(), first);
        assert_ne!(signer.header(at(12_000)).unwrap(), first);
        assert_ne!(signer.header(at(5_000)).unwrap(), first);
        signer.renew(at(10_000), Some(at(20_000)));
        let theirs = Signer::new(Auth::Signed { access: key("ak"), secret: key("sk") }, Mask::default());
        assert_eq!(signer.header(at(10_000)).unwrap(), theirs.header(at(20_000)).unwrap());
    }
}

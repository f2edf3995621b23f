//! Kling's error codes, and the HTTP statuses that come without one: what each means for a clip and for its writer.

/// The consequence of a code for the shot that was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// There is no task; the service is full. The same request is sent again after a pause.
    Busy,
    /// There is no task; the signed token is too old or too new. With keys that sign, once more with a new token.
    Token,
    /// There is no task, and there will be none for any shot until the account, the key or the config is fixed.
    Account,
    /// There is no task because of this shot.
    Shot,
    /// Whether there is a task is not known.
    Unclear,
}

/// One row of the table.
#[derive(Debug, Clone, Copy)]
pub struct KlingError {
    /// Kling's code, where there was one.
    pub code: u32,
    /// The HTTP status that it comes with.
    pub http: u16,
    /// The consequence for the shot.
    pub meaning: Meaning,
    /// What happened, in plain words.
    pub what: &'static str,
    /// The next step for the user.
    pub next: &'static str,
    /// Where Kling says so, with the date of reading.
    pub source: &'static str,
}

const PAGE: &str = "https://kling.ai/document-api error codes, read 2026-11-22";
const PAGE_AND_PROBE: &str = "https://kling.ai/document-api error codes, read 2026-11-22; probed 2026-08-26";
const CONCURRENCY: &str = "https://kling.ai/document-api concurrency rules, read 2026-11-22";

const fn row(code: u32, http: u16, meaning: Meaning, what: &'static str, next: &'static str) -> KlingError {
    KlingError { code, http, meaning, what, next, source: PAGE }
}

/// All codes that Kling documents for this endpoint. A code that is not here is as unclear as no answer.
pub const ERRORS: &[KlingError] = &[
    KlingError {
        source: PAGE_AND_PROBE,
        ..row(1000, 401, Meaning::Account, "the service does not accept the key", "check the key and where it is from")
    },
    row(1001, 401, Meaning::Account, "no key arrived at the service", "check the key's environment variable"),
    KlingError {
        source: PAGE_AND_PROBE,
        ..row(
            1002,
            401,
            Meaning::Account,
            "the service does not know the key",
            "check that the key belongs to the host of `base_url`: keys of one region are not known in another",
        )
    },
    row(1003, 401, Meaning::Token, "the service finds the token not valid yet", "check this computer's clock"),
    row(
        1004,
        401,
        Meaning::Token,
        "the service finds the token expired",
        "check this computer's clock, or renew the key",
    ),
    row(1100, 429, Meaning::Account, "the account is not in order", "look at the account in the service's console"),
    row(1101, 429, Meaning::Account, "the account is in arrears", "pay what is open in the service's console"),
    row(
        1102,
        429,
        Meaning::Account,
        "the resource pack is used up or has expired",
        "buy a resource pack of API units: the web app's credits do not pay for it",
    ),
    row(
        1103,
        403,
        Meaning::Account,
        "the account may not use this API or this model",
        "ask for it in the service's console, or choose another `model`",
    ),
    row(1200, 400, Meaning::Shot, "the service finds the request wrong", "change what the message names"),
    row(1201, 400, Meaning::Shot, "the service does not take a value of the request", "change what the message names"),
    row(
        1202,
        404,
        Meaning::Shot,
        "the service does not know this kind of request",
        "check `api` and `base_url` in clapboard.toml",
    ),
    row(
        1203,
        404,
        Meaning::Shot,
        "the service does not have what the request names",
        "check the shot's `model`: the service may have retired it",
    ),
    row(1300, 400, Meaning::Shot, "the service's policy forbids it", "change the prompt or the frames"),
    row(
        1301,
        400,
        Meaning::Shot,
        "the service's content check refuses it",
        "change the words or the frames that it may object to",
    ),
    row(1302, 429, Meaning::Busy, "the service wants requests more slowly", "wait, or use a smaller `--jobs`"),
    KlingError {
        source: CONCURRENCY,
        ..row(
            1303,
            429,
            Meaning::Busy,
            "the account has as many clips in work as its packs allow",
            "wait, or use a smaller `--jobs`",
        )
    },
    row(
        1304,
        429,
        Meaning::Account,
        "this computer's address is not on the account's list",
        "add it in the service's console",
    ),
    row(5000, 500, Meaning::Unclear, "the service had an internal error", "settle it as said below"),
    row(5001, 503, Meaning::Unclear, "the service is under maintenance", "settle it as said below"),
    row(5002, 504, Meaning::Unclear, "the service was too slow for itself", "settle it as said below"),
];

/// The meaning of an HTTP status if the answer has no code of Kling's.
#[derive(Debug, Clone, Copy)]
pub(super) struct StatusError {
    pub http: u16,
    pub meaning: Meaning,
    pub what: &'static str,
    pub next: &'static str,
}

const fn status(http: u16, meaning: Meaning, what: &'static str, next: &'static str) -> StatusError {
    StatusError { http, meaning, what, next }
}

const NAMED: &str = "change what the message names";
const TOO_LARGE: &str = "give the frames as https:// addresses, or use smaller pictures";

/// Every other status leaves it open whether there is a task.
const STATUSES: &[StatusError] = &[
    status(400, Meaning::Shot, "the service finds the request wrong", NAMED),
    status(
        401,
        Meaning::Account,
        "the service does not accept the key",
        "check the key, and that it belongs to the host of `base_url`",
    ),
    status(402, Meaning::Account, "the account has no credit", "top up the account that the key belongs to"),
    status(
        403,
        Meaning::Account,
        "the key may not do this",
        "check the balance of the key's account, and which models the key may use",
    ),
    status(
        404,
        Meaning::Account,
        "there is no such API at this address",
        "check `api` and `base_url` in clapboard.toml",
    ),
    status(
        405,
        Meaning::Account,
        "there is no such API at this address",
        "check `api` and `base_url` in clapboard.toml",
    ),
    status(406, Meaning::Shot, "the service finds the request wrong", NAMED),
    status(410, Meaning::Shot, "the service no longer offers this", NAMED),
    status(411, Meaning::Shot, "the service finds the request wrong", NAMED),
    status(413, Meaning::Shot, "the request is too large for the service", TOO_LARGE),
    status(414, Meaning::Shot, "the service finds the request wrong", NAMED),
    status(415, Meaning::Shot, "the service finds the request wrong", NAMED),
    status(422, Meaning::Shot, "the service does not take a value of the request", NAMED),
    status(429, Meaning::Busy, "the service wants requests more slowly", "wait, or use a smaller `--jobs`"),
    status(431, Meaning::Shot, "the service finds the request wrong", NAMED),
    status(451, Meaning::Shot, "the service may not make this clip", "change the prompt or the frames"),
];

/// The meaning of an HTTP status by itself.
pub(super) fn status_error(http: u16) -> Option<&'static StatusError> {
    STATUSES.iter().find(|row| row.http == http)
}

/// The row of a code.
pub fn kling_error(code: u32) -> Option<&'static KlingError> {
    ERRORS.iter().find(|row| row.code == code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_says_what_the_contract_says() {
        for (codes, meaning) in [
            (&[1302, 1303][..], Meaning::Busy),
            (&[1003, 1004], Meaning::Token),
            (&[1000, 1001, 1002, 1100, 1101, 1102, 1103, 1304], Meaning::Account),
            (&[1200, 1201, 1202, 1203, 1300, 1301], Meaning::Shot),
            (&[5000, 5001, 5002], Meaning::Unclear),
        ] {
            for code in codes {
                assert_eq!(kling_error(*code).map(|row| row.meaning), Some(meaning), "{code}");
            }
        }
        assert_eq!(ERRORS.len(), 21);
        assert!(ERRORS.is_sorted_by_key(|row| row.code));
        for (statuses, meaning) in [
            (&[401, 402, 403, 404, 405][..], Some(Meaning::Account)),
            (&[400, 406, 410, 411, 413, 414, 415, 422, 431, 451], Some(Meaning::Shot)),
            (&[429], Some(Meaning::Busy)),
            (&[200, 302, 408, 409, 425, 500, 502, 503, 504, 524], None),
        ] {
            for http in statuses {
                assert_eq!(status_error(*http).map(|row| row.meaning), meaning, "{http}");
            }
        }
        assert!(STATUSES.is_sorted_by_key(|row| row.http));
    }
}

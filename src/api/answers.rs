//! The answer to a POST, read: what both forms of Kling's API have in common, and gateways with them. Each room adds how its own tasks are
//! described and which words blame which field.
//!
//! An answer that does not fit is unclear, and unclear is never read as a no.

use serde_json::Value;

use super::errors::{Meaning, kling_error, status_error};
use super::evidence::{candidate, task_id};
use super::new_api::{self, without_request_id};

/// The outcome of a POST.
#[derive(Debug)]
pub enum Created {
    /// The connection failed before the request was written.
    NotSent(String),
    /// The service has the task.
    Accepted {
        /// The service's id of the task.
        task_id: String,
    },
    /// The service said no: there is no task.
    Refused(Refused),
    /// It may or may not have been taken.
    Unknown(Doubt),
}

/// The service's no.
#[derive(Debug)]
pub struct Refused {
    /// Kling's code, where there was one.
    pub code: Option<u32>,
    /// The consequence for this shot and the others.
    pub meaning: Meaning,
    /// What happened, in plain words.
    pub what: &'static str,
    /// The service's own words.
    pub message: String,
    /// The next step for the user.
    pub next: &'static str,
}

/// An answer, or none, that leaves it open whether the service has the task.
#[derive(Debug, Default)]
pub struct Doubt {
    /// Why it is open.
    pub reason: String,
    /// The beginning of what the service answered.
    pub answer: Option<String>,
    /// A likely task id in that answer.
    pub candidate: Option<String>,
}

/// The outcome of asking for an attempt.
#[derive(Debug, Clone, PartialEq)]
pub enum Looked {
    /// The service has it.
    Found {
        /// The service's id of the task.
        task_id: String,
    },
    /// The service says that it does not have it.
    Absent,
    /// Neither of both, with the reason.
    CannotSay(String),
}

/// The identifying parts of a request.
#[derive(Debug, Clone, Copy, Default)]
pub struct Sent<'a> {
    /// The `external_task_id` in it.
    pub external_id: Option<&'a str>,
    /// Whether an earlier request had the same.
    pub is_repeat: bool,
}

impl Created {
    /// The same with `change` made to every text that came from the service.
    pub fn map_text(self, change: impl Fn(&str) -> String) -> Created {
        match self {
            Created::Refused(refused) => Created::Refused(Refused { message: change(&refused.message), ..refused }),
            Created::Unknown(doubt) => Created::Unknown(Doubt {
                reason: change(&doubt.reason),
                answer: doubt.answer.map(|answer| change(&answer)).filter(|answer| !answer.is_empty()),
                candidate: doubt.candidate,
            }),
            Created::NotSent(_) | Created::Accepted { .. } => self,
        }
    }
}

impl Looked {
    /// The same with `change` made to every text that came from the service.
    pub fn map_text(self, change: impl Fn(&str) -> String) -> Looked {
        match self {
            Looked::CannotSay(reason) => Looked::CannotSay(change(&reason)),
            other => other,
        }
    }
}

/// The body fields that a refusal blames.
pub(super) type Blamed = fn(&str) -> Vec<String>;

/// Reads the answer to a POST. `broke` says why no more of the body came, where it was cut off.
pub(super) fn created(http: u16, body: &[u8], broke: Option<&str>, sent: Sent<'_>, blamed: Blamed) -> Created {
    let doubt = |reason: String| {
        let answer = Some(String::from_utf8_lossy(body).into_owned());
        Created::Unknown(Doubt { reason, answer, candidate: candidate(body) })
    };
    let Some(answer) = json(body) else {
        let reason = match broke {
            Some(problem) => format!("HTTP {http}, and then {problem}"),
            None => format!("HTTP {http}, and the answer is not JSON"),
        };
        let message = words_of_page(body);
        return by_status(http, &message).filter(|_| candidate(body).is_none()).unwrap_or_else(|| doubt(reason));
    };
    let task_id = task_id(&answer);
    match code(&answer, http) {
        Code::Kling { code, message } if code != 0 => {
            let Some(row) = kling_error(code) else {
                return doubt(format!("HTTP {http}, code {code}, which Kling does not document: {message}"));
            };
            if is_duplicate(row.meaning, &message, sent, blamed) {
                return doubt(format!("the service has had this external_task_id before: {message}"));
            }
            // A no that names a task contradicts itself, and so does one with the status of a failure on the way.
            let agrees = if row.meaning == Meaning::Busy { http == row.http } else { http < 500 };
            if row.meaning == Meaning::Unclear || task_id.is_some() || !agrees {
                return doubt(format!("HTTP {http}, code {code}: {message}"));
            }
            let (meaning, what, next) = (row.meaning, row.what, row.next);
            Created::Refused(Refused { code: Some(code), meaning, what, message, next })
        }
        Code::Other { code, message } => {
            let refused = in_own_words(&code, http, &message).or_else(|| by_status(http, &message));
            let reason = || doubt(format!("HTTP {http}, `{code}`: {message}"));
            refused.filter(|_| task_id.is_none()).unwrap_or_else(reason)
        }
        good @ (Code::Kling { .. } | Code::Success | Code::None { .. }) => {
            // Kling's own code 0 counts whatever the HTTP status; a body without a code needs a good status.
            let said_yes = matches!(good, Code::Kling { .. }) || (200..300).contains(&http);
            match (task_id, good) {
                (Some(task_id), _) if said_yes => Created::Accepted { task_id },
                (None, Code::None { message }) => by_status(http, &message)
                    .filter(|_| candidate(body).is_none())
                    .unwrap_or_else(|| doubt(format!("HTTP {http}, and the answer has no task id that can be used"))),
                _ => doubt(format!("HTTP {http}, and the answer has no task id that can be used")),
            }
        }
    }
}

/// Whether a refusal is about an `external_task_id` that the service has had before: then the first request was taken.
fn is_duplicate(meaning: Meaning, message: &str, sent: Sent<'_>, blamed: Blamed) -> bool {
    const WORDS: &[&str] = &["duplicat", "exist", "already", "repeat", "unique", "used", "重复", "存在"];
    if meaning != Meaning::Shot || sent.external_id.is_none() {
        return false;
    }
    let lower = message.to_lowercase();
    let plain: String = lower.chars().filter(|c| !matches!(c, '_' | ' ' | '-')).collect();
    let names_it = plain.contains("externaltaskid") || sent.external_id.is_some_and(|id| message.contains(id));
    // A service may refuse a repeated request without a word about why: only a refusal that blames a field of the shot is about the shot.
    names_it && WORDS.iter().any(|word| lower.contains(word)) || sent.is_repeat && blamed(message).is_empty()
}

/// A refusal in new-api's own words.
fn in_own_words(code: &str, http: u16, message: &str) -> Option<Created> {
    let word = new_api::refusal(code, http, message)?;
    let message = if message.is_empty() { code } else { without_request_id(message) }.to_owned();
    Some(Created::Refused(Refused { code: None, meaning: word.meaning, what: word.what, message, next: word.next }))
}

/// A refusal by the HTTP status alone.
fn by_status(http: u16, message: &str) -> Option<Created> {
    let row = status_error(http)?;
    let words = without_request_id(message);
    let message = if words.is_empty() { format!("HTTP {http}") } else { format!("HTTP {http}: {words}") };
    Some(Created::Refused(Refused { code: None, meaning: row.meaning, what: row.what, message, next: row.next }))
}

/// JSON as services send it: a byte order mark before it and a text in another encoding inside of it do no harm.
pub(super) fn json(body: &[u8]) -> Option<Value> {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    serde_json::from_slice(body).ok().or_else(|| serde_json::from_str(&String::from_utf8_lossy(body)).ok())
}

/// The gist of a page that is not JSON: its title, or else its beginning.
fn words_of_page(body: &[u8]) -> String {
    const MOST: usize = 300;
    let text = String::from_utf8_lossy(body);
    let lower = text.to_ascii_lowercase();
    let title = lower.find("<title>").map(|start| start + "<title>".len()).and_then(|start| {
        let end = lower[start..].find("</title>")?;
        text.get(start..start + end)
    });
    title.unwrap_or(&text).chars().take(MOST).collect::<String>().trim().to_owned()
}

/// An answer's `code`.
pub(super) enum Code {
    /// A number of Kling's, in its own envelope or alone inside a gateway's message.
    Kling {
        code: u32,
        message: String,
    },
    /// new-api's `success`.
    Success,
    /// A word or number that is neither.
    Other {
        code: String,
        message: String,
    },
    None {
        message: String,
    },
}

/// How many envelopes may lie in each other.
const DEEPEST: usize = 4;
/// Kling's codes have four digits. A smaller number is a gateway's own, often the HTTP status.
const LOWEST_CODE: u32 = 1000;

pub(super) fn code(answer: &Value, http: u16) -> Code {
    let message = first_text(answer, &["/message", "/error/message", "/msg", "/error"]).unwrap_or_default();
    let outer = match answer.get("code").or_else(|| answer.pointer("/error/code")) {
        None | Some(Value::Null) if answer.get("error").is_some_and(|error| !error.is_null()) => {
            Code::Other { code: String::new(), message: message.clone() }
        }
        None | Some(Value::Null) => Code::None { message: message.clone() },
        Some(Value::String(word)) if word == "success" => Code::Success,
        Some(value) => {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            match text.parse::<u32>() {
                Ok(code) if code == 0 || kling_error(code).is_some() => return Code::Kling { code, message },
                Ok(code) if value.is_number() && code >= LOWEST_CODE => return Code::Kling { code, message },
                _ => Code::Other { code: text, message: message.clone() },
            }
        }
    };
    if matches!(outer, Code::Success) {
        return outer;
    }
    inner_code(&message, http, DEEPEST).unwrap_or(outer)
}

/// Kling's code in a gateway's message. It counts only where Kling's answer is all that the message has, and only with the HTTP
/// status that Kling sends it with: a gateway that tried several channels quotes the first one's refusal next to the last one's
/// failure.
fn inner_code(message: &str, http: u16, depth: usize) -> Option<Code> {
    let inner: Value = serde_json::from_str(without_request_id(message)).ok().filter(Value::is_object)?;
    let message = first_text(&inner, &["/message", "/error/message", "/msg"]).unwrap_or_default();
    let code = inner.get("code").or_else(|| inner.pointer("/error/code"));
    let code = code.and_then(|code| code.as_u64().or_else(|| code.as_str()?.parse().ok()));
    match code.and_then(|code| kling_error(u32::try_from(code).ok()?)) {
        Some(row) => (row.http == http).then_some(Code::Kling { code: row.code, message }),
        None => depth.checked_sub(1).and_then(|depth| inner_code(&message, http, depth)),
    }
}

/// The reason why an answer cannot be used.
pub(super) fn problem(http: u16, answer: &Value) -> Option<String> {
    match code(answer, http) {
        Code::Kling { code, message } if code != 0 => Some(format!("HTTP {http}, code {code}: {message}")),
        Code::Other { code, message } => Some(format!("HTTP {http}, `{code}`: {message}")),
        _ if !(200..300).contains(&http) => Some(format!("HTTP {http}")),
        _ => None,
    }
}

pub(super) fn first_text(answer: &Value, paths: &[&str]) -> Option<String> {
    paths.iter().filter_map(|path| answer.pointer(path)?.as_str()).find(|text| !text.is_empty()).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn say(created: Created) -> String {
        match created {
            Created::Accepted { task_id } => format!("accepted {task_id}"),
            Created::Refused(Refused { code: Some(code), message, .. }) => format!("refused {code} {message}"),
            Created::Refused(refused) => format!("{:?}: {}", refused.meaning, refused.message),
            Created::Unknown(Doubt { candidate: Some(candidate), .. }) => format!("unclear, {candidate}?"),
            Created::Unknown(_) => "unclear".into(),
            Created::NotSent(reason) => reason,
        }
    }

    fn read(http: u16, body: &[u8], broke: Option<&str>, sent: Sent<'_>) -> Created {
        created(http, body, broke, sent, super::super::legacy::blamed_fields)
    }

    fn create(http: u16, body: &Value) -> String {
        say(read(http, body.to_string().as_bytes(), None, Sent::default()))
    }

    #[test]
    fn an_order_is_accepted_only_with_its_task() {
        for (http, body, expected) in [
            (
                200,
                json!({"code": 0, "message": "SUCCEED", "data": {"task_id": "829", "task_status": "submitted"}}),
                "accepted 829",
            ),
            (200, json!({"code": 0, "data": {"task_id": 829877809978941442u64}}), "accepted 829877809978941442"),
            (
                200,
                json!({"id": "task_x", "task_id": "task_x", "object": "video", "status": "queued"}),
                "accepted task_x",
            ),
            (201, json!({"code": "success", "data": {"task_id": "a="}}), "accepted a="),
            (500, json!({"code": 0, "data": {"task_id": "829"}}), "accepted 829"),
            (200, json!({"code": 0, "message": "SUCCEED"}), "unclear"),
            (200, json!({"code": 0, "data": {"task_id": ""}}), "unclear"),
            (200, json!({"code": 0, "data": {"task_id": ""}, "id": "829"}), "accepted 829"),
            (200, json!({"code": 0, "data": {"task_id": "../../admin"}}), "unclear"),
            (200, json!({"code": 0, "data": {"task_id": 1.5}}), "unclear"),
            (200, json!({"code": 0, "data": {"taskId": "829"}}), "unclear, 829?"),
            (200, json!({"code": 0, "data": [{"task_id": "829"}]}), "unclear, 829?"),
            (200, json!({"code": 200, "data": {"task_id": "829"}}), "unclear, 829?"),
            (200, json!({"code": 1, "data": {"task_id": "829"}}), "unclear, 829?"),
            (200, json!({"code": -1, "data": {"task_id": "829"}}), "unclear, 829?"),
            (502, json!({"id": "829"}), "unclear, 829?"),
            (200, json!({"id": "829", "error": {"message": "no"}}), "unclear, 829?"),
            (200, json!([]), "unclear"),
            (200, json!(null), "unclear"),
        ] {
            assert_eq!(create(http, &body), expected, "{http} {body}");
        }
        let good = json!({"code": 0, "data": {"task_id": "829"}}).to_string();
        let marked = [b"\xef\xbb\xbf", good.as_bytes()].concat();
        assert_eq!(say(read(200, &marked, None, Sent::default())), "accepted 829");
        let odd = [b"{\"message\":\"\xb3\xc9\",", &good.as_bytes()[1..]].concat();
        assert_eq!(say(read(200, &odd, None, Sent::default())), "accepted 829");
        let cut = &good.as_bytes()[..good.len() - 1];
        assert_eq!(say(read(200, cut, Some("it broke off"), Sent::default())), "unclear, 829?");
        let deep = "{\"a\":".repeat(100_000);
        assert_eq!(say(read(200, deep.as_bytes(), None, Sent::default())), "unclear");
    }

    #[test]
    fn a_text_of_which_nothing_is_left_is_not_shown() {
        let doubt = |answer: &str| {
            Created::Unknown(Doubt { reason: "cut".into(), answer: Some(answer.into()), candidate: None })
        };
        for (change, answer) in [("", None), ("***", Some("***".to_owned()))] {
            let Created::Unknown(changed) = doubt("key").map_text(|text| text.replace("key", change)) else { panic!() };
            assert_eq!(changed.answer, answer);
        }
    }

    #[test]
    fn a_code_counts_with_its_own_status_and_alone() {
        let inner = |code: u32| json!({"code": code, "message": "no", "request_id": "r"}).to_string();
        let wrapped = |text: String| json!({"code": "fail_to_fetch_task", "message": text, "data": null});
        for (http, body, expected) in [
            (400, json!({"code": 1201, "message": "bad"}), "refused 1201 bad"),
            (400, json!({"code": "1201", "message": "bad"}), "refused 1201 bad"),
            (200, json!({"code": 1201, "message": "bad"}), "refused 1201 bad"),
            (499, json!({"code": 1201, "message": "bad"}), "refused 1201 bad"),
            (500, json!({"code": 1201, "message": "bad"}), "unclear"),
            (400, json!({"code": 1201, "message": "bad", "data": {"task_id": "829"}}), "unclear, 829?"),
            (429, json!({"code": 1303, "message": "full"}), "refused 1303 full"),
            (504, json!({"code": 1303, "message": "full"}), "unclear"),
            (200, json!({"code": 1303, "message": "full"}), "unclear"),
            (500, json!({"code": 5000, "message": "internal"}), "unclear"),
            (400, json!({"code": 1999, "message": "?"}), "unclear"),
            (429, wrapped(inner(1303)), "refused 1303 no"),
            (429, wrapped(format!("{} (request id: 2026)", inner(1102))), "refused 1102 no"),
            (400, json!({"error": {"message": inner(1201), "type": "upstream_error", "code": "x"}}), "refused 1201 no"),
            (400, wrapped(wrapped(inner(1301)).to_string()), "refused 1301 no"),
            (504, wrapped(inner(1303)), "unclear"),
            (504, wrapped(format!("channel 3: {}; channel 7: deadline exceeded", inner(1303))), "unclear"),
            (500, json!({"code": 500, "message": inner(1303)}), "unclear"),
            (502, wrapped(json!({"code": 0}).to_string()), "unclear"),
        ] {
            assert_eq!(create(http, &body), expected, "{http} {body}");
        }
    }

    #[test]
    fn without_a_code_the_status_and_new_apis_words_count() {
        let error = |message: &str, code: &str| json!({"error": {"code": code, "message": format!("{message} (request id: 7)"), "type": "new_api_error"}});
        for (http, body, expected) in [
            (401, error("Invalid token", ""), "Account: HTTP 401: Invalid token"),
            (403, error("quota", "insufficient_user_quota"), "Account: quota"),
            (
                503,
                error("No available channel for model kling-v3", "model_not_found"),
                "Account: No available channel for model kling-v3",
            ),
            (
                429,
                json!({"code": "fail_to_fetch_task", "message": "当前分组上游负载已饱和", "data": null}),
                "Busy: HTTP 429: 当前分组上游负载已饱和",
            ),
            (
                400,
                json!({"code": "invalid_request", "message": "prompt is required", "data": null}),
                "Shot: prompt is required",
            ),
            (
                400,
                json!({"code": "task_failed", "message": "prompt too long", "data": null}),
                "Shot: HTTP 400: prompt too long",
            ),
            (404, json!({}), "Account: HTTP 404"),
            (401, json!({"code": 401, "message": "no", "data": {"task_id": "829"}}), "unclear, 829?"),
            (500, json!({"code": "do_request_failed", "message": "deadline"}), "unclear"),
            (408, error("slow", ""), "unclear"),
            (409, json!({}), "unclear"),
        ] {
            assert_eq!(create(http, &body), expected, "{http} {body}");
        }
        let page = b"<html><head><title>413 Request Entity Too Large</title></head></html>";
        let said = say(read(413, page, None, Sent::default()));
        assert_eq!(said, "Shot: HTTP 413: 413 Request Entity Too Large");
        assert_eq!(say(read(502, b"<html>Bad Gateway", None, Sent::default())), "unclear");
        assert_eq!(say(read(401, b"", Some("it broke off"), Sent::default())), "Account: HTTP 401");
    }

    #[test]
    fn a_refused_external_task_id_means_that_there_is_a_task() {
        let say = |message: &str, sent| {
            say(read(400, json!({"code": 1201, "message": message}).to_string().as_bytes(), None, sent))
        };
        let sent = Sent { external_id: Some("0123abcd"), is_repeat: false };
        for message in ["external_task_id already exists", "Duplicate externalTaskId", "0123abcd is not unique"] {
            assert_eq!(say(message, sent), "unclear", "{message}");
        }
        assert_eq!(say("external_task_id is not supported", sent), "refused 1201 external_task_id is not supported");
        assert_eq!(say("Illegal request", sent), "refused 1201 Illegal request");
        let repeat = Sent { is_repeat: true, ..sent };
        assert_eq!(say("Illegal request", repeat), "unclear");
        assert_eq!(say("prompt is too long", repeat), "refused 1201 prompt is too long");
        assert_eq!(
            say("external_task_id already exists", Sent::default()),
            "refused 1201 external_task_id already exists"
        );
    }
}

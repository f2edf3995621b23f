//! The answers of Kling and of new-api gateways, read.
//!
//! Shapes: kling-api sheet 5 (Kling's API document and new-api's source, 2026-11-22). What does not fit them is unclear, and unclear is
//! never taken for a no.

use serde_json::Value;

use super::errors::{KlingError, Meaning, kling_error};

/// What an answer to a POST says. Texts are as the service wrote them.
#[derive(Debug)]
pub(super) enum CreateAnswer {
    Accepted { task_id: String },
    Refused { row: &'static KlingError, message: String },
    Unclear(String),
}

/// What an answer to the question for a task says.
#[derive(Debug, PartialEq)]
pub(super) enum TaskAnswer {
    /// The task is known and not at its end. The status word, as the service wrote it.
    Pending(String),
    Ready {
        url: String,
        units: Option<f64>,
    },
    Failed {
        message: String,
        units: Option<f64>,
    },
    Unclear(String),
}

/// What an answer to the question for an attempt says.
#[derive(Debug, PartialEq)]
pub(super) enum LookAnswer {
    Found { task_id: String },
    Absent,
    Unclear(String),
}

/// Longest task id that is taken. Kling's have 18 or 19 digits.
const LONGEST_ID: usize = 128;

pub(super) fn read_create(http: u16, body: &[u8]) -> CreateAnswer {
    let Ok(answer) = serde_json::from_slice::<Value>(body) else {
        return CreateAnswer::Unclear(format!("HTTP {http}, and the answer is no JSON"));
    };
    let task_id = task_id(&answer);
    match code(&answer) {
        Code::Kling { code, message } if code != 0 => {
            let Some(row) = kling_error(code) else {
                return CreateAnswer::Unclear(format!(
                    "HTTP {http}, code {code}, which Kling does not document: {message}"
                ));
            };
            // A no that names a task contradicts itself.
            if row.meaning == Meaning::Unclear || task_id.is_some() {
                return CreateAnswer::Unclear(format!("HTTP {http}, code {code}: {message}"));
            }
            CreateAnswer::Refused { row, message }
        }
        Code::Other { code, message } => CreateAnswer::Unclear(format!("HTTP {http}, `{code}`: {message}")),
        good @ (Code::Kling { .. } | Code::Success | Code::None) => {
            // Kling's own code 0 counts whatever the HTTP status; a body without a code needs a good status.
            let said_yes = matches!(good, Code::Kling { .. }) || (200..300).contains(&http);
            match task_id {
                Some(task_id) if said_yes => CreateAnswer::Accepted { task_id },
                _ => CreateAnswer::Unclear(format!("HTTP {http}, and the answer has no task id that can be used")),
            }
        }
    }
}

pub(super) fn read_task(http: u16, body: &[u8]) -> TaskAnswer {
    let Ok(answer) = serde_json::from_slice::<Value>(body) else {
        return TaskAnswer::Unclear(format!("HTTP {http}, and the answer is no JSON"));
    };
    // In an OpenAI video object, which has no `code`, `error` is the task's own and not the question's.
    let is_video = answer.get("code").is_none() && answer.get("status").is_some_and(Value::is_string);
    if let Some(problem) = problem(http, &answer).filter(|_| !(is_video && (200..300).contains(&http))) {
        return TaskAnswer::Unclear(problem);
    }
    let status = first(&answer, &["/data/task_status", "/data/status", "/data/data/data/task_status", "/status"]);
    let Some(status) = status.and_then(Value::as_str) else {
        return TaskAnswer::Unclear(format!("HTTP {http}, and the answer has no task status"));
    };
    let units =
        first(&answer, &["/data/final_unit_deduction", "/data/data/data/final_unit_deduction"]).and_then(number);
    match status {
        "succeed" | "succeeded" | "SUCCESS" | "completed" => {
            let url = first_text(
                &answer,
                &[
                    "/data/task_result/videos/0/url",
                    "/data/data/data/task_result/videos/0/url",
                    "/data/result_url",
                    "/metadata/url",
                ],
            );
            match url {
                Some(url) => TaskAnswer::Ready { url, units },
                None => TaskAnswer::Unclear(format!("the task is `{status}`, but the answer has no clip")),
            }
        }
        "failed" | "FAILURE" => {
            let message = first_text(
                &answer,
                &["/data/task_status_msg", "/data/data/data/task_status_msg", "/data/fail_reason", "/error/message"],
            );
            TaskAnswer::Failed { message: message.unwrap_or_else(|| "the service gives no reason".into()), units }
        }
        other => TaskAnswer::Pending(other.to_owned()),
    }
}

/// `attempt` is what was asked for, as `external_task_id`.
pub(super) fn read_look(http: u16, body: &[u8], attempt: &str) -> LookAnswer {
    let Ok(answer) = serde_json::from_slice::<Value>(body) else {
        return LookAnswer::Unclear(format!("HTTP {http}, and the answer is no JSON"));
    };
    if let Code::Kling { code, message } = code(&answer)
        && says_absent(code, &message, attempt)
        && task_id(&answer).is_none()
    {
        return LookAnswer::Absent;
    }
    if let Some(problem) = problem(http, &answer) {
        return LookAnswer::Unclear(problem);
    }
    let echo = first_text(&answer, &["/data/task_info/external_task_id", "/data/external_task_id"]);
    match (task_id(&answer), echo) {
        (_, Some(echo)) if echo != attempt => {
            LookAnswer::Unclear("the service answered with somebody else's task".into())
        }
        (Some(task_id), _) if task_id != attempt => LookAnswer::Found { task_id },
        _ => LookAnswer::Unclear(format!("HTTP {http}, and the answer has no task id that can be used")),
    }
}

/// Kling says that a task does not exist with 1203, or with a 1201 that names the task. A 1201 about what the service supports says
/// nothing about this task.
fn says_absent(code: u32, message: &str, attempt: &str) -> bool {
    let lower = message.to_lowercase();
    match code {
        1203 => true,
        1201 => (lower.contains("task") || message.contains(attempt)) && !lower.contains("support"),
        _ => false,
    }
}

/// What an answer's `code` is.
enum Code {
    /// A number of Kling's, in its own envelope or inside a gateway's message.
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
    None,
}

/// How many envelopes may lie in each other.
const DEEPEST: usize = 4;

fn code(answer: &Value) -> Code {
    code_at(answer, DEEPEST)
}

fn code_at(answer: &Value, depth: usize) -> Code {
    let message = first_text(answer, &["/message", "/error/message", "/msg"]).unwrap_or_default();
    let outer = match answer.get("code").or_else(|| answer.pointer("/error/code")) {
        None | Some(Value::Null) if answer.get("error").is_some_and(|error| !error.is_null()) => {
            Code::Other { code: "error".into(), message: message.clone() }
        }
        None | Some(Value::Null) => Code::None,
        Some(Value::String(word)) if word == "success" => Code::Success,
        Some(value) => {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            match text.parse::<u32>() {
                Ok(code) if code == 0 || kling_error(code).is_some() => {
                    return Code::Kling { code, message };
                }
                Ok(code) if value.is_number() => Code::Kling { code, message: message.clone() },
                _ => Code::Other { code: text, message: message.clone() },
            }
        }
    };
    if depth > 0
        && !matches!(outer, Code::Success)
        && let Some(inner) = embedded(&message)
        && let Code::Kling { code, message } = code_at(&inner, depth - 1)
        && code != 0
    {
        return Code::Kling { code, message };
    }
    outer
}

/// The JSON object that a text has in it.
fn embedded(text: &str) -> Option<Value> {
    let start = text.find('{')?;
    let mut values = serde_json::Deserializer::from_str(&text[start..]).into_iter::<Value>();
    values.next()?.ok().filter(Value::is_object)
}

/// What keeps an answer to a question from being one.
fn problem(http: u16, answer: &Value) -> Option<String> {
    match code(answer) {
        Code::Kling { code, message } if code != 0 => Some(format!("HTTP {http}, code {code}: {message}")),
        Code::Other { code, message } => Some(format!("HTTP {http}, `{code}`: {message}")),
        _ if !(200..300).contains(&http) => Some(format!("HTTP {http}")),
        _ => None,
    }
}

/// The task id, if it is one that can stand in a URL and in the ledger.
fn task_id(answer: &Value) -> Option<String> {
    let id = ["/data/task_id", "/task_id", "/id", "/data/id"].into_iter().find_map(|path| {
        match answer.pointer(path)? {
            Value::String(text) if !text.is_empty() => Some(text.clone()),
            Value::Number(number) if number.is_u64() => Some(number.to_string()),
            _ => None,
        }
    })?;
    is_task_id(&id).then_some(id)
}

/// Whether this could be a task id: letters, digits and `. _ : -`, not only dots.
pub fn is_task_id(id: &str) -> bool {
    id.len() <= LONGEST_ID
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._:-".contains(&byte))
        && id.bytes().any(|byte| byte.is_ascii_alphanumeric())
}

fn first<'a>(answer: &'a Value, paths: &[&str]) -> Option<&'a Value> {
    paths.iter().filter_map(|path| answer.pointer(path)).find(|value| !value.is_null())
}

fn first_text(answer: &Value, paths: &[&str]) -> Option<String> {
    paths.iter().filter_map(|path| answer.pointer(path)?.as_str()).find(|text| !text.is_empty()).map(str::to_owned)
}

fn number(value: &Value) -> Option<f64> {
    let number = value.as_f64().or_else(|| value.as_str()?.trim().parse().ok())?;
    (number.is_finite() && number >= 0.0).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn create(http: u16, body: Value) -> String {
        match read_create(http, body.to_string().as_bytes()) {
            CreateAnswer::Accepted { task_id } => format!("accepted {task_id}"),
            CreateAnswer::Refused { row, message } => format!("refused {} {message}", row.code),
            CreateAnswer::Unclear(_) => "unclear".into(),
        }
    }

    #[test]
    fn answers_to_a_post() {
        let inner =
            json!({"code": 1303, "message": "parallel task over resource pack limit", "request_id": "r"}).to_string();
        let cases = [
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
            (200, json!({"code": "success", "data": {"task_id": "t"}}), "accepted t"),
            (500, json!({"code": 0, "data": {"task_id": "829"}}), "accepted 829"),
            (400, json!({"code": 1201, "message": "bad"}), "refused 1201 bad"),
            (400, json!({"code": "1201", "message": "bad"}), "refused 1201 bad"),
            (
                429,
                json!({"code": "fail_to_fetch_task", "message": inner, "data": null}),
                "refused 1303 parallel task over resource pack limit",
            ),
            (
                429,
                json!({"code": "fail_to_fetch_task", "message": format!("upstream: {inner} (429)")}),
                "refused 1303 parallel task over resource pack limit",
            ),
            (
                400,
                json!({"error": {"message": inner, "type": "upstream_error", "code": "x"}}),
                "refused 1303 parallel task over resource pack limit",
            ),
            (500, json!({"code": 500, "message": inner}), "refused 1303 parallel task over resource pack limit"),
            // From here on nobody can say.
            (200, json!({"code": 0, "message": "SUCCEED"}), "unclear"),
            (200, json!({"code": 0, "data": {"task_id": ""}}), "unclear"),
            (200, json!({"code": 0, "data": {"task_id": ".."}}), "unclear"),
            (200, json!({"code": 0, "data": {"task_id": "../../admin"}}), "unclear"),
            (200, json!({"code": 0, "data": {"task_id": 1.5}}), "unclear"),
            (200, json!({"code": 0, "data": {"task_id": "9".repeat(200)}}), "unclear"),
            (400, json!({"code": 1201, "message": "bad", "data": {"task_id": "829"}}), "unclear"),
            (400, json!({"code": "invalid_request", "message": "prompt is required", "data": null}), "unclear"),
            (400, json!({"code": "fail_to_fetch_task", "message": json!({"code": 0}).to_string()}), "unclear"),
            (500, json!({"code": 5000, "message": "internal"}), "unclear"),
            (400, json!({"code": 1999, "message": "?"}), "unclear"),
            (200, json!({"code": 200, "data": {"task_id": "829"}}), "unclear"),
            (200, json!({"code": -1, "data": {"task_id": "829"}}), "unclear"),
            (502, json!({"id": "829"}), "unclear"),
            (200, json!({"id": "829", "error": {"message": "no"}}), "unclear"),
            (200, json!([]), "unclear"),
            (200, json!(null), "unclear"),
        ];
        for (http, body, expected) in cases {
            assert_eq!(create(http, body.clone()), expected, "{http} {body}");
        }
        assert!(matches!(read_create(502, b"<html>Bad Gateway"), CreateAnswer::Unclear(_)));
        let deep = "{\"a\":".repeat(100_000);
        assert!(matches!(read_create(200, deep.as_bytes()), CreateAnswer::Unclear(_)));
    }

    #[test]
    fn answers_about_a_task() {
        let url = "https://cdn.example/x.mp4";
        let kling = json!({"code": 0, "data": {"task_id": "1", "task_status": "succeed", "final_unit_deduction": "4.5",
            "task_result": {"videos": [{"id": "v", "url": url, "duration": "5"}]}}});
        let ready = |units| TaskAnswer::Ready { url: url.into(), units };
        let cases = [
            (kling.clone(), ready(Some(4.5))),
            (json!({"code": "success", "data": {"status": "SUCCESS", "data": kling}}), ready(Some(4.5))),
            (json!({"code": "success", "data": {"status": "SUCCESS", "result_url": url}}), ready(None)),
            (json!({"id": "1", "status": "completed", "metadata": {"url": url}}), ready(None)),
            (
                json!({"code": 0, "data": {"task_status": "succeeded", "task_result": {"videos": [{"url": url}]}}}),
                ready(None),
            ),
            (
                json!({"code": 0, "data": {"task_status": "failed", "task_status_msg": "Image pixel is invalid", "final_unit_deduction": "0"}}),
                TaskAnswer::Failed { message: "Image pixel is invalid".into(), units: Some(0.0) },
            ),
            (
                json!({"code": "success", "data": {"status": "FAILURE", "fail_reason": "no"}}),
                TaskAnswer::Failed { message: "no".into(), units: None },
            ),
            (
                json!({"id": "1", "status": "failed", "error": {"message": "no", "code": "x"}}),
                TaskAnswer::Failed { message: "no".into(), units: None },
            ),
            (json!({"code": 0, "data": {"task_status": "processing"}}), TaskAnswer::Pending("processing".into())),
            (json!({"code": 0, "data": {"task_status": "dreaming"}}), TaskAnswer::Pending("dreaming".into())),
        ];
        for (body, expected) in cases {
            assert_eq!(read_task(200, body.to_string().as_bytes()), expected, "{body}");
        }
        for (http, body) in [
            (200, json!({"code": 0, "data": {"task_status": "succeed"}})),
            (200, json!({"code": 0, "data": {}})),
            (200, json!({"code": 1203, "message": "task not found"})),
            (404, json!({"data": {"task_status": "failed"}})),
            (400, json!({"code": "task_not_exist", "message": "task_not_exist"})),
        ] {
            assert!(matches!(read_task(http, body.to_string().as_bytes()), TaskAnswer::Unclear(_)), "{body}");
        }
    }

    #[test]
    fn answers_about_an_attempt() {
        let look = |http, body: Value| read_look(http, body.to_string().as_bytes(), "0123abcd");
        let found = LookAnswer::Found { task_id: "829".into() };
        assert_eq!(look(200, json!({"code": 0, "data": {"task_id": "829", "task_status": "submitted"}})), found);
        let echoed = |id: &str| json!({"code": 0, "data": {"task_id": "829", "task_info": {"external_task_id": id}}});
        assert_eq!(look(200, echoed("0123abcd")), found);
        assert_eq!(look(404, json!({"code": 1203, "message": "resource not found"})), LookAnswer::Absent);
        assert_eq!(look(400, json!({"code": 1201, "message": "Task not found"})), LookAnswer::Absent);
        assert_eq!(look(400, json!({"code": 1201, "message": "0123abcd does not exist"})), LookAnswer::Absent);
        for (http, body) in [
            (200, echoed("other")),
            (404, json!({})),
            (404, json!({"message": "task not found"})),
            (400, json!({"code": 1201, "message": "pageSize is wrong"})),
            (400, json!({"code": 1201, "message": "external_task_id is not supported"})),
            (400, json!({"code": "task_not_exist", "message": "task_not_exist"})),
            (401, json!({"code": 1002, "message": "task"})),
            (500, json!({"code": 5000, "message": "task not found"})),
            (200, json!({"code": 0, "data": null})),
            (200, json!({"code": 0, "data": []})),
            (200, json!({"code": 0, "data": {"task_id": "0123abcd"}})),
            (404, json!({"code": 1203, "data": {"task_id": "829"}})),
        ] {
            assert!(matches!(look(http, body.clone()), LookAnswer::Unclear(_)), "{http} {body}");
        }
    }
}

//! Reads the answer to a question for a task's state.

use serde_json::Value;

use super::look_up::{echo, says_absent};
use crate::api::answers::{Code, code, first_text, json, problem};
use crate::api::evidence::text;
use crate::api::new_api;
use crate::api::task::{DONE, FAILED, News, Task, http_url, number};

/// How many `data` may lie in each other.
const DEEPEST: usize = 4;

/// Reads the answer to the question for the task `task_id`. A task's end is believed only of an answer that names the task: a page of a
/// gateway's own, or the answer to another question, has a status as well.
pub(super) fn task(http: u16, body: &[u8], task_id: &str) -> Task {
    let Some(answer) = json(body) else {
        return Task::unclear(format!("HTTP {http}, and the answer is not JSON"));
    };
    let levels = levels(&answer, task_id);
    let is_named = levels.iter().any(|level| names(level, task_id));
    let news = news(http, &answer, &levels, task_id);
    let news = match news {
        News::Ready { .. } | News::Failed { .. } if !is_named => {
            News::Unclear("the service sent the end of a task without saying which task it is".into())
        }
        news => news,
    };
    Task { news, is_named, external_id: echo(&answer) }
}

fn news(http: u16, answer: &Value, levels: &[&Value], task_id: &str) -> News {
    match code(answer, http) {
        Code::Kling { code, message } if says_absent(code, &message, task_id) && !said_status(levels) => {
            return News::Gone(format!("code {code}: {message}"));
        }
        Code::Other { code, message } if new_api::says_gone(&code) => return News::Gone(message),
        _ => {}
    }
    let is_good = (200..300).contains(&http);
    // Where a task is described, a number such as 200 or the `error` of an OpenAI video object says nothing about the question.
    let is_described = said_status(levels) && !matches!(code(answer, http), Code::Kling { code, .. } if code != 0);
    if let Some(problem) = problem(http, answer).filter(|_| !(is_good && is_described)) {
        return News::Unclear(problem);
    }
    let Some(word) = status(levels) else {
        return News::Unclear(format!("HTTP {http}, and the answer has no task status"));
    };
    let units = levels.iter().find_map(|level| number(level.get("final_unit_deduction")?));
    let lower = word.to_lowercase();
    if DONE.contains(&lower.as_str()) {
        return match clip_url(answer, levels) {
            Some(url) => News::Ready { url, units },
            None => News::Unclear(format!("the task is `{word}`, but the answer has no address of a clip")),
        };
    }
    if FAILED.contains(&lower.as_str()) {
        let message = levels.iter().find_map(|level| {
            first_text(level, &["/task_status_msg", "/fail_reason", "/error/message", "/error", "/message"])
        });
        return News::Failed { message: message.unwrap_or_else(|| "the service gives no reason".into()), units };
    }
    News::Pending { word }
}

/// The objects that may describe the task, the outermost `data` first and the whole answer last. Of a list, the entry that names the
/// task.
fn levels<'a>(answer: &'a Value, task_id: &str) -> Vec<&'a Value> {
    let mut levels = Vec::new();
    let mut at = answer;
    for _ in 0..DEEPEST {
        let Some(data) = at.get("data") else { break };
        at = match data.as_array() {
            Some(list) => match list.iter().find(|entry| names(entry, task_id)) {
                Some(entry) => entry,
                None => break,
            },
            None => data,
        };
        if !at.is_object() {
            break;
        }
        levels.push(at);
    }
    levels.push(answer);
    levels
}

fn names(level: &Value, task_id: &str) -> bool {
    ["task_id", "taskId", "id"].iter().any(|key| level.get(key).and_then(text).as_deref() == Some(task_id))
}

fn status(levels: &[&Value]) -> Option<String> {
    levels.iter().find_map(|level| first_text(level, &["/task_status", "/status"]))
}

fn said_status(levels: &[&Value]) -> bool {
    status(levels).is_some()
}

/// The clip's address: at the places where Kling and new-api put it, then wherever else gateways do.
fn clip_url(answer: &Value, levels: &[&Value]) -> Option<String> {
    let known = ["/task_result/videos", "/result_url", "/metadata/url", "/url", "/task_result/video_url", "/video_url"];
    for place in known {
        for level in levels {
            let found = match level.pointer(place) {
                Some(Value::Array(videos)) => videos.iter().find_map(|video| http_url(video.get("url")?)),
                Some(value) => http_url(value),
                None => None,
            };
            if found.is_some() {
                return found;
            }
        }
    }
    let anywhere = ["url", "video_url", "fail_reason", "watermark_url"];
    anywhere.into_iter().find_map(|key| url_under(answer, key, key == "url", DEEPEST * 2))
}

/// The first address under this key, however deep; with `in_videos`, only in an entry of `videos`.
fn url_under(value: &Value, key: &str, in_videos: bool, depth: usize) -> Option<String> {
    let depth = depth.checked_sub(1)?;
    match value {
        Value::Object(fields) => {
            let here = fields.get(key).filter(|_| !in_videos).and_then(http_url);
            let video = || fields.get("videos")?.as_array()?.iter().find_map(|video| http_url(video.get(key)?));
            here.or_else(video).or_else(|| fields.values().find_map(|inner| url_under(inner, key, in_videos, depth)))
        }
        Value::Array(entries) => entries.iter().find_map(|entry| url_under(entry, key, in_videos, depth)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const URL: &str = "https://cdn.example/x.mp4";

    fn read(body: &Value) -> News {
        task(200, body.to_string().as_bytes(), "1").news
    }

    fn ready(units: Option<f64>) -> News {
        News::Ready { url: URL.into(), units }
    }

    #[test]
    fn a_clip_is_found_wherever_gateways_put_it() {
        let kling = json!({"code": 0, "data": {"task_id": "1", "task_status": "succeed", "final_unit_deduction": "4.5",
            "task_result": {"videos": [{"id": "v", "url": URL, "duration": "5"}]}}});
        assert_eq!(read(&kling), ready(Some(4.5)));
        let new_api = json!({"code": "success", "data": {"task_id": "1", "status": "SUCCESS", "data": kling}});
        assert_eq!(read(&new_api), ready(Some(4.5)));
        for body in [
            json!({"code": "success", "data": {"task_id": "1", "status": "SUCCESS", "result_url": URL}}),
            json!({"code": "success", "data": {"task_id": "1", "status": "SUCCESS", "fail_reason": URL, "data": null}}),
            json!({"id": "1", "status": "completed", "metadata": {"url": URL}}),
            json!({"id": "1", "status": "completed", "url": URL}),
            json!({"code": 0, "data": {"task_id": 1, "task_status": "succeeded", "task_result": {"videos": [{"url": ""}, {"url": URL}]}}}),
            json!({"code": 0, "data": {"task_id": "1", "task_status": "SUCCEED", "task_result": {"video_url": URL}}}),
            json!({"code": 200, "data": {"task_id": "1", "status": "Finished", "url": URL}}),
            json!({"code": 0, "data": [{"task_id": "2", "task_status": "failed"}, {"task_id": "1", "task_status": "Done", "videos": [{"url": URL}]}]}),
            json!({"code": 0, "data": {"task_id": "1", "task_status": "success", "task_result": {"videos": [{"watermark_url": URL}]}}}),
            json!({"code": 0, "data": {"task_id": "1", "task_status": "success", "output": {"files": {"videos": [{"url": URL}]}}}}),
        ] {
            assert_eq!(read(&body), ready(None), "{body}");
        }
        let marked = [b"\xef\xbb\xbf", kling.to_string().as_bytes()].concat();
        assert_eq!(task(200, &marked, "1").news, ready(Some(4.5)));
    }

    #[test]
    fn a_clip_is_looked_for_as_deep_as_gateways_nest() {
        for (depth, is_found) in [(DEEPEST * 2 - 1, true), (DEEPEST * 2, false)] {
            let mut output = json!({"video_url": URL});
            for _ in 1..depth {
                output = json!({ "output": output });
            }
            let body = json!({"id": "1", "status": "completed", "output": output});
            assert_eq!(read(&body) == ready(None), is_found, "{depth}");
        }
    }

    #[test]
    fn a_failure_has_its_reason_and_its_charge() {
        for (body, message, units) in [
            (
                json!({"code": 0, "data": {"task_id": "1", "task_status": "failed", "task_status_msg": "no", "final_unit_deduction": "0"}}),
                "no",
                Some(0.0),
            ),
            (
                json!({"code": "success", "data": {"task_id": "1", "status": "FAILURE", "fail_reason": "no"}}),
                "no",
                None,
            ),
            (json!({"id": "1", "status": "failed", "error": {"message": "no", "code": "x"}}), "no", None),
            (json!({"id": "1", "status": "Cancelled"}), "the service gives no reason", None),
        ] {
            assert_eq!(read(&body), News::Failed { message: message.into(), units }, "{body}");
        }
    }

    #[test]
    fn what_is_not_about_this_task_ends_nothing() {
        for body in [
            json!({"status": "failed", "message": "rate limited"}),
            json!({"status": "FAILURE"}),
            json!({"code": 0, "data": {"task_status": "succeed", "url": URL}}),
            json!({"code": 0, "data": {"task_id": "2", "task_status": "failed"}}),
            json!({"code": 0, "data": [{"task_id": "2", "task_status": "failed"}]}),
            json!({"code": 0, "data": {"task_id": "1", "task_status": "succeed"}}),
            json!({"code": 0, "data": {"task_id": "1", "task_status": "succeed", "url": "file:///etc/passwd"}}),
            json!({"code": 0, "data": {"task_id": "1", "task_status": "succeed", "url": "ftp://cdn.example/x.mp4"}}),
            json!({"code": 0, "data": {"task_id": "1", "task_status": "succeed", "url": "http:"}}),
            json!({"code": 0, "data": {"task_id": "1"}}),
            json!({"code": 1002, "message": "no", "data": {"task_id": "1", "task_status": "failed"}}),
        ] {
            assert!(matches!(read(&body), News::Unclear(_)), "{body}");
        }
        assert!(matches!(task(404, br#"{"data":{"task_id":"1","task_status":"failed"}}"#, "1").news, News::Unclear(_)));
        assert!(matches!(task(502, b"<html>", "1").news, News::Unclear(_)));
        for word in ["processing", "dreaming", "IN_PROGRESS"] {
            let body = json!({"code": 0, "data": {"task_id": "1", "task_status": word}});
            assert_eq!(read(&body), News::Pending { word: word.into() });
        }
    }

    #[test]
    fn only_the_services_own_word_makes_a_task_gone() {
        let gone = |http, body: Value| matches!(task(http, body.to_string().as_bytes(), "1").news, News::Gone(_));
        assert!(gone(404, json!({"code": 1203, "message": "task not found"})));
        assert!(gone(400, json!({"code": 1201, "message": "Task not found"})));
        assert!(gone(400, json!({"code": "task_not_exist", "message": "task_not_exist", "data": null})));
        assert!(!gone(404, json!({"message": "not found"})));
        assert!(!gone(400, json!({"code": 1201, "message": "pageSize is wrong"})));
        assert!(!gone(500, json!({"code": 5000, "message": "task not found"})));
    }
}

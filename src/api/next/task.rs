//! The answers of `GET /tasks`, read: a list with an entry for each task that the service has of those that were asked for.

use serde_json::Value;

use crate::api::answers::{Looked, first_text, json, problem};
use crate::api::evidence::{is_task_id, text};
use crate::api::task::{DONE, FAILED, News, Task, http_url, number};

/// Reads what the answer says about the task `task_id`.
pub(super) fn task(http: u16, body: &[u8], task_id: &str) -> Task {
    let entries = match entries(http, body) {
        Ok(entries) => entries,
        Err(reason) => return Task::unclear(reason),
    };
    let Some(entry) = entries.iter().find(|entry| entry.get("id").and_then(text).as_deref() == Some(task_id)) else {
        // A task without an entry is unknown: the service leaves it out silently.
        let news = News::Gone("it is not among the tasks that the service has for this key".into());
        return Task { news, is_named: false, external_id: None };
    };
    let external_id = first_text(entry, &["/external_id"]);
    Task { news: news(entry), is_named: true, external_id }
}

/// Reads the outcome of the attempt that was sent as `external_id`.
pub(super) fn looked_up(http: u16, body: &[u8], external_id: &str) -> Looked {
    let entries = match entries(http, body) {
        Ok(entries) => entries,
        Err(reason) => return Looked::CannotSay(reason),
    };
    let is_sent = |entry: &&Value| first_text(entry, &["/external_id"]).as_deref() == Some(external_id);
    match entries.iter().find(is_sent) {
        Some(entry) => match entry.get("id").and_then(text).filter(|id| is_task_id(id) && id != external_id) {
            Some(task_id) => Looked::Found { task_id },
            None => Looked::CannotSay("the service has it, and its answer has no task id that can be used".into()),
        },
        None if entries.is_empty() => Looked::Absent,
        None => Looked::CannotSay("the service answered with somebody else's task".into()),
    }
}

/// The tasks in an answer: of a gateway perhaps one that is not in a list.
fn entries(http: u16, body: &[u8]) -> Result<Vec<Value>, String> {
    let mut answer = json(body).ok_or_else(|| format!("HTTP {http}, and the answer is not JSON"))?;
    if let Some(problem) = problem(http, &answer) {
        return Err(problem);
    }
    match answer.get_mut("data").map(Value::take) {
        Some(Value::Array(entries)) if entries.iter().all(Value::is_object) => Ok(entries),
        Some(entry @ Value::Object(_)) => Ok(vec![entry]),
        _ => Err(format!("HTTP {http}, and the answer has no list of tasks")),
    }
}

fn news(entry: &Value) -> News {
    let Some(word) = first_text(entry, &["/status"]) else {
        return News::Unclear("the answer has no task status".into());
    };
    let lower = word.to_lowercase();
    if DONE.contains(&lower.as_str()) {
        return match clip_url(entry) {
            Some(url) => News::Ready { url, units: units(entry) },
            None => News::Unclear(format!("the task is `{word}`, but the answer has no address of a clip")),
        };
    }
    if FAILED.contains(&lower.as_str()) {
        let message = first_text(entry, &["/message"]).unwrap_or_else(|| "the service gives no reason".into());
        return News::Failed { message, units: units(entry) };
    }
    News::Pending { word }
}

/// The address of the first video; gateways that translate may leave it where the other form has it.
fn clip_url(entry: &Value) -> Option<String> {
    let is_video = |output: &&Value| output.get("type").is_none_or(|kind| kind == "video");
    let outputs = entry.get("outputs").and_then(Value::as_array).into_iter().flatten().filter(is_video);
    let videos = entry.pointer("/task_result/videos").and_then(Value::as_array).into_iter().flatten();
    outputs.chain(videos).find_map(|output| http_url(output.get("url")?))
}

/// The units that were charged, over all packs that they came from; money is counted elsewhere.
fn units(entry: &Value) -> Option<f64> {
    let billing = entry.get("billing")?.as_array()?;
    let charges = billing.iter().filter(|charge| charge.get("charge_type").is_some_and(|kind| kind == "unit"));
    let amounts: Vec<f64> = charges.map(|charge| number(charge.get("amount")?)).collect::<Option<_>>()?;
    (!amounts.is_empty()).then(|| amounts.iter().sum())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const URL: &str = "https://v15-kling-fdl.klingai.com/x.mp4";

    fn answer(entries: Value) -> Vec<u8> {
        json!({"code": 0, "message": "SUCCEED", "request_id": "r", "data": entries}).to_string().into_bytes()
    }

    fn read(entry: Value) -> News {
        task(200, &answer(json!([{"id": "2", "status": "failed", "message": "not this one"}, entry])), "1").news
    }

    fn done(fields: Value) -> Value {
        let mut entry = json!({"id": "1", "status": "succeeded"});
        entry.as_object_mut().expect("an object").extend(fields.as_object().expect("an object").clone());
        entry
    }

    #[test]
    fn a_task_is_found_among_others_with_its_clip_and_its_price() {
        let outputs = json!([{"type": "audio", "url": "https://x.example/a.mp3"}, {"type": "video", "id": "v", "url": URL, "duration": "5.041"}]);
        for (billing, units) in [
            (json!([{"charge_type": "unit", "package_type": "video", "amount": "3"}]), Some(3.0)),
            (
                json!([{"charge_type": "unit", "amount": "1.5"}, {"charge_type": "cash", "currency": "USD", "amount": "9"}, {"charge_type": "unit", "amount": 2}]),
                Some(3.5),
            ),
            (json!([{"charge_type": "cash", "amount": "9"}]), None),
            (json!([{"charge_type": "unit", "amount": "much"}]), None),
            (json!([]), None),
        ] {
            let entry = done(json!({"outputs": outputs, "billing": billing}));
            assert_eq!(read(entry), News::Ready { url: URL.into(), units }, "{billing}");
        }
        let legacy_place = done(json!({"task_result": {"videos": [{"url": URL}]}}));
        assert_eq!(read(legacy_place), News::Ready { url: URL.into(), units: None });
        let alone = json!({"code": 0, "data": done(json!({"outputs": outputs}))}).to_string();
        assert_eq!(task(200, alone.as_bytes(), "1").news, News::Ready { url: URL.into(), units: None });
        let failed = json!({"id": "1", "status": "failed", "message": "no", "billing": [{"charge_type": "unit", "amount": "0"}]});
        assert_eq!(read(failed), News::Failed { message: "no".into(), units: Some(0.0) });
        assert_eq!(read(json!({"id": "1", "status": "processing"})), News::Pending { word: "processing".into() });
    }

    #[test]
    fn what_is_not_about_this_task_ends_nothing() {
        for entry in [
            json!({"id": "1"}),
            done(json!({})),
            done(json!({"outputs": [{"type": "video", "url": "file:///etc/passwd"}]})),
            done(json!({"outputs": [{"type": "image", "url": URL}]})),
        ] {
            assert!(matches!(read(entry.clone()), News::Unclear(_)), "{entry}");
        }
        for (http, body) in [
            (200, b"<html>".to_vec()),
            (200, json!({"code": 0}).to_string().into_bytes()),
            (200, json!({"code": 0, "data": ["1"]}).to_string().into_bytes()),
            (
                400,
                json!({"code": 1201, "message": "task_ids or external_task_ids is required"}).to_string().into_bytes(),
            ),
            (502, answer(json!([done(json!({"outputs": [{"type": "video", "url": URL}]}))]))),
        ] {
            assert!(
                matches!(task(http, &body, "1").news, News::Unclear(_)),
                "{http} {}",
                String::from_utf8_lossy(&body)
            );
        }
        for entries in [json!([]), json!([{"id": "2", "status": "failed"}])] {
            assert!(matches!(task(200, &answer(entries), "1").news, News::Gone(_)));
        }
    }

    #[test]
    fn answers_about_an_attempt() {
        let look = |entries: Value| looked_up(200, &answer(entries), "0123abcd");
        let found = Looked::Found { task_id: "829".into() };
        assert_eq!(look(json!([{"id": "829", "external_id": "0123abcd", "status": "submitted"}])), found);
        assert_eq!(look(json!([{"id": 829, "external_id": "0123abcd"}])), found);
        assert_eq!(look(json!([])), Looked::Absent);
        for entries in [
            json!([{"id": "829", "external_id": "other"}]),
            json!([{"id": "829"}]),
            json!([{"id": "0123abcd", "external_id": "0123abcd"}]),
            json!([{"id": "../admin", "external_id": "0123abcd"}]),
            json!(null),
            json!({"message": "no"}),
        ] {
            assert!(matches!(look(entries.clone()), Looked::CannotSay(_)), "{entries}");
        }
        for (http, body) in [
            (404, json!({})),
            (401, json!({"code": 1002, "message": "task"})),
            (200, json!({"code": 1201, "message": "external_task_ids not supported"})),
            (500, json!({"code": 0, "data": []})),
        ] {
            let looked = looked_up(http, body.to_string().as_bytes(), "0123abcd");
            assert!(matches!(looked, Looked::CannotSay(_)), "{http} {body}");
        }
    }
}

//! The answer to the question for an attempt, read.

use serde_json::Value;

use crate::api::answers::{Code, Looked, code, first_text, json, problem};
use crate::api::evidence::task_id;

/// Reads the answer to the question for the attempt that was sent as `external_id`.
pub(super) fn looked_up(http: u16, body: &[u8], external_id: &str) -> Looked {
    let Some(answer) = json(body) else {
        return Looked::CannotSay(format!("HTTP {http}, and the answer is not JSON"));
    };
    if let Code::Kling { code, message } = code(&answer, http)
        && says_absent(code, &message, external_id)
        && task_id(&answer).is_none()
    {
        return Looked::Absent;
    }
    if let Some(problem) = problem(http, &answer) {
        return Looked::CannotSay(problem);
    }
    match (task_id(&answer), echo(&answer)) {
        (_, Some(echo)) if echo != external_id => {
            Looked::CannotSay("the service answered with somebody else's task".into())
        }
        (Some(task_id), _) if task_id != external_id => Looked::Found { task_id },
        _ => Looked::CannotSay(format!("HTTP {http}, and the answer has no task id that can be used")),
    }
}

/// The `external_task_id` that an answer about a task gives back.
pub(super) fn echo(answer: &Value) -> Option<String> {
    first_text(
        answer,
        &["/data/task_info/external_task_id", "/data/external_task_id", "/data/data/data/task_info/external_task_id"],
    )
}

/// Kling says that a task does not exist with 1203, or with a 1201 that names the task. A 1201 about what the service supports says
/// nothing about this task.
pub(super) fn says_absent(code: u32, message: &str, id: &str) -> bool {
    let lower = message.to_lowercase();
    match code {
        1203 => true,
        1201 => (lower.contains("task") || message.contains(id)) && !lower.contains("support"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn answers_about_an_attempt() {
        let look = |http, body: Value| looked_up(http, body.to_string().as_bytes(), "0123abcd");
        let found = Looked::Found { task_id: "829".into() };
        assert_eq!(look(200, json!({"code": 0, "data": {"task_id": "829", "task_status": "submitted"}})), found);
        let echoed = |id: &str| json!({"code": 0, "data": {"task_id": "829", "task_info": {"external_task_id": id}}});
        assert_eq!(look(200, echoed("0123abcd")), found);
        assert_eq!(look(404, json!({"code": 1203, "message": "resource not found"})), Looked::Absent);
        assert_eq!(look(400, json!({"code": 1201, "message": "Task not found"})), Looked::Absent);
        assert_eq!(look(400, json!({"code": 1201, "message": "0123abcd does not exist"})), Looked::Absent);
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
            assert!(matches!(look(http, body.clone()), Looked::CannotSay(_)), "{http} {body}");
        }
    }
}

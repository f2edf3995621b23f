//! A task id in an answer, however the answer is dressed.

use serde_json::Value;

/// The longest task id that is accepted. Kling's have 18 or 19 digits.
const LONGEST_ID: usize = 512;

/// Names under which services send a task's id, the most certain first.
const NAMES: &[&str] = &["task_id", "taskId", "taskID", "task-id", "id"];

/// Whether this could be a task id: printable, with a letter or digit, and one path segment when it is percent-encoded.
pub fn is_task_id(id: &str) -> bool {
    id.len() <= LONGEST_ID
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._:-=+/@~,;!$&*()".contains(&byte))
        && id.bytes().any(|byte| byte.is_ascii_alphanumeric())
        && id.split('/').all(|part| part != "." && part != "..")
}

/// The task id of a good answer, at the places where services put it.
pub(super) fn task_id(answer: &Value) -> Option<String> {
    let id =
        ["/data/task_id", "/task_id", "/id", "/data/id"].into_iter().find_map(|path| text(answer.pointer(path)?))?;
    is_task_id(&id).then_some(id)
}

/// An id as text, whether it was sent as text or as a whole number.
pub(super) fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) if number.is_u64() => Some(number.to_string()),
        _ => None,
    }
}

/// A likely task id in an unclear answer: one that is cut off, is not JSON, or has the id at another place.
///
/// A hint for the person who looks into the matter, never an acceptance.
pub(super) fn candidate(body: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(body);
    NAMES.iter().find_map(|name| {
        let mut rest = &*text;
        while let Some(at) = rest.find(name) {
            let before = &rest[..at];
            rest = &rest[at + name.len()..];
            if let Some(id) =
                before.ends_with('"').then(|| value_after_name(rest)).flatten().filter(|id| is_task_id(id))
            {
                return Some(id.to_owned());
            }
        }
        None
    })
}

/// The whole text or number that follows a key's name: `": "829"`, also inside of a JSON text, where quotes are escaped.
fn value_after_name(rest: &str) -> Option<&str> {
    let rest = rest.trim_start_matches('\\').strip_prefix('"')?.trim_start().strip_prefix(':')?.trim_start();
    let opened = rest.trim_start_matches('\\');
    let Some(value) = opened.strip_prefix('"') else {
        let end = rest.find(|c: char| !c.is_ascii_digit())?;
        return (!rest[end..].starts_with(['.', 'e', 'E'])).then(|| &rest[..end]);
    };
    let end = value.find(['"', '\\'])?;
    Some(&value[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_task_id_is_one_path_segment() {
        for good in ["829877809978941442", "task_x", "a=", "a/b", "x".repeat(140).as_str(), "v1.2:3"] {
            assert!(is_task_id(good), "{good}");
        }
        for bad in
            ["", ".", "..", "../../admin", "a/../b", "a b", "a\nb", "a\"b", "a%2fb", "a?b", "é", &"9".repeat(600)]
        {
            assert!(!is_task_id(bad), "{bad}");
        }
    }

    #[test]
    fn an_id_is_found_however_the_answer_is_dressed() {
        let cases: &[(&[u8], Option<&str>)] = &[
            (b"\xef\xbb\xbf{\"data\":{\"task_id\":\"829\"}}", Some("829")),
            (b"{\"code\":0,\"data\":{\"task_id\" : \"829\", \"task_st", Some("829")),
            (b"{\"message\":\"\xff\xfe\",\"data\":{\"taskId\":829877809978941442}}", Some("829877809978941442")),
            (b"{\"data\":[{\"id\":\"829=\"}]}", Some("829=")),
            (b"{\"id\":\"req\",\"data\":{\"task_id\":\"a/b\"}}", Some("a/b")),
            (b"{}{\"task_id\":\"829\"}", Some("829")),
            (br#"{"message":"{\"data\":{\"task_id\":\"829\"}}"}"#, Some("829")),
            // The end of the id may be missing, or it is none.
            (b"{\"task_id\":\"8298", None),
            (b"{\"task_id\":8298", None),
            (b"{\"task_id\":8.29e17}", None),
            (b"{\"task_id\":\"\"}", None),
            (b"{\"task_id\":null,\"request_id\":\"r\"}", None),
            (b"<html>task_id</html>", None),
            (b"", None),
        ];
        for (body, id) in cases {
            assert_eq!(candidate(body).as_deref(), *id, "{}", String::from_utf8_lossy(body));
        }
    }
}

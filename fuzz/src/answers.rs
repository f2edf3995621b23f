//! What a service may answer, in the forms of all APIs.

use clapboard::api::{Created, Looked, News, Sent, is_task_id, of};
use clapboard::kling::Target;
use serde_json::Value;

/// The HTTP statuses that matter, by the second byte.
const STATUSES: [u16; 16] = [200, 201, 204, 301, 400, 401, 402, 403, 404, 409, 413, 422, 429, 500, 503, 524];
const TARGETS: [Target; 3] = [Target::Gateway, Target::Official, Target::Kling];
const ATTEMPT: &str = "7f9c2ba4e88f827d616045507605853e";
const TASK: &str = "829877809978941442";

/// An answer is a yes only with a task id that can be asked for, and a no only where it names no task.
///
/// The first bytes are the target, the status, and whether the answer broke off and the request was sent before.
pub fn holds(bytes: &[u8]) {
    let [target, status, how, body @ ..] = bytes else { return };
    let target = TARGETS[usize::from(*target) % TARGETS.len()];
    let http = STATUSES[usize::from(*status) % STATUSES.len()];
    let api = of(target);
    let broke = (how & 1 != 0).then_some("the connection was closed");
    let sent = Sent { external_id: (how & 2 != 0).then_some(ATTEMPT), is_repeat: how & 4 != 0 };
    of_created(&api.created(http, body, broke, sent), http, body);
    let task = api.task(http, body, TASK);
    match &task.news {
        News::Ready { url, units } => {
            let url = url::Url::parse(url).expect("the clip's address is one");
            assert!(matches!(url.scheme(), "http" | "https") && url.has_host(), "{url}");
            assert!(units.is_none_or(|units| units.is_finite() && units >= 0.0), "{units:?}");
        }
        News::Failed { units, .. } => assert!(units.is_none_or(|units| units.is_finite() && units >= 0.0), "{units:?}"),
        News::Pending { .. } | News::Gone(_) | News::Unclear(_) => {}
    }
    task.map_text(str::to_uppercase);
    if let Looked::Found { task_id } = api.looked_up(http, body, ATTEMPT) {
        assert!(is_task_id(&task_id), "{task_id:?}");
    }
    let mut blamed = api.blamed_fields(&String::from_utf8_lossy(body));
    let count = blamed.len();
    blamed.sort();
    blamed.dedup();
    assert_eq!(blamed.len(), count, "a field is blamed twice");
}

fn of_created(created: &Created, http: u16, body: &[u8]) {
    match created {
        Created::Accepted { task_id } => assert!(is_task_id(task_id), "{task_id:?}"),
        Created::Refused(refused) => {
            // Under the status of a success only a whole answer can be a no.
            let is_whole =
                || serde_json::from_str::<Value>(String::from_utf8_lossy(body).trim_start_matches('\u{feff}')).is_ok();
            assert!(!(200..300).contains(&http) || is_whole(), "{refused:?}");
            assert!(!refused.what.is_empty() && !refused.next.is_empty(), "{refused:?}");
        }
        Created::Unknown(doubt) => {
            assert!(!doubt.reason.is_empty());
            assert!(doubt.candidate.as_deref().is_none_or(is_task_id), "{doubt:?}");
        }
        Created::NotSent(_) => panic!("there was an answer"),
    }
}

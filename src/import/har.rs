//! A browser's network log, HAR.

use super::call::Call;
use super::node::Node;

/// The calls of a log that carried a body; `None` if this is not a log.
pub(super) fn calls(root: &Node) -> Option<Vec<Call>> {
    let entries = root.at(&["log", "entries"])?.as_list()?;
    Some(entries.iter().filter_map(call).collect())
}

fn call(entry: &Node) -> Option<Call> {
    let request = entry.get("request")?;
    let names = |list: &str, name: &str| -> Vec<String> {
        let items = request.get(list).and_then(Node::as_list).unwrap_or_default();
        items.iter().filter_map(|item| item.get(name)?.as_str()).map(str::to_owned).collect()
    };
    Some(Call {
        line: request.line,
        name: None,
        url: request.get("url").and_then(Node::as_str).map(str::to_owned),
        headers: names("headers", "name"),
        body: Some(request.at(&["postData", "text"])?.clone()),
    })
}

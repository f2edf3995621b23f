//! Workflows of n8n: the bodies of their HTTP nodes.

use super::call::Call;
use super::node::{Data, Group, Node};

/// The calls of a workflow's nodes; `None` if this is not a workflow.
pub(super) fn calls(root: &Node) -> Option<Vec<Call>> {
    let nodes = root.get("nodes")?.as_list()?;
    if !nodes.iter().any(|node| node.get("parameters").is_some()) {
        return None;
    }
    Some(nodes.iter().filter_map(call).collect())
}

fn call(node: &Node) -> Option<Call> {
    let parameters = node.get("parameters")?;
    let list = |name: &str| parameters.at(&[name, "parameters"]).and_then(Node::as_list).unwrap_or_default();
    let texts = ["jsonBody", "body", "bodyParametersJson", "rawBody"];
    let body = match texts.into_iter().find_map(|name| parameters.get(name)) {
        Some(body) => body.clone(),
        None => {
            let fields = list("bodyParameters").iter();
            let fields: Group = fields
                .filter_map(|field| Some((field.get("name")?.as_str()?.to_owned(), field.get("value")?.clone())))
                .collect();
            Node::new(parameters.line, Data::Group(fields))
        }
    };
    let mut headers: Vec<String> =
        list("headerParameters").iter().filter_map(|header| header.get("name")?.as_str()).map(str::to_owned).collect();
    if node.get("credentials").is_some_and(|credentials| !credentials.is_blank()) {
        headers.push("credentials".into());
    }
    Some(Call {
        line: node.line,
        name: node.get("name").and_then(Node::as_str).map(str::to_owned),
        url: parameters.get("url").and_then(Node::as_str).map(str::to_owned),
        headers,
        body: Some(body),
    })
}

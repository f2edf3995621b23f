//! Example requests of an OpenAPI description.

use super::call::Call;
use super::node::Node;

/// The example bodies of its operations; `None` if this is not a description.
pub(super) fn calls(root: &Node) -> Option<Vec<Call>> {
    if root.get("openapi").is_none() && root.get("swagger").is_none() {
        return None;
    }
    let mut calls = Vec::new();
    for (path, item) in root.get("paths")?.as_group()? {
        for (_, operation) in item.as_group()? {
            let name = operation.get("operationId").and_then(Node::as_str);
            for (_, content) in operation.at(&["requestBody", "content"]).and_then(Node::as_group).into_iter().flatten()
            {
                for (example_name, body) in examples(content) {
                    calls.push(Call {
                        line: body.line,
                        name: example_name.or(name).map(str::to_owned),
                        url: Some(path.clone()),
                        headers: Vec::new(),
                        body: Some(body.clone()),
                    });
                }
            }
        }
    }
    Some(calls)
}

/// A content's examples, by name where they have one; without any, its schema's.
fn examples(content: &Node) -> Vec<(Option<&str>, &Node)> {
    let many = content.get("examples").and_then(Node::as_group).into_iter().flatten();
    let mut found: Vec<_> =
        many.map(|(name, example)| (Some(name.as_str()), example.get("value").unwrap_or(example))).collect();
    found.extend(content.get("example").map(|example| (None, example)));
    if found.is_empty() {
        found.extend(content.at(&["schema", "example"]).map(|example| (None, example)));
        let listed = content.at(&["schema", "examples"]).and_then(Node::as_list).unwrap_or_default();
        found.extend(listed.iter().map(|example| (None, example)));
    }
    found
}

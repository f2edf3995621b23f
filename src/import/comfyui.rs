//! Workflows of ComfyUI in the form that it sends (`Export (API)`): the inputs of Kling's nodes.

use super::call::Call;
use super::node::{Data, Group, Node};

/// The inputs of the Kling nodes of a workflow; `None` if this is not a workflow.
pub(super) fn calls(root: &Node) -> Option<Vec<Call>> {
    let nodes = root.get("prompt").filter(|prompt| prompt.as_group().is_some()).unwrap_or(root).as_group()?;
    if nodes.is_empty() || !nodes.values().all(|node| node.get("class_type").is_some()) {
        return None;
    }
    Some(nodes.values().filter_map(|node| call(node, nodes)).collect())
}

/// Whether this is a workflow as its editor keeps it, where inputs have no names.
pub(super) fn is_editor_form(root: &Node) -> bool {
    let nodes = root.get("nodes").and_then(Node::as_list).unwrap_or_default();
    root.get("links").is_some() && nodes.iter().any(|node| node.get("widgets_values").is_some())
}

fn call(node: &Node, nodes: &Group) -> Option<Call> {
    let class = node.get("class_type")?.as_str()?;
    if !class.to_ascii_lowercase().contains("kling") {
        return None;
    }
    let mut inputs = Group::new();
    for (name, value) in node.get("inputs")?.as_group()? {
        let value = linked(value, nodes, 0).unwrap_or_else(|| value.clone());
        // Nodes of one kind put settings into a group: `model.resolution`.
        let name = name.rsplit('.').next().unwrap_or(name);
        inputs.entry(name.to_owned()).or_insert(value);
    }
    let name = node.at(&["_meta", "title"]).and_then(Node::as_str).map(str::to_owned);
    Some(Call { line: node.line, name, body: Some(Node::new(node.line, Data::Group(inputs))), ..Call::default() })
}

/// The value behind a link `["12", 0]`: the file of a node that loads one, or the text of a node that has one.
fn linked(value: &Node, nodes: &Group, depth: usize) -> Option<Node> {
    let [from, _] = value.as_list()? else { return None };
    let inputs = nodes.get(from.as_str()?)?.get("inputs")?;
    let found =
        ["image", "text", "value", "string", "prompt", "images"].into_iter().find_map(|name| inputs.get(name))?;
    match found.as_str() {
        Some(_) => Some(Node { line: value.line, data: found.data.clone() }),
        None if depth < 16 => linked(found, nodes, depth + 1),
        None => None,
    }
}

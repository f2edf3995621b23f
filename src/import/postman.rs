//! Collections of Postman, and of the tools that write its form (Insomnia, Apifox, Bruno by export).

use std::collections::HashMap;

use super::call::Call;
use super::http::fill;
use super::node::{Data, Group, Node};

/// The requests of a collection, folders opened; `None` if this is not a collection.
pub(super) fn calls(root: &Node) -> Option<Vec<Call>> {
    let items = root.get("item")?.as_list()?;
    let is_collection = root.get("info").is_some() || items.iter().any(|item| item.get("request").is_some());
    if !is_collection {
        return None;
    }
    let variables: HashMap<&str, &str> = root
        .get("variable")
        .and_then(Node::as_list)
        .unwrap_or_default()
        .iter()
        .filter_map(|variable| Some((variable.get("key")?.as_str()?, variable.get("value")?.as_str()?)))
        .collect();
    let mut calls = Vec::new();
    collect(items, &variables, &mut calls);
    Some(calls)
}

fn collect(items: &[Node], variables: &HashMap<&str, &str>, calls: &mut Vec<Call>) {
    for item in items {
        match item.get("item").and_then(Node::as_list) {
            Some(inner) => collect(inner, variables, calls),
            None => calls.extend(call(item, variables)),
        }
    }
}

fn call(item: &Node, variables: &HashMap<&str, &str>) -> Option<Call> {
    let request = item.get("request")?;
    let url = request.get("url");
    let url = url.and_then(Node::as_str).or_else(|| url?.get("raw")?.as_str());
    let headers = request.get("header").and_then(Node::as_list).unwrap_or_default();
    let mut headers: Vec<String> =
        headers.iter().filter_map(|header| header.get("key")?.as_str()).map(str::to_owned).collect();
    if request.get("auth").is_some_and(|auth| !auth.is_blank()) {
        headers.push("Authorization".into());
    }
    Some(Call {
        line: request.line,
        name: item.get("name").and_then(Node::as_str).map(str::to_owned),
        url: url.map(|url| fill(url, variables)),
        headers,
        body: body(request.get("body")?, variables),
    })
}

/// A raw body's text, or a form's fields.
fn body(body: &Node, variables: &HashMap<&str, &str>) -> Option<Node> {
    if let Some(raw) = body.get("raw").and_then(Node::as_str) {
        return Some(Node::text(body.line, fill(raw, variables)));
    }
    let form = ["urlencoded", "formdata"].into_iter().find_map(|kind| body.get(kind)?.as_list())?;
    let fields: Group = form
        .iter()
        .filter_map(|field| Some((field.get("key")?.as_str()?.to_owned(), field.get("value")?.clone())))
        .collect();
    Some(Node::new(body.line, Data::Group(fields)))
}

//! Requests in text files: `.http` and `.rest` of editors, `.hurl`.

use std::collections::HashMap;

use super::call::Call;
use super::json;

const METHODS: &[&str] = &["POST", "PUT", "PATCH", "GET", "DELETE", "HEAD", "OPTIONS"];

/// Whether a text begins a line with a method and an address.
pub(super) fn is_http(text: &str) -> bool {
    text.lines().any(|line| request(line).is_some())
}

/// The requests of a file, each with the body behind its headers.
pub(super) fn calls(text: &str) -> Vec<Call> {
    let variables = variables(text);
    let filled = fill(text, &variables);
    let mut calls: Vec<Call> = Vec::new();
    let mut name = None;
    let mut offset = 0;
    let mut body_end = 0;
    for (index, line) in filled.split_inclusive('\n').enumerate() {
        let start = offset;
        offset += line.len();
        if start < body_end {
            continue;
        }
        let content = line.trim();
        if let Some(title) = content.strip_prefix("###").or_else(|| content.strip_prefix("# @name")) {
            let title = title.trim_start_matches('#').trim();
            name = (!title.is_empty()).then(|| title.to_owned()).or(name);
        } else if let Some(url) = request(content) {
            calls.push(Call { line: index + 1, name: name.take(), url: Some(url.to_owned()), ..Call::default() });
        } else if let Some(call) = calls.last_mut().filter(|call| call.body.is_none()) {
            // A section of hurl, `[Asserts]`, is not a list.
            let is_section = content.starts_with('[') && content.ends_with(']');
            if content.starts_with(['{', '[']) && !is_section {
                if let Some((body, end)) = json::value_at(&filled, start, index + 1) {
                    call.body = Some(body);
                    body_end = end;
                }
            } else if let Some((header, _)) = content.split_once(':').filter(|(header, _)| is_name(header)) {
                call.headers.push(header.trim().to_owned());
            }
        }
    }
    calls
}

/// The address of a line such as `POST https://…`.
fn request(line: &str) -> Option<&str> {
    let (method, rest) = line.trim().split_once(' ')?;
    let url = rest.split_whitespace().next()?;
    let is_address = url.contains("://") || url.starts_with(['/', '{']);
    (METHODS.contains(&method) && is_address).then_some(url)
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

/// `@name = value` of a file.
fn variables(text: &str) -> HashMap<&str, &str> {
    let variable = |line: &'_ str| -> Option<(usize, usize)> { Some((line.find('@')?, line.find('=')?)) };
    let lines = text.lines().map(str::trim).filter(|line| line.starts_with('@'));
    lines
        .filter_map(|line| {
            variable(line).map(|(at, equals)| (line[at + 1..equals.max(at + 1)].trim(), line[equals + 1..].trim()))
        })
        .collect()
}

/// The longest `{{name}}`, in characters.
const LONGEST: usize = 80;

/// A text with `{{name}}` replaced by what the file says for it.
pub(super) fn fill(text: &str, variables: &HashMap<&str, &str>) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("{{") {
        let (before, from) = rest.split_at(at);
        filled.push_str(before);
        // No name is so long: what is not closed soon is not a variable.
        let near = from.char_indices().nth(LONGEST).map_or(from, |(end, _)| &from[..end]);
        let value = near.find("}}").and_then(|end| Some((end, *variables.get(near[2..end].trim())?)));
        match value {
            Some((end, value)) => {
                filled.push_str(value);
                rest = &from[end + 2..];
            }
            None => {
                filled.push_str("{{");
                rest = &from[2..];
            }
        }
    }
    filled + rest
}

#[cfg(test)]
mod tests {
    use super::super::node::Node;
    use super::*;

    #[test]
    fn requests_their_names_and_bodies() {
        let text = "@host = https://a.example\n\n### harbour\nPOST {{host}}/v1/videos/image2video\nAuthorization: Bearer x\n\n\
                    {\n  \"prompt\": \"Fog: thick.\"\n}\n\n###\nGET {{host}}/v1\n\nHTTP 200\n[Asserts]\n";
        let calls = calls(text);
        assert_eq!(calls.len(), 2);
        assert_eq!(calls[0].name.as_deref(), Some("harbour"));
        assert_eq!(calls[0].url.as_deref(), Some("https://a.example/v1/videos/image2video"));
        assert_eq!(calls[0].headers, ["Authorization"]);
        let body = calls[0].body.as_ref().unwrap();
        assert_eq!((body.line, body.get("prompt")), (7, Some(&Node::text(8, "Fog: thick."))));
        assert_eq!(calls[1].body, None);
    }
}

//! An HTTP request, whichever tool wrote it down: what it says about a shot, and the keys in it that stay behind.

use std::sync::Arc;

use super::node::{Data, Node};
use super::record::{Kind, Record, says_something};
use super::shot::LEFT_OUT;
use super::words::{self, Place};
use super::{Weight, json};

/// An HTTP request as a file has it.
#[derive(Debug, Default)]
pub(super) struct Call {
    /// The line on which it begins, from 1.
    pub line: usize,
    /// Its name in the file.
    pub name: Option<String>,
    pub url: Option<String>,
    /// The names of its headers: their values are nobody's business.
    pub headers: Vec<String>,
    pub body: Option<Node>,
}

impl Call {
    /// The records of its body; none where the body says nothing about a shot.
    pub fn records(self, file: &Arc<str>) -> Vec<Record> {
        let Some(body) = self.body.as_ref().and_then(parsed) else { return Vec::new() };
        let groups: Vec<_> = match body.data {
            Data::List(items) => items.into_iter().map(|item| (item.line, item.data)).collect(),
            data => vec![(body.line, data)],
        };
        let mut records = Vec::new();
        for (line, data) in groups {
            let Data::Group(group) = data else { continue };
            if says_something(&group) {
                records.push(Record::of(file, line, group));
            }
        }
        let url = self.url.as_deref().unwrap_or_default();
        for record in &mut records {
            record.name = self.name.as_deref().and_then(super::ids::named);
            if record.kind == Kind::Row {
                record.kind = Kind::Foreign;
            }
            if let Some(model) = model(url).filter(|_| !record.has(Place::Model)) {
                record.add("model_name", Node::text(self.line, model));
                record.kind = Kind::Foreign;
            }
            if url.contains("text2video") || url.contains("text-to-video") {
                let message =
                    "this request makes a clip from text alone; here a clip begins with a picture: add `first_frame`";
                record.remarks.push(("url".into(), self.line, message.into(), Weight::Note));
            }
        }
        if let Some(first) = records.first_mut() {
            for header in self.headers.iter().filter(|header| words::is_secret(header)) {
                first.remarks.push((header.clone(), self.line, LEFT_OUT.into(), Weight::Note));
            }
        }
        records
    }
}

/// The body's value: JSON, in a text or not. A text's lines are counted from its own first one.
fn parsed(body: &Node) -> Option<Node> {
    let Data::Text(text) = &body.data else { return Some(body.clone()) };
    // An expression of n8n begins with `=`.
    let text = text.trim_start().trim_start_matches('=');
    let mut value = json::value(text)?;
    value.set_line(body.line);
    Some(value)
}

/// The model that an address names.
fn model(url: &str) -> Option<&str> {
    let path = url.split(['?', '#']).next()?;
    for (before, is_rest) in
        [("/image-to-video/", false), ("/text-to-video/", false), ("kling-video/", true), ("/models/", true)]
    {
        if let Some(at) = path.find(before) {
            let from = at + if before.starts_with('/') { before.len() } else { 0 };
            let rest = path[from..].trim_end_matches('/');
            let name = if is_rest { rest } else { rest.split('/').next()? };
            return (!name.is_empty() && name.contains("kling")).then_some(name);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_the_model_where_the_body_does_not() {
        for (url, name) in [
            ("https://a.example/image-to-video/kling-3.0?x=1", Some("kling-3.0")),
            (
                "https://b.example/fal-ai/kling-video/v2.6/pro/image-to-video",
                Some("kling-video/v2.6/pro/image-to-video"),
            ),
            ("https://c.example/v1/models/kwaivgi/kling-v2.1/predictions", Some("kwaivgi/kling-v2.1/predictions")),
            ("https://d.example/kling/v1/videos/image2video", None),
        ] {
            assert_eq!(model(url), name, "{url}");
        }
    }
}

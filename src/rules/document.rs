use crate::diagnostic::Code;

use super::Rule;

/// A rule's document in its parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// The code.
    pub code: Code,
    /// One sentence on what is wrong.
    pub summary: &'static str,
    /// The section "What it checks".
    pub what: &'static str,
    /// Why it matters.
    pub why: &'static str,
    /// A storyboard that has the problem.
    pub wrong: Vec<Example>,
    /// One that has not.
    pub right: Vec<Example>,
    /// Where the rule comes from.
    pub source: &'static str,
}

/// A file of an example.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    /// The info string of the fence: `yaml`, `toml file=bible.storyboard.toml`, `yaml target=official`.
    pub info: &'static str,
    /// The text.
    pub text: &'static str,
}

impl Rule {
    /// The rule's document, taken apart. Its form is checked by the tests.
    pub fn document(&self) -> Document {
        let section = |title: &str| {
            let start =
                self.markdown.find(&format!("\n## {title}\n")).map_or(self.markdown.len(), |at| at + title.len() + 5);
            let rest = &self.markdown[start..];
            rest[..rest.find("\n## ").unwrap_or(rest.len())].trim()
        };
        let head = self.markdown.split_once('\n').map_or("", |(_, rest)| rest);
        Document {
            code: self.code,
            summary: head[..head.find("\n## ").unwrap_or(head.len())].trim(),
            what: section("What it checks"),
            why: section("Why it matters"),
            wrong: examples(section("Wrong")),
            right: examples(section("Right")),
            source: section("Source"),
        }
    }
}

fn examples(section: &'static str) -> Vec<Example> {
    let mut found = Vec::new();
    let mut rest = section;
    while let Some(start) = rest.find("```") {
        let Some((info, body)) = rest[start + 3..].split_once('\n') else { break };
        let end = body.find("```").unwrap_or(body.len());
        found.push(Example { info: info.trim(), text: &body[..end] });
        rest = body.get(end + 3..).unwrap_or("");
    }
    found
}

/// The page that says more about a code, at the project's own address; none while the project has no address.
pub fn url(code: Code) -> Option<String> {
    let homepage = env!("CARGO_PKG_HOMEPAGE").trim_end_matches('/');
    (!homepage.is_empty()).then(|| format!("{homepage}/rules#{code}"))
}

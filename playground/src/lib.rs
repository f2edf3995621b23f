//! What the page asks of clapboard. Texts and pictures are put in memory, a question goes in as JSON, and the answer comes out as
//! JSON; nothing else goes in or out.

mod answer;
mod door;

use std::sync::Arc;

use camino::Utf8PathBuf;
use clapboard::check::Workspace;
use clapboard::diagnostic::{Code, Safety};
use clapboard::files::Memory;
use clapboard::fix;
use clapboard::judge::Levels;
use clapboard::kling::{Facts, Target};
use clapboard::models;
use clapboard::rules::Rule;
use clapboard::text::{FileId, Format};
use serde::Deserialize;
use serde_json::{Value, json};

/// The folder that everything is in.
const FOLDER: &str = "/film";

/// The files that were put in.
#[derive(Debug, Default)]
pub struct Project {
    files: Memory,
}

/// A question.
#[derive(Debug, Deserialize)]
#[serde(tag = "ask", rename_all = "lowercase")]
enum Question {
    /// What is wrong with a text, what it sends, and what it costs.
    Check(Text),
    /// The text after its fixes.
    Fix {
        #[serde(flatten)]
        text: Text,
        /// Whether fixes that may change the meaning are applied too.
        all: bool,
    },
    /// What a rule means.
    Explain {
        /// Its code.
        code: String,
    },
    /// What each model can do and costs.
    Models,
}

/// A storyboard's text.
#[derive(Debug, Deserialize)]
struct Text {
    /// Its path in the folder; what it ends in says whether it is YAML or TOML.
    name: String,
    text: String,
    /// Who takes the requests.
    target: String,
}

impl Project {
    /// Puts a file there, over one of that path.
    pub fn put(&mut self, path: &str, bytes: &[u8]) {
        self.files.insert(Utf8PathBuf::from(FOLDER).join(path), bytes);
    }

    /// Takes all files away.
    pub fn clear(&mut self) {
        self.files = Memory::default();
    }

    /// The answer to a question in JSON, as JSON.
    pub fn answer(&self, question: &str) -> String {
        let answer = match serde_json::from_str(question) {
            Ok(Question::Check(text)) => self.check(&text),
            Ok(Question::Fix { text, all }) => self.fix(&text, all),
            Ok(Question::Explain { code }) => explain(&code),
            Ok(Question::Models) => json!({ "markdown": models::markdown(Facts::kling()) }),
            Err(error) => json!({ "error": error.to_string() }),
        };
        answer.to_string()
    }

    fn workspace(&self, text: &Text) -> (Workspace, FileId) {
        let mut files = self.files.clone();
        let path = Utf8PathBuf::from(FOLDER).join(&text.name);
        files.insert(&path, text.text.as_bytes());
        let workspace = Workspace::new(Arc::new(files), Target::parse(&text.target), Levels::default());
        let format = Format::of(&path).unwrap_or(Format::Yaml);
        (workspace, FileId { format: Some(format), ..FileId::new(&*text.name, path) })
    }

    fn check(&self, text: &Text) -> Value {
        let (workspace, file) = self.workspace(text);
        let checked = workspace.check_bytes(&file, text.text.as_bytes().to_vec());
        let report = workspace.report(std::slice::from_ref(&checked));
        answer::checked(&checked, &report)
    }

    fn fix(&self, text: &Text, all: bool) -> Value {
        let (workspace, file) = self.workspace(text);
        let safety = if all { Safety::Unsafe } else { Safety::Safe };
        let fixed = fix::fix(&workspace, &file, text.text.clone(), safety);
        let applied: Vec<Value> =
            fixed.applied.iter().map(|applied| json!({ "line": applied.line, "what": applied.what })).collect();
        json!({ "text": fixed.text, "applied": applied })
    }
}

fn explain(code: &str) -> Value {
    let Some(code) = Code::parse(code) else { return json!({ "error": format!("there is no rule `{code}`") }) };
    let document = Rule::of(code).document();
    let texts = |examples: Vec<clapboard::rules::Example>| -> Vec<&str> {
        examples.into_iter().map(|example| example.text).collect()
    };
    json!({
        "code": code.as_str(), "severity": code.severity().as_str(), "summary": document.summary, "what": document.what,
        "why": document.why, "wrong": texts(document.wrong), "right": texts(document.right), "source": document.source,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(project: &Project, question: Value) -> Value {
        serde_json::from_str(&project.answer(&question.to_string())).unwrap()
    }

    const FILM: &str = "storyboard: 1\nshots:\n  - { id: a, model: kling-v3, first_frame: a.png, promt: 渡🚢 }\n";

    #[test]
    fn a_text_is_checked_fixed_and_priced() {
        let mut project = Project::default();
        project.put("a.png", &std::fs::read("../tests/stage/frames/wide.png").unwrap());
        let about = |text: &str, ask: &str| json!({ "ask": ask, "name": "f.storyboard.yaml", "text": text, "target": "gateway", "all": false });
        let checked = ask(&project, about(FILM, "check"));
        let found = &checked["diagnostics"][0];
        assert_eq!((&found["code"], &found["from"], &found["to"]), (&json!("unknown-field"), &json!(71), &json!(76)));
        assert_eq!(checked["requests"], json!([]), "nothing is sent of a film with errors");
        let fixed = ask(&project, about(FILM, "fix"));
        assert_eq!(fixed["text"], FILM.replace("promt", "prompt"));
        let checked = ask(&project, about(fixed["text"].as_str().unwrap(), "check"));
        assert_eq!(checked["diagnostics"], json!([]));
        assert_eq!(checked["requests"][0]["shot"], "a");
        assert!(checked["requests"][0]["body"].as_str().unwrap().contains("\"prompt\": \"渡🚢\""));
        assert_eq!(checked["totals"]["units"], 3.0);
    }

    #[test]
    fn places_count_utf_16() {
        let project = Project::default();
        let text = "storyboard: 1\nshots:\n  - { id: a, model: kling-v3, first_frame: https://a.example/a.png, prompt: 渡🚢 TODO }\n";
        let checked = ask(&project, json!({ "ask": "check", "name": "f.yaml", "text": text, "target": "gateway" }));
        let found = &checked["diagnostics"][0];
        let units: Vec<u16> = text.encode_utf16().collect();
        let [from, to] = ["from", "to"].map(|end| found[end].as_u64().unwrap() as usize);
        assert_eq!(String::from_utf16(&units[from..to]).unwrap(), "TODO");
    }

    #[test]
    fn what_makes_no_sense_is_said() {
        let project = Project::default();
        assert!(project.answer("{").contains("error"));
        assert!(ask(&project, json!({ "ask": "explain", "code": "gone" }))["error"].is_string());
        assert_eq!(ask(&project, json!({ "ask": "explain", "code": "unknown-field" }))["code"], "unknown-field");
    }
}

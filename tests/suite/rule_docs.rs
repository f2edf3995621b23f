//! Every rule has a document next to it, of one fixed form, whose wrong example gives that rule's finding and no other, and
//! whose right example gives none. The examples are run by the real program in a copy of `tests/stage`.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use serde_json::Value;

use super::support::{run, stage};

const SECTIONS: [&str; 5] = ["What it checks", "Why it matters", "Wrong", "Right", "Source"];

#[test]
fn each_document_keeps_the_form_and_its_examples_do_what_they_say() {
    let faults: Vec<String> = documents()
        .iter()
        .filter_map(|path| {
            let found = faults(path);
            (!found.is_empty()).then(|| format!("{}: {}", code_of(path), found.join("; ")))
        })
        .collect();
    assert!(faults.is_empty(), "{} documents do not hold:\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn each_rule_has_a_document_and_each_document_a_rule() {
    let documents: BTreeSet<String> = documents().iter().map(|path| code_of(path)).collect();
    let output = run(Path::new("."), &["explain", "--format", "json"]);
    let listing: Value = serde_json::from_slice(&output.stdout).expect("explain prints JSON");
    let rules: BTreeSet<String> = listing
        .as_array()
        .expect("explain lists the rules in an array")
        .iter()
        .map(|entry| entry["code"].as_str().expect("a rule has a code").to_owned())
        .collect();
    assert_eq!(documents, rules, "documents on the left, rules on the right");
}

/// The documents' paths, in order.
pub fn documents() -> Vec<PathBuf> {
    let folders = ["src/rules", "src/written"].map(|folder| Path::new(env!("CARGO_MANIFEST_DIR")).join(folder));
    let mut paths: Vec<PathBuf> = folders
        .iter()
        .flat_map(|folder| fs::read_dir(folder).expect("the rules' folder can be read"))
        .map(|entry| entry.expect("an entry of the rules' folder").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
        .collect();
    paths.sort();
    assert!(!paths.is_empty(), "no document was found");
    paths
}

/// The rule that a document is named after.
pub fn code_of(path: &Path) -> String {
    path.file_stem().expect("a document has a name").to_string_lossy().into_owned()
}

/// What is wrong with one document: its form, else what came out of its examples.
fn faults(path: &Path) -> Vec<String> {
    let code = code_of(path);
    let text = fs::read_to_string(path).expect("a document is UTF-8");
    let document = match Document::read(&code, &text) {
        Ok(document) => document,
        Err(fault) => return vec![fault],
    };
    let mut faults = Vec::new();
    match document.wrong.check() {
        Ok(codes) if codes.is_empty() => faults.push("Wrong gives no finding".to_owned()),
        Ok(codes) if codes.iter().any(|found| *found != code) => {
            faults.push(format!("Wrong gives {}", codes.join(", ")));
        }
        Ok(_) => {}
        Err(fault) => faults.push(format!("Wrong: {fault}")),
    }
    match document.right.check() {
        Ok(codes) if !codes.is_empty() => {
            faults.push(format!("Right gives {}", codes.join(", ")));
        }
        Ok(_) => {}
        Err(fault) => faults.push(format!("Right: {fault}")),
    }
    faults
}

/// The two parts of a document that can be run.
pub struct Document {
    pub wrong: Example,
    pub right: Example,
}

impl Document {
    /// Holds a document to the form: the code as title, a summary of one line, the sections in their order, each of them one
    /// paragraph or, for the examples, code blocks alone.
    pub fn read(code: &str, text: &str) -> Result<Document, String> {
        let mut parts = split(text).into_iter();
        let head = parts.next().unwrap_or_default();
        match head.lines[..] {
            [title, "", summary, ""] if title.strip_prefix("# ") == Some(code) => {
                if summary.is_empty() || !summary.ends_with('.') {
                    return Err("the summary is no sentence".to_owned());
                }
            }
            _ => return Err(format!("it does not begin with `# {code}` and one line")),
        }
        let sections: Vec<Part> = parts.collect();
        let titles: Vec<&str> = sections.iter().map(|section| section.title).collect();
        if titles != SECTIONS {
            return Err(format!("its sections are {titles:?}"));
        }
        for section in [&sections[0], &sections[1], &sections[4]] {
            section.paragraph()?;
        }
        Ok(Document { wrong: sections[2].example()?, right: sections[3].example()? })
    }
}

/// A heading of the second level with the lines below it, or the lines before the first one.
#[derive(Default)]
struct Part<'a> {
    title: &'a str,
    lines: Vec<&'a str>,
}

/// Parts a document at its `## ` headings; a code block is never parted.
fn split(text: &str) -> Vec<Part<'_>> {
    let mut parts = vec![Part::default()];
    let mut in_block = false;
    for line in text.lines() {
        in_block ^= line.starts_with("```");
        match line.strip_prefix("## ") {
            Some(title) if !in_block => parts.push(Part { title, lines: Vec::new() }),
            _ => parts.last_mut().expect("there is a first part").lines.push(line),
        }
    }
    parts
}

impl<'a> Part<'a> {
    /// The lines without the blank ones around them.
    fn body(&self) -> &[&'a str] {
        let first = self.lines.iter().position(|line| !line.is_empty());
        let last = self.lines.iter().rposition(|line| !line.is_empty());
        match (first, last) {
            (Some(first), Some(last)) => &self.lines[first..=last],
            _ => &[],
        }
    }

    fn paragraph(&self) -> Result<(), String> {
        let body = self.body();
        if body.is_empty() || body.iter().any(|line| line.trim().is_empty()) {
            return Err(format!("`{}` is not one paragraph", self.title));
        }
        if body.iter().any(|line| line.starts_with("```")) {
            return Err(format!("`{}` has a code block", self.title));
        }
        Ok(())
    }

    fn example(&self) -> Result<Example, String> {
        let mut example = Example::default();
        let mut open: Option<(String, String)> = None;
        for line in self.body() {
            match (line.strip_prefix("```"), &mut open) {
                (Some(info), None) => {
                    let name = example.open(info).map_err(|fault| format!("`{}`: {fault}", self.title))?;
                    open = Some((name, String::new()));
                }
                (Some(_), Some(_)) => example.files.extend(open.take()),
                (None, Some((_, text))) => {
                    text.push_str(line);
                    text.push('\n');
                }
                (None, None) if line.is_empty() => {}
                (None, None) => {
                    return Err(format!("`{}` has text besides its code blocks", self.title));
                }
            }
        }
        if open.is_some() {
            return Err(format!("a code block of `{}` is not closed", self.title));
        }
        if example.files.iter().all(|(_, text)| text.is_empty()) {
            return Err(format!("`{}` has no code block", self.title));
        }
        Ok(example)
    }
}

/// A small project: a storyboard, and the files that it needs in addition to those of the stage.
#[derive(Default)]
pub struct Example {
    /// Names and texts; the first is the one that is checked.
    files: Vec<(String, String)>,
    /// The target, where it is not the default one.
    target: Option<String>,
}

impl Example {
    /// Takes a code block's info string, `yaml target=official` or `yaml file=bible.storyboard.yaml`, and gives the file's name.
    fn open(&mut self, info: &str) -> Result<String, String> {
        let mut words = info.split_whitespace();
        let language = words.next().unwrap_or_default();
        if !["yaml", "toml"].contains(&language) {
            return Err(format!("a code block is `{language}`, not yaml or toml"));
        }
        let mut name = None;
        for word in words {
            match word.split_once('=') {
                Some(("file", file)) => name = Some(file.to_owned()),
                Some(("target", target)) => self.target = Some(target.to_owned()),
                _ => return Err(format!("`{word}` after the fence means nothing")),
            }
        }
        match (name, self.files.is_empty()) {
            (None, true) => Ok(format!("film.storyboard.{language}")),
            (Some(name), false) => Ok(name),
            (None, false) => Err("a further block has no `file=`".to_owned()),
            (Some(_), true) => Err("the first block is the storyboard: no `file=`".to_owned()),
        }
    }

    /// The storyboard's text.
    pub fn text(&self) -> &str {
        &self.files[0].1
    }

    /// What `check` says of it in `format`.
    pub fn run(&self, format: &str) -> Output {
        self.run_with(&["check", "--format", format])
    }

    /// What a command says of it.
    pub fn run_with(&self, arguments: &[&str]) -> Output {
        let stage = stage();
        for (name, text) in &self.files {
            fs::write(stage.path().join(name), text).expect("the stage can be written to");
        }
        let mut arguments = arguments.to_vec();
        if let Some(target) = &self.target {
            arguments.extend(["--target", target]);
        }
        arguments.push(&self.files[0].0);
        run(stage.path(), &arguments)
    }

    /// The codes that `check` finds, in its order.
    fn check(&self) -> Result<Vec<String>, String> {
        let output = self.run("json");
        let report: Value = serde_json::from_slice(&output.stdout).map_err(|error| {
            let said = String::from_utf8_lossy(&output.stderr);
            format!("no JSON ({error}): {}", said.trim().replace('\n', " "))
        })?;
        let diagnostics = report["diagnostics"].as_array().ok_or("the report has no diagnostics")?;
        let has_error = diagnostics.iter().any(|it| it["severity"] == "error");
        if output.status.code() != Some(has_error.into()) {
            return Err(format!("{} with has_error {has_error}", output.status));
        }
        diagnostics
            .iter()
            .map(|it| it["code"].as_str().map(str::to_owned))
            .collect::<Option<_>>()
            .ok_or_else(|| "a diagnostic has no code".to_owned())
    }
}

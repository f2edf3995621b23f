//! The pages on the language and on the targets: every example on them is run.
//!
//! A block of YAML or TOML is a whole storyboard, or, where it has no `storyboard` field, a part of a shot. It checks clean
//! unless its info string has `gives=CODE,…`. `target=` and `file=` (a file for the next storyboard) may stand there too.
//! A block of JSON shows fields of the body that the storyboard before it sends: of its first shot, or of `shot=ID`, each
//! field as it is; with `part`, those fields of lists and groups that are shown; with `whole`, all of the body. With `target=`
//! it is what the storyboard sends there.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

const PAGE: &str = "docs/language.md";
const TARGETS: &str = "docs/targets.md";

#[test]
fn every_example_of_the_language_page_does_what_it_says() {
    assert!(run_examples(PAGE) > 40, "only some examples were found");
}

#[test]
fn one_shot_is_shown_as_each_target_gets_it() {
    assert_eq!(run_examples(TARGETS), 4);
}

#[test]
fn each_example_compiles_on_each_target_or_the_page_says_why_not() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = fs::read_to_string(root.join(TARGETS)).expect("the page");
    let mut films = Vec::new();
    for folder in fs::read_dir(root.join("examples")).expect("the examples").flatten().filter(|it| it.path().is_dir()) {
        let files = fs::read_dir(folder.path()).expect("an example").flatten().map(|file| file.path());
        films.extend(files.filter(|file| file.to_string_lossy().contains(".storyboard.")));
    }
    films.sort();
    let rows: Vec<String> = films.iter().map(|film| row(root, film)).collect();
    let missing: Vec<&String> = rows.iter().filter(|row| !page.contains(row.as_str())).collect();
    assert!(rows.len() > 5 && missing.is_empty(), "these rows belong on {TARGETS}: {missing:#?}");
}

/// An example's row: what a check of it says on each target.
fn row(root: &Path, film: &Path) -> String {
    let cells = ["gateway", "official", "kling"].map(|target| {
        let mut check = Command::new(env!("CARGO_BIN_EXE_clapboard"));
        let output =
            check.args(["check", "--format", "json", "--target", target]).arg(film).output().expect("it starts");
        let report: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        let mut said: Vec<String> = Vec::new();
        for diagnostic in report["diagnostics"].as_array().expect("a list") {
            let severity = if diagnostic["severity"] == "error" { "error " } else { "" };
            let word = format!("{severity}`{}`", diagnostic["code"].as_str().expect("a code"));
            if !said.contains(&word) {
                said.push(word);
            }
        }
        if said.is_empty() { "compiles".to_owned() } else { said.join(", ") }
    });
    let name = film.strip_prefix(root.join("examples")).expect("an example").to_string_lossy().into_owned();
    format!("| `{name}` | {} |\n", cells.join(" | "))
}

/// Runs the examples of a page; how many there are.
fn run_examples(page: &str) -> usize {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(page)).expect("the page");
    let mut stage = Stage::new();
    let mut faults = Vec::new();
    let mut examples = 0;
    for block in blocks(&text) {
        let result = match block.language() {
            "yaml" | "toml" => stage.storyboard(&block),
            "json" => stage.sends(&block),
            "sh" => continue,
            other => Err(format!("nothing is known of `{other}` blocks")),
        };
        examples += 1;
        faults.extend(result.err().map(|fault| format!("{page}:{}: {fault}", block.line)));
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    examples
}

#[test]
fn the_page_names_every_field_and_every_link_leads_somewhere() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(root.join(PAGE)).expect("the page");
    let schema = fs::read_to_string(root.join("schemas/storyboard.schema.json")).expect("the schema");
    let schema: Value = serde_json::from_str(&schema).expect("JSON");
    let mut fields = Vec::new();
    properties(&schema, &mut fields);
    let missing: Vec<_> = fields.iter().filter(|field| !text.contains(&format!("`{field}`"))).collect();
    assert!(missing.is_empty(), "not on the page: {missing:?}");

    let anchors: Vec<String> = text.lines().filter_map(|line| line.strip_prefix("## ")).map(anchor).collect();
    for target in text.split("](#").skip(1).filter_map(|rest| rest.split(')').next()) {
        assert!(anchors.iter().any(|anchor| anchor == target), "#{target} leads nowhere");
    }
}

/// The names of all fields in a schema.
fn properties(schema: &Value, found: &mut Vec<String>) {
    match schema {
        Value::Object(fields) => {
            for (name, value) in fields {
                match (&**name, value) {
                    ("properties", Value::Object(properties)) => found.extend(properties.keys().cloned()),
                    ("examples" | "defaultSnippets", _) => continue,
                    _ => {}
                }
                properties(value, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| properties(item, found)),
        _ => {}
    }
}

/// A heading's anchor, as GitHub makes it.
fn anchor(heading: &str) -> String {
    heading
        .to_lowercase()
        .chars()
        .filter_map(|c| match c {
            ' ' => Some('-'),
            c if c.is_alphanumeric() || c == '-' => Some(c),
            _ => None,
        })
        .collect()
}

/// A fenced block.
struct Block<'t> {
    line: usize,
    info: &'t str,
    text: String,
}

impl Block<'_> {
    fn language(&self) -> &str {
        self.info.split(' ').next().unwrap_or_default()
    }

    fn option(&self, name: &str) -> Option<&str> {
        self.info.split(' ').find_map(|word| word.strip_prefix(name)?.strip_prefix('='))
    }

    /// The storyboard that the block shows, or shows a part of.
    fn whole(&self) -> String {
        let has = |field: &str| self.text.lines().any(|line| line.starts_with(&format!("{field}:")));
        if self.language() == "toml" || has("storyboard") {
            return self.text.clone();
        }
        let mut text = "storyboard: 1\nshots:\n  - id: one\n".to_owned();
        let is_prompted = has("prompt") || has("cuts");
        for (field, value, is_there) in [
            ("model", "kling-v2-6", has("model")),
            ("first_frame", "frames/wide.png", has("first_frame")),
            ("prompt", "She looks up.", is_prompted),
        ] {
            if !is_there {
                text.push_str(&format!("    {field}: {value}\n"));
            }
        }
        for line in self.text.lines() {
            text.push_str(&format!("    {line}\n"));
        }
        text
    }
}

fn blocks(text: &str) -> Vec<Block<'_>> {
    let mut blocks: Vec<Block<'_>> = Vec::new();
    let mut is_open = false;
    for (index, line) in text.lines().enumerate() {
        match line.strip_prefix("```") {
            Some(info) if !is_open => blocks.push(Block { line: index + 1, info, text: String::new() }),
            None if is_open => {
                let block = blocks.last_mut().expect("one is open");
                block.text.push_str(line);
                block.text.push('\n');
            }
            _ => {}
        }
        is_open ^= line.starts_with("```");
    }
    assert!(!is_open, "a block is not closed");
    blocks
}

/// A folder in which examples are run, and what the last one sends.
struct Stage {
    folder: TempDir,
    requests: Vec<Value>,
    /// The last storyboard's file.
    name: String,
}

impl Stage {
    fn new() -> Self {
        let folder = TempDir::new().expect("a folder");
        copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/stage"), folder.path());
        Self { folder, requests: Vec::new(), name: String::new() }
    }

    fn run(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_clapboard"))
            .args(arguments)
            .current_dir(self.folder.path())
            .output()
            .expect("the program starts")
    }

    fn storyboard(&mut self, block: &Block<'_>) -> Result<(), String> {
        let given = block.option("file");
        let name = given.map_or_else(|| format!("film.storyboard.{}", block.language()), str::to_owned);
        fs::write(self.folder.path().join(&name), block.whole()).expect("the stage can be written to");
        self.name.clone_from(&name);
        let target = block.option("target").unwrap_or("gateway");
        let checked = self.run(&["check", "--format", "json", "--target", target, &name]);
        let report: Value = serde_json::from_slice(&checked.stdout).map_err(|error| error.to_string())?;
        let diagnostics = report["diagnostics"].as_array().ok_or("no diagnostics")?;
        let mut codes: Vec<&str> = diagnostics.iter().filter_map(|it| it["code"].as_str()).collect();
        let mut wanted: Vec<&str> = block.option("gives").map(|codes| codes.split(',').collect()).unwrap_or_default();
        codes.sort_unstable();
        wanted.sort_unstable();
        if codes != wanted {
            return Err(format!("gives {codes:?}, not {wanted:?}"));
        }
        // What a block sends is asked of the block itself, never of one before it.
        let compiled = self.run(&["compile", "--target", target, &name]);
        self.requests = serde_json::from_slice(&compiled.stdout).unwrap_or_default();
        Ok(())
    }

    fn sends(&self, block: &Block<'_>) -> Result<(), String> {
        let shown: Value = serde_json::from_str(&block.text).map_err(|error| error.to_string())?;
        let elsewhere: Option<Vec<Value>> = block.option("target").map(|target| {
            let compiled = self.run(&["compile", "--target", target, &self.name]);
            serde_json::from_slice(&compiled.stdout).unwrap_or_default()
        });
        let requests = elsewhere.as_ref().unwrap_or(&self.requests);
        let request = match block.option("shot") {
            Some(shot) => requests.iter().find(|request| request["shot"] == shot),
            None => requests.first(),
        };
        let body = &request.ok_or("the storyboard before it sends nothing")?["body"];
        let is_part = block.info.split(' ').any(|word| word == "part");
        if block.info.split(' ').any(|word| word == "whole") && *body != shown {
            return Err(format!("all that is sent is {body}"));
        }
        let fields = shown.as_object().ok_or("it shows no body")?;
        for (name, value) in fields {
            let sent = body.get(name).ok_or_else(|| format!("`{name}` is not sent"))?;
            let is_so = if is_part { contains(sent, value) } else { sent == value };
            if !is_so {
                return Err(format!("`{name}` is sent as {sent}"));
            }
        }
        let order: Vec<_> =
            body.as_object().ok_or("no body")?.keys().filter(|name| fields.contains_key(*name)).collect();
        if !order.into_iter().eq(fields.keys()) {
            return Err("the fields are sent in another order".into());
        }
        Ok(())
    }
}

/// Whether `value` has what `part` has, and maybe more fields in its groups.
fn contains(value: &Value, part: &Value) -> bool {
    match (value, part) {
        (Value::Object(value), Value::Object(part)) => {
            part.iter().all(|(name, part)| value.get(name).is_some_and(|value| contains(value, part)))
        }
        (Value::Array(value), Value::Array(part)) => {
            value.len() == part.len() && value.iter().zip(part).all(|(value, part)| contains(value, part))
        }
        _ => value == part,
    }
}

fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).expect("the stage can be read") {
        let entry = entry.expect("an entry of the stage");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            fs::create_dir(&target).expect("a new folder");
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("a file of the stage is copied");
        }
    }
}

#[test]
fn the_readme_names_the_oldest_rust_that_will_do() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let oldest = env!("CARGO_PKG_RUST_VERSION");
    let readme = fs::read_to_string(root.join("README.md")).expect("the README");
    assert!(readme.contains(&format!("Rust {oldest} or later")), "the README does not name Rust {oldest}");
}

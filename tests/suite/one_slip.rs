//! A film that is clean and gets one slip, of syntax or in a field's name, has no findings but about the slip: nothing is said of what
//! follows from it. And a slip hides nothing of what is wrong elsewhere.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::Relaxed;

use clapboard::check::Workspace;
use clapboard::diagnostic::{Code, Diagnostic, Report};
use clapboard::judge::Levels;
use clapboard::text::FileId;

use super::support::*;

/// What a writer's hand does to a line, the next line at times too. `None`: it cannot be done to this one.
type Slip = fn(&str) -> Option<String>;

const YAML: &[(&str, Slip)] = &[
    ("a colon without its space", |line| line.contains(": ").then(|| line.replacen(": ", ":", 1))),
    ("no colon", |line| line.contains(':').then(|| line.replacen(':', "", 1))),
    ("a second colon", |line| Some(format!("{line}: more: words"))),
    ("a tab before it", |line| line.starts_with("  ").then(|| line.replacen("  ", "\t", 1))),
    ("one space fewer", |line| line.strip_prefix(' ').map(str::to_owned)),
    ("one space more", |line| Some(format!(" {line}"))),
    ("an unclosed double quote", |line| line.contains(": ").then(|| line.replacen(": ", ": \"", 1))),
    ("an unclosed single quote", |line| line.contains(": ").then(|| line.replacen(": ", ": '", 1))),
    ("an unclosed bracket", |line| line.contains(": ").then(|| line.replacen(": ", ": [", 1))),
    ("an unclosed brace", |line| line.contains(": ").then(|| line.replacen(": ", ": {", 1))),
    ("a bracket too many", |line| Some(format!("{line}]"))),
    ("a bad start", |line| line.contains(": ").then(|| line.replacen(": ", ": @", 1))),
    ("an unknown alias", |line| line.split_once(": ").map(|(name, _)| format!("{name}: *nobody"))),
    ("a tag", |line| line.contains(": ").then(|| line.replacen(": ", ": !mine ", 1))),
    ("a dash without its space", |line| line.contains("- ").then(|| line.replacen("- ", "-", 1))),
    ("a dash too many", |line| {
        Some(format!("{}- {}", &line[..line.len() - line.trim_start().len()], line.trim_start()))
    }),
    ("a merge of nothing", |line| {
        let key = line.trim_start().trim_start_matches("- ");
        key.contains(':').then(|| format!("{}<<: nothing", &line[..line.len() - key.len()]))
    }),
    ("a merge conflict", |line| Some(format!("<<<<<<< HEAD\n{line}\n=======\n{line} \n>>>>>>> other"))),
    ("a full-width colon", |line| line.contains(": ").then(|| line.replacen(": ", "：", 1))),
    ("a no-break space", |line| line.contains(": ").then(|| line.replacen(": ", ":\u{a0}", 1))),
    ("a list item of Markdown", |line| line.contains("- ").then(|| line.replacen("- ", "* ", 1))),
    ("a list item with a number", |line| line.contains("- ").then(|| line.replacen("- ", "1. ", 1))),
    ("a comment of JavaScript", |line| Some(above(line, "// mine"))),
    ("a comment of SQL", |line| Some(above(line, "-- mine"))),
    ("words in place of it", |line| Some(format!("{}渡轮 离开", &line[..line.len() - line.trim_start().len()]))),
];

const TOML: &[(&str, Slip)] = &[
    ("YAML's colon", |line| line.contains(" = ").then(|| line.replacen(" = ", ": ", 1))),
    ("no sign", |line| line.contains(" = ").then(|| line.replacen(" = ", " ", 1))),
    ("another operator", |line| line.contains(" = ").then(|| line.replacen(" = ", " := ", 1))),
    ("a full-width sign", |line| line.contains(" = ").then(|| line.replacen(" = ", " ＝ ", 1))),
    ("a no-break space", |line| line.contains(" = ").then(|| line.replacen(" = ", "\u{a0}= ", 1))),
    ("full-width brackets", |line| line.starts_with('[').then(|| line.replace('[', "［").replace(']', "］"))),
    ("a semicolon", |line| Some(format!("{line};"))),
    ("a comment of C", |line| Some(above(line, "/* mine */"))),
    ("no value", |line| line.split_once(" = ").map(|(name, _)| format!("{name} ="))),
    // Not `"""`: without it, and with one too many, the lines down to the next one are a text, as they are written.
    ("no quotes", |line| has_quotes(line).then(|| line.replace('"', ""))),
    ("no opening quote", |line| has_quotes(line).then(|| line.replacen('"', "", 1))),
    ("no closing quote", |line| {
        line.rfind('"').filter(|_| has_quotes(line)).map(|at| format!("{}{}", &line[..at], &line[at + 1..]))
    }),
    ("an unclosed bracket", |line| line.contains(" = ").then(|| line.replacen(" = ", " = [", 1))),
    ("an unclosed brace", |line| line.contains(" = ").then(|| line.replacen(" = ", " = {", 1))),
    // Behind an open one it closes that.
    ("a bracket too many", |line| (!line.ends_with('[')).then(|| format!("{line}]"))),
    ("words behind it", |line| Some(format!("{line} and more"))),
    ("no opening bracket", |line| line.strip_prefix('[').map(|rest| rest.trim_start_matches('[').to_owned())),
    ("YAML's header", |line| {
        line.starts_with('[').then(|| format!("{}:", line.trim_matches(['[', ']']).rsplit('.').next().unwrap_or(line)))
    }),
    ("no closing bracket", |line| line.starts_with('[').then(|| line.trim_end_matches(']').to_owned())),
    ("a merge conflict", |line| Some(format!("<<<<<<< HEAD\n{line}\n=======\n{line} \n>>>>>>> other"))),
];

/// Where the law does not hold, and why.
fn is_exempt(slip: &str, line: &str, text: &str) -> bool {
    let merges = text.contains("<<:");
    match slip {
        // A second merge is a fault of its own.
        "a merge of nothing" if merges => true,
        // A comment in place of which they stand may be an `allow`.
        "a merge of nothing" | "words in place of it" => line.trim_start().starts_with('#'),
        // The end of a text that goes on without it; and what is merged elsewhere was merged before it was found to be incomplete.
        "a merge conflict" => line.contains("\"\"\"") || merges,
        // What merges a whole part is not known to have lost a field of its own.
        "a dash too many" => merges && line.trim_start().starts_with("skip"),
        // What has its own header below it goes to the scene or the shot above.
        "YAML's header" => line.starts_with("[[scenes"),
        // The parser takes `{[` for fields that go on to the end of the file, and reports it as many slips.
        "an unclosed brace" => line.contains(" = [") || line.contains(" = {"),
        _ => false,
    }
}

/// A line, and one above it that is indented as much.
fn above(line: &str, added: &str) -> String {
    format!("{}{added}\n{line}", &line[..line.len() - line.trim_start().len()])
}

fn has_quotes(line: &str) -> bool {
    line.contains('"') && !line.contains("\"\"\"")
}

/// Storyboards of the examples and of the cases, with their projects' folders.
fn storyboards() -> Vec<(PathBuf, PathBuf)> {
    let mut found = Vec::new();
    let projects = folders(&repository("examples")).into_iter().map(|folder| (folder, None));
    let cases = folders(&repository("tests/cases")).into_iter().map(|folder| (folder.clone(), Some(folder)));
    for (folder, case) in projects.chain(cases) {
        for entry in std::fs::read_dir(&folder).expect("the folder can be read") {
            let path = entry.expect("an entry of the folder").path();
            let name = path.to_string_lossy();
            if name.ends_with(".storyboard.yaml") || name.ends_with(".storyboard.toml") {
                found.push((path, case.clone().unwrap_or_else(|| folder.clone())));
            }
        }
    }
    found.sort();
    found
}

fn begins_a_shot(line: &str) -> bool {
    line.trim_start().starts_with("- id:") || line.starts_with("[[") && line.ends_with("shots]]")
}

/// A shot with a slip, to stand beside the one that begins with `line`.
fn broken_shot(line: &str) -> String {
    if line.starts_with("[[") { format!("{line}\nno value") } else { format!("{line}: more: words") }
}

fn joined(lines: &[&str]) -> String {
    lines.iter().flat_map(|line| [line, "\n"]).collect()
}

fn check(workspace: &Workspace, path: &Path, text: String) -> Report {
    let name = path.file_name().expect("a file has a name").to_string_lossy();
    let file = FileId::new(&*name, path.to_str().expect("the repository's path is UTF-8"));
    let film = workspace.check_bytes(&file, text.into_bytes());
    workspace.report(&[film])
}

/// Looks at each film that is clean, at its own place among its files, and fails with what `look` says of them.
fn assert_of_clean_films(look: impl Fn(&Workspace, &Path, &[&str]) -> Vec<String> + Sync) {
    let work = |(path, folder): &(PathBuf, PathBuf)| {
        let stage = stage();
        copy(folder, stage.path());
        let path = stage.path().join(path.file_name().expect("a file has a name"));
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        let workspace = Workspace::on_disk(None, Levels::default());
        // A text that cannot be read has a slip of its own.
        if text.is_empty() || !check(&workspace, &path, text.clone()).diagnostics.is_empty() {
            return Vec::new();
        }
        look(&workspace, &path, &text.lines().collect::<Vec<_>>())
    };
    assert_none(&faults_of(&storyboards(), work));
}

/// Findings that there should not be after a line was changed.
fn faults<'r>(
    found: impl Iterator<Item = &'r Diagnostic>,
    path: &Path,
    line: usize,
    what: &str,
    changed: &str,
) -> Vec<String> {
    let path = path.display();
    found.map(|it| format!("{path}:{}: {what}: {}: {}\n    {changed}", line + 1, it.code, it.message)).collect()
}

#[test]
fn a_clean_film_with_one_slip_has_no_findings_but_about_the_slip() {
    assert_of_clean_films(|workspace, path, lines| {
        let mut found = Vec::new();
        let slips = if path.extension().is_some_and(|ending| ending == "toml") { TOML } else { YAML };
        let text = joined(lines);
        let first_shot = lines.iter().position(|line| begins_a_shot(line));
        let one_more = first_shot.map(|shot| broken_shot(lines[shot])).unwrap_or_default();
        for (index, line) in lines.iter().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            for (name, slip) in slips {
                let Some(broken) = slip(line).filter(|_| !is_exempt(name, line, &text)) else { continue };
                let mut with_slip = lines.to_vec();
                with_slip[index] = &broken;
                let report = check(workspace, path, joined(&with_slip));
                // Not every such change is a slip of syntax: a word more may be just that.
                if !report.diagnostics.iter().any(|it| it.code == Code::Syntax) {
                    continue;
                }
                // A second one, above it.
                let second = first_shot.filter(|shot| *shot <= index).map(|shot| {
                    with_slip.insert(shot, &one_more);
                    check(workspace, path, joined(&with_slip))
                });
                let all = report.diagnostics.iter().chain(second.iter().flat_map(|report| &report.diagnostics));
                found.extend(faults(all.filter(|it| it.code != Code::Syntax), path, index, name, &broken));
            }
        }
        found
    });
}

/// A field's name as a writer misspells it.
type Typo = fn(&str) -> String;

/// One letter off.
const TYPOS: &[(&str, Typo)] = &[
    ("its last letter left out", |name| name[..name.len() - 1].to_owned()),
    ("its last letter twice", |name| format!("{name}{}", &name[name.len() - 1..])),
    ("its second letter left out", |name| format!("{}{}", &name[..1], &name[2..])),
];

/// And once the misspelt name is allowed, the field is simply not there: no shot is bought without its prompt because of a `promt`.
#[test]
fn a_clean_film_with_one_misspelt_field_has_no_findings_but_about_its_name() {
    let fields = field_names();
    let allow = Levels { allow: vec![Code::UnknownField], ..Levels::default() };
    let looked_at = AtomicUsize::new(0);
    assert_of_clean_films(|workspace, path, lines| {
        let mut found = Vec::new();
        let allowing = Workspace::on_disk(None, allow.clone());
        for (index, line) in lines.iter().enumerate() {
            let begin = line.len() - line.trim_start_matches([' ', '-', '[']).len();
            let end = begin + line[begin..].find(|c: char| !c.is_ascii_lowercase() && c != '_').unwrap_or_default();
            let name = &line[begin..end];
            // `i` may be anything, and the shots below a misspelt `[[scenes]]` are those of the scene above it.
            let is_clear = name.len() > 2 && !line.starts_with("[[scenes]]");
            if !is_clear || !fields.contains(name) || !line[end..].trim_start().starts_with([':', '=', ']']) {
                continue;
            }
            // `mode` is what is left of `model`.
            let named = |name: &str| format!("{}{name}{}", &line[..begin], &line[end..]);
            let with = |line: &str| {
                let mut changed = lines.to_vec();
                changed[index] = line;
                joined(&changed)
            };
            let absent = said(&check(&allowing, path, with(&named("qqqq"))));
            for (what, typo) in TYPOS.iter().filter(|(_, typo)| !fields.contains(&typo(name))) {
                let misspelt = named(&typo(name));
                let allowed = said(&check(&allowing, path, with(&misspelt)));
                if allowed != absent {
                    let line = index + 1;
                    found.push(format!(
                        "{}:{line}: {misspelt} is allowed: {allowed:#?}, not {absent:#?}",
                        path.display()
                    ));
                }
                let report = check(workspace, path, with(&misspelt));
                let others = report.diagnostics.iter().filter(|it| it.code != Code::UnknownField);
                found.extend(faults(others, path, index, what, &misspelt));
                looked_at.fetch_add(1, Relaxed);
            }
        }
        found
    });
    assert!(looked_at.into_inner() > 1_000, "hardly a name was misspelt");
}

/// The names of all fields, by the schema.
fn field_names() -> BTreeSet<String> {
    fn add(schema: &serde_json::Value, names: &mut BTreeSet<String>) {
        if let Some(properties) = schema["properties"].as_object() {
            names.extend(properties.keys().cloned());
        }
        let inner = schema.as_object().into_iter().flat_map(|object| object.values());
        inner.chain(schema.as_array().into_iter().flatten()).for_each(|inner| add(inner, names));
    }
    let text = std::fs::read_to_string(repository("schemas/storyboard.schema.json")).expect("the schema is there");
    let mut names = BTreeSet::new();
    add(&serde_json::from_str(&text).expect("the schema is JSON"), &mut names);
    names
}

/// What a report says, but of names that nothing uses, and of what the whole film costs: the shot that could not be read may use them,
/// and has a price.
fn said(report: &Report) -> Vec<String> {
    let said = report.diagnostics.iter().filter(|it| {
        !matches!(
            it.code,
            Code::UnusedStyle | Code::UnusedCast | Code::UnusedAllow | Code::BudgetExceeded | Code::Syntax
        )
    });
    said.map(|it| {
        let line = it.place.source.line_index(it.place.span.start()) + 1;
        format!("{line}: {}: {}", it.code, it.message)
    })
    .collect()
}

#[test]
fn a_slip_in_the_last_shot_hides_nothing_of_the_others() {
    let looked_at = AtomicUsize::new(0);
    assert_of_clean_films(|workspace, path, lines| {
        // Below the end of a document nothing can be written.
        let last_shot = lines.iter().rfind(|line| begins_a_shot(line) && lines.last() != Some(&"..."));
        let Some(slip) = last_shot.map(|line| broken_shot(line)) else { return Vec::new() };
        let mut found = Vec::new();
        // Without its header the last shot would have that of the one with the slip.
        for without in (0..lines.len()).filter(|line| !lines[*line].starts_with("[[")) {
            let mut rest = lines.to_vec();
            rest.remove(without);
            let report = check(workspace, path, joined(&rest));
            if report.diagnostics.iter().any(|it| it.code == Code::Syntax) {
                continue;
            }
            rest.push(&slip);
            let after = said(&check(workspace, path, joined(&rest)));
            looked_at.fetch_add(said(&report).len(), Relaxed);
            let hidden = said(&report).into_iter().filter(|it| !after.contains(it));
            found.extend(hidden.map(|it| format!("{}, without line {}: hidden: {it}", path.display(), without + 1)));
        }
        found
    });
    assert!(looked_at.into_inner() > 100, "hardly a line was missed");
}

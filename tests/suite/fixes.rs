//! Each folder `tests/fixes/<code>/<case>` has a storyboard before and after its fix, and `args` where it needs others than
//! `--fix`. `UPDATE=1 cargo test` writes what comes after.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::support::*;

#[test]
fn each_fix_makes_of_before_what_stands_after() {
    let codes = folders(&repository("tests/fixes"));
    let cases: Vec<PathBuf> = codes.iter().flat_map(|code| folders(code)).collect();
    assert_none(&faults_of(&cases, |case| run_case(case)));
}

#[test]
fn each_code_that_has_a_fix_has_a_case() {
    let listing = run(Path::new("."), &["explain", "--format", "json"]);
    let listing: Value = serde_json::from_slice(&listing.stdout).expect("explain prints JSON");
    let rules = listing.as_array().expect("explain lists the rules in an array");
    let fixable: BTreeSet<String> = rules
        .iter()
        .filter(|rule| !rule["fix"].is_null())
        .map(|rule| rule["code"].as_str().expect("a rule has a code").to_owned())
        .collect();
    let tested: BTreeSet<String> = folders(&repository("tests/fixes")).iter().map(|path| name_of(path)).collect();
    assert_eq!(fixable, tested, "codes with a fix on the left, those with a case on the right");
}

fn run_case(case: &Path) -> Vec<String> {
    let code = name_of(case.parent().expect("a case is in its code's folder"));
    let format = ["yaml", "toml"].into_iter().find(|format| case.join(format!("before.storyboard.{format}")).exists());
    let format = format.expect("a case has a `before.storyboard.yaml` or `.toml`");
    let before = fs::read(case.join(format!("before.storyboard.{format}"))).expect("the text before");
    let args = fs::read_to_string(case.join("args")).unwrap_or_else(|_| "--fix".to_owned());
    let film = format!("film.storyboard.{format}");
    let stage = stage();
    let path = stage.path().join(&film);
    fs::write(&path, &before).expect("the stage can be written to");
    let text = || String::from_utf8(fs::read(&path).expect("the film is there")).expect("a fixed film is UTF-8");
    let run_with = |more: &[&str]| {
        let arguments: Vec<&str> = ["check"].into_iter().chain(args.split_whitespace()).chain(more.to_vec()).collect();
        run(stage.path(), &arguments)
    };
    let shown = format!("{code}/{}", name_of(case));
    let mut faults = Vec::new();
    if !reports(stage.path(), &film, &code) {
        faults.push(format!("{shown}: `{code}` does not find anything before"));
    }
    let diff = run_with(&["--diff", &film]);
    if text().as_bytes() != before {
        faults.push(format!("{shown}: --diff has changed the file"));
    }
    let diff = String::from_utf8_lossy(&diff.stdout).into_owned();
    if !diff.starts_with("--- ") {
        faults.push(format!("{shown}: --diff shows no change"));
    }
    run_with(&[&film]);
    let once = text();
    run_with(&[&film]);
    if text() != once {
        faults.push(format!("{shown}: fixed twice is not the same as once"));
    }
    faults.extend(Expected::compare(&case.join(format!("after.storyboard.{format}")), Some(&once)));
    faults
}

/// Whether `check` finds `code` in the film.
fn reports(stage: &Path, film: &str, code: &str) -> bool {
    let output = run(stage, &["check", "--format", "json", film]);
    let report: Value = serde_json::from_slice(&output.stdout).expect("check prints JSON");
    let diagnostics = report["diagnostics"].as_array().expect("the report has diagnostics");
    diagnostics.iter().any(|it| it["code"] == code && !it["fix"].is_null())
}

use std::collections::BTreeSet;

use clapboard::diagnostic::Report;
use clapboard::report::Format;
use serde_json::Value;

use super::{rendered, sample, tools};

fn issues(report: &Report) -> Vec<Value> {
    serde_json::from_str(&rendered(Format::Gitlab, report)).expect("the report is a JSON array")
}

#[test]
fn issues_are_as_they_were() {
    insta::assert_snapshot!(rendered(Format::Gitlab, &sample::film()));
}

#[test]
fn fingerprints_are_unique_and_outlive_lines_put_in_before() {
    let fingerprints = |report: &Report| -> Vec<String> {
        issues(report).iter().map(|issue| issue["fingerprint"].to_string()).collect()
    };
    assert_eq!(fingerprints(&sample::film()), fingerprints(&sample::film_with_lines_before()));
    let many = fingerprints(&sample::many(100));
    assert_eq!(many.iter().collect::<BTreeSet<_>>().len(), many.len());
}

/// GitLab reads Code Climate's issues: `codeclimate-types` has these, from Code Climate's specification, for TypeScript.
#[test]
fn code_climates_types_take_it() {
    let Some(typescript) = tools::installed("node_modules/typescript/bin/tsc") else { return };
    let Some(types) = tools::installed("node_modules/codeclimate-types") else { return };
    let folder = tempfile::tempdir_in(types.parent().expect("it is in a folder")).expect("there is a temporary folder");
    let reports = [sample::film(), sample::hostile(), Report::default()];
    let mut program = String::from("import type { Issue } from 'codeclimate-types'\n");
    for report in &reports {
        program.push_str(&format!(
            "({}) satisfies Required<Pick<Issue, 'fingerprint' | 'severity'>>[] & Issue[]\n",
            rendered(Format::Gitlab, report)
        ));
    }
    let path = folder.path().join("report.ts");
    std::fs::write(&path, program).expect("the program is written");
    let arguments =
        ["--noEmit", "--strict", "--skipLibCheck", "--module", "nodenext", "--moduleResolution", "nodenext"];
    let arguments = arguments.iter().map(AsRef::as_ref).chain([path.as_os_str()]);
    tools::run("node", [typescript.as_os_str()].into_iter().chain(arguments), "");
}

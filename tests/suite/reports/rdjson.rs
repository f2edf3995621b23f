use clapboard::diagnostic::Report;
use clapboard::report::Format;
use serde_json::{Value, json};

use super::{rendered, sample, tools};

#[test]
fn diagnostics_are_as_they_were() {
    insta::assert_snapshot!(rendered(Format::Rdjson, &sample::film()));
}

#[test]
fn columns_count_bytes() {
    let result: Value = serde_json::from_str(&rendered(Format::Rdjson, &sample::film())).expect("the report is JSON");
    let euro = &result["diagnostics"][4]["location"]["range"];
    // `    promt: "` is 12 bytes, `渡轮🚢 leaves, ` 19, `€5` 4.
    assert_eq!(euro, &json!({ "start": { "line": 7, "column": 32 }, "end": { "line": 7, "column": 36 } }));
}

#[test]
fn a_fix_of_several_edits_is_one_suggestion() {
    let result: Value = serde_json::from_str(&rendered(Format::Rdjson, &sample::film())).expect("the report is JSON");
    let suggestions = &result["diagnostics"][7]["suggestions"];
    let range = json!({ "start": { "line": 13, "column": 13 }, "end": { "line": 13, "column": 23 } });
    assert_eq!(suggestions, &json!([{ "range": range, "text": "\"Night: fog\"" }]));
}

#[test]
fn a_validator_of_reviewdogs_format_takes_it() {
    let Some(validator) = tools::installed("node_modules/@umbrelladocs/rdformat-validator/bin/rdformat-validator.js")
    else {
        return;
    };
    let folder = tempfile::tempdir().expect("there is a temporary folder");
    for (name, report) in [("film", sample::film()), ("hostile", sample::hostile()), ("empty", Report::default())] {
        let path = folder.path().join(format!("{name}.json"));
        std::fs::write(&path, rendered(Format::Rdjson, &report)).expect("the report is written");
        tools::run("node", [validator.as_os_str(), path.as_os_str()], "");
    }
}

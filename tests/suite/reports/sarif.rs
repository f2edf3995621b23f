use clapboard::diagnostic::{Code, Report};
use clapboard::report::Format;
use serde_json::{Value, json};

use super::{rendered, sample, tools};

/// Microsoft's validator, with the OASIS schema next to it.
const MULTITOOL: &str = "node_modules/@microsoft/sarif-multitool-linux";

fn log(report: &Report) -> Value {
    serde_json::from_str(&rendered(Format::Sarif, report)).expect("SARIF is JSON")
}

fn results(report: &Report) -> Vec<Value> {
    log(report)["runs"][0]["results"].as_array().expect("there are results").clone()
}

#[test]
fn the_official_schema_takes_it() {
    let Some(schema) = tools::installed(&format!("{MULTITOOL}/sarif-2.1.0.json")) else { return };
    let schema = std::fs::read(schema).expect("the schema can be read");
    let schema: Value = serde_json::from_slice(&schema).expect("the schema is JSON");
    let validator = jsonschema::validator_for(&schema).expect("the schema is one");
    for report in [sample::film(), sample::hostile(), Report::default()] {
        let log = log(&report);
        let errors: Vec<String> = validator.iter_errors(&log).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{}", errors.join("\n"));
    }
    let errors = validator.iter_errors(&json!({ "version": "2.1.0", "runs": [{ "results": 1 }] })).count();
    assert!(errors > 0, "the schema refuses what is not SARIF");
}

#[test]
fn microsofts_validator_has_nothing_against_it() {
    let Some(multitool) = tools::installed(&format!("{MULTITOOL}/Sarif.Multitool")) else {
        return;
    };
    let folder = tempfile::tempdir().expect("there is a temporary folder");
    let path = folder.path().join("report.sarif");
    std::fs::write(&path, rendered(Format::Sarif, &sample::film())).expect("the report is written");
    let told = folder.path().join("told.sarif");
    let arguments = ["validate", "--rule-kind", "Sarif;Ghas", "--level", "Error;Warning"];
    let files = [path.as_os_str(), "--output".as_ref(), told.as_os_str()];
    tools::run(multitool, arguments.iter().map(AsRef::as_ref).chain(files), "");
    let told: Value =
        serde_json::from_slice(&std::fs::read(told).expect("the validator writes a log")).expect("the log is JSON");
    let found: Vec<&Value> = told["runs"][0]["results"].as_array().expect("there are results").iter().collect();
    // Without a homepage the log has no address for the tool, and SARIF2005 asks for one.
    let expected: &[&str] = if env!("CARGO_PKG_HOMEPAGE").is_empty() { &["SARIF2005"] } else { &[] };
    let rules: Vec<&str> = found.iter().filter_map(|result| result["ruleId"].as_str()).collect();
    assert_eq!(rules, expected, "{found:#?}");
}

#[test]
fn results_are_as_they_were() {
    let results = serde_json::to_string_pretty(&results(&sample::film())).expect("JSON is written");
    insta::assert_snapshot!(results);
}

#[test]
fn each_rule_is_described_and_each_result_names_its_rule() {
    let log = log(&sample::film());
    let rules = log["runs"][0]["tool"]["driver"]["rules"].as_array().expect("there are rules");
    let reported: std::collections::BTreeSet<Code> = sample::film().diagnostics.iter().map(|one| one.code).collect();
    assert_eq!(rules.len(), reported.len());
    for (code, rule) in reported.iter().zip(rules) {
        assert_eq!(rule["id"], code.as_str());
        assert_eq!(rule["defaultConfiguration"]["level"], code.severity().as_str());
        for text in ["/shortDescription/text", "/fullDescription/text", "/help/text", "/help/markdown"] {
            assert!(!rule.pointer(text).and_then(Value::as_str).unwrap_or_default().is_empty(), "{code} {text}");
        }
    }
    for result in results(&sample::film()) {
        let index = result["ruleIndex"].as_u64().expect("a result has its rule's index") as usize;
        assert_eq!(rules[index]["id"], result["ruleId"]);
    }
}

#[test]
fn fingerprints_are_unique_and_outlive_lines_put_in_before() {
    let fingerprints = |report: &Report| -> Vec<String> {
        results(report).iter().map(|result| result["partialFingerprints"]["clapboard/v1"].to_string()).collect()
    };
    assert_eq!(fingerprints(&sample::film()), fingerprints(&sample::film_with_lines_before()));
    let many = fingerprints(&sample::many(100));
    assert_eq!(many.iter().collect::<std::collections::BTreeSet<_>>().len(), many.len());
}

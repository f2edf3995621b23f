use clapboard::diagnostic::Report;
use clapboard::report::step_summary::render;

use super::{rendered_by, sample};

#[test]
fn the_table_is_as_it_was() {
    insta::assert_snapshot!(rendered_by(render, &sample::film()));
}

#[test]
fn a_clean_run_says_so() {
    let report = Report::new(Vec::new(), vec!["a".into(), "b".into()]);
    assert_eq!(rendered_by(render, &report), "### clapboard\n\nno problems in 2 files\n\n");
}

#[test]
fn a_long_table_is_cut_and_the_rest_counted() {
    let text = rendered_by(render, &sample::many(250));
    assert!(text.ends_with("… and 150 more; all of them are in the log.\n\n"), "{text}");
}

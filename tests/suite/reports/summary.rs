use clapboard::diagnostic::Report;
use clapboard::report::summary::render;

use super::{rendered, sample};

#[test]
fn the_table_is_as_it_was() {
    insta::assert_snapshot!(rendered(render, &sample::film()));
}

#[test]
fn a_clean_run_says_so() {
    let report = Report { files: vec!["a".into(), "b".into()], ..Report::default() };
    assert_eq!(rendered(render, &report), "### clapboard\n\nNothing to mend in 2 files.\n\n");
}

#[test]
fn a_long_table_is_cut_and_the_rest_counted() {
    let text = rendered(render, &sample::many(250));
    assert!(text.ends_with("… and 150 more, which the log has.\n\n"), "{text}");
}

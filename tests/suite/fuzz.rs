//! What the fuzzer's targets hold, for each input that it has kept: `fuzz/run` looks for more.

use std::collections::BTreeSet;
use std::fs;

use super::support::*;

#[path = "../../fuzz/src/lib.rs"]
pub mod targets;

fn replay(name: &str) {
    let target = targets::TARGETS.iter().find(|target| target.name == name).expect("a target");
    let folder = repository("fuzz/corpus").join(name);
    let mut count = 0;
    for entry in fs::read_dir(&folder).expect("there is a corpus") {
        let path = entry.expect("an entry of the folder").path();
        let shown = Shown(path.display());
        (target.holds)(&fs::read(&path).expect("an input"));
        drop(shown);
        count += 1;
    }
    assert!(count >= 5, "only {count} inputs in {}", folder.display());
}

#[test]
fn any_yaml_is_read_or_refused() {
    replay("yaml");
}

#[test]
fn any_toml_is_read_or_refused_as_others_do() {
    replay("toml");
}

#[test]
fn any_text_has_a_report_that_is_well_formed() {
    replay("check");
}

#[test]
fn any_fix_keeps_what_is_around_it_and_does_no_harm() {
    replay("fixes");
}

#[test]
fn any_film_is_the_same_in_yaml_and_toml() {
    replay("differential");
}

#[test]
fn any_import_is_refused_or_read_back() {
    replay("import");
}

#[test]
fn any_ledger_is_refused_or_goes_on() {
    replay("ledger");
}

#[test]
fn any_answer_is_a_yes_a_no_or_unclear() {
    replay("answers");
}

#[test]
fn any_picture_is_measured_as_others_do() {
    replay("pictures");
}

#[test]
fn any_clip_is_looked_at_with_care() {
    replay("mp4");
}

#[test]
fn each_target_has_a_corpus_and_is_replayed() {
    let listed: BTreeSet<String> = targets::TARGETS.iter().map(|target| target.name.to_owned()).collect();
    let kept: BTreeSet<String> = folders(&repository("fuzz/corpus")).iter().map(|path| name_of(path)).collect();
    assert_eq!(listed, kept, "targets on the left, those with a corpus on the right");
    let text = include_str!("fuzz.rs");
    for target in listed {
        assert!(text.contains(&format!("    replay(\"{target}\");")), "{target} is not replayed");
    }
}

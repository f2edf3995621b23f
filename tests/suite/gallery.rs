//! The gallery: what each rule says in its human form about the wrong example of its document, to be read as the writer would
//! who has just made that mistake. One file per rule in `tests/gallery`; `UPDATE=1 cargo test` rewrites the pictures.

use std::collections::BTreeSet;
use std::fs;

use super::rule_docs::{Document, code_of, documents};
use super::support::*;

#[test]
fn each_rule_says_to_the_eye_what_its_picture_shows() {
    let documents = documents();
    let faults = faults_of(&documents, |path| {
        let code = code_of(path);
        let text = fs::read_to_string(path).expect("a document is UTF-8");
        let document = Document::read(&code, &text).expect("a document keeps the form");
        let said = transcript(&document.wrong.run("human"));
        let picture = repository("tests/gallery").join(format!("{code}.txt"));
        Expected::compare(&picture, Some(&said)).into_iter().collect()
    });
    assert_none(&faults);
}

#[test]
fn no_picture_hangs_without_its_rule() {
    let entries = fs::read_dir(repository("tests/gallery")).expect("the gallery can be read");
    let hung: BTreeSet<String> =
        entries.map(|entry| code_of(&entry.expect("an entry of the gallery").path())).collect();
    let rules: BTreeSet<String> = documents().iter().map(|path| code_of(path)).collect();
    assert_eq!(hung, rules, "pictures on the left, rules on the right");
}

//! Files that are renamed in the editor: the storyboards that name them follow.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use super::client::{Client, edited, plain};
use crate::support::{run, stage, transcript};

const BIBLE: &str = "storyboard: 1\ndefaults: { model: kling-v3, first_frame: frames/wide.png }\n";
const YAML: &str = "storyboard: 1\nextends: bible.storyboard.yaml # ours\nshots:\n  - { id: a, prompt: A., last_frame: 'frames/end.png' }\n  - { id: b, prompt: B., first_frame: \"frames/small.png\" }\n";
const TOML: &str = "storyboard = 1\nextends = \"../bible.storyboard.yaml\"\n[[shots]]\nid = \"a\"\nprompt = \"A.\"\nlast_frame = \"../frames/end.png\"\n";
const ALONE: &str =
    "storyboard: 1\nshots: [{ id: a, model: kling-v3, prompt: A., first_frame: https://a.example/frames/end.png }]\n";

const FILMS: &[(&str, &str)] = &[
    ("bible.storyboard.yaml", BIBLE),
    ("film.storyboard.yaml", YAML),
    ("second/film.storyboard.toml", TOML),
    ("alone.storyboard.yaml", ALONE),
];

/// What is moved, from where to where, and what is then written in which films in place of what.
type Case = (&'static [(&'static str, &'static str)], &'static [(&'static str, &'static str, &'static str)]);

const CASES: &[Case] = &[
    (
        &[("bible.storyboard.yaml", "look.storyboard.yaml")],
        &[
            ("film.storyboard.yaml", "bible.storyboard.yaml", "look.storyboard.yaml"),
            ("second/film.storyboard.toml", "\"../bible.storyboard.yaml\"", "\"../look.storyboard.yaml\""),
        ],
    ),
    // Its own frames are then elsewhere, too.
    (
        &[("bible.storyboard.yaml", "second/bible.storyboard.yaml")],
        &[
            ("bible.storyboard.yaml", "frames/wide.png", "../frames/wide.png"),
            ("film.storyboard.yaml", "bible.storyboard.yaml", "second/bible.storyboard.yaml"),
            ("second/film.storyboard.toml", "\"../bible.storyboard.yaml\"", "\"bible.storyboard.yaml\""),
        ],
    ),
    (
        &[("frames", "stills")],
        &[
            ("bible.storyboard.yaml", "frames/wide.png", "stills/wide.png"),
            ("film.storyboard.yaml", "'frames/end.png'", "'stills/end.png'"),
            ("film.storyboard.yaml", "\"frames/small.png\"", "\"stills/small.png\""),
            ("second/film.storyboard.toml", "\"../frames/end.png\"", "\"../stills/end.png\""),
        ],
    ),
    // A name that needs quotes, and another form of them.
    (
        &[("frames/wide.png", "frames/wide: 'one' #2.png"), ("frames/end.png", "frames/das \"Ende\".png")],
        &[
            ("bible.storyboard.yaml", "frames/wide.png", "\"frames/wide: 'one' #2.png\""),
            ("film.storyboard.yaml", "'frames/end.png'", "\"frames/das \\\"Ende\\\".png\""),
            ("second/film.storyboard.toml", "\"../frames/end.png\"", "\"../frames/das \\\"Ende\\\".png\""),
        ],
    ),
    (
        &[("second", "third/half")],
        &[
            ("second/film.storyboard.toml", "\"../bible.storyboard.yaml\"", "\"../../bible.storyboard.yaml\""),
            ("second/film.storyboard.toml", "\"../frames/end.png\"", "\"../../frames/end.png\""),
        ],
    ),
    // All of it moves together, a film is renamed in its folder, and nobody names these.
    (&[("film.storyboard.yaml", "pilot.storyboard.yaml")], &[]),
    (&[("frames/panorama.png", "frames/wider.png"), ("frames/photo.jpg", "third/photo.jpg")], &[]),
];

fn rename(client: &mut Client, moves: &[(&str, &str)]) -> Value {
    let files = moves.iter().map(|(old, new)| json!({ "oldUri": client.uri(old), "newUri": client.uri(new) }));
    let params = json!({ "files": files.collect::<Vec<_>>() });
    client.ask("workspace/willRenameFiles", params)
}

fn lay_out(folder: &Path) {
    fs::create_dir(folder.join("second")).expect("a new folder");
    for (name, text) in FILMS {
        fs::write(folder.join(name), text).expect("it is written");
    }
}

#[test]
fn storyboards_name_a_file_by_its_new_path() {
    for (moves, expected) in CASES {
        let stage = stage();
        lay_out(stage.path());
        let mut client = Client::start(stage.path(), plain());
        let edit = rename(&mut client, moves);
        let mut texts: BTreeMap<&str, String> = BTreeMap::new();
        for (name, old, new) in *expected {
            let text = FILMS.iter().find(|(film, _)| film == name).expect("a film").1;
            let text = texts.entry(name).or_insert_with(|| text.to_owned());
            assert_eq!(text.matches(old).count(), 1, "{old}");
            *text = text.replace(old, new);
        }
        let changed: Vec<&String> =
            edit["changes"].as_object().map(|changes| changes.keys().collect()).unwrap_or_default();
        assert_eq!(changed.len(), texts.len(), "{moves:?}: {edit}");
        for (name, text) in &texts {
            let before = FILMS.iter().find(|(film, _)| film == name).expect("a film").1;
            assert_eq!(edited(before, &edit, &client.uri(name)), *text, "{moves:?}");
        }
        client.end();
    }
}

/// What is edited and then moved is checked as before: the moved files are found under their new paths.
#[test]
fn a_film_is_as_good_after_the_move() {
    for (moves, _) in CASES {
        let stage = stage();
        lay_out(stage.path());
        let mut client = Client::start(stage.path(), plain());
        let edit = rename(&mut client, moves);
        for (name, text) in FILMS {
            if edit["changes"].get(client.uri(name)).is_some() {
                fs::write(stage.path().join(name), edited(text, &edit, &client.uri(name))).expect("it is written");
            }
        }
        client.end();
        for (old, new) in *moves {
            let new = stage.path().join(new);
            fs::create_dir_all(new.parent().expect("a folder")).expect("a folder");
            fs::rename(stage.path().join(old), new).expect("it is moved");
        }
        let said = transcript(&run(stage.path(), &["check", "."]));
        assert!(!said.contains("asset-not-found") && !said.contains("extends"), "{moves:?}: {said}");
    }
}

#[test]
fn an_unsaved_film_counts_as_it_is_in_the_editor() {
    let stage = stage();
    lay_out(stage.path());
    let mut client = Client::start(stage.path(), plain());
    let text = YAML.replace("# ours\n", "# ours\n\n");
    client.open("film.storyboard.yaml", &text);
    client.published("film.storyboard.yaml");
    let edit = rename(&mut client, &[("frames/end.png", "frames/last.png")]);
    assert_eq!(edited(&text, &edit, &client.uri("film.storyboard.yaml")), text.replace("end.png", "last.png"));
    let asks = &client.server_capabilities["workspace"]["fileOperations"]["willRename"]["filters"];
    assert_eq!(asks[2], json!({ "scheme": "file", "pattern": { "glob": "**", "matches": "folder" } }));
    client.end();
}

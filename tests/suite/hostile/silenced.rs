//! Whatever is silenced: what is compiled is what was written, or no request is made; and no name becomes a path out of its folder.

use std::collections::HashSet;
use std::fmt;
use std::fs;

use clapboard::diagnostic::Code;
use clapboard::files::path_parts;
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use super::*;
use crate::rule_docs::{Document, code_of, documents};

/// JSON in which no object has a key twice.
struct Unique;

impl<'de> Deserialize<'de> for Unique {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(UniqueVisitor)
    }
}

struct UniqueVisitor;

impl<'de> Visitor<'de> for UniqueVisitor {
    type Value = Unique;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON without doubled keys")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Unique, A::Error> {
        let mut keys = HashSet::new();
        while let Some(key) = map.next_key::<String>()? {
            map.next_value::<Unique>()?;
            if !keys.insert(key.clone()) {
                return Err(serde::de::Error::custom(format!("`{key}` twice")));
            }
        }
        Ok(Unique)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Unique, A::Error> {
        while list.next_element::<Unique>()?.is_some() {}
        Ok(Unique)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Unique, E> {
        Ok(Unique)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Unique, E> {
        Ok(Unique)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Unique, E> {
        Ok(Unique)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Unique, E> {
        Ok(Unique)
    }

    fn visit_str<E>(self, _: &str) -> Result<Unique, E> {
        Ok(Unique)
    }

    fn visit_unit<E>(self) -> Result<Unique, E> {
        Ok(Unique)
    }
}

#[test]
fn what_is_silenced_is_sent_as_written_or_not_at_all() {
    let faults = faults_of(&documents(), |path| {
        let code = code_of(path);
        if !Code::parse(&code).expect("a document is named after a rule").can_be_silenced() {
            return Vec::new();
        }
        let text = fs::read_to_string(path).expect("a document is text");
        let wrong = Document::read(&code, &text).unwrap_or_else(|fault| panic!("{code}: {fault}")).wrong;
        let output = wrong.run_with(&["compile", "--format", "jsonl", "--images", "summary", "--allow", &code]);
        let said = String::from_utf8_lossy(&output.stderr);
        match output.status.code() {
            Some(2) if said.contains("no request can be made of") => Vec::new(),
            // What it stood for is an error of its own.
            Some(1) if output.stdout.is_empty() && !said.contains(&format!("error[{code}]")) => Vec::new(),
            Some(0) => bodies_at_fault(&code, wrong.text(), &String::from_utf8_lossy(&output.stdout)),
            status => vec![format!("{code}: status {status:?}: {said}")],
        }
    });
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// The fields that are sent as they are written, and their names in a body of the form with the model in it. In the other form
/// they are in the path and in `contents`.
const SENT: &[(&str, &str)] = &[
    ("model", "model_name"),
    ("mode", "mode"),
    ("first_frame", "image"),
    ("last_frame", "image_tail"),
    ("cfg_scale", "cfg_scale"),
];

fn bodies_at_fault(code: &str, film: &str, lines: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let film: Value = serde_yaml::from_str(film).unwrap_or_default();
    for line in lines.lines() {
        if let Err(error) = serde_json::from_str::<Unique>(line) {
            faults.push(format!("{code}: {error}: {line}"));
        }
        let request: Value = serde_json::from_str(line).expect("a line is JSON");
        let mut shots = film["shots"].as_array().into_iter().flatten();
        let Some(shot) = shots.find(|shot| shot["id"] == request["shot"]) else { continue };
        for (field, sent) in SENT {
            let written = [shot, &film["defaults"]].into_iter().find_map(|level| level.get(field));
            let Some(written) = written else { continue };
            let raw = shot["kling"].get(sent).unwrap_or(written);
            let body = &request["body"][sent];
            let is_elsewhere = request["body"].get("contents").is_some()
                && written.as_str().is_some_and(|written| line.contains(&written.replacen("kling-v", "kling-", 1)));
            let is_same = is_elsewhere
                || body == written
                || body == raw
                || body.as_str().zip(written.as_str()).is_some_and(|(a, b)| a.contains(b));
            if !is_same {
                faults.push(format!("{code}: `{field}: {written}` is sent as {body}"));
            }
        }
    }
    faults
}

/// Names that a shot or a film may be given, to get out of its folder or to break what is written.
const NAMES: &[&str] = &[
    "../../../evil",
    "/tmp/clapboard-evil",
    "..",
    ".",
    "a/b",
    "a\\b",
    "a\tb",
    "a\u{7f}",
    "\u{1b}[31m",
    "\u{202e}a",
    " a",
    "a ",
    "a.",
    "CON",
    "nul",
    "com1.x",
    "-rf",
    "~",
    "$HOME",
    "a:b",
    "a*",
    "\u{feff}",
    "渡轮",
    "x,y",
    "@octocat",
    "'",
    "`id`",
    "%2e%2e",
];

/// All files below a folder, by their paths.
fn below(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        match entry.path() {
            path if path.is_dir() => found.extend(below(&path)),
            path => found.push(path.to_string_lossy().into_owned()),
        }
    }
    found
}

#[test]
fn no_silenced_id_becomes_a_path_or_a_request() {
    let silenced: String =
        Code::ALL.iter().filter(|code| code.can_be_silenced()).map(|code| code.as_str()).collect::<Vec<_>>().join(", ");
    for name in NAMES {
        let stage = stage();
        let id = serde_json::to_string(name).expect("JSON");
        let deep = stage.path().join("deep/er");
        fs::create_dir_all(&deep).expect("a folder");
        fs::write(
            deep.join("film.storyboard.yaml"),
            format!(
                "# clapboard: allow-file({silenced})\nstoryboard: 1\nshots:\n  - {{ id: {id}, model: kling-v2-6, \
                 first_frame: ../../frames/wide.png, prompt: Fog lifts. }}\n"
            ),
        )
        .expect("the stage can be written to");
        let before = below(stage.path());
        let output = survive(&deep, &["compile", "--out", "out"]);
        let new: Vec<String> = below(stage.path()).into_iter().filter(|path| !before.contains(path)).collect();
        let is_id = name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
        match output.status.code() {
            Some(0) => {
                assert!(is_id, "{name:?} is no id, and a request is made of it");
                assert_eq!(new, [deep.join(format!("out/deep/er/film/{name}.json")).to_string_lossy()], "{name:?}");
            }
            _ => assert_eq!(new, [""; 0], "{name:?}"),
        }
        assert!(!Path::new("/tmp/clapboard-evil.json").exists());
    }
}

#[test]
fn a_film_name_that_is_let_through_is_written_and_read_back() {
    for name in NAMES.iter().chain(&["..a", "a..b", "Das Boot #1", "why?"]) {
        let stage = stage();
        let file =
            stage.path().join(format!("{}.storyboard.yaml", name.trim_start_matches("../").trim_start_matches('/')));
        fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
        fs::write(&file, "storyboard: 1\nshots:\n  - { id: a, model: kling-v2-6, first_frame: https://a.example.com/a.png, prompt: A. }\n")
            .expect("the stage can be written to");
        let file = file.to_str().expect("UTF-8");
        let before = below(stage.path());
        let output = survive(stage.path(), &["compile", "--out", "out", "--", file]);
        let film = file
            .strip_suffix(".storyboard.yaml")
            .and_then(|film| film.strip_prefix(stage.path().to_str()?))
            .expect("below");
        let film = film.trim_start_matches('/');
        let new: Vec<String> = below(stage.path()).into_iter().filter(|path| !before.contains(path)).collect();
        let clip = clapboard::ledger::Clip { film: film.to_owned(), shot: "a".into(), identity: "0".repeat(64) };
        match output.status.code() {
            Some(0) => {
                assert_eq!(new, [stage.path().join(format!("out/{film}/a.json")).to_string_lossy()], "{name:?}");
                assert_eq!(clip.validate(), Ok(()), "{name:?}: the ledger would refuse what it wrote");
            }
            _ => {
                assert_eq!(new, [""; 0], "{name:?}");
                assert!(path_parts(film).is_err(), "{name:?} is refused: {}", String::from_utf8_lossy(&output.stderr));
            }
        }
    }
}

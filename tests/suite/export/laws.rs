//! What goes out comes back, on films that are made up.

use std::path::Path;
use std::sync::LazyLock;

use camino::Utf8PathBuf;
use clapboard::api::{Pictures, request};
use clapboard::check::{CheckedFilm, Workspace};
use clapboard::clip::clips;
use clapboard::export::{self, Format, Options, Rate, Timeline};
use clapboard::import;
use clapboard::judge::Levels;
use clapboard::language::Field;
use clapboard::language::frames;
use clapboard::ledger::State;
use clapboard::select::Books;
use clapboard::text::{self, FileId};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::films::film;
use crate::properties::hold;
use crate::support::stage;

static STAGE: LazyLock<TempDir> = LazyLock::new(stage);

fn root() -> Utf8PathBuf {
    let root = STAGE.path().canonicalize().expect("it is there");
    Utf8PathBuf::from_path_buf(root).expect("UTF-8")
}

fn checked(text: &str) -> CheckedFilm {
    let workspace = Workspace::on_disk(None, Levels::default());
    let path = root().join("film.storyboard.yaml");
    workspace.check_bytes(&FileId::new("film.storyboard.yaml", path), text.as_bytes().to_vec())
}

fn timeline(film: &CheckedFilm, rate: &str) -> Timeline {
    let (state, root) = (State::default(), root());
    let books = Books::new(&state, &state, root.as_std_path(), Path::new("clips"));
    let rate = Rate::parse(rate).expect("a rate");
    Timeline::new(film, &books, Options { rate, stills: false, folder: &root, usd_per_unit: 0.14 })
}

fn exported(film: &CheckedFilm, format: Format, rate: &str) -> String {
    export::write(&timeline(film, rate), format).expect("the film can be written").text
}

/// Everything that a table keeps of a film: what each shot sends, or that it sends nothing, and the rest of its row.
fn said(checked: &CheckedFilm) -> Vec<Value> {
    let film = &checked.film;
    clips(film, checked.facts, checked.target)
        .iter()
        .map(|clip| {
            let shot = clip.shot;
            let body = request(clip, &checked.project.library).ok().map(|request| {
                let mut body = Vec::new();
                request.body.write(&mut body, Pictures::Summary, None).expect("memory takes it");
                String::from_utf8(body).expect("UTF-8")
            });
            let scene = shot.scene.map(|scene| &film.scenes[scene]);
            let text =
                |field: &Field<clapboard::language::Text>| field.valid().map(|text| text.value.value.to_string());
            let id = scene.and_then(|scene| text(&scene.id));
            let heading = scene.and_then(|scene| text(&scene.heading)).or(id.clone());
            let notes = shot.at.document.tree.get(shot.at.node, "notes");
            let notes = notes.map(|node| clapboard::language::At { document: shot.at.document.clone(), node }.json());
            let used = shot.r#use.valid().map(|used| [used.value.from, used.value.to]);
            json!([shot.name(), id, heading, shot.is_skipped(), used, notes, body])
        })
        .collect()
}

#[test]
fn a_table_that_is_exported_and_imported_is_the_same_film() {
    hold(150, &(film(), select(vec![text::Format::Yaml, text::Format::Toml])), |(film, format)| {
        let before = checked(&film.to_string());
        let table = exported(&before, Format::Csv, "24");
        let found = match import::read("film.csv", &table) {
            Ok(found) => found,
            Err(fault) => return Err(TestCaseError::fail(format!("{fault:?}\n{table}"))),
        };
        let imported = import::storyboard(vec![found], format, &|_| None);
        let written = import::write(&imported.storyboard, format);
        // TOML has no null, which raw fields may hold.
        let Ok(written) = written else { return Ok(()) };
        let workspace = Workspace::on_disk(None, Levels::default());
        let name = if format == text::Format::Yaml { "again.storyboard.yaml" } else { "again.storyboard.toml" };
        let after = workspace.check_bytes(&FileId::new(name, root().join(name)), written.clone().into_bytes());
        prop_assert_eq!(said(&before), said(&after), "{}\n{}\n{}", film, table, written);
        Ok(())
    });
}

#[test]
fn a_cut_that_comes_back_unchanged_changes_nothing() {
    let formats = select(vec![Format::Otio, Format::Edl]);
    let rates = select(Rate::names().collect::<Vec<_>>());
    hold(60, &(film(), formats, rates), |(film, format, rate)| {
        let film = checked(&film.to_string());
        let text = exported(&film, format, rate);
        let found = import::read_at(
            if format == Format::Edl { "a.edl" } else { "a.otio" },
            &text,
            Rate::parse(rate).expect("a rate"),
        );
        let found = found.map_err(|fault| TestCaseError::fail(format!("{fault:?}\n{text}")))?;
        let plan = import::plan(found.cut().expect("a cut"), &film.film, "film").map_err(TestCaseError::fail)?;
        prop_assert!(plan.changes.is_empty() && plan.unused.is_empty(), "{:?}\n{}", plan, text);
        prop_assert!(plan.unknown.is_empty() && plan.in_pieces.is_empty() && !plan.is_reordered, "{:?}", plan);
        Ok(())
    });
}

#[test]
fn a_cut_gives_a_storyboard_the_frames_that_it_has() {
    let formats = select(vec![Format::Otio, Format::Edl]);
    let layouts = select(vec![Layout::Flow, Layout::Block, Layout::Toml]);
    let rates = select(Rate::names().collect::<Vec<_>>());
    let shot =
        (prop::option::of((0..480u32, 1..300u32)), prop::option::of((0..480u32, 1..300u32)), select(vec![5u32, 10]));
    hold(100, &(prop::collection::vec(shot, 1..6), formats, layouts, rates), |(shots, format, layout, rate)| {
        let used = |used: Option<(u32, u32)>| {
            used.map(|(from, length)| [from, from + length].map(|part| f64::from(part) / 97.0))
        };
        let text = |which: bool| {
            layout.film(shots.iter().map(|(one, other, seconds)| (used(if which { *one } else { *other }), *seconds)))
        };
        let (cut, mut film) = (layout.checked(&text(true)), layout.checked(&text(false)));
        let rate = Rate::parse(rate).expect("a rate");
        let list = exported(&cut, format, &rate.to_string());
        let found =
            import::read_at(if format == Format::Edl { "a.edl" } else { "a.otio" }, &list, rate).expect("a cut");
        let plan = import::plan(found.cut().expect("a cut"), &film.film, "film").map_err(TestCaseError::fail)?;
        let after = layout.checked(&plan.text);
        prop_assert!(plan.holds(&film.film, &after.film), "{}\n{:?}", plan.text, plan.changes);
        film = after;
        for (wanted, is) in cut.film.shots.iter().zip(&film.film.shots) {
            let frames = |shot: &clapboard::language::Shot| {
                let whole = rate.frame(shot.settings.duration.valid().map_or(5.0, |seconds| seconds.value.0 as f64));
                frames::used(shot.r#use.valid().map(|used| used.value), rate, whole)
            };
            prop_assert_eq!(frames(wanted), frames(is), "{}", plan.text);
        }
        // Comments and all other lines are as they were.
        let lines = |text: &str| text.lines().filter(|line| line.contains('#')).count();
        prop_assert_eq!(lines(&text(false)), lines(&plan.text));
        Ok(())
    });
}

/// How the shots of a storyboard are written.
#[derive(Debug, Clone, Copy)]
enum Layout {
    Flow,
    Block,
    Toml,
}

impl Layout {
    fn film(self, shots: impl Iterator<Item = (Option<[f64; 2]>, u32)>) -> String {
        let mut text =
            String::from(if matches!(self, Layout::Toml) { "storyboard = 1\n" } else { "storyboard: 1\nshots:\n" });
        for (index, (used, seconds)) in shots.enumerate() {
            let used = used.map(|used| format!("[{}, {}]", used[0], used[1]));
            text += &match self {
                Layout::Flow => {
                    let used = used.map_or(String::new(), |used| format!(", use: {used}"));
                    format!("  - {{ id: s-{index}, skip: true, duration: {seconds}{used} }} # a\n")
                }
                Layout::Block => {
                    let used = used.map_or(String::new(), |used| format!("    use: {used} # b\n"));
                    format!("  - id: s-{index} # a\n    skip: true\n{used}    duration: {seconds}\n\n")
                }
                Layout::Toml => {
                    let used = used.map_or(String::new(), |used| format!("use = {used} # b\n"));
                    format!("[[shots]]\nid = \"s-{index}\" # a\nskip = true\n{used}duration = {seconds}\n")
                }
            };
        }
        text
    }

    fn checked(self, text: &str) -> CheckedFilm {
        let name = if matches!(self, Layout::Toml) { "film.storyboard.toml" } else { "film.storyboard.yaml" };
        let workspace = Workspace::on_disk(None, Levels::default());
        workspace.check_bytes(&FileId::new(name, root().join(name)), text.as_bytes().to_vec())
    }
}

#[test]
fn no_text_breaks_a_format() {
    hold(60, &film(), |film| {
        let film = checked(&film.to_string());
        let timeline = timeline(&film, "29.97");
        let write = |format| export::write(&timeline, format).expect("the film can be written").text;
        let xml = write(Format::Fcpxml);
        prop_assert!(roxmltree::Document::parse_with_options(&xml, super::fcpxml::with_dtd()).is_ok(), "{}", xml);
        prop_assert!(serde_json::from_str::<Value>(&write(Format::Otio)).is_ok());
        for line in write(Format::Edl).lines() {
            let is_known = line.is_empty()
                || ["TITLE: ", "FCM: NON-DROP FRAME", "* LOC: ", "* CLAPBOARD SHOT: s-"]
                    .iter()
                    .any(|word| line.starts_with(word))
                || line.trim_start_matches(|c: char| c.is_ascii_digit()).starts_with("  BL       V     C        ");
            prop_assert!(is_known && !line.contains(char::is_control), "{:?}", line);
        }
        for format in [Format::Srt, Format::Vtt] {
            let text = write(format);
            let cues = text.split("\n\n").filter(|cue| cue.contains(" --> ")).count();
            prop_assert_eq!(text.matches("-->").count(), cues, "{}", text);
            prop_assert!(!text.contains("\n\n\n"), "{:?}", text);
        }
        let mut table =
            csv::ReaderBuilder::new().has_headers(false).from_reader(write(Format::Csv).into_bytes().leak() as &[u8]);
        for row in table.records() {
            for cell in row.expect("each row has as many cells").iter() {
                prop_assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']), "{:?}", cell);
            }
        }
        Ok(())
    });
}

#[test]
fn a_film_that_no_timecode_can_count_is_refused_and_others_are_written() {
    let shots: String =
        (0..9_000).map(|index| format!("  - {{ id: s-{index}, skip: true, duration: 10 }}\n")).collect();
    let film = checked(&format!("storyboard: 1\nshots:\n{shots}"));
    let timeline = timeline(&film, "24");
    let why = export::write(&timeline, Format::Edl).expect_err("25 hours are too long").to_string();
    assert!(why.contains("23 hours"), "{why}");
    for format in [Format::Otio, Format::Fcpxml, Format::Csv] {
        assert!(export::write(&timeline, format).expect("it has no end").text.contains("s-8999"));
    }
    let huge = checked("storyboard: 1\nshots:\n  - { id: a, skip: true, duration: 99999999999999999 }\n");
    assert!(exported(&huge, Format::Otio, "60").contains("\"a\""));
}

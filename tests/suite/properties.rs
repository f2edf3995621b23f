//! What holds for every storyboard, tried on many that are made up, with the seeds fixed so that each run tries the same.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use clapboard::api::{Pictures, request};
use clapboard::check::{CheckedFilm, Workspace};
use clapboard::clip::clips;
use clapboard::diagnostic::{Report, Safety};
use clapboard::fix::fix;
use clapboard::judge::Levels;
use clapboard::text::Place;
use clapboard::text::{FileId, Format, Span};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use tempfile::TempDir;

use super::support::*;

static STAGE: LazyLock<TempDir> = LazyLock::new(stage);

/// Tries `test` on `cases` values.
pub fn hold<S: Strategy>(cases: u32, strategy: &S, test: impl Fn(S::Value) -> Result<(), TestCaseError>)
where
    S::Value: std::fmt::Debug,
{
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let random = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    if let Err(error) = TestRunner::new_with_rng(config, random).run(strategy, test) {
        panic!("{error}");
    }
}

/// A shot: names and values of its fields, the values as JSON, which both YAML and TOML understand.
type Shot = Vec<(&'static str, String)>;

#[derive(Debug, Clone)]
struct Film {
    shots: Vec<Shot>,
    /// Whether YAML's shots are `{ … }`.
    flow: bool,
    line_end: &'static str,
    mark: &'static str,
    comment: &'static str,
}

impl Film {
    fn yaml(&self) -> String {
        let mut lines = vec![
            format!("storyboard: 1 # {}", self.comment),
            "styles: { ink: 水墨, \"noir\": black and white }".to_owned(),
            "cast: { ada: { voice: \"1\", look: 红衣🚢 }, ben: {} }".to_owned(),
            "defaults: { model: kling-v2-6, mode: pro }".to_owned(),
            "shots:".to_owned(),
        ];
        for shot in &self.shots {
            let fields: Vec<String> = shot.iter().map(|(name, value)| format!("{name}: {value}")).collect();
            if self.flow {
                lines.push(format!("  - {{ {} }} # {}", fields.join(", "), self.comment));
            } else {
                lines.extend(fields.iter().enumerate().map(|(index, field)| {
                    format!("  {} {field} # {}", if index == 0 { "-" } else { " " }, self.comment)
                }));
            }
        }
        self.finish(&lines)
    }

    fn toml(&self) -> String {
        let mut lines = vec![
            format!("storyboard = 1 # {}", self.comment),
            "styles = { ink = \"水墨\", \"noir\" = 'black and white' }".to_owned(),
            "cast = { ada = { voice = \"1\", look = \"红衣🚢\" }, ben = {} }".to_owned(),
            "defaults = { model = \"kling-v2-6\", mode = \"pro\" }".to_owned(),
        ];
        for shot in &self.shots {
            lines.push(format!("[[shots]] # {}", self.comment));
            lines.extend(shot.iter().map(|(name, value)| format!("{name} = {value} # {}", self.comment)));
        }
        self.finish(&lines)
    }

    fn finish(&self, lines: &[String]) -> String {
        let mut text = self.mark.to_owned();
        for line in lines {
            text.push_str(line);
            text.push_str(self.line_end);
        }
        text
    }
}

fn films() -> impl Strategy<Value = Film> {
    let shots = prop::collection::vec(shot(), 1..5);
    let settings =
        (any::<bool>(), select(vec!["\n", "\r\n"]), select(vec!["", "\u{feff}"]), select(vec!["注 🚢", "x", "TODO"]));
    (shots, settings).prop_map(|(shots, (flow, line_end, mark, comment))| {
        // Each shot its own id, so that a finding's shot is known.
        let named = shots.into_iter().enumerate().map(|(index, mut shot)| {
            shot.insert(0, ("id", format!("\"s{index}\"")));
            shot
        });
        Film { shots: named.collect(), flow, line_end, mark, comment }
    })
}

/// Fields that are right, nearly right and wrong, some of them left out.
fn shot() -> impl Strategy<Value = Shot> {
    let field =
        |names: Vec<&'static str>, value: BoxedStrategy<String>| prop::option::weighted(0.8, (select(names), value));
    let one_of = |values: &[&str]| select(values.iter().map(|&value| value.to_owned()).collect::<Vec<_>>()).boxed();
    (
        field(
            vec!["model", "modle", "model_name"],
            one_of(&["\"kling-v3\"", "\"kling-v2-6\"", "\"kling-v26\"", "\"kling-v1\"", "7"]),
        ),
        field(
            vec!["first_frame", "image"],
            one_of(&["\"frames/wide.png\"", "\"frames/渡.png\"", "\"https://a.example.com/🚢.png\""]),
        ),
        field(vec!["prompt", "promt"], sentence().boxed()),
        field(vec!["negative_prompt"], sentence().boxed()),
        field(vec!["style", "styl"], one_of(&["[\"ink\"]", "[\"noir\", \"inkk\"]", "[]", "[\"水\"]"])),
        field(vec!["duration", "duraton"], one_of(&["5", "10", "7", "\"10\"", "\"five\"", "0"])),
        field(vec!["sound"], one_of(&["true", "false", "\"on\"", "\"offf\""])),
        field(vec!["voices"], one_of(&["[\"ada\"]", "[\"ada\", \"ben\"]", "[\"adaa\"]"])),
        field(vec!["camera"], one_of(&["\"slow push in\"", "\"跟着 $ada 🚢\""])),
    )
        .prop_map(|fields| {
            let (a, b, c, d, e, f, g, h, i) = fields;
            [a, b, c, d, e, f, g, h, i].into_iter().flatten().collect()
        })
}

/// A text as JSON, of words that rules look for among words that take several bytes.
fn sentence() -> impl Strategy<Value = String> {
    let words = [
        "渡轮",
        "🚢",
        "👩‍👩‍👧",
        "e\u{301}",
        "$ada",
        "$adda",
        "$ben",
        "$nobody",
        "$$",
        "$20",
        "TODO",
        "no smoke,",
        "，not 雾",
        "<<<voice_1>>>",
        "<<voice_1>>",
        "<voce 2>",
        "\"quoted\"",
        "it's",
        "a # b",
        "back\\slash",
        "\u{202e}",
        "leaves: fast",
        "line\nbreak",
    ];
    prop::collection::vec(select(words.to_vec()), 0..8)
        .prop_map(|words| serde_json::to_string(&words.join(" ")).expect("a text is JSON"))
}

fn check(text: &str, format: Format) -> (Workspace, CheckedFilm, Report) {
    let workspace = Workspace::on_disk(None, Levels::default());
    let take = workspace.check_bytes(&place_of(format), text.as_bytes().to_vec());
    let again = workspace.check_bytes(&place_of(format), text.as_bytes().to_vec());
    let report = workspace.report(&[again]);
    (workspace, take, report)
}

fn place_of(format: Format) -> FileId {
    let name = match format {
        Format::Yaml => "film.storyboard.yaml",
        Format::Toml => "film.storyboard.toml",
    };
    FileId::new(name, STAGE.path().join(name).to_str().expect("a temporary folder's path is UTF-8"))
}

#[test]
fn the_yaml_and_the_toml_of_a_film_say_the_same() {
    hold(150, &films(), |film| {
        let told = |text: &str, format| {
            let (_, take, report) = check(text, format);
            let mut found: Vec<(&str, Option<String>, String)> =
                report.diagnostics.iter().map(|it| (it.code.as_str(), it.shot.clone(), it.message.clone())).collect();
            found.sort();
            let bodies: Vec<Option<String>> = clips(&take.film, take.facts, take.target)
                .iter()
                .map(|clip| {
                    let request = request(clip, &take.project.library).ok()?;
                    let mut body = Vec::new();
                    request.body.write(&mut body, Pictures::Summary, None).expect("memory takes all");
                    String::from_utf8(body).ok()
                })
                .collect();
            (found, bodies)
        };
        let (yaml, toml) = (told(&film.yaml(), Format::Yaml), told(&film.toml(), Format::Toml));
        prop_assert_eq!(&yaml.0, &toml.0, "{}\n{}", film.yaml(), film.toml());
        prop_assert_eq!(&yaml.1, &toml.1, "{}\n{}", film.yaml(), film.toml());
        Ok(())
    });
}

#[test]
fn a_fix_touches_the_lines_of_its_edits_and_no_others() {
    hold(100, &films(), |film| {
        for (text, format) in [(film.yaml(), Format::Yaml), (film.toml(), Format::Toml)] {
            let (workspace, _, report) = check(&text, format);
            let line_of = |place: &Place| place.source.line_index(place.span.start());
            // A fixed field's value may show the next problem, which then is on the same line.
            let offered: BTreeSet<usize> =
                report.diagnostics.iter().filter(|it| it.fix.is_some()).map(|it| line_of(&it.place)).collect();
            let file = place_of(format);
            let fixed = fix(&workspace, &file, text.clone(), Safety::Safe);
            let (before, after): (Vec<&str>, Vec<&str>) =
                (text.split('\n').collect(), fixed.text.split('\n').collect());
            prop_assert_eq!(before.len(), after.len());
            for (index, (before, after)) in before.iter().zip(&after).enumerate() {
                prop_assert!(before == after || offered.contains(&index), "line {index}:\n{before}\n{after}");
            }
            let again = fix(&workspace, &file, fixed.text.clone(), Safety::Safe);
            prop_assert_eq!(again.applied, [], "{}", fixed.text);
        }
        Ok(())
    });
}

#[test]
fn each_edit_alone_changes_its_own_bytes() {
    hold(60, &films(), |film| {
        for (text, format) in [(film.yaml(), Format::Yaml), (film.toml(), Format::Toml)] {
            let (_, _, report) = check(&text, format);
            for diagnostic in &report.diagnostics {
                let Some(fix) = &diagnostic.fix else { continue };
                let (fixed, applied) = clapboard::fix::apply(&text, &[diagnostic]).expect("a fix can be applied");
                prop_assert_eq!(applied.len(), 1);
                let first = fix.edits.iter().map(|edit| edit.span.start()).min().unwrap_or_default();
                let last = fix.edits.iter().map(|edit| edit.span.end()).max().unwrap_or_default();
                prop_assert!(fixed.starts_with(&text[..first]) && fixed.ends_with(&text[last..]));
                let (_, _, after) = check(&fixed, format);
                let syntax =
                    |report: &Report| report.diagnostics.iter().filter(|it| it.code.as_str() == "syntax").count();
                prop_assert!(syntax(&after) <= syntax(&report), "{fixed}");
            }
        }
        Ok(())
    });
}

#[test]
fn every_place_lies_on_characters_of_its_file() {
    let slips = select(vec![
        "\t", ": ", "\"", "'", "[", "}", "# ", "\n", "\r", "- ", "&a ", "*a ", "!!int ", "\u{0}", "🚢", "=", "\\",
        "\"\"\"", "<<: ",
    ]);
    let broken = (films(), prop::collection::vec((any::<Index>(), slips), 0..4));
    hold(200, &broken, |(film, slips)| {
        for (mut text, format) in [(film.yaml(), Format::Yaml), (film.toml(), Format::Toml)] {
            for (at, slip) in &slips {
                let places: Vec<usize> = text.char_indices().map(|(index, _)| index).collect();
                text.insert_str(places[at.index(places.len())], slip);
            }
            let (_, _, report) = check(&text, format);
            for diagnostic in &report.diagnostics {
                let mut spans: Vec<Span> = vec![diagnostic.place.span];
                spans.extend(diagnostic.labels.iter().map(|label| label.place.span));
                spans.extend(diagnostic.fix.iter().flat_map(|fix| fix.edits.iter().map(|edit| edit.span)));
                for span in spans {
                    prop_assert!(text.get(span.range()).is_some(), "{diagnostic:?}\n{text}");
                }
            }
        }
        Ok(())
    });
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let cases = repository("tests/cases");
    let with = |threads: &str, arguments: &[&str]| {
        let mut command = clapboard(&cases);
        let output = command.env("RAYON_NUM_THREADS", threads).args(arguments).output().expect("the program starts");
        (output.stdout, output.stderr, output.status.code())
    };
    for arguments in [&["check", "--format", "json"][..], &["compile", "--format", "jsonl", "--images", "summary"]] {
        let one = with("1", arguments);
        assert!(one.0.len() > 100, "{arguments:?}: there is nothing to compare");
        assert_eq!(one, with("4", arguments), "{arguments:?}");
    }
}

//! A new model is one row of the facts table: a made-up one shows up wherever models are named, with no other file touched.

use clapboard::check::{CheckedFilm, Workspace};
use clapboard::clip::{Price, clips};
use clapboard::diagnostic::Report;
use clapboard::judge::Levels;
use clapboard::kling::price::{self, Track};
use clapboard::kling::{
    Ability, Certainty, Facts, Feature, Lengths, Mode, ModeFact, ModelFacts, Sold, Source, Sure, Target,
};
use clapboard::language::schema;
use clapboard::models;
use clapboard::text::FileId;

use super::support::stage;

const SOURCE: Source = Source { page: "A page that nobody wrote", date: "2031-01-01", sure: Sure::Low };
const ABOUT: &str = "Made up: paints what moves, at up to 40 seconds.";
const BOTH: &[Target] = &[Target::Gateway, Target::Official];

const ROW: ModelFacts = ModelFacts {
    name: "kling-v9",
    about: ABOUT,
    retired: None,
    modes: &[
        ModeFact { mode: Mode::Std, targets: BOTH, lines: 720 },
        ModeFact { mode: Mode::Pro, targets: BOTH, lines: 1080 },
    ],
    lengths: &[Lengths { seconds: 20..=40, between: true, targets: BOTH, certainty: Certainty::Documented }],
    abilities: &[Ability::of(Feature::Brush).modes(&[Mode::Pro]), Ability::of(Feature::Cuts)],
    prices: &[
        price::Price { mode: Some(Mode::Std), tracks: &[Track::Silent], tenths_per_second: 7, source: SOURCE },
        price::Price { mode: Some(Mode::Pro), tracks: &[Track::Silent], tenths_per_second: 13, source: SOURCE },
    ],
    sold: &[Sold { targets: BOTH, source: SOURCE }],
};

const BRUSH: &str = "{ still: masks/sky.png }";

/// A shot with `fields`, checked by someone who knows the model.
fn check(fields: &str) -> (CheckedFilm, Report) {
    let stage = stage();
    let text = format!(
        "storyboard: 1\nshots:\n  - {{ id: one, first_frame: frames/wide.png, prompt: The boat swings out., {fields} }}\n"
    );
    let path = stage.path().join("film.storyboard.yaml");
    let file = FileId::new("film.storyboard.yaml", path.to_str().expect("a temporary folder's path is UTF-8"));
    let workspace = Workspace::on_disk(None, Levels::default()).with_facts(Facts::kling().with(ROW));
    let film = workspace.check_bytes(&file, text.clone().into_bytes());
    let report = workspace.report(&[workspace.check_bytes(&file, text.into_bytes())]);
    (film, report)
}

/// The message and help of the only finding.
fn words(fields: &str) -> String {
    let (_, report) = check(fields);
    let [only] = &report.diagnostics[..] else { panic!("{fields}: {:?}", report.diagnostics) };
    format!("{}\n{}", only.message, only.help.as_deref().unwrap_or_default())
}

#[test]
fn a_shot_may_use_it_and_rules_know_its_limits() {
    let (_, report) = check(&format!("model: kling-v9, mode: pro, duration: 25, brush: {BRUSH}"));
    assert!(report.diagnostics.is_empty(), "{:?}", report.diagnostics);
    let too_short = words("model: kling-v9, duration: 10");
    assert!(too_short.contains("20 to 40 seconds") && too_short.contains("duration: 20"), "{too_short}");
    let in_std = words(&format!("model: kling-v9, duration: 20, brush: {BRUSH}"));
    assert!(in_std.contains("`kling-v9` supports the motion brush only in `pro` mode"), "{in_std}");
}

#[test]
fn help_names_it_where_it_can_what_another_model_cannot() {
    let brush = words(&format!("model: kling-v3, brush: {BRUSH}"));
    assert!(brush.contains("`kling-v9` in `pro`"), "{brush}");
    let cuts = words("model: kling-v9, duration: 20, camera: { zoom: 4 }");
    assert!(cuts.contains("`kling-v9` does not support camera control"), "{cuts}");
    let none = words("duration: 5");
    assert!(none.contains("model: kling-v9"), "the newest is the sample: {none}");
}

#[test]
fn the_schema_has_its_name_and_what_it_is_good_for() {
    let schema = schema::storyboard(Facts::kling().with(ROW)).to_string();
    assert!(schema.contains("\"kling-v9\"") && schema.contains(ABOUT));
    assert!(words("model: kling-v9x, duration: 20").contains("kling-v9"));
}

#[test]
fn the_tables_have_its_row() {
    let facts = Facts::kling().with(ROW);
    let human = models::human(facts, false, 80);
    assert!(human.contains("kling-v9") && human.contains("20-40") && human.contains("0.182"), "{human}");
    let verbose = models::human(facts, true, 80);
    assert!(verbose.contains(ABOUT) && verbose.contains(SOURCE.page), "{verbose}");
    let markdown = models::markdown(facts);
    assert!(markdown.contains("| `kling-v9` | pro |") && markdown.contains("$0.182 (1.3 U)"), "{markdown}");
    assert!(markdown.contains(SOURCE.page), "{markdown}");
    assert_eq!(models::json(facts)["models"][0]["name"], "kling-v9");
}

#[test]
fn the_plan_has_its_price() {
    let (film, _) = check("model: kling-v9, mode: pro, duration: 30");
    let clips = clips(&film.film, film.facts, film.target);
    let Price::Known(units) = clips[0].price() else { panic!("{:?}", clips[0].price()) };
    assert_eq!(units.to_string(), "39");
}
